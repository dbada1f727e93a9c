"""Who is inside, who moves, who is guided (docs/definitions.md 1–1.4, 3.2)."""
from datetime import date, timedelta

from world import *
T = defaultdict(list)  # (measure, definition, window) → rows (ambon, num, den, dims)


def put(measure, p, num, den=0.0, window="", definition="v1", **dims):
    T[measure, definition, str(window)].append((P[p]["ambon"] if p else True, num, den, dims))


def share(measure, p, hit, window="", definition="v1", **dims):
    put(measure, p, float(hit), 1.0, window, definition, **dims)


for p, es in E.items():
    for i, e in enumerate(es):
        who = {"sex": P[p]["sex"], "district": P[p]["district"]}
        if is_inside(e, AS_OF):
            u = unit_on(e, AS_OF)
            k = [r["class"] for r in e["rows"] if r["from"] <= AS_OF][-1]
            dims = dict(who, upt=u, upt_class=upt_class(u), register_class=k, status=STATUS(k), age_group=age_group(p, AS_OF),
                        offence_group=e["offence"], prior_custody=prior_cat(i), in_ambon=P[p]["lives"])
            put("stock", p, 1.0, **dims)
            share("stock_prior_linked", p, i > 0, **dims)
            status = {"child": "child", "remand": "remand", "sentenced": "sentenced"}.get(STATUS(k), "inside_unknown")
            put("target_group", p, 1.0, sex=who["sex"], status6=status)
            put("occupancy", p, 1.0, 0.0, upt=u)
            share("styles", p, i > 0, style="r2_stock")
            share("stock_prior_reported", p, e.get("flag") is True, **dims)
            share("styles", p, e.get("flag") is True, style="r1_reported")
        for back in range(12):
            end = add_months(FIRST, -back + 1) - timedelta(1)
            if is_inside(e, end):
                put("stock_12m", p, 1.0, window=12, calendar_month=month(end), upt=unit_on(e, end), sex=who["sex"])
        # Average daily population, by stays: one row of a register after another in the same unit is one stay.
        stays = []
        for r in e["rows"]:
            if stays and stays[-1]["upt"] == r["upt"]:
                stays[-1]["to"], stays[-1]["exit"] = r["to"], r["exit"]
            else:
                if stays:
                    stays[-1]["to"], stays[-1]["exit"] = r["from"], "PDH"
                stays.append({"upt": r["upt"], "from": r["from"], "to": r["to"], "exit": r["exit"]})
        if stays and e["end"]:
            stays[-1]["to"], stays[-1]["exit"] = e["end"], e["exit"]
        nxt = add_months(FIRST, 1)
        for n, s in enumerate(stays):
            to, frm = min(s["to"] or nxt, nxt), max(s["from"], FIRST)
            away = sum(max(0, (min(b or nxt, to) - max(a, frm)).days) for a, b in runs(e))
            d = (to - frm).days - away
            d = 0.5 if d == 0 and s["to"] == s["from"] and FIRST <= s["from"] <= AS_OF else max(0, d)
            if d:
                put("adp", p, d / AS_OF.day, upt=s["upt"], sex=who["sex"], status=status_now(e))
            if s["to"] and s["exit"]:
                for measure, m in (("exits", 1), ("exits_12m", 12)):
                    if within(s["to"], m):
                        put(measure, p, 1.0, window=m, exit_code=s["exit"], upt=s["upt"], **who)
            # Stock identity: opening + in − out = closing.
            def at(x):
                return is_inside(e, x) and s["from"] <= x and (s["to"] is None or x < s["to"])
            moves = []
            if at(FIRST - timedelta(1)):
                moves.append("opening")
            if FIRST <= s["from"] <= AS_OF:
                moves.append("admission" if n == 0 else "transfer_in")
            if s["to"] and FIRST <= s["to"] <= AS_OF:
                moves.append("transfer_out" if s["exit"] == "PDH" else "death" if s["exit"] == "MGL" else "escape"
                             if s["exit"] == "LRI" else "release" if s["exit"] in INDEX | {"ASR"} else "other_exit")
            if at(AS_OF):
                moves.append("closing")
            for m in moves:
                put("flow", p, 1.0, window=1, movement=m, upt=s["upt"])


def expected(e):
    if not any(STATUS(r["class"]) in ("sentenced", "child") for r in e["rows"] if r["from"] <= AS_OF):
        return None
    return e["two_thirds"] if e["two_thirds"] and e["two_thirds"] > AS_OF else e["expiry"]


