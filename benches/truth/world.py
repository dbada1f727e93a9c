"""What really happened to the people of a sample, read from its truth, and what its files let one know of them.

The truth's files say what happened; `--seen ROWS.csv` says what the suppliers' rows say of a person that no history tells
(a birth year without its day, an address without its kecamatan, a NIK seen whole, a diploma, the register's own word):
what a program can know at most. Attributes are read from the rows by the rules of docs/definitions.md and of `history::people`.
"""
import argparse, csv, math, sys
from bisect import bisect_right
from calendar import monthrange
from collections import defaultdict
from datetime import date, timedelta
from functools import lru_cache

arg = argparse.ArgumentParser()
arg.add_argument("figures")
arg.add_argument("truth", nargs="?", default="data-samples/truth")
arg.add_argument("--month", default="2026-01")
arg.add_argument("--cutoff")
arg.add_argument("--months", type=int, default=60, help="months of registers the sample delivered")
arg.add_argument("--seen")
arg.add_argument("--settings", default="data-samples/reintegrasi.toml")
arg.add_argument("--limit", type=int, default=6)
opt = arg.parse_args()

Z = 1.959963984540054
WINDOWS, HEADLINE, WAIT, SHORT, CONTINUITY, PRERELEASE = (6, 12, 24, 36, 60), 12, 6, 30, 90, 6
INDEX = {"BM", "RU2", "RK2", "PMP2", "PB", "CB", "CMB", "AMN", "GRS", "ABL"}
CONDITIONAL = {"PB", "CB", "CMB", "ASR"}
FAMILY = {"KTP-REK": "identity", "KTP-CTK": "identity", "KIA": "identity", "KK": "identity", "AKTA": "identity",
          "JKN": "health", "SKR": "health", "PLT-IKM": "skills", "PLT-KER": "skills", "KMD": "skills",
          "PKT-A": "education", "PKT-B": "education", "PKT-C": "education", "ALAT": "work", "PASAR": "work",
          "UMKM": "work", "NIB": "work", "KOP": "work", "MODAL": "work", "AK1": "work", "KERJA": "work",
          "BANSOS": "social", "REHSOS": "social", "KLG": "social", "REHAB": "rehabilitation", "KPRB": "personality",
          "PKS-SOS": "sentence", "LAIN": "other"}
QUALIFY = {"identity", "health", "skills", "education", "work", "social", "rehabilitation"}
DOCUMENT = {"KTP-REK", "KTP-CTK", "KIA", "KK", "AKTA", "JKN", "AK1", "NIB"}
SHOWN = ("identity", "health", "skills", "education", "work", "social")


def day(s):
    return date.fromisoformat(s) if s else None


@lru_cache(None)
def add_months(d, n):
    m = d.month - 1 + n
    y, m = d.year + m // 12, m % 12 + 1
    return date(y, m, min(d.day, monthrange(y, m)[1]))


def month(d):
    return f"{d.year}-{d.month:02}"


def index(d):
    return d.year * 12 + d.month - 1


def of_index(i):
    return f"{i // 12}-{i % 12 + 1:02}"


YEAR, MON = map(int, opt.month.split("-"))
FIRST, AS_OF = date(YEAR, MON, 1), date(YEAR, MON, monthrange(YEAR, MON)[1])
NOW = index(AS_OF)
CUTOFF = day(opt.cutoff) or AS_OF
CLOSED = index(CUTOFF) if CUTOFF.day == monthrange(CUTOFF.year, CUTOFF.month)[1] else index(CUTOFF) - 1


def rows(name):
    with open(f"{opt.truth}/{name}.csv", encoding="utf-8") as f:
        return list(csv.DictReader(f))


def within(d, months):
    return d is not None and add_months(FIRST, 1 - months) <= d <= AS_OF


# ---------------------------------------------------------------- what happened
P = {}
for r in rows("persons"):
    P[r["person"]] = {"sex": r["sex"], "birth": day(r["birth"]), "ambon": r["in_ambon"] == "true", "nik": True,
                      "lives": "yes" if r["in_ambon"] == "true" else "no",
                      "district": r["district"] or "unknown", "death": day(r["death"])}
