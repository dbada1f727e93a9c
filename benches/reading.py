"""Reading workbooks: this program beside polars/fastexcel and openpyxl, on the same files, each in a process of its own.

    python3 benches/reading.py [ROWS]      (default 200000; makes a virtual environment in a temporary folder)

Prints seconds and peak memory of each, and the ratio to calamine merely visiting every cell. What is timed differs in what
is done: this program also recognises the table and types every value (identity numbers, names, dates, offences, places);
the others only hand over cells.
"""
import os, pathlib, resource, subprocess, sys, tempfile, time, venv

ROOT = pathlib.Path(__file__).resolve().parent.parent
ROWS = sys.argv[1] if len(sys.argv) > 1 else "200000"
PINNED = ["polars==1.35.2", "fastexcel==0.16.0", "openpyxl==3.1.5"]
FASTEXCEL = """
import sys, glob, fastexcel, polars
rows = 0
for f in sorted(glob.glob(sys.argv[1] + "/*.xlsx")):
    frame = fastexcel.read_excel(f).load_sheet(0, header_row=2).to_polars()
    rows += frame.height
print(rows)
"""
OPENPYXL = """
import sys, glob, openpyxl
rows = 0
for f in sorted(glob.glob(sys.argv[1] + "/*.xlsx")):
    for row in openpyxl.load_workbook(f, read_only=True).active.iter_rows(min_row=4, values_only=True):
        rows += 1
print(rows)
"""


def timed(command):
    """Seconds, peak MiB and output of a process."""
    start = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    out = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    if status:
        raise SystemExit(f"{command[0]} failed")
    return time.perf_counter() - start, usage.ru_maxrss / 1024, out.strip()


def main():
    build = ["cargo", "bench", "--bench", "reading", "--no-run", "--message-format=json"]
    lines = subprocess.run(build, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()
    import json
    bench = next(m["executable"] for m in map(json.loads, lines) if m.get("executable") and m["target"]["name"] == "reading")
    with tempfile.TemporaryDirectory() as tmp:
        env = pathlib.Path(tmp, "env")
        venv.create(env, with_pip=True)
        python = str(env / "bin" / "python")
        subprocess.run([python, "-m", "pip", "install", "-q", *PINNED], check=True)
        files = pathlib.Path(tmp, "files")
        files.mkdir()
        subprocess.run([bench, ROWS, "--files", str(files)], check=True)
        contenders = {
            "calamine, cells visited": [bench, "--visit", str(files)],
            "reintegrasi, read and typed, 1 thread": [bench, "--read", str(files), "1"],
            "reintegrasi, read and typed, 2 threads": [bench, "--read", str(files), "2"],
            "polars/fastexcel, cells in a frame": [python, "-c", FASTEXCEL, str(files)],
            "openpyxl read-only, cells visited": [python, "-c", OPENPYXL, str(files)],
        }
        print(f"{ROWS} rows x 20 columns, 4 files; best of three; {os.cpu_count()} cores; {', '.join(PINNED)}")
        floor = None
        for name, command in contenders.items():
            runs = [timed(command) for _ in range(1 if "openpyxl" in name else 3)]
            seconds, peak, out = min(runs)
            floor = floor or seconds
            print(f"{name:42} {seconds:7.2f} s {peak:8.0f} MiB {seconds / floor:6.2f} x   ({out})")


main()
