"""The month as a skilled analyst would do it in Python today: polars + fastexcel, Splink on DuckDB, lifelines, XlsxWriter.

Usage: peer.py WORKSPACE OUT [--month YYYY-MM] [--threads N] [--links DIR]
Reads every file of WORKSPACE/inbox, links people, computes the headline figures and writes OUT/laporan.xlsx and
OUT/figures.json (figures, rows, seconds by stage). It knows the layouts of the samples (a header row somewhere in the
first forty rows, one or two header rows, a row of column numbers, totals below) and nothing beyond: no list of issues,
no disclosure control, no pictures, one language. That makes it the lighter job of the two.
"""
import argparse, json, re, sys, time
from calendar import monthrange
from datetime import date
from pathlib import Path

import duckdb, fastexcel, xlsxwriter
import polars as pl
import splink.comparison_library as cl
from lifelines import KaplanMeierFitter
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

FIELDS = [  # field, pattern of the (joined) header in lower case; first match wins
    ("number", r"^no\.?( urut)?$"),
    ("register", r"regist|^no\.? reg|nomor klien|no reg klien"),
    ("nik", r"nik|ktp"),
    ("name", r"^nama|nama wbp|nama klien|nama lengkap|nama penerima|nama peserta"),
    ("sex", r"^(l/p|jk|jenis kelamin)$"),
    ("birth_both", r"tempat.*lahir|^ttl$"),
    ("birth_place", r"^tempat lahir$"),
    ("birth", r"tgl\.? lahir|tanggal lahir"),
    ("address", r"^alamat"),
    ("death", r"(tgl|tanggal).*(meninggal|kematian|wafat)"),
    ("offence_date", r"kejadian"),
    ("planned_end", r"percobaan|rencana (selesai|akhir)"),
    ("expiry", r"ekspirasi"),
    ("two_thirds", r"2/3"),
    ("admitted", r"(tgl|tanggal).*(masuk|ditahan)|^masuk"),
    ("verdict", r"putusan"),
    ("exit_date", r"(tgl|tanggal) (bebas|keluar)"),
    ("exit", r"(jenis|cara) (keluar|bebas)"),
    ("start", r"^(tgl mulai|tanggal mulai|tmt|mulai)$|(tgl|tanggal) (kegiatan|layanan|rekam|cetak)|pelaksanaan.*mulai|tanggal pelaksanaan"),
    ("end", r"(tgl|tanggal) (berakhir|selesai)|pelaksanaan.*selesai|^selesai$"),
    ("end_kind", r"status akhir|alasan berakhir"),
    ("revocation", r"alasan (pencabutan|cabut)"),
    ("guidance", r"jenis bimbingan|program bimbingan"),
    ("state", r"^status|realisasi|keterangan status|hasil pelatihan|kelulusan|^keterangan$"),
    ("kind", r"^jenis|kegiatan|bantuan|pelayanan|layanan|keterampilan|program|kejuruan"),
]
EXITS = [  # (code, pattern in lower case)
    ("PDH", r"pindah|mutasi"), ("MGL", r"meninggal|wafat"), ("LRI", r"lari"), ("ASR", r"asimil"),
    ("RU2", r"ru ?(ii|2)|remisi umum"), ("RK2", r"rk ?(ii|2)|remisi khusus"), ("PMP2", r"pmp"),
    ("CMB", r"cmb|menjelang"), ("CB", r"^cb|cuti bersyarat"), ("PB", r"^pb|pembebasan"),
    ("BDH", r"demi hukum"), ("PTS", r"putus|lepas|tangguh"), ("AMN", r"amnesti|grasi|abolisi"),
    ("DEP", r"deport"), ("RHB", r"rehab"), ("BM", r"murni|habis|^bm|bebas"),
]
INDEX = ["BM", "RU2", "RK2", "PMP2", "PB", "CB", "CMB", "AMN"]
FINAL = INDEX + ["MGL", "DEP", "BDH", "PTS", "RHB", "ASR"]
MONTHS = {"jan": 1, "feb": 2, "peb": 2, "mar": 3, "apr": 4, "mei": 5, "jun": 6, "jul": 7, "agu": 8, "agt": 8, "sep": 9,
          "okt": 10, "nov": 11, "nop": 11, "des": 12}