E = defaultdict(list)
# Registers reach back to the first month that is delivered; an earlier stay that was over by then nobody wrote down.
ALL = defaultdict(list)
for r in rows("episodes"):
    ALL[r["person"]].append({"p": r["person"], "start": day(r["start"]), "end": day(r["end"]), "exit": r["exit"],
                           "offence": r["offence"], "committed": day(r["offence_date"]),
                           "technical": r["technical"] == "true",
                           "days": int(r["sentence_days"]) if r["sentence_days"] else None,
                           "expiry": day(r["expiry"]), "two_thirds": day(r["two_thirds"]), "verdict": day(r["verdict"]), "rows": []})
for r in rows("registers"):
    ALL[r["person"]][int(r["episode"])]["rows"].append(
        {"upt": r["upt"], "class": r["class"], "from": day(r["from"]), "to": day(r["to"]), "exit": r["exit"]})
REGISTERS = add_months(FIRST, 1 - opt.months)
for p, es in ALL.items():
    mine = [e for e in es if (e["end"] is None or e["end"] >= REGISTERS) and e["start"] <= AS_OF]
    if mine:
        E[p] = mine
G = defaultdict(list)
for r in rows("supervision"):
    if day(r["end"]) and day(r["end"]) < REGISTERS:
        continue
    g = {"p": r["person"], "bapas": r["bapas"], "kind": r["kind"], "start": day(r["start"]),
         "planned": day(r["planned_end"]), "end": day(r["end"]), "how": r["end_kind"]}
    if g["start"] <= AS_OF:
        if g["end"] and g["end"] > AS_OF:
            g["end"], g["how"] = None, ""
        G[r["person"]].append(g)
# Lists of services reach 18 months back, litmas 19, outcomes 26: what is older was never delivered.
S = defaultdict(list)
for r in rows("services"):
    s = {"p": r["person"], "opd": r["opd"], "upt": r["upt"] or "unknown", "kind": r["kind"], "referred": day(r["referred"]),
         "start": day(r["start"]), "planned": day(r["planned_end"]), "end": day(r["end"]), "state": r["state"],
         "sessions": (int(r["sessions_planned"]), int(r["sessions_attended"])) if r["sessions_planned"] else None}
    s["family"], s["enrolled"], s["hours"] = FAMILY[s["kind"]], None, None
    asked = s["referred"]
    if s["opd"] == "disdukcapil":  # lists what was printed: a printed document is not given up half-way
        s["state"], s["end"] = ("completed" if s["start"] else "referred"), None
    if s["opd"] == "disnakertrans":  # lists the day of enrolment, not of referral, and hours instead of sessions
        s["enrolled"], s["referred"], s["hours"], s["sessions"] = asked, None, s["sessions"], None
    if asked and add_months(FIRST, -17) <= asked <= AS_OF:
        if s["end"] and s["end"] > AS_OF:
            s["end"], s["state"] = None, "started"
        if s["start"] and s["start"] > AS_OF:
            s["start"], s["state"] = None, "referred"
        if s["start"] is None:
            s["planned"] = s["sessions"] = s["hours"] = None
        S[r["person"]].append(s)
L = defaultdict(list)
for r in rows("litmas"):
    if add_months(FIRST, -18) <= day(r["requested"]) <= AS_OF:
        L[r["person"]].append({"p": r["person"], "bapas": r["bapas"], "asked": day(r["requested"]), "done": day(r["completed"])})
O = defaultdict(list)
for r in rows("outcomes"):
    if r["kind"] and add_months(FIRST, -25) <= day(r["date"]) <= AS_OF:
        O[r["person"]].append((day(r["date"]), r["kind"]))

# ---------------------------------------------------------------- what the rows say of people
SEEN = defaultdict(list)
if opt.seen:
    with open(opt.seen, encoding="utf-8") as f:
        for r in csv.DictReader(f):
            SEEN[r["person"]].append(r)


def birth_of(said):
    """The day in an intact NIK, else the day written most often, else the middle of the year or month written."""
    for r in said:
        if r["nik_birth"]:
            return day(r["nik_birth"])
    days = sorted(r["birth"] for r in said if len(r["birth"]) == 10)
    if days:
        return day(max(days, key=lambda d: (days.count(d), d)))
    parts = [r["birth"] for r in said if r["birth"]]
    return None if not parts else day(parts[0] + ("-15" if len(parts[0]) == 7 else "-07-01"))


