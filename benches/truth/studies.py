"""Participation and return: raw rates, coarse strata, pairs of equal propensity (docs/definitions.md 5)."""
from times import *

OFFENCES = ("child_protection", "sexual", "narcotics", "corruption", "assault", "homicide", "domestic_violence", "theft", "robbery",
            "fraud", "traffic", "weapons", "gambling", "special_laws", "other", "unknown")
# (measure, population) → {categories: (num, den, estimate, low, high)}; a category is (dimension, name).
D = defaultdict(dict)


def took_part(r, family):
    return any(s["family"] == family and before(s, r["e"]["start"], r["t0"]) for s in S[r["p"]])


for family in SHOWN:
    for r in H:
        arm = "participants" if took_part(r, family) else "others"
        share("compare_return", r["p"], event(r, "P1", HEADLINE), 12, "P1.person.v1", programme=family, arm=arm)


def covariates(cohort):
    """Names and values, the most telling first; what is unknown takes the mean of what is known, beside a word that it is."""
    ages = [age(r["p"], r["t0"]) for r in cohort]
    days = [None if r["e"]["days"] is None else math.log1p(r["e"]["days"]) for r in cohort]
    mean = lambda xs: sum(xs) / len(xs) if xs else 0.0
    mean_age, mean_days = mean([a for a in ages if a is not None]), mean([d for d in days if d is not None])
    count = Counter(r["e"]["offence"] for r in cohort)
    offences = [o for o in sorted(count, key=lambda o: (-count[o], OFFENCES.index(o)))[1:] if count[o] >= 10]
    names = ["age", "prior_custody", "sentence", "female", "conditional", "stay"] + [f"offence_{o}" for o in offences]
    names += ["age_unknown"] * (None in ages) + ["sentence_unknown"] * (None in days)
    x = []
    for r, a, d in zip(cohort, ages, days):
        v = [mean_age if a is None else float(a), float(r["prior"]), mean_days if d is None else d,
             float(P[r["p"]]["sex"] == "female"), float(r["exit"] in CONDITIONAL), math.log1p((r["t0"] - r["e"]["start"]).days)]
        v += [float(r["e"]["offence"] == o) for o in offences]
        x.append(v + [float(a is None)] * (None in ages) + [float(d is None)] * (None in days))
    return names, x