# ---------------------------------------------------------------- reading

def sheets_of(path):
    """(name, frame of strings without header) of every sheet of a file."""
    if path.suffix in (".csv", ".txt", ".tsv"):
        with open(path, encoding="utf-8-sig", errors="replace") as f:
            head = [next(f, "") for _ in range(40)]
        separator = max("\t;,|", key=lambda s: max(line.count(s) for line in head))
        first = next((i for i, l in enumerate(head) if l.count(separator) >= 5), 0)
        frame = pl.read_csv(path, separator=separator, has_header=False, skip_lines=first, infer_schema=False,
                            truncate_ragged_lines=True, encoding="utf8-lossy")
        yield "", frame
        return
    book = fastexcel.read_excel(path)
    for name in book.sheet_names:
        sheet = book.load_sheet(name, header_row=None, dtypes="string")
        frame = sheet.to_polars()
        if frame.width:
            yield name, frame


def table_of(frame):
    """The rows below the header with fields as columns; None where there is no header."""
    head = frame.head(40).rows()
    at = next((i for i, r in enumerate(head)
               if sum(1 for c in r if c) >= 4 and any(re.match(r"nama", (c or "").strip().lower()) for c in r)), None)
    if at is None:
        return None
    names = [(c or "").strip() for c in head[at]]
    below = head[at + 1] if at + 1 < len(head) else ()
    if below and not (below[0] or "").strip() and sum(1 for c in below if c) >= 2:
        parent, joined = "", []
        for top, sub in zip(names, below):
            parent = top or parent
            joined.append(f"{parent} {sub}".strip() if sub else top)
        names = joined
        at += 1
    fields, used = {}, set()
    for i, n in enumerate(names):
        low = n.lower()
        for field, pattern in FIELDS:
            if field not in used and re.search(pattern, low):
                fields[frame.columns[i]] = field
                used.add(field)
                break
    if "name" not in used:
        return None
    t = frame.slice(at + 1).select(list(fields)).rename(fields).with_columns(pl.all().str.strip_chars())
    if "number" in t.columns:
        t = t.filter(pl.col("number").str.contains(r"^\d+(\.0)?$"))
    return t.filter(pl.col("name").is_not_null() & ~pl.col("name").str.contains(r"^[\d.]+$"))


def kind_of(t):
    c = set(t.columns)
    if "register" in c and ("expiry" in c or "exit" in c):
        return "custody"
    if "guidance" in c:
        return "supervision" if "planned_end" in c else "reporting"
    if "state" in c and ("start" in c or "kind" in c):
        return "participation"
    return "other"


def dates(column):
    """Strings of several forms to dates."""
    s = pl.col(column).str.to_lowercase()
    s = s.str.replace(r"^.*?,\s*", "").str.replace(r"[t ]00:00:00.*$", "")
    for word, number in MONTHS.items():
        s = s.str.replace(rf"[ -]{word}[a-z]*[ -]", f"-{number}-")
    s = s.str.replace_all(r"[./]", "-")
    return pl.coalesce(s.str.to_date("%Y-%m-%d", strict=False), s.str.to_date("%d-%m-%Y", strict=False),
                       s.str.to_date("%d-%m-%y", strict=False)).alias(column)


def code_of(column, table, default):
    s = pl.col(column).str.to_lowercase()
    e = pl.when(s.is_null() | (s == "") | (s == "-")).then(None)
    for code, pattern in table:
        e = e.when(s.str.contains(pattern)).then(pl.lit(code))
    return e.otherwise(pl.lit(default)).alias(column)


