"""Services, help before release, what became of people (docs/definitions.md 4–3.3)."""
from returns import *


def service_dims(s, on):
    p = s["p"]
    return {"opd": s["opd"], "service_kind": s["kind"], "service_family": s["family"],
            "upt": s["upt"], "sex": P[p]["sex"],
            "district": P[p]["district"], "age_group": age_group(p, on), "calendar_month": month(on),
            "offence_group": offence_of(p, on)}


def over_plan(s):
    return s["planned"] <= CUTOFF if s["planned"] else s["start"] is not None


# A row ends on its day of issue or, for what is given at once, its start.
ended_on = lambda s: s["end"] or s["start"]
for p, ss in S.items():
    for s in ss:
        states = {"referred": s["referred"], "enrolled": s["enrolled"], "started": s["start"],
                  "completed": ended_on(s) if s["state"] == "completed" else None,
                  "dropped": s["end"] if s["state"] == "dropped_out" else None,
                  "moved": s["end"] if s["state"] == "moved" else None}
        for state, on in states.items():
            for m in (1, 12):
                if within(on, m):
                    put(f"service_{state}" + ("_12m" if m == 12 else ""), p, 1.0, window=m, **service_dims(s, on))
        if within(s["referred"], 12):
            share("service_enrolment", p, s["start"] is not None, 12, **service_dims(s, s["referred"]))
        if within(s["start"], 12):
            dims = service_dims(s, s["start"])
            if s["sessions"]:
                put("service_attendance", p, float(min(s["sessions"])), float(s["sessions"][0]), 12, **dims)
            else:
                put("service_no_plan", p, 1.0, window=12, **dims)
            if over_plan(s):
                for measure, state in (("completion", "completed"), ("dropout", "dropped_out"), ("left_moved", "moved")):
                    share(f"service_{measure}", p, s["state"] == state, 12, **dims)
                dose = s["hours"] or s["sessions"]
                if dose:
                    part = min(dose) / dose[0]
                    bands = "none" if part <= 0 else ("lt_50", "50_79", "ge_80")[bisect_right((0.5, 0.8), part)]
                    put("service_dose", p, 1.0, window=12, dose_band=bands, **dims)
                    put("service_dose_share", p, float(min(dose)), float(dose[0]), 12, dose_band=bands, **dims)
                other = s["state"] not in ("completed", "dropped_out", "moved")
                share("service_left_other", p, other, 12, **dims)
        if s["start"] is None and s["referred"] and s["state"] == "referred" and (AS_OF - s["referred"]).days > 30:
            T["waiting", "", ""].append((s["p"], s["opd"]))
for p, opd in set(T.pop(("waiting", "", ""), [])):
    put("waiting_over_30", p, 1.0, opd=opd)

def before(s, frm, t0):
    """Started before release; a document counts on the day of release too."""
    return s["start"] and s["start"] >= frm and (s["start"] < t0 or s["start"] == t0 and s["kind"] in DOCUMENT)


def helping(r):
    """Services that count for K1 and began inside, before this release."""
    return [s for s in S[r["p"]] if s["family"] in QUALIFY and s["kind"] != "SKR" and s["opd"] != "upt"
            and before(s, r["e"]["start"], r["t0"])]