DUE = []
for p, es in E.items():
    for e in es:
        if is_inside(e, AS_OF):
            d = expected(e)
            for w in (3, 6, 12):
                if d and d <= add_months(AS_OF, w):
                    put("due_release", p, 1.0, window=w, sex=P[p]["sex"], district=P[p]["district"], upt=unit_on(e, AS_OF),
                        status=status_now(e))
                    if w == PRERELEASE:
                        DUE.append(e)

for r in R:
    dims = release_dims(r)
    dims = {k: dims[k] for k in ("exit_code", "upt", "sex", "district", "age_group", "offence_group")}
    for measure, m in (("releases", 1), ("releases_12m", 12)):
        if within(r["t0"], m):
            more = {"release_month": month(r["t0"])} if m == 12 else {}
            put(measure, r["p"], 1.0, window=m, **dims, **more)

# Guidance.
open_on = lambda g, d: g["start"] <= d and (g["end"] is None or g["end"] > d)
CLIENTS = []
for p, gs in G.items():
    gs.sort(key=lambda g: g["start"])
    active = [g for g in gs if open_on(g, AS_OF)]
    if active:
        g = active[0]
        CLIENTS.append(g)
        put("clients", p, 1.0, supervision_kind=g["kind"], bapas=g["bapas"], sex=P[p]["sex"], district=P[p]["district"],
            in_ambon=P[p]["lives"], age_group=age_group(p, AS_OF),
            offence_group=offence_of(p, g["start"]))
        put("target_group", p, 1.0, sex=P[p]["sex"],
            status6="client_" + (g["kind"] if g["kind"] in ("PB", "CB", "CMB") else "other"))
    for back in range(12):
        end = add_months(FIRST, -back + 1) - timedelta(1)
        mine = [g for g in gs if open_on(g, end)]
        if mine:
            put("clients_12m", p, 1.0, window=12, calendar_month=month(end), bapas=mine[0]["bapas"], sex=P[p]["sex"])
    for g in gs:
        dims = {"supervision_kind": g["kind"], "bapas": g["bapas"]}
        ended = g["end"] if g["end"] and g["end"] <= AS_OF else None
        moves = []
        if g["start"] < FIRST and (g["end"] is None or g["end"] >= FIRST):
            moves.append("start_stock")
        if FIRST <= g["start"] <= AS_OF:
            moves.append("new")
        if ended and ended >= FIRST:
            moves.append({"SLS": "completed", "CBT_UMUM": "revoked_general", "CBT_KHUSUS": "revoked_technical",
                          "CBT": "revoked_technical", "LMP": "delegated", "MGL": "death"}.get(g["how"], "other_end"))
        if open_on(g, AS_OF):
            moves.append("end_stock")
        for m in moves:
            put("client_flow", p, 1.0, window=1, movement=m, **dims)
        if within(ended, 12):
            if g["how"] in ("SLS", "CBT", "CBT_UMUM", "CBT_KHUSUS", "LRI"):
                share("supervision_completed_well", p, g["how"] == "SLS", window=12, **dims)
            if g["how"] in ("CBT_UMUM", "CBT_KHUSUS"):
                put("revocations", p, 1.0, window=12, bapas=g["bapas"], calendar_month=month(ended),
                    revocation_ground="general" if g["how"] == "CBT_UMUM" else "technical")
for r in rows("reports"):
    m, p = r["month"], r["person"]
    for w in (1, 12):
        if of_index(NOW - w + 1) <= m <= of_index(NOW):
            more = {"calendar_month": m} if w == 12 else {}
            kind = next((g["kind"] for g in G[p] if g["bapas"] == r["bapas"] and month(g["start"]) <= m
                         and (g["end"] is None or m <= month(g["end"]))), "unknown")
            put("reporting_compliance", p, float(r["made"]), float(r["due"]), window=w, bapas=r["bapas"], supervision_kind=kind,
                sex=P[p]["sex"], district=P[p]["district"], **more)
for p, ls in L.items():
    for l in ls:
        done = l["done"] if l["done"] and l["done"] <= AS_OF else None
        if FIRST <= l["asked"] <= AS_OF:
            put("litmas_requested", p, 1.0, window=1, bapas=l["bapas"])
        if done and FIRST <= done:
            put("litmas_completed", p, 1.0, window=1, bapas=l["bapas"])
        if l["asked"] <= AS_OF and not done:
            put("litmas_backlog", p, 1.0, window=1, bapas=l["bapas"])
for r in rows("community_service"):
    if day(r["start"]) <= AS_OF:
        put("community_service_people", r["person"], 1.0)
        put("community_service_hours", r["person"], float(min(int(r["served"]), int(r["ordered"]))), float(r["ordered"]))
