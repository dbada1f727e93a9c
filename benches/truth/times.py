"""What is no sum: medians, waits, curves, standardised rates, changes (docs/definitions.md 5–2.3.13, 3.2)."""
from formulas import *
from services import *

MONTHS = [f"{m:02}" for m in range(61)]
DAYS = 365.25 / 12

# (measure, definition, window) → (how rows become (num, den, estimate, low, high), rows (ambon, what, dims)).
Q = {}
# The same for curves: rows become {month: (num, den, estimate, low, high)}.
C = {}


def gather(table, measure, definition, window, how, rows):
    table[measure, definition, str(window)] = (how, [(P[p]["ambon"], what, dims) for p, what, dims in rows])


def median(xs):
    xs, n = sorted(xs), len(xs)
    mid = xs[n // 2] if n % 2 else (xs[n // 2 - 1] + xs[n // 2]) / 2
    return None, n, mid, None, None


def longest(xs):
    return None, len(xs), max(xs), None, None


def waited(q):
    def how(obs):
        curve = Curve(obs)
        low, high = curve.median_interval() if q == 0.5 else (None, None)
        at = curve.quantile(q)
        return sum(c == 1 for _, c in obs), len(obs), at, *((low, high) if at is not None else (None, None))
    return how


litmas = [(p, (l["done"] - l["asked"]).days, {"bapas": l["bapas"]})
          for p, ls in L.items() for l in ls if within(l["done"], 12)]
gather(Q, "litmas_median_days", "v1", 12, median, litmas)
waits, longs = [], []
for p, ss in S.items():
    for s in ss:
        if within(s["referred"], 12) and ((s["start"] or AS_OF) - s["referred"]).days >= 0:
            d = ((s["start"] or AS_OF) - s["referred"]).days
            waits.append((p, (d, int(s["start"] is not None)), service_dims(s, s["referred"])))
        if s["start"] is None and s["referred"] and s["state"] == "referred":
            longs.append((p, (AS_OF - s["referred"]).days, {"opd": s["opd"]}))
gather(Q, "service_wait_median", "v1", 12, waited(0.5), waits)
gather(Q, "service_wait_p90", "v1", 12, waited(0.9), waits)
gather(Q, "waiting_longest", "v1", "", longest, longs)

# Curves: releases of six years, first of each person.
FROM = date((NOW - 72) // 12, (NOW - 72) % 12 + 1, 1)
CURVE = [(r["p"], followed(r), release_dims(r)) for r in firsts([r for r in R if FROM <= r["t0"] < CUTOFF])]
gather(Q, "return_median", "P1.person.v1", 60, waited(0.5), CURVE)


def rmst(obs):
    n, tau = len(obs), 12 * DAYS
    mean, se = Curve(obs).mean(tau)
    k = sum(c == 1 and t <= tau for t, c in obs)
    return (k, n, None, None, None) if n < 10 else (k, n, mean, max(0.0, mean - Z * se), min(tau, mean + Z * se))


gather(Q, "return_rmst", "P1.person.v1", 60, rmst, CURVE)


def survival(hazard):
    def how(obs):
        curve, out = Curve(obs), {}
        for m, name in enumerate(MONTHS):
            n, (_, _, _, s, g, h) = curve.risk(m * DAYS), curve.value(m * DAYS)
            low, high = (None, None) if hazard else log_log(s, math.sqrt(g)) or (None, None)
            out[name] = (None, n, h if hazard else s, low, high) if n >= 10 else (None, n, None, None, None)
        return out
    return how


def of_cause(cause):
    def how(obs):
        times, out = sorted(t for t, _ in obs), {}
        for m, (f, se) in enumerate(incidence(obs, cause, [m * DAYS for m in range(61)])):
            n = len(times) - bisect_left(times, m * DAYS)
            low, high = log_log(f, se / f) or (None, None) if f > 0 else (None, None)
            out[MONTHS[m]] = (None, n, f, low, high) if n >= 10 else (None, n, None, None, None)
        return out
    return how


for name, how in (("km_free", survival(False)), ("na_hazard", survival(True)), ("cif_new", of_cause(1)),
                  ("cif_revoked", of_cause(2)), ("cif_death", of_cause(3))):
    gather(C, name, "P1.person.v1", 60, how, CURVE)

# Standardised to the strata of the cohort: age (under 25, 25–34, 35 and older, unknown) × earlier stays (0, 1, 2 and more).
headline = [(r["p"], (event(r, "P1", HEADLINE), stratum(r)), release_dims(r)) for r in H]


def direct(rows):
    n = len(rows)
    mine = defaultdict(lambda: [0, 0])
    for hit, key in rows:
        mine[key][0] += hit
        mine[key][1] += 1
    empty = sum(n for key, (_, n) in strata.items() if not mine[key][1])
    groups, spare = [], 0.0  # an empty stratum joins the one before it, or the first that is not
    for key in sorted((a, b) for a in range(4) for b in range(3)):
        weight = strata[key][1] if key in strata else 0
        k, m = mine[key]
        if m:
            groups.append([k, m, weight + spare])
            spare = 0.0
        elif groups:
            groups[-1][2] += weight
        else:
            spare += weight
    k, total = sum(h for h, _ in rows), sum(g[2] for g in groups)
    if n < 10 or 2 * empty > sum(n for _, n in strata.values()):  # a few people would stand for most
        return k, n, None, None, None
    rate = sum(w / total * a / m for a, m, w in groups)
    if 0 < rate * n < 1 - 1e-9:  # more than nobody and less than one person
        return k, n, None, None, None
    se = math.sqrt(sum((w / total) ** 2 * a / m * (1 - a / m) / m for a, m, w in groups))
    return k, n, rate, max(0.0, rate - Z * se), min(1.0, rate + Z * se)


def excess(rows):
    n, o = len(rows), sum(h for h, _ in rows)
    e = sum(strata[key][0] / strata[key][1] for _, key in rows)
    low, high = poisson_exact(o)
    return (o, n, None, None, None) if n < 10 else (o, n, (o - e) / n, (low - e) / n, (high - e) / n)


def changed(rows):
    (k0, n0), (k1, n1) = ((sum(h for w, h in rows if w == when), sum(w == when for w, _ in rows)) for when in (0, 1))
    if min(n0, n1) < 30:
        return None, None, None, None, None
    return None, None, *newcombe(k1, n1, k0, n0)


gather(Q, "return_dsr", "P1.person.v1", 12, direct, headline)
gather(Q, "return_excess", "P1.person.v1", 12, excess, headline)
year = [(r["p"], (when, event(r, "P1", HEADLINE)), release_dims(r))
        for when, end in ((0, CLOSED - 12), (1, CLOSED)) for r in rolling(HEADLINE, end=end)]
gather(Q, "return_change", "P1.person.v1", 12, changed, year)
helped = [(r["p"], (int(index(r["t0"]) > NOW - 12), bool(helping(r))),
           {k: v for k, v in release_dims(r).items() if k in ("sex", "district", "upt")})
          for r in R if NOW - 24 < index(r["t0"]) <= NOW]
gather(Q, "k1_change", "v1", 12, changed, helped)