def read(inbox):
    parts = {"custody": [], "supervision": [], "reporting": [], "participation": [], "other": []}
    rows = 0
    for path in sorted(inbox.rglob("*")):
        if not path.is_file():
            continue
        for name, frame in sheets_of(path):
            t = table_of(frame)
            if t is None:
                continue
            rows += t.height
            if "birth_both" in t.columns and "birth" not in t.columns:
                t = t.with_columns(birth=pl.col("birth_both"))
            t = t.with_row_index("nth").with_columns(source=pl.lit(str(path.relative_to(inbox))), sheet=pl.lit(name))
            parts[kind_of(t)].append(t)
    out = {}
    for kind, frames in parts.items():
        if not frames:
            continue
        t = pl.concat(frames, how="diagonal")
        for c in ("birth", "admitted", "exit_date", "offence_date", "verdict", "start", "end", "planned_end", "expiry", "death"):
            if c in t.columns:
                t = t.with_columns(dates(c))
        digits = pl.col("nik").str.replace(r"\.0$", "").str.replace_all(r"\D", "")
        t = t.with_columns(
            nik=pl.when((digits.str.len_chars() == 16) & ~digits.str.ends_with("000")).then(digits),
            name=pl.col("name").str.to_uppercase().str.replace(r"\s+(ALIAS|ALS\.?|AL\.|@|BIN|BINTI)\s.*$", "")
            .str.replace_all(r"[.,']", "").str.replace_all(r"\s+", " ").str.strip_chars(),
        )
        out[kind] = t
    return out, rows


# ---------------------------------------------------------------- who is who

def link(parts, threads):
    people = pl.concat([t.select("name", "nik", "birth") for t in parts.values()], how="diagonal")
    people = people.unique().with_row_index("unique_id")
    frame = people.with_columns(
        given=pl.col("name").str.replace(r"\s+\S+$", ""), family=pl.col("name").str.extract(r"(\S+)$"),
        birth=pl.col("birth").cast(pl.String),
    )
    database = DuckDBAPI(duckdb.connect(config={"threads": threads}))
    settings = SettingsCreator(
        link_type="dedupe_only",
        blocking_rules_to_generate_predictions=[
            block_on("nik"), block_on("name"), block_on("birth", "substr(family,1,2)"), block_on("birth", "substr(given,1,2)"),
        ],
        comparisons=[
            cl.JaroWinklerAtThresholds("given", [0.92, 0.85]).configure(term_frequency_adjustments=True),
            cl.JaroWinklerAtThresholds("family", [0.92, 0.85]).configure(term_frequency_adjustments=True),
            cl.DateOfBirthComparison("birth", input_is_string=True),
            cl.DamerauLevenshteinAtThresholds("nik", [1, 2]),
        ],
        retain_intermediate_calculation_columns=False, retain_matching_columns=False,
    )
    table = database.register(frame.to_arrow(), table_name="people")
    linker = Linker(table, settings)
    linker.training.estimate_probability_two_random_records_match([block_on("nik"), block_on("name", "birth")], recall=0.9)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("name"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("nik"))
    pairs = linker.inference.predict(threshold_match_probability=0.9)
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(pairs, threshold_match_probability=0.95)
    of = pl.from_arrow(clusters.as_pyarrow_table()).select("unique_id", "cluster_id")
    people = people.join(of.with_columns(pl.col("unique_id").cast(people.schema["unique_id"])), on="unique_id", how="left")
    people = people.with_columns(person=pl.col("cluster_id").cast(pl.Int64)).select("name", "nik", "birth", "person")
    return {k: t.join(people, on=["name", "nik", "birth"], how="left", nulls_equal=True) for k, t in parts.items()}


