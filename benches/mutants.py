#!/usr/bin/env python3
"""A session of damaged, invented and hostile files, each read by the program under a limit of memory and time.

usage: benches/mutants.py BINARY [MUTANTS] [SEED] [--memory MIB] [--seconds S]

A mutant fails when the program is killed by a signal, panics (status 101), takes longer, or gives nothing and says nothing.
Memory is the address space (RLIMIT_AS): what was asked for counts, not only what was touched. Seconds are those of the
processor (RLIMIT_CPU), so that a busy machine changes nothing; thirty times as many on the clock end a mutant that waits.
Needs nothing but Python's own library and `data-samples/inbox`.
"""
import argparse
import collections
import gzip
import io
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))
SAMPLES = os.path.join(HERE, "..", "data-samples", "inbox")
HEADER = "No,No Registrasi,Nama Lengkap,L/P,Tempat Lahir,Tanggal Lahir,NIK,Perkara,Pasal,Tanggal Masuk,Lama Pidana"
ROW = "1,B.I 11/2025,ABRAHAM LEKATOMPESSY,L,Ambon,12/03/1990,8171021203900012,Pencurian,363 KUHP,05/03/2025,4 Tahun"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def samples():
    out = []
    for folder, _, files in os.walk(SAMPLES):
        for f in files:
            path = os.path.join(folder, f)
            if os.path.getsize(path) < 300_000:
                out.append((f, open(path, "rb").read()))
    return sorted(out)


def damaged(rng, whole):
    b = bytearray(whole)
    for _ in range(rng.randrange(1, 30)):
        at = rng.randrange(len(b)) if b else 0
        kind = rng.randrange(12)
        if kind == 0:
            del b[max(at, 1):]
        elif kind == 1:
            b += b[at:at + 64]
        elif b:
            b[at] = rng.randrange(256)
    return bytes(b)