CLASSES = ("AI", "AII", "AIII", "AIV", "AV", "BI", "BIIA", "BIIB", "BIII", "C", "SH", "MATI", "ANAK")
for p, said in SEEN.items():
    P[p].update(birth=birth_of(said), nik=any(r["intact"] == "1" for r in said), ambon=False, district="unknown", lives="unknown")
    for r in said:  # the last word counts; a move out of Ambon ends what was known of the kecamatan
        if r["in_ambon"]:
            before = P[p]["district"] if r["in_ambon"] == "yes" else "unknown"
            P[p].update(ambon=r["in_ambon"] == "yes", lives=r["in_ambon"], district=r["district"] or before)
    P[p]["education"] = ([r["education"] for r in said if r["education"]] or [""])[-1]
    registers = [r for r in said if r["admitted"]]
    registers.sort(key=lambda r: (r["admitted"], r["left"] or "9", CLASSES.index(r["class"]) if r["class"] in CLASSES else -1))
    for e in E.get(p, []):
        mine = [r for r in registers if len(r["admitted"]) == 10 and e["start"] <= day(r["admitted"])
                and (e["end"] is None or day(r["admitted"]) <= e["end"])]
        if not mine:
            continue
        e["committed_written"] = any(r["offence_date"] for r in mine)
        e["flag"] = next((r["flag"] == "1" for r in reversed(mine) if r["flag"]), None)
        e["offence"] = next((r["offence"] for r in mine if r["offence"] != "unknown"), "unknown")
        days = None
        for r in mine:  # the subsidiary sentence of a fine is not the sentence
            if r["days"] and not (r["class"] == "BIII" and days):
                days = int(r["days"])
        e["days"] = days

# A death is known from the civil register's list, from the prison or from the Bapas.
kinds = {r["sheet_id"]: r["kind"] for r in rows("sheets")}
told = {r["person"] for r in rows("records") if kinds[r["sheet_id"]] == "death"}
told |= {p for p, es in E.items() if any(e["exit"] == "MGL" for e in es)}
told |= {p for p, gs in G.items() if any(g["how"] == "MGL" for g in gs)}
for p in P:
    if p not in told:
        P[p]["death"] = None

# ---------------------------------------------------------------- words of the breakdowns


def age(p, on):
    b = P[p]["birth"]
    if b is None:
        return None
    return on.year - b.year - ((on.month, on.day) < (b.month, b.day))


def age_group(p, on):
    if P[p]["birth"] is None:
        return "unknown"
    return ("under_18", "18_24", "25_34", "35_44", "45_59", "60_plus")[bisect_right((18, 25, 35, 45, 60), age(p, on))]


def band(e):
    if any(r["class"] in ("SH", "MATI") for r in e["rows"]):
        return "life_death"
    if e["days"] is None:
        return "unknown"
    return ("le_3m", "3_12m", "1_3y", "3_5y", "5_10y", "gt_10y")[bisect_right((93, 366, 1096, 1826, 3651), e["days"])]


def prior_cat(n):
    return "0" if n == 0 else "1" if n == 1 else "2_plus"


STATUS = lambda k: ("child" if k == "ANAK" else "remand" if k.startswith("A") else "sentenced"
                    if k.startswith("B") or k in ("SH", "MATI") else "other")


def unit_on(e, d):
    # On the way between two units somebody counts where the register last had them.
    return [r["upt"] for r in e["rows"] if r["from"] <= d][-1]


def runs(e):
    """Spans on the run: left by LRI, back on the next row's first day."""
    out = []
    for a, b in zip(e["rows"], e["rows"][1:] + [None]):
        if a["exit"] == "LRI" and a["to"]:
            out.append((a["to"], b["from"] if b else None))
    return out


def on_the_way(e):
    """Left a unit and arrived nowhere by the month's end: in no unit's register."""
    last = e["rows"][-1]
    return last["to"] if last["exit"] == "PDH" and last["to"] and last["to"] <= AS_OF else None


def is_inside(e, d):
    left = on_the_way(e)
    return (e["start"] <= d and (e["end"] is None or d < e["end"]) and not (left and left <= d)
            and not any(a <= d and (b is None or d < b) for a, b in runs(e)))


def offence_of(p, on):
    """The offence of the case somebody is held or guided for: that of the last stay begun by then."""
    begun = [e for e in E.get(p, []) if e["start"] <= on] or [e for e in ALL[p] if e["start"] <= on and G.get(p)]
    return begun[-1]["offence"] if begun else "unknown"