def linked_as(parts, truth, tables=None):
    """The links the sample knows to be true, or those of the table `rows` of `reintegrasi run --parquet`: for checking figures
    apart from links, not for timing. Rows are found by their order in their sheet; the tables leave out rows that repeat another."""
    one_sheet = pl.col("file").str.contains(r"\.(csv|txt|tsv)$")
    place = dict(source="file", sheet=pl.when(one_sheet).then(pl.lit("")).otherwise("sheet"))
    rows = pl.read_csv(truth / "records.csv", infer_schema=False).join(pl.read_csv(truth / "sheets.csv", infer_schema=False), on="sheet_id")
    rows = rows.select("person", pl.col("row").cast(pl.Int64), **place)
    rows = rows.sort("source", "sheet", "row").with_columns(nth=pl.int_range(pl.len(), dtype=pl.UInt32).over("source", "sheet"))
    if tables:
        found = pl.read_parquet(f"{tables}/rows/*/*/*.parquet", hive_partitioning=False)
        found = found.select("person", pl.col("row").cast(pl.Int64), **place)
        rows = rows.drop("person").join(found, on=["source", "sheet", "row"])
    out = {k: t.drop("person", strict=False).join(rows.drop("row"), on=["source", "sheet", "nth"]) for k, t in parts.items()}
    if sum(t.height for t in out.values()) != rows.height:
        raise SystemExit(f"{rows.height} rows were linked, {sum(t.height for t in out.values())} of them were read")
    return out


# ---------------------------------------------------------------- what happened, and figures

def delivered():
    """The month a file is for, from its name; rows of later months are newer versions."""
    low = pl.col("source").str.to_lowercase()
    months = ["januari", "februari", "maret", "april", "mei", "juni", "juli", "agustus", "september", "oktober", "november", "desember"]
    for i, name in enumerate(months):
        low = low.str.replace(rf"{name} (\d{{4}})", f"$1-{i + 1:02d}")
    return low.str.extract(r"(\d{4}-\d{2})").fill_null("")