def members_damaged(rng, whole):
    """The same, within the members of a sound archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if rng.random() < 0.5 and data:
                data = bytearray(data)
                for _ in range(rng.randrange(1, 8)):
                    at = rng.randrange(len(data))
                    if rng.random() < 0.3:
                        word = rng.choice([b"<", b">", b'"', b"&", b"<!--", b"<c>", b"</row>", b"4294967295", b"-1", b"1e308"])
                        data[at:at + rng.randrange(4)] = word
                    else:
                        data[at] = rng.randrange(256)
                data = bytes(data)
            new.writestr(name, data)
    return out.getvalue()


def text(rng):
    """A list whose quotes, separators and lines were damaged."""
    rows = [HEADER] + [ROW.replace("11/", f"{i}/") for i in range(rng.randrange(1, 60))]
    mark = rng.choice([",", ";", "\t", "|", "\x1f"])
    body = "\n".join(rows).replace(",", mark)
    if rng.random() < 0.2:
        body = "\n".join('"' + r.replace('"', '""') + '"' for r in body.split("\n"))
    chars = list(body)
    for _ in range(rng.randrange(0, 25)):
        at = rng.randrange(len(chars))
        chars.insert(at, rng.choice(['"', '""', mark, ", ", "\n", "\r", "\x00", "\x1e", "\x1f", "é", "\u202e", "=", "'", "#N/A"]))
    data = "".join(chars)
    return data.encode(rng.choice(["utf-8", "utf-16", "utf-16-le"]), "replace")


def bomb(rng):
    """Texts that expand to what no list is."""
    kind = rng.randrange(6)
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb", compresslevel=6) as z:
        z.write((HEADER + "\n").encode())
        if kind == 0:
            for _ in range(rng.randrange(20, 300)):
                z.write(b"a" * (1 << 20))
        elif kind == 1:
            z.write(b'1,"')
            for _ in range(rng.randrange(20, 200)):
                z.write(b"teks panjang\n" * 80_000)
        elif kind == 2:
            cell = b"x" * rng.randrange(100, 30_000)
            for _ in range(rng.randrange(1_000, 20_000)):
                z.write(b"1,B.I 1/2025," + cell + b",L,Ambon\n")
        elif kind == 3:
            z.write((b"," * 15_000 + b"\n") * rng.randrange(10, 2_000))
        elif kind == 4:
            z.write((ROW + "\n").encode() * rng.randrange(1_000, 200_000))
        else:
            z.write(os.urandom(64) + b"\0" * (rng.randrange(1, 400) << 20))
    return out.getvalue()


def spans(rng):
    cells = []
    for _ in range(rng.randrange(1, 600)):
        wide, high = rng.choice([1, 2, 100, 16384, 4294967295]), rng.choice([1, 2, 1000, 65536, 4294967295])
        cells.append(f"<td colspan={wide} rowspan={high}>" + rng.choice(["Nama", "NIK", "", "5"]))
        if rng.random() < 0.4:
            cells.append("<tr>")
    return ("<html><table><tr>" + "".join(cells) * rng.choice([1, 1, 50])).encode()


def xml2003(rng):
    rows = []
    for _ in range(rng.randrange(1, 200)):
        index = rng.choice(["", "", f' ss:Index="{rng.choice([1, 5, 65536, 1048577, 4294967295])}"'])
        kind = rng.choice(["String", "Number", "DateTime", "Boolean", "Error", "x"])
        value = rng.choice(["Nama", "NIK", "2025-03-05T00:00:00.000", "1", "-1e400", "#REF!", "<B>x</B>", "<![CDATA[", ""])
        merge = rng.choice(["", f' ss:MergeAcross="{rng.choice([1, 20000, 4294967295])}" ss:MergeDown="{rng.choice([1, 70000])}"'])
        rows.append(f'<Row{index}><Cell{index}{merge}><Data ss:Type="{kind}">{value}</Data></Cell></Row>')
    return ('<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="A"><Table>' + "".join(rows)).encode()


def claims(rng):
    """Workbooks whose strings, rows and columns are not what they say."""
    claim = rng.choice([0, 1, 4294967295, 18446744073709551615, 10**30])
    long = "x" * rng.choice([1, 100, 32_767])
    strings = f'<sst count="{claim}" uniqueCount="{claim}"><si><t>Nama</t></si><si><t>NIK</t></si><si><t>{long}</t></si></sst>'
    n = rng.choice([10, 1_000, 30_000])
    at = lambda: rng.choice([0, 1, 2, 2, 2, rng.choice([3, 99, 4294967295])])
    odd = rng.choice(["", "<!-- x -->", "<x:y/>"])
    plain = rng.random() < 0.5
    pick = (lambda: 2) if plain else at
    rows = "".join(f'<row r="{r}"><c r="A{r}" t="s"><v>{pick()}</v></c><c t="s"><v>{pick()}</v></c></row>' for r in range(1, n))
    far = rng.choice(["", '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>', '<row r="99999999"><c r="ZZZZZ9"><v>1</v></c></row>'])
    sheet = f"<worksheet>{odd}<sheetData>{rows}{far}</sheetData></worksheet>"
    relation = lambda i, k, t: f'<Relationships><Relationship Id="{i}" Type="{REL}/{k}" Target="{t}"/></Relationships>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("[Content_Types].xml", "<Types/>")
        z.writestr("_rels/.rels", relation("r", "officeDocument", "xl/workbook.xml"))
        z.writestr("xl/workbook.xml", '<workbook xmlns:r="r"><sheets><sheet name="A" sheetId="1" r:id="s"/></sheets></workbook>')
        z.writestr("xl/_rels/workbook.xml.rels", relation("s", "worksheet", "worksheets/sheet1.xml"))
        z.writestr("xl/sharedStrings.xml", strings)
        z.writestr("xl/worksheets/sheet1.xml", sheet)
    return out.getvalue()


def repeated(rng):
    """OpenDocuments that repeat their cells."""
    times = lambda: rng.choice([1, 2, 1000, 16384, 1048576, 4294967295, 18446744073709551615])
    value = "x" * rng.choice([1, 1000])
    rows = "".join(
        f'<table:table-row table:number-rows-repeated="{times()}"><table:table-cell table:number-columns-repeated="{times()}" '
        f'office:value-type="string"><text:p>{value}</text:p></table:table-cell></table:table-row>'
        for _ in range(rng.randrange(1, 5))
    )
    content = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
        f'<office:body><office:spreadsheet><table:table table:name="A">{rows}</table:table></office:spreadsheet></office:body></office:document-content>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        z.writestr("META-INF/manifest.xml", '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>')
        z.writestr("content.xml", content)
    return out.getvalue()


KINDS = {"bytes": 24, "members": 20, "text": 24, "bomb": 4, "spans": 6, "xml2003": 6, "claims": 6, "repeats": 5, "noise": 5}


def mutant(rng, whole):
    kind = rng.choices(list(KINDS), list(KINDS.values()))[0]
    if kind in ("bytes", "members"):
        name, data = rng.choice([w for w in whole if kind == "bytes" or zipfile.is_zipfile(io.BytesIO(w[1]))])
        return kind, name, (damaged if kind == "bytes" else members_damaged)(rng, data)
    made = {
        "text": ("daftar.csv", text),
        "bomb": ("daftar.csv.gz", bomb),
        "spans": ("daftar.xls", spans),
        "xml2003": ("daftar.xls", xml2003),
        "claims": ("daftar.xlsx", claims),
        "repeats": ("daftar.ods", repeated),
        "noise": ("daftar." + rng.choice(["csv", "xlsx", "xls", "ods", "zip", "gz"]), lambda r: r.randbytes(r.randrange(3_000))),
    }
    name, make = made[kind]
    return kind, name, make(rng)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("binary")
    p.add_argument("mutants", nargs="?", type=int, default=4_000)
    p.add_argument("seed", nargs="?", type=int, default=1)
    p.add_argument("--memory", type=int, default=1024, help="MiB of address space")
    p.add_argument("--seconds", type=float, default=20)
    p.add_argument("--only", type=int, help="one mutant, kept")
    p.add_argument("--without", default="", help="kinds that are passed over, with commas between")
    a = p.parse_args()
    whole = samples()
    limit = a.memory << 20

    def bounded():
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
        resource.setrlimit(resource.RLIMIT_CPU, (int(a.seconds), int(a.seconds) + 1))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    failures, kinds, slowest, statuses = [], collections.Counter(), (0.0, None), collections.Counter()
    begin = time.time()
    with tempfile.TemporaryDirectory() as folder:
        for i in [a.only] if a.only is not None else range(a.mutants):
            kind, name, data = mutant(random.Random(f"{a.seed}/{i}"), whole)
            if kind in a.without.split(","):
                continue
            path = os.path.join("." if a.only is not None else folder, f"mutan-{name}" if a.only is not None else name)
            with open(path, "wb") as f:
                f.write(data)
            kinds[kind] += 1
            start = time.time()
            try:
                run = subprocess.run([a.binary, "inspect", path], preexec_fn=bounded, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=30 * a.seconds)
                status, said = run.returncode, run.stdout + run.stderr
            except subprocess.TimeoutExpired:
                status, said = "time", b""
            took = time.time() - start
            slowest = max(slowest, (took, f"{i} {kind}"))
            statuses[status] += 1
            if status not in (0, 1) or (status == 1 and not said.strip()):
                failures.append((i, kind, status))
                print(f"mutant {i} of seed {a.seed} ({kind}): {status} {said[-300:].decode('utf-8', 'replace')}", file=sys.stderr)
            if a.only is None:
                os.remove(path)
    print(f"{sum(kinds.values())} mutants in {time.time() - begin:.0f} s, {a.memory} MiB, {a.seconds:.0f} s each: {len(failures)} failures")
    print("by kind:", ", ".join(f"{k} {n}" for k, n in kinds.most_common()))
    print("status:", dict(statuses), f"slowest {slowest[0]:.1f} s ({slowest[1]})")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