CLASS = {"lapas-ambon": "IIA", "rutan-ambon": "IIA", "lpka-ambon": "II", "lapas-piru": "IIB", "lapas-tual": "IIB", "rutan-masohi": "IIB"}
upt_class = lambda u: CLASS.get(u, "III")
status_now = lambda e: STATUS([r["class"] for r in e["rows"] if r["from"] <= AS_OF][-1])


# ---------------------------------------------------------------- releases and what followed
R = []
for p, es in E.items():
    for i, e in enumerate(es):
        if not (e["end"] and e["exit"] in INDEX and e["end"] <= AS_OF):
            continue
        t0, back = e["end"], []
        for x in es[i + 1:]:
            if x["start"] <= AS_OF:
                kind = "technical" if x["technical"] else "pseudo" if x["committed"] <= t0 else "new"
                if kind != "technical" and not x.get("committed_written", True):
                    kind = "unknown"
                b = next((r["from"] for r in x["rows"] if STATUS(r["class"]) in ("sentenced", "child")), None)
                if b and x["verdict"]:
                    b = min(max(x["verdict"], x["start"]), b)
                back.append((x["start"], kind, b))
        nxt = es[i + 1]["start"] if i + 1 < len(es) else None
        for g in G[p]:
            if (g["how"] == "CBT_KHUSUS" and g["end"] and g["end"] >= t0 and (nxt is None or g["end"] < nxt)
                    and not any(k == "technical" and abs((d - g["end"]).days) <= 60 for d, k, _ in back)):
                back.append((g["end"], "technical", None))
        back.sort(key=lambda x: x[0])
        lost = None
        if nxt is None:
            lost = min((g["end"] for g in G[p] if g["how"] == "LMP" and g["start"] >= t0 and g["end"] >= t0), default=None)
        death = P[p]["death"] if P[p]["death"] and t0 <= P[p]["death"] <= AS_OF else None
        R.append({"p": p, "e": e, "t0": t0, "exit": e["exit"], "upt": e["rows"][-1]["upt"], "prior": i, "back": back,
                  "death": death, "lost": lost})
# People of equal propensity find their pairs in the order in which the files name them first.
ORDER = {p: i for i, p in enumerate(SEEN)}
R.sort(key=lambda r: (ORDER.get(r["p"], int(r["p"])), r["t0"]))


NEW = ("new", "unknown")  # an offence whose day nobody wrote down is counted, and tallied (docs/definitions.md 3)


def first(r, kind):
    kinds = NEW if kind == "new" else (kind,)
    return next((d for d, k, _ in r["back"] if k in kinds), None)


def event(r, what, w):
    limit = add_months(r["t0"], w)
    new = first(r, "new")
    p1 = new is not None and new <= limit
    if what == "P1":
        return p1
    if what == "P3":
        t = first(r, "technical")
        return p1 or (t is not None and t <= limit)
    proven = add_months(r["t0"], w + WAIT)
    return any(k in NEW and d <= limit and b and b <= proven for d, k, b in r["back"])


def p2_without_wait(r, w):
    limit = add_months(r["t0"], w)
    return any(k in NEW and d <= limit and b and b <= limit for d, k, b in r["back"])


def over(r, w, wait=0):
    return add_months(r["t0"], w + wait)


def firsts(all):
    seen, out = set(), []
    for r in all:
        if r["p"] not in seen:
            seen.add(r["p"])
            out.append(r)
    return out


def rolling(w, wait=0, end=None, unit="person", months=12):
    end = CLOSED if end is None else end
    mine = [r for r in R if over(r, w, wait) <= CUTOFF and end - months < index(over(r, w, wait)) <= end]
    return firsts(mine) if unit == "person" else mine


def release_dims(r):
    if "dims" not in r:
        r["dims"] = dims_of(r["e"], r["p"], r)
    return r["dims"]


def dims_of(e, p, r):
    return {"sex": P[p]["sex"], "age_group": age_group(p, r["t0"]), "offence_group": e["offence"], "exit_code": r["exit"],
            "sentence_band": band(e), "upt": r["upt"], "prior_custody": prior_cat(r["prior"]), "district": P[p]["district"]}