def episodes(custody, guided, as_of):
    c = custody.with_columns(code_of("exit", EXITS, "BM")).filter(pl.col("admitted").is_not_null())
    # The same register row of a later list is a newer version of the row.
    c = c.sort(delivered(), "source").unique(subset=["person", "register", "admitted"], keep="last")
    c = c.filter(pl.col("admitted") <= as_of).sort("person", "admitted", "exit_date", nulls_last=True)
    c = c.with_columns(out=pl.when(pl.col("exit").is_in(FINAL + ["PDH", "LRI"])).then(pl.col("exit_date")),
                       register=pl.col("register").str.to_uppercase().str.replace_all(r"[^A-Z]", ""))
    of_last = lambda name: pl.col(name).shift(1).over("person")
    # A row within a stay whose end is known ends with it, unless it says that it ended later.
    stays = pl.when(~pl.col("exit").is_in(["PDH", "LRI"])).then("out").cum_max().forward_fill().over("person")
    c = c.with_columns(lasts=stays, how=pl.when(pl.col("out") == stays).then("exit").forward_fill().over("person"))
    within = (of_last("lasts") > pl.max_horizontal("admitted", "out")).fill_null(False)
    c = c.with_columns(out=pl.when(within).then(of_last("lasts")).otherwise("out"),
                       exit=pl.when(within).then(of_last("how")).otherwise("exit")).drop("lasts", "how")
    before, how, days = of_last("out"), of_last("exit"), (pl.col("admitted") - of_last("out")).dt.total_days()
    remand, third = pl.col("register").str.starts_with("A"), pl.col("register").str.starts_with("BIII")
    first_class = pl.col("register").str.contains("^BI$")
    goes_on = (
        (days < 0) | ((how == "PDH") & (days <= 45)) | (how == "LRI") | (how.is_in(["BDH", "PTS", "RHB"]) & (days <= 7))
        | (how.is_in(INDEX) & (((days == 0) & ~remand) | ((days <= 7) & ~remand & ~first_class))))
    # Called back from home assimilation for the same case, and not paroled in between.
    parole = guided.filter(pl.col("guidance").is_in(["PB", "CB", "CMB"])).select("person", "guidance", begins="start")
    case = pl.col("offence_date").forward_fill().over("person").shift(1).over("person")
    back = (how == "ASR") & ~remand & (days <= 730) & (pl.col("offence_date") == case).fill_null(True)
    c = c.with_row_index("at").with_columns(called=back.fill_null(False), left=before)
    paroled = c.filter("called").join(parole, on="person").filter(pl.col("begins").is_between("left", "admitted"))
    c = c.with_columns(called=pl.col("called") & ~pl.col("at").is_in(paroled["at"].to_list()))
    goes_on = goes_on | pl.col("called")
    # Nobody wrote the exit, and a new case begins after the sentence had run out: the exit was at its end.
    served = pl.col("expiry").cum_max().shift(1).over("person")
    other_case = remand | ((pl.col("offence_date") > of_last("admitted")) & ~third)
    unwritten = (before.is_null() & other_case & ((pl.col("admitted") - served).dt.total_days() > 7)).fill_null(False)
    # Who escaped and was caught after it had not left at its end.
    caught = pl.when(how == "LRI").then("admitted").forward_fill().shift(1).over("person")
    unwritten = unwritten & ~(caught > served).fill_null(False)
    c = c.with_columns(unwritten=pl.when(unwritten).then(served), new=(~goes_on).fill_null(False) | unwritten)
    assumed = pl.col("unwritten").shift(-1).over("person")
    c = c.with_columns(out=pl.coalesce("out", assumed), exit=pl.when(assumed.is_not_null()).then(pl.lit("BM")).otherwise("exit"))
    # An exit after which the same stay goes on was none.
    c = c.with_columns(episode=pl.col("new").cast(pl.Int32).cum_sum().over("person"))
    newest = pl.col("at") == pl.col("at").max().over("person", "episode")
    undone = (~newest & (pl.col("admitted").max().over("person", "episode") >= pl.col("out"))).fill_null(False)
    c = c.with_columns(out=pl.when(~undone).then("out"))
    final = pl.col("exit").is_in(FINAL) & pl.col("out").is_not_null()
    e = c.group_by("person", "episode").agg(
        start=pl.col("admitted").min(), end=pl.col("out").filter(final).max(), exit=pl.col("exit").filter(final).last(),
        last_out=pl.col("out").last(), last_exit=pl.col("exit").last(),
        offence_date=pl.col("offence_date").drop_nulls().first(), remand=pl.col("register").first().str.starts_with("A"),
        ambon=pl.col("address").str.contains("Kota Ambon").any(),
    )
    # Transferred and not arrived, or on the run: not inside.
    e = e.with_columns(end=pl.coalesce("end", "last_out"), exit=pl.coalesce("exit", pl.when(pl.col("last_out").is_not_null()).then("last_exit")))
    # Home assimilation is no release yet; the parole or leave that follows it is.
    home = e.filter(pl.col("exit") == "ASR").join(parole, on="person").filter(
        (pl.col("begins") - pl.col("end")).dt.total_days().is_between(0, 730))
    home = home.sort("begins").unique(["person", "episode"], keep="first").select("person", "episode", "guidance", "begins")
    e = e.join(home, on=["person", "episode"], how="left").with_columns(
        end=pl.coalesce("begins", "end"), exit=pl.coalesce("guidance", "exit")).drop("guidance", "begins")
    # Who came back because parole was revoked for breaking its terms committed no new offence.
    revoked = guided.filter((pl.col("end_kind") == "Dicabut") & ~pl.col("revocation").str.contains("pidana baru").fill_null(False))
    revoked = e.join(revoked.select("person", begins="start", ends="end"), on="person").filter(
        ((pl.col("start") - pl.col("ends")).dt.total_days().abs() <= 60) & (pl.col("start") > pl.col("begins"))
        & (pl.col("offence_date").is_null() | (pl.col("offence_date") < pl.col("begins"))) & ~pl.col("remand"))
    e = e.join(revoked.select("person", "episode").unique().with_columns(technical=True), on=["person", "episode"], how="left")
    e = e.sort("person", "start")
    return e.with_columns(pl.col("technical").fill_null(False), end=pl.when(pl.col("end") <= as_of).then(pl.col("end")))


