"""Figures of the sample computed from its truth alone, by an independent program, beside those of a run.

Usage: python3 benches/truth.py [WORKSPACE] [OUT]   (defaults: data-samples, data-samples/out/2026-01)
Prints measure, truth, run and the difference. Needs nothing but Python.
"""
import csv, sys
from datetime import date, timedelta
from calendar import monthrange

ws = sys.argv[1] if len(sys.argv) > 1 else "data-samples"
out = sys.argv[2] if len(sys.argv) > 2 else ws + "/out/2026-01"
AS_OF = date(2026, 1, 31)
INDEX = {"BM", "RU2", "RK2", "PMP2", "PB", "CB", "CMB", "AMN", "GRS", "ABL"}

def day(s):
    return date.fromisoformat(s) if s else None

def add_months(d, n):
    m = d.month - 1 + n
    y, m = d.year + m // 12, m % 12 + 1
    return date(y, m, min(d.day, monthrange(y, m)[1]))

def rows(name):
    return list(csv.DictReader(open(f"{ws}/truth/{name}.csv", encoding="utf-8")))

persons = {r["person"]: r for r in rows("persons")}
episodes = {}
for r in rows("episodes"):
    episodes.setdefault(r["person"], []).append(r)
for e in episodes.values():
    e.sort(key=lambda r: r["start"])
ambon = lambda p: persons[p]["in_ambon"] == "true"

inside = [p for p, es in episodes.items() for e in es if day(e["start"]) <= AS_OF and (not e["end"] or day(e["end"]) > AS_OF)]
clients = {r["person"] for r in rows("supervision") if day(r["start"]) <= AS_OF and (not r["end"] or day(r["end"]) > AS_OF)}

releases = []
for p, es in episodes.items():
    for i, e in enumerate(es):
        if e["end"] and e["exit"] in INDEX and day(e["end"]) <= AS_OF:
            releases.append((p, day(e["end"]), i))
recent = [r for r in releases if date(2025, 2, 1) <= r[1] <= AS_OF]

def came_back(p, t0, i, w):
    limit = add_months(t0, w)
    for e in episodes[p][i + 1:]:
        if e["technical"] == "true" or day(e["offence_date"]) <= t0:
            continue
        if day(e["start"]) <= min(limit, AS_OF):
            return True
    return False

def rolling(w):
    seen, n, k = set(), [0, 0], [0, 0]
    for p, t0, i in sorted(releases, key=lambda r: (r[0], r[1])):
        over = add_months(t0, w)
        if date(2025, 1, 31) < over <= AS_OF and p not in seen:
            seen.add(p)
            hit = came_back(p, t0, i, w)
            for a in [0] + ([1] if ambon(p) else []):
                n[a] += 1
                k[a] += hit
    return n, k

truth = {}
for a, name in ((0, "maluku"), (1, "kota_ambon")):
    keep = (lambda p: True) if a == 0 else ambon
    truth["stock", name, ""] = sum(map(keep, inside)), None
    truth["clients", name, ""] = sum(map(keep, clients)), None
    truth["k1_a1", name, "12"] = None, sum(keep(r[0]) for r in recent)
    n, k = rolling(12)
    truth["return", name, "12"] = k[a], n[a]

print(f"{'measure':10} {'population':11} {'':11} {'truth':>8} {'run':>8} {'diff':>6}")
for audience in ("kota", "kanwil"):
    for r in csv.DictReader(open(f"{out}/data/{audience}.csv", encoding="utf-8")):
        key = r["measure"], r["population"], r["window_months"]
        total = not r["dimension_1"] and not r["dimension_2"]
        if not total or key not in truth or (r["measure"] == "return" and r["definition"] != "P1.person.v1"):
            continue
        for part, value in zip(("numerator", "denominator"), truth[key]):
            if value is not None and r[part]:
                got = float(r[part])
                print(f"{key[0]:10} {key[1]:11} {part:11} {value:8} {got:8.0f} {got - value:+6.0f}")
