#!/usr/bin/env python3
"""Workbooks of a month held against the Open XML schema and three other programs.

    pip install openpyxl openxml-audit          # LibreOffice (soffice) on the path
    python3 benches/ooxml.py OUT/2026-01 [--pages FOLDER]

For every .xlsx below the folder: the schema and semantic rules of the Open XML SDK (openxml-audit), a full load by
openpyxl (every sheet, table and chart), and for the reports a conversion by LibreOffice; --pages keeps its PDF. Prints
a line a file and exits 1 when anything was found. The tests of this repository read the same files with calamine.
"""
import argparse, pathlib, shutil, subprocess, sys, tempfile


def schema(path):
    import openxml_audit  # noqa: F401  (a clear message when it is missing)
    tool = pathlib.Path(sys.executable).with_name("openxml-audit")
    run = subprocess.run([str(tool), "-m", "0", str(path)], capture_output=True, text=True)
    said = (run.stdout + run.stderr).strip()
    return [] if "Errors: 0" in said else [l for l in said.splitlines() if l.strip()][:8]


def load(path):
    import openpyxl
    book = openpyxl.load_workbook(path)
    tables = sum(len(s.tables) for s in book)
    charts = sum(len(s._charts) for s in book)
    hidden = [s.title for s in book if s.sheet_state != "visible"]
    person = [p for p in (book.properties.creator, book.properties.lastModifiedBy) if p]
    faults = [f"hidden sheet {h}" for h in hidden] + [f"a person in the properties: {p}" for p in person]
    if book._external_links:
        faults.append("external links")
    return faults, f"{len(book.sheetnames)} sheets, {tables} tables, {charts} charts"


def convert(path, pages):
    with tempfile.TemporaryDirectory() as home, tempfile.TemporaryDirectory() as out:
        run = subprocess.run(
            ["soffice", f"-env:UserInstallation=file://{home}", "--headless", "--convert-to", "pdf", "--outdir", out, str(path)],
            capture_output=True, text=True)
        pdf = pathlib.Path(out) / (path.stem + ".pdf")
        if not pdf.exists():
            return [f"LibreOffice: {run.stderr.strip()[:200]}"]
        if pages:
            pages.mkdir(parents=True, exist_ok=True)
            shutil.copy(pdf, pages / pdf.name)
    return []


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("folder", type=pathlib.Path)
    a.add_argument("--pages", type=pathlib.Path)
    args = a.parse_args()
    bad = 0
    for path in sorted(args.folder.rglob("*.xlsx")):
        faults = schema(path)
        more, what = load(path)
        faults += more
        if path.parent == args.folder:
            faults += convert(path, args.pages)
        print(f"{path.relative_to(args.folder)}: {what}; " + ("; ".join(faults) or "nothing found"))
        bad += bool(faults)
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