def spells(guided, as_of):
    """Guidance: rows of a person and kind that begin within 31 days are one, month after month."""
    end = pl.when(pl.col("end") <= as_of).then(pl.col("end"))
    s = guided.filter(pl.col("start").is_not_null()).with_columns(end=end, list=delivered())
    s = s.sort("person", "guidance", "start", "list", "source")
    new = pl.col("start").diff().over("person", "guidance").dt.total_days() > 31
    s = s.with_columns(spell=new.fill_null(False).cast(pl.Int32).cum_sum().over("person", "guidance"))
    word = pl.when(pl.col("end_kind") != "Aktif").then("end_kind")
    last = lambda e: e.drop_nulls().last()
    s = s.group_by("person", "guidance", "spell").agg(
        start=pl.col("start").first(), end=last(pl.col("end")), end_kind=last(word), revocation=last(pl.col("revocation")),
        planned_end=last(pl.col("planned_end")))
    # An end without a day was on the planned one.
    planned = pl.when(pl.col("planned_end") <= as_of).then("planned_end").otherwise(pl.lit(as_of))
    return s.with_columns(end=pl.coalesce("end", pl.when(pl.col("end_kind").is_not_null()).then(planned)))


def figures(parts, as_of):
    s = spells(parts["supervision"], as_of)
    e = episodes(parts["custody"], s, as_of)
    # A death closes what is open, wherever it was written down: by a prison, the registry office, a Bapas.
    died = pl.concat([
        e.filter(pl.col("exit") == "MGL").sort("end", descending=True).select("person", death="end"),
        parts["other"].filter(pl.col("death").is_not_null()).select("person", "death"),
        s.filter(pl.col("end_kind") == "Meninggal").select("person", death="end"),
    ]).unique("person", keep="first", maintain_order=True).filter(pl.col("death") <= as_of)
    close = lambda t: t.join(died, on="person", how="left").with_columns(
        end=pl.coalesce("end", pl.when(pl.col("death") >= pl.col("start")).then("death")))
    e, s = close(e), close(s)
    out = {}
    inside = e.filter(pl.col("end").is_null())
    active = s.filter((pl.col("start") <= as_of) & (pl.col("end").is_null() | (pl.col("end") > as_of)))
    # Who is on the newest reporting list and in no list of clients is one as well.
    month = pl.col("sheet").str.to_lowercase().str.slice(0, 3).replace_strict(MONTHS, default=None, return_dtype=pl.Int64)
    listed = parts["reporting"].with_columns(list=pl.col("sheet").str.extract(r"(\d{4})").cast(pl.Int64) * 12 + month - 1)
    listed = listed.filter(pl.col("list") == as_of.year * 12 + as_of.month - 1)
    known = listed.join(s.select("person", known="start"), on="person").filter(
        (pl.col("known") - pl.col("start")).dt.total_days().abs() <= 31)
    active = pl.concat([active.select("person"), listed.join(known, on=["person", "start"], how="anti").select("person")])
    releases = e.filter(pl.col("exit").is_in(INDEX) & pl.col("end").is_not_null())
    # The next entry for an offence after release.
    later = releases.join(e.filter(~pl.col("technical")).select("person", later="start", offence=pl.col("offence_date")), on="person")
    later = later.filter((pl.col("later") >= pl.col("end")) & (pl.col("offence").is_null() | (pl.col("offence") > pl.col("end"))))
    back = later.group_by("person", "end").agg(event=pl.col("later").min())
    releases = releases.join(back, on=["person", "end"], how="left").with_columns(
        limit=pl.col("end").dt.offset_by("12mo"))
    first = date(as_of.year - 1, as_of.month, monthrange(as_of.year - 1, as_of.month)[1])
    cohort = releases.filter((pl.col("limit") > first) & (pl.col("limit") <= as_of)).sort("end").unique("person", keep="first")
    cohort = cohort.with_columns(hit=(pl.col("event") <= pl.col("limit")).fill_null(False))
    year = releases.filter((pl.col("end") > first) & (pl.col("end") <= as_of))
    # What the prisons give themselves does not count as help by an agency.
    by_agency = pl.col("start").is_not_null() & ~pl.col("source").str.contains("kemandirian")
    services = parts["participation"].filter(by_agency).select("person", served="start")
    helped = year.join(services, on="person").filter((pl.col("served") >= pl.col("start")) & (pl.col("served") < pl.col("end")))
    year = year.join(helped.select("person", "end").unique().with_columns(helped=True), on=["person", "end"], how="left")
    ambon = pl.col("ambon").fill_null(False)
    for population, keep in (("maluku", pl.lit(True)), ("kota_ambon", ambon)):
        out[f"stock/{population}"] = inside.filter(keep).height
        out[f"releases_12m/{population}"] = year.filter(keep).height
        out[f"return.n/{population}"] = cohort.filter(keep).height
        out[f"return.k/{population}"] = cohort.filter(keep & pl.col("hit")).height
        out[f"k1_a1.k/{population}"] = year.filter(keep & pl.col("helped").fill_null(False)).height
    out["clients/maluku"] = active["person"].n_unique()
    days = releases.with_columns(
        t=(pl.coalesce(pl.col("event"), pl.lit(as_of)) - pl.col("end")).dt.total_days(), seen=pl.col("event").is_not_null())
    km = KaplanMeierFitter().fit(days["t"].to_numpy().clip(0.5), days["seen"].to_numpy())
    curve = [(m, float(1 - km.predict(m * 30.4375))) for m in range(0, 61)]
    by_exit = year.group_by("exit").len().sort("exit")
    by_month = year.group_by(pl.col("end").dt.strftime("%Y-%m").alias("month")).agg(
        n=pl.len(), k=pl.col("helped").fill_null(False).sum()).sort("month")
    return out, curve, by_exit, by_month


