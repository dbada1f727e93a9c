"""Return after release (docs/definitions.md 3, 5)."""
from population import *

for w in WINDOWS:
    for what in ("P1", "P2", "P3"):
        wait = WAIT if what == "P2" else 0
        for unit in ("person", "release"):
            name = f"{what}.{unit}.v1"
            for r in rolling(w, wait, unit=unit):
                share("return", r["p"], event(r, what, w), w, name, **release_dims(r))
            for back in range(13):
                end = CLOSED - back
                for r in rolling(w, wait, end, unit):
                    share("return", r["p"], event(r, what, w), w, name, ended_month=of_index(end), **release_dims(r))
            for kind in ("cohort_quarter", "cohort_year"):
                groups = defaultdict(list)
                for r in R:
                    t = r["t0"]
                    label = str(t.year) if kind == "cohort_year" else f"{t.year}-Q{(t.month + 2) // 3}"
                    groups[label].append(r)
                for label, mine in groups.items():
                    y, q = (label.split("-Q") + ["4"])[:2]
                    last = date(int(y), int(q) * 3, monthrange(int(y), int(q) * 3)[1])
                    if add_months(last, w + wait) <= CUTOFF:
                        for r in (firsts(mine) if unit == "person" else mine):
                            share("return", r["p"], event(r, what, w), w, name, **{kind: label}, **release_dims(r))
H = rolling(HEADLINE)
strata = defaultdict(lambda: [0, 0])
# People of unknown age are like nobody but each other.
stratum = lambda r: (3 if age(r["p"], r["t0"]) is None else bisect_right((25, 35), age(r["p"], r["t0"])), min(r["prior"], 2))
for r in H:
    strata[stratum(r)][0] += event(r, "P1", HEADLINE)
    strata[stratum(r)][1] += 1
for r in H:
    p, dims, limit = r["p"], release_dims(r), add_months(r["t0"], HEADLINE)
    hit = event(r, "P1", HEADLINE)
    new = sum(1 for d, k, _ in r["back"] if k in NEW and d <= limit)
    died = r["death"] is not None and r["death"] <= limit and not hit
    put("return_deaths", p, float(died), window=12, definition="P1.person.v1", **dims)
    for bound in ("return_low", "return_high"):  # with perfect links no link is in doubt
        share(bound, p, hit, 12, "P1.person.v1", **dims)
    if not died:
        share("return_excl_deaths", p, hit, 12, "P1.person.v1", **dims)
    put("return_pseudo", p, float(sum(1 for d, k, _ in r["back"] if k == "pseudo" and d <= limit)), window=12, **dims)
    put("return_unknown_date", p, float(sum(1 for d, k, _ in r["back"] if k == "unknown" and d <= limit)), window=12, **dims)
    put("return_per_reoffender", p, float(new), float(new > 0), 12, "P1.person.v1", **dims)
    put("return_frequency", p, float(new), 1.0, 12, "P1.person.v1", **dims)
    k, n = strata[stratum(r)]
    put("return_srr", p, float(hit), k / n, 12, "P1.person.v1", **dims)


def followed(r):
    end, cause = min(CUTOFF, r["lost"] or CUTOFF), 0
    for d, c in ((r["death"], 3), (first(r, "technical"), 2), (first(r, "new"), 1)):
        if d and d <= end:
            end, cause = d, c
    return max((end - r["t0"]).days, 0.5), cause


for r in H:
    time, cause = followed(r)
    most = (add_months(r["t0"], HEADLINE) - r["t0"]).days
    put("return_rate_py", r["p"], float(cause == 1 and time <= most), min(time, most) / 365.25, 12, "P1.person.v1",
        **release_dims(r))
for style, cohort, hit in (
        ("r3_p1_person", H, lambda r: event(r, "P1", 12)), ("r3_p3_person", H, lambda r: event(r, "P3", 12)),
        ("r3_p2_person", rolling(12, WAIT), lambda r: event(r, "P2", 12)),
        ("r3_p1_release", rolling(12, unit="release"), lambda r: event(r, "P1", 12)),
        ("r3_p3_release", rolling(12, unit="release"), lambda r: event(r, "P3", 12)),
        ("moj", rolling(12, WAIT, months=3), lambda r: event(r, "P2", 12)),
        ("nordic", rolling(24), lambda r: p2_without_wait(r, 24)), ("bjs", rolling(36), lambda r: event(r, "P3", 36)),
        ("iowa", rolling(36, unit="release"), lambda r: event(r, "P3", 36)),
        ("naive", firsts([r for r in R if index(r["t0"]) > CLOSED - 24 and (over(r, 12) <= CUTOFF or event(r, "P1", 12))]),
         lambda r: event(r, "P1", 12)),
        ("weeks", [r for r in R if index(r["t0"]) == NOW - 1], lambda r: first(r, "new") is not None)):
    for r in cohort:
        share("styles", r["p"], hit(r), style=style)
