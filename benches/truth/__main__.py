"""Every figure of the sample computed from its truth, by an independent program, beside the program's.

Usage: python3 benches/truth FIGURES.csv [TRUTH] [--seen ROWS.csv] [--month YYYY-MM] [--cutoff YYYY-MM-DD] [--limit N]

FIGURES.csv has the columns of a month's data/*.csv, before disclosure control and with perfect links (tests/truth.rs
writes it); TRUTH is the folder the sample wrote (default data-samples/truth). Whatever stands in FIGURES.csv is compared:
numerator, denominator, estimate and interval, of totals and of breakdowns by one and two dimensions. Prints one line a
measure and the first differences; ends with 1 when a figure differs. Needs nothing but Python.

What the truth has no word for (the kind of a litmas, the agency of a community sentence) is named and not compared.
"""
from studies import *

COHORTS = {"cohort_quarter", "cohort_year", "ended_month"}
RATIOS = {"service_attendance", "service_dose_share", "service_reach", "pks_realisation", "occupancy", "return_per_reoffender",
          "return_frequency", "community_service_hours"}
NO_SHARE = 10  # below this size a share is not shown (docs/definitions.md 6)


def summed(measure, rows):
    """Numerator, denominator, estimate and interval of a sum."""
    num, den = sum(r[0] for r in rows), sum(r[1] for r in rows)
    if not any(r[1] for r in rows) and measure not in RATIOS | {"return_srr"}:
        return num, None, num, None, None
    if den <= 0:
        return num, den, None, None, None
    if measure in RATIOS:
        return num, den, num / den * (100 if measure == "return_frequency" else 1), None, None
    if measure == "return_rate_py":
        low, high = poisson_exact(round(num))
        return num, den, *(100 * v / den for v in (num, low, high))
    if measure == "return_srr":
        low, high = poisson_exact(round(num))
        return (num, den, *(v / den for v in (num, low, high))) if den >= 1 else (num, den, None, None, None)
    return (num, den, num / den, *wilson(round(num), round(den))) if den >= NO_SHARE else (num, den, None, None, None)


# Rows of a measure by the dimensions they bear.
ALIKE = {}
for key, all_rows in T.items():
    ALIKE[key] = defaultdict(list)
    for row in all_rows:
        ALIKE[key][tuple(sorted(row[3]))].append(row)


def expected(measure, definition, window, population, by):
    """{categories: values} of a measure by its dimensions, and whether the truth knows them."""
    mine = lambda ambon: ambon or population == "maluku"
    # Whoever is served in several families counts once where families are not told apart.
    persons = measure in ("service_coverage", "funnel") and "service_family" not in by
    key, out = (measure + "/persons" * persons, definition, window), defaultdict(list)
    if (measure, population) in D:
        known = {c: v for c, v in D[measure, population].items() if {d for d, _ in c} == set(by)}
        return known, bool(known) or not D[measure, population]
    if key in T:
        # Rows of one cohort among others count for it alone.
        alike = [v for k, v in ALIKE[key].items() if set(by) <= set(k) and COHORTS & set(k) == COHORTS & set(by)]
        for ambon, num, den, dims in (row for rows in alike for row in rows):
            if mine(ambon):
                out[tuple(dims[d] for d in by)].append((num, den))
        knows = bool(alike)
        return {frozenset(zip(by, k)): summed(measure, v) for k, v in out.items()}, knows
    if key in Q or key in C:
        how, rows = (Q if key in Q else C)[key]
        rest = [d for d in by if d != "months_since_release"]
        for ambon, what, dims in rows:
            if mine(ambon) and set(rest) <= dims.keys():
                out[tuple(dims[d] for d in rest)].append(what)
        done = {k: how(v) for k, v in out.items()}
        if key in Q:
            return {frozenset(zip(by, k)): v for k, v in done.items()}, bool(out)
        points = {frozenset([*zip(rest, k), ("months_since_release", m)]): v for k, c in done.items() for m, v in c.items()}
        return points, bool(out)
    # A window that nobody's release has reached.
    return {}, measure == "return"


got = defaultdict(dict)
with open(opt.figures, encoding="utf-8") as f:
    for r in csv.DictReader(f):
        at = [(r[f"dimension_{i}"], r[f"category_{i}"]) for i in (1, 2) if r[f"dimension_{i}"]]
        got[r["measure"], r["definition"], r["window_months"], r["population"], tuple(d for d, _ in at)][frozenset(at)] = r

# Sums over everything say nothing where categories are different counts of the same people.
NO_TOTAL = {"prerelease_package": {"need"}, "funnel": {"stage"}}
number = lambda s: float(s) if s else None
tally = defaultdict(lambda: [0, 0, 0.0])  # compared, differing, largest difference
shown, unknown, outside = defaultdict(int), set(), set()
for group, figures in sorted(got.items()):
    measure, definition, window, population, by = group
    want, knows = expected(measure, definition, window, population, by)
    if not knows:
        (unknown if any(k[0] == measure for k in (*T, *Q, *C)) or any(k[0] == measure for k in D) else outside).add((measure, by))
        continue
    for at in sorted(set(want) | set(figures), key=sorted):
        r, values = figures.get(at), want.get(at)
        t = tally[measure]
        if r is None:
            if not values[0] and not values[1] and not values[2]:
                continue
            pairs = [("missing", values[0] or values[1] or values[2], None)]
        elif values is None:
            if r["status"] == "incomplete_follow_up" or not number(r["numerator"]) and not number(r["denominator"]) and not number(r["estimate"]):
                continue  # a closed list shows its zeros, a cohort that is not over its name
            pairs = [("numerator", 0.0, number(r["numerator"]))]
            if measure != "occupancy":  # its places are no part of the truth
                pairs.append(("denominator", 0.0, number(r["denominator"]) or 0.0))
        else:
            names = ("numerator", "denominator", "estimate", "ci_low", "ci_high")
            pairs = [(n, v, number(r[n])) for n, v in zip(names, values)]
            if measure == "occupancy":
                pairs = pairs[:1]
        t[0] += 1
        off = [(n, a, b) for n, a, b in pairs
               if (a is None) != (b is None) or a is not None and abs(a - b) > 2e-6 * max(1.0, abs(a))]
        if off:
            t[1] += 1
            t[2] = max([t[2]] + [abs((a or 0.0) - (b or 0.0)) for _, a, b in off])
            if shown[measure] < opt.limit:
                shown[measure] += 1
                print("differs:", *(x for x in group[:4] if x), *(f"{d}={k}" for d, k in sorted(at)),
                      *(f"{n} truth {a} program {b}" for n, a, b in off))

print(f"\n{'measure':28} {'figures':>8} {'differ':>7} {'largest':>9}")
for m in sorted(tally):
    n, d, most = tally[m]
    print(f"{m:28} {n:8} {d:7} {most:9.4g}")
n, d = (sum(t[i] for t in tally.values()) for i in range(2))
print(f"{'all':28} {n:8} {d:7}")
print("the truth has no word for:", ", ".join(sorted({f"{m} by {' × '.join(by) or 'nothing'}" for m, by in unknown})))
print("not about people, or nobody's truth:", ", ".join(sorted({m for m, _ in outside})))
sys.exit(1 if d else 0)