def pairs_of(x, took):
    own, others = [i for i, t in enumerate(took) if t], [i for i, t in enumerate(took) if not t]
    if not own or not others:
        return []
    use = [j for j in range(len(x[0])) if any(v[j] != x[0][j] for v in x)][:min(len(own), len(others)) // 10]
    score = None
    while use and score is None:
        score = logistic([[v[j] for j in use] for v in x], took)
        use = use[:-1]
    score = score or [0.0] * len(x)
    mean = sum(score) / len(score)
    caliper = 0.2 * math.sqrt(sum((s - mean) ** 2 for s in score) / (len(score) - 1))
    free, pairs = set(others), []
    for i in sorted(own, key=lambda i: (-score[i], i)):
        near = min(free, key=lambda o: (abs(score[o] - score[i]), score[o], o), default=None)
        if near is not None and abs(score[near] - score[i]) <= caliper:
            pairs.append((i, near))
            free.discard(near)
    return sorted(pairs)


def differences(x, took, weight):
    """Standardised mean differences by covariate, in units of the raw groups' spread (Stuart 2010)."""
    out = []
    for j in range(len(x[0])):
        raw = [[v[j] for v, t in zip(x, took) if t == arm] for arm in (True, False)]
        if min(map(len, raw)) < 2:
            out.append(math.inf)
            continue
        var = [sum((v - sum(g) / len(g)) ** 2 for v in g) / (len(g) - 1) for g in raw]
        n = [sum(w for w, t in zip(weight, took) if t == arm) for arm in (True, False)]
        if not all(n):
            out.append(math.inf)
            continue
        m = [sum(w * v[j] for v, w, t in zip(x, weight, took) if t == arm) / k for arm, k in zip((True, False), n)]
        spread = math.sqrt(sum(var) / 2)
        out.append((m[0] - m[1]) / spread if spread else 0.0 if m[0] == m[1] else math.inf)
    return out


def over_strata(cohort, x, took, hit):
    """Mantel–Haenszel over age × earlier stays × sex, the people used, the balance, the strata and what may be said."""
    tables = defaultdict(lambda: [0, 0, 0, 0])
    keys = [stratum(r) + (P[r["p"]]["sex"],) for r in cohort]
    for k, t, h in zip(keys, took, hit):
        tables[k][0 if t else 2] += h
        tables[k][1 if t else 3] += 1
    both = {k: v for k, v in tables.items() if v[1] and v[3]}
    rr, rd = mantel_haenszel(list(both.values()))
    used = sum(v[1] for v in both.values()), sum(v[3] for v in both.values())
    weight = [0.0 if k not in both else 1.0 if t else both[k][1] / both[k][3] for k, t in zip(keys, took)]
    smd = differences(x, took, weight)
    return rr, rd, used, smd, (len(both), len(tables)), verdict(used[0], smd, rr is not None)


def verdict(n, smd, estimable):
    worst = max(map(abs, smd), default=0.0)
    return "too_few" if n < 30 else "unlike" if worst > 0.10 else "comparable" if estimable else "nothing"


def study(cohort, names, x, family, population):
    took = [took_part(r, family) for r in cohort]
    hit = [event(r, "P1", HEADLINE) for r in cohort]
    at = ("programme", family)

    def say(measure, num, den, est=None, low=None, high=None, *more):
        D[measure, population][frozenset([at, *more])] = (num, den, est, low, high)
    rr, rd, used, in_strata, counted, said = over_strata(cohort, x, took, hit)
    pairs = pairs_of(x, took)
    paired = {i for pair in pairs for i in pair}
    smd = {"before": differences(x, took, [1.0] * len(x)), "strata": in_strata,
           "matched": differences(x, took, [float(i in paired) for i in range(len(x))])}
    arms = sum(took), len(took) - sum(took)
    own, others = sum(hit[i] for i, _ in pairs), sum(hit[o] for _, o in pairs)
    said_pairs = verdict(len(pairs), smd["matched"], own + others > 0)
    for measure, value in (("compare_rr", rr), ("compare_rd", rd)):
        say(measure, *used, *(value if said == "comparable" else ()))
    say("compare_strata", *counted, counted[0])
    worst = max(map(abs, smd["strata"]))
    say("compare_smd", None, None, worst if min(arms) >= 10 and worst < math.inf else None)
    say("compare_verdict", None, None, 1, None, None, ("verdict", said))
    say("compare_matched_verdict", None, None, 1, None, None, ("verdict", said_pairs))
    for which, values in smd.items():
        for name, v in zip(names, values):
            say(f"compare_balance_{which}", None, None, v if min(arms) >= 10 and v < math.inf else None, None, None, ("covariate", name))
    groups = [[(followed(r)[0], followed(r)[1] == 1) for r, t in zip(cohort, took) if t == arm] for arm in (False, True)]
    if min(arms) >= 30:
        _, _, p, o, e = log_rank(groups)
        say("compare_log_rank", o[1], round(e[1], 2), p)
    else:
        say("compare_log_rank", None, None)
    n, shown = len(pairs), said_pairs == "comparable"
    for arm, k in (("participants", own), ("others", others)):
        say("compare_matched_return", *((k, n, k / n, *wilson(k, n)) if shown else (None,) * 5), ("arm", arm))
    a, b, c = (sum(1 for i, o in pairs if (hit[i], hit[o]) == want) for want in ((True, True), (True, False), (False, True)))
    say("compare_matched_rd", None, n, *(newcombe_paired(a, b, c, n - a - b - c) if shown else ()))
    say("compare_matched_p", None, n, sign_test(b, c) if shown and b + c else None)
    inside = {p for p, es in E.items() if P[p]["ambon"] or population == "maluku" for e in es
              if e["end"] and CLOSED - 12 < index(e["end"]) + HEADLINE <= CLOSED
              and any(s["family"] == family and before(s, e["start"], e["end"]) for s in S[p])}
    for stage, k in (("submitted", len(inside)), ("found", len(inside)), ("released", arms[0]), ("matched", n)):
        say("compare_matching", k, None, k, None, None, ("match_stage", stage))


# Participation after release: looked at three months out, of those then free, alive and in sight; return counts from there.
LANDMARK = 3


def at_landmark(r):
    mark = add_months(r["t0"], LANDMARK)
    return all(d > mark for d in [d for d, _, _ in r["back"]] + [d for d in (r["death"], r["lost"]) if d])


def joined(r, family):
    return any(s["family"] == family and s["start"] and r["t0"] < s["start"] <= add_months(r["t0"], LANDMARK) for s in S[r["p"]])


FREE = [r for r in H if at_landmark(r)]
for family in SHOWN:
    for r in FREE:
        arm = "participants" if joined(r, family) else "others"
        share("landmark_return", r["p"], event(r, "P1", HEADLINE), 12, "P1.person.v1", programme=family, arm=arm)
    for population in ("maluku", "kota_ambon"):
        cohort = [r for r in FREE if P[r["p"]]["ambon"] or population == "maluku"]
        took, hit = [joined(r, family) for r in cohort], [event(r, "P1", HEADLINE) for r in cohort]
        rr, rd, used, _, _, said = over_strata(cohort, covariates(cohort)[1], took, hit)
        at = ("programme", family)
        for measure, value in (("landmark_rr", rr), ("landmark_rd", rd)):
            D[measure, population][frozenset([at])] = (*used, *(value if said == "comparable" else (None,) * 3))
        D["landmark_verdict", population][frozenset([at, ("verdict", said)])] = (None, None, 1, None, None)

for population in ("maluku", "kota_ambon"):
    cohort = [r for r in H if P[r["p"]]["ambon"] or population == "maluku"]
    names, x = covariates(cohort)
    for family in SHOWN:
        study(cohort, names, x, family, population)
    # Do the curves of return differ between the groups of a characteristic?
    for by in ("sex", "age_group", "offence_group", "exit_code", "sentence_band", "prior_custody"):
        groups = defaultdict(list)
        for p, (t, c), dims in CURVE:
            if P[p]["ambon"] or population == "maluku":
                groups[dims[by]].append((t, c == 1))
        large = [groups[k] for k in sorted(groups) if k != "unknown" and len(groups[k]) >= 10]
        at = frozenset([("grouping", by)])
        D["return_log_rank", population][at] = (*log_rank(large)[:3], None, None) if len(large) > 1 else (None,) * 5

# Raw curves of the headline cohort, by participation.
for measure, arm in (("km_free_participants", True), ("km_free_others", False)):
    curve = [(r["p"], followed(r), {"programme": f}) for f in SHOWN for r in H if took_part(r, f) == arm]
    gather(C, measure, "P1.person.v1", 12, survival(False), curve)