def write(path, out, curve, by_exit, by_month):
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    sheet = book.add_worksheet("Ringkasan")
    for i, (k, v) in enumerate(out.items()):
        sheet.write_row(i, 0, [k, v])
    for name, rows, kind in (("Kurva", curve, "line"), ("Pengeluaran", by_exit.rows(), "bar"), ("Pra-bebas", by_month.rows(), "line")):
        sheet = book.add_worksheet(name)
        for i, row in enumerate(rows):
            sheet.write_row(i, 0, row)
        chart = book.add_chart({"type": kind})
        chart.add_series({"categories": [name, 0, 0, len(rows) - 1, 0], "values": [name, 0, 1, len(rows) - 1, 1]})
        sheet.insert_chart("F2", chart)
    book.close()


def main():
    a = argparse.ArgumentParser()
    a.add_argument("workspace", type=Path)
    a.add_argument("out", type=Path)
    a.add_argument("--month", default="2026-01")
    a.add_argument("--threads", type=int, default=2)
    a.add_argument("--links", type=Path, help="stage tables of reintegrasi: figures with its links, and with the true ones")
    args = a.parse_args()
    y, m = map(int, args.month.split("-"))
    as_of = date(y, m, monthrange(y, m)[1])
    seconds, t = {}, time.perf_counter()

    def lap(name):
        nonlocal t
        now = time.perf_counter()
        seconds[name], t = round(now - t, 3), now
        print(name, seconds[name], file=sys.stderr, flush=True)

    parts, rows = read(args.workspace / "inbox")
    lap("read")
    parts = link(parts, args.threads)
    lap("link")
    out, curve, by_exit, by_month = figures(parts, as_of)
    lap("figures")
    others = {}
    if args.links:
        others["their links"] = figures(linked_as(parts, args.workspace / "truth", args.links), as_of)[0]
        others["true links"] = figures(linked_as(parts, args.workspace / "truth"), as_of)[0]
    args.out.mkdir(parents=True, exist_ok=True)
    write(args.out / "laporan.xlsx", out, curve, by_exit, by_month)
    lap("write")
    persons = pl.concat([p.select("person") for p in parts.values()])["person"].n_unique()
    result = {"rows": rows, "rows_by_kind": {k: v.height for k, v in parts.items()}, "persons": persons, "seconds": seconds, "figures": out, **others}
    (args.out / "figures.json").write_text(json.dumps(result, indent=1))
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