# A service row of nobody known from prison or Bapas would raise the upper bound of K1; the sample has none.
assert not [p for p in S if S[p] and p not in E and p not in G], "the upper bound of K1 needs the rows without a person"
for r in R:
    p, e, t0 = r["p"], r["e"], r["t0"]
    dims = {k: v for k, v in release_dims(r).items() if k not in ("sentence_band", "prior_custody")}
    mine = helping(r)
    asked = lambda f: any(s["family"] == f and e["start"] <= (s["referred"] or s["start"] or date.max) <= t0 for s in S[p])
    has = lambda fs: any(s["family"] in fs for s in mine)
    needs = (("identity", not P[p]["nik"] or asked("identity"), has({"identity"})),
             ("jkn", True, any(s["kind"] == "JKN" for s in mine)),
             ("skills", (t0 - e["start"]).days >= SHORT, has({"skills", "education"})),
             ("work", asked("work"), has({"work"})), ("family", asked("social"), has({"social"})),
             ("litmas", r["exit"] in CONDITIONAL, any(l["done"] and l["done"] <= t0 for l in L[p])))
    done = [s for s in mine if s["state"] == "completed" and (s["end"] is None or s["end"] <= t0)]
    half = add_months(t0, -6)
    for m in (1, 12):
        if within(t0, m):
            more = dict(dims, release_month=month(t0)) if m == 12 else dims
            share("k1_a1", p, bool(mine), m, **more)
            share("k1_a2", p, bool(done), m, **more)
            share("k1_a3", p, any(s["start"] >= half for s in mine), m, **more)
            share("k1_a4", p, bool(mine) and all(met for _, needed, met in needs if needed), m, **more)
            share("k1_a1_upper", p, bool(mine), m, **more)
            if (t0 - e["start"]).days >= SHORT:
                share("k1_a1_excl_short", p, bool(mine), m, **more)
    if within(t0, 12):
        where = {"upt": r["upt"], "sex": P[p]["sex"], "district": P[p]["district"], "age_group": age_group(p, t0),
                 "offence_group": offence_of(p, t0)}
        for need, needed, met in needs:
            if needed:
                share("prerelease_package", p, met, 12, need=need, **where)
        until = t0 + timedelta(CONTINUITY)
        later = [x["start"] for x in E[p] if x["start"] > t0]
        for f in SHOWN:
            fam = [s for s in S[p] if s["family"] == f]
            if until <= CUTOFF and any(before(s, e["start"], t0) for s in fam):
                on = any(s["start"] and t0 < s["start"] <= until and not any(b <= s["start"] for b in later) for s in fam)
                share("continuity_90", p, on, 12, service_family=f, **where)
    for horizon, n in (("3m", 3), ("6m", 6), ("12m", 12)):
        low, high = add_months(t0, n) - timedelta(30), add_months(t0, n) + timedelta(30)
        if high > CUTOFF or index(high) <= NOW - 12:
            continue
        seen = [k for d, k in O[p] if low <= d <= high]
        dims3 = {"horizon": horizon, "sex": P[p]["sex"], "upt": r["upt"], "district": P[p]["district"],
                 "age_group": age_group(p, t0), "offence_group": offence_of(p, t0)}
        share("outcome_unknown", p, not seen, 12, **dims3)
        share("outcome_work_lower", p, bool({"employed", "business"} & set(seen)), 12, **dims3)
        if seen:
            share("outcome_work", p, bool({"employed", "business"} & set(seen)), 12, **dims3)
            share("outcome_employed", p, "employed" in seen, 12, **dims3)
            share("outcome_business", p, "business" in seen, 12, **dims3)

for e in DUE:
    p = e["p"]
    # Persons count once; by family a person stands once for each.
    given = any(s["family"] in SHOWN and s["start"] and s["start"] >= e["start"] for s in S[p])
    share("service_coverage/persons", p, given, district=P[p]["district"], upt=unit_on(e, AS_OF), sex=P[p]["sex"],
          age_group=age_group(p, AS_OF), offence_group=offence_of(p, AS_OF))
    reached = set()
    for f in SHOWN:
        fam = [s for s in S[p] if s["family"] == f]
        share("service_coverage", p, any(s["start"] and s["start"] >= e["start"] for s in fam), service_family=f,
              district=P[p]["district"], upt=unit_on(e, AS_OF), sex=P[p]["sex"], age_group=age_group(p, AS_OF),
              offence_group=offence_of(p, AS_OF))
        mine = [s for s in fam if (s["referred"] or s["start"] or date.min) >= e["start"]]
        finished = any(s["state"] == "completed" for s in mine)
        complete = next((s for s in sorted(mine, key=lambda s: s["start"] or date.min) if s["state"] == "completed"), None)
        outcome = complete and (complete["opd"] == "disdukcapil" or complete["start"] and any(
            k != "not_employed" and d >= complete["start"] for d, k in O[p]))
        for stage, ok in (("eligible", True), ("referred", bool(mine)), ("completed", finished), ("outcome", outcome),
                          ("started", finished or any(s["start"] for s in mine))):
            if ok:
                put("funnel", p, 1.0, stage=stage, service_family=f)
                reached.add(stage)
    for stage in reached:
        put("funnel/persons", p, 1.0, stage=stage)
    for doc, kinds in (("ktp", {"KTP-REK", "KTP-CTK"}), ("kk", {"KK"}), ("jkn", {"JKN"}), ("kia", {"KIA"})):
        mine = [s for s in S[p] if s["kind"] in kinds]
        child = age(p, AS_OF) is not None and age(p, AS_OF) < 17
        if child if doc == "kia" else not child and (mine or not P[p]["nik"]) if doc == "ktp" else mine:
            issued = any(s["state"] == "completed" for s in mine)
            dims = {"document": doc, "sex": P[p]["sex"], "district": P[p]["district"], "upt": unit_on(e, AS_OF),
                    "age_group": age_group(p, AS_OF), "offence_group": offence_of(p, AS_OF)}
            share("documents_obtained", p, issued, **dims)
            if mine:
                share("documents_of_referred", p, issued, **dims)
            for state in ["needed", "issued" if issued else "open"] + ["referred"] * bool(mine):
                put("documents", p, 1.0, document=doc, document_state=state)

# Services with a target group of their own, of everybody inside or guided at some time of twelve months.
YEAR_AGO = add_months(FIRST, -11)
TARGETS = {"ktp": {"KTP-REK", "KTP-CTK"}, "kia": {"KIA"}, "paket_a": {"PKT-A"}, "paket_b": {"PKT-B"}, "paket_c": {"PKT-C"},
           "rehab": {"REHAB"}}
LEVEL = {"none": 0, "sd": 1, "smp": 2, "sma": 3, "higher": 4}
present = lambda x: x["start"] <= AS_OF and (x["end"] is None or x["end"] >= YEAR_AGO)
for p in set(E) | set(G):
    stays, guided = [e for e in E.get(p, []) if present(e)], [g for g in G.get(p, []) if present(g)]
    if not stays and not guided:
        continue
    # Without a stay in the period the offence is that of the case guidance follows.
    narcotics = "narcotics" in ({e["offence"] for e in stays} or {offence_of(p, AS_OF)})
    years, level = age(p, AS_OF), LEVEL.get(P[p].get("education"))
    dims = {"sex": P[p]["sex"], "age_group": age_group(p, AS_OF), "district": P[p]["district"], "offence_group": offence_of(p, AS_OF)}
    for target, kinds in TARGETS.items():
        mine = [s for s in S[p] if s["kind"] in kinds]
        asked = any(within(s["referred"] or s["start"], 12) for s in mine)
        began = any(within(s["start"], 12) for s in mine)
        if target in ("ktp", "kia"):
            rule = None if years is None else years < 17 if target == "kia" else years >= 17 and (asked or not P[p]["nik"])
        elif target == "rehab":
            rule = True if asked else None if narcotics else False
        else:
            rule = None if level is None else level < " abc".index(target[-1])
        if rule:
            put("target_eligible", p, 1.0, window=12, service_target=target, **dims)
            share("target_coverage", p, began, 12, service_target=target, **dims)
        else:
            if rule is None:
                put("target_unknown", p, 1.0, window=12, service_target=target, **dims)
            if began:
                put("target_outside", p, 1.0, window=12, service_target=target, **dims)

# A business after a programme that prepares for one.
PREPARES = {"PLT-IKM", "UMKM", "ALAT", "PASAR", "KOP", "MODAL"}
for p, ss in S.items():
    for s in ss:
        if s["kind"] in PREPARES and s["state"] == "completed" and s["start"] and within(ended_on(s), 12):
            opened = (any(x["kind"] == "NIB" and x["start"] and x["start"] >= s["start"] for x in ss)
                      or any(k == "business" and d >= s["start"] for d, k in O[p]))
            share("business_started", p, opened, 12, opd=s["opd"], service_kind=s["kind"], sex=P[p]["sex"], district=P[p]["district"],
                  age_group=age_group(p, s["start"]), offence_group=offence_of(p, s["start"]))


def given_this_month(s):
    last = s["end"] or s["planned"] or s["start"]
    return max(s["start"], FIRST) if s["start"] and s["start"] <= AS_OF and last >= FIRST else None


for p, ss in S.items():
    for s in sorted(ss, key=lambda s: s["start"] or date.max):
        on = given_this_month(s)
        here = on and next((e for e in E[p] if is_inside(e, on)), None)
        if here:
            put("service_reach", p, 1.0, 0.0, 1, upt=unit_on(here, on), sex=P[p]["sex"])
            break
for a, num, den, dims in T["adp", "v1", ""]:
    T["service_reach", "v1", "1"].append((a, 0.0, num, dims))
for g in CLIENTS:
    p = g["p"]
    share("service_reach_clients", p, any(given_this_month(s) for s in S[p]), 1, bapas=g["bapas"], supervision_kind=g["kind"],
          sex=P[p]["sex"], district=P[p]["district"])
for p, es in E.items():
    e = next((e for e in es if is_inside(e, AS_OF)), None)
    if e and age(p, AS_OF) is not None and age(p, AS_OF) < 18 and any(s["start"] and s["start"] >= e["start"] for s in S[p]):
        put("children_services", p, 1.0)
