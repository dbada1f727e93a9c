"""The whole month at national size: this program beside the best Python pipeline of `peer.py`, same files, same run.

Usage: python3 benches/pipeline/pipeline.py [--persons 4800,100000,1000000] [--runs 3] [--no-peer] [--limit SECONDS] [--work DIR]
Makes a venv with pinned packages, builds nothing (needs target/release/reintegrasi, or BIN=…), writes each sample once,
then runs the contenders in turn, each a process of its own on two threads, and prints one table: people, rows, stage,
median seconds, peak MiB, and how many times as much of both the Python pipeline takes; one that has not ended after --limit
seconds is stopped, said to have been, and not run again. Below it the headline figures: of reintegrasi, of the Python rules
with reintegrasi's links and with the sample's true ones, and of the Python pipeline with the links it finds itself.
"""
import argparse, csv, json, os, re, shutil, statistics, subprocess, sys, time
from pathlib import Path

HERE = Path(__file__).resolve().parent
PINS = ["polars==2.1.0", "fastexcel==0.21.0", "splink==5.0.0", "duckdb==2.0.1", "lifelines==0.30.3", "xlsxwriter==3.3.1"]


def measured(command, env, limit=None):
    """Status, wall seconds, peak MiB and stderr of one process, below another of its own so that the peak is its alone; status
    None when it was stopped after `limit` seconds."""
    code = ("import resource,subprocess,sys\n"
            "try: r=subprocess.call(sys.argv[2:],timeout=float(sys.argv[1]) or None,stdout=subprocess.DEVNULL)\n"
            "except subprocess.TimeoutExpired: r=111\n"
            "print('PEAK',resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss//1024,file=sys.stderr)\n"
            "sys.exit(r)")
    started = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", code, str(limit or 0), *map(str, command)], env=env, stderr=subprocess.PIPE, text=True)
    seconds = time.perf_counter() - started
    peak = next((int(l.split()[1]) for l in done.stderr.splitlines() if l.startswith("PEAK")), 0)
    return None if done.returncode == 111 else done.returncode, seconds, peak, done.stderr


def headline(out):
    figures = {}
    with open(out / "data" / "kanwil.csv", encoding="utf-8") as f:
        for r in csv.DictReader(f):
            if r["dimension_1"] or r["dimension_2"] or r["status"].startswith("suppressed"):
                continue
            if r["measure"] == "return" and r["definition"] == "P1.person.v1" and r["window_months"] == "12":
                figures["return.k"], figures["return.n"] = r["numerator"], r["denominator"]
            if r["measure"] in ("stock", "clients"):
                figures[r["measure"]] = r["numerator"]
            if r["measure"] == "k1_a1":
                figures["k1_a1.k"], figures["releases_12m"] = r["numerator"], r["denominator"]
    return {k: int(float(v)) for k, v in figures.items() if v}


def compare(persons, binary, python, ws, work, mine, env):
    """The headline figures of both: each with its own links, the peer's rules with ours, and with the true ones."""
    tables = work / "tables"
    shutil.rmtree(tables, ignore_errors=True)
    for command in ([binary, "run", ws, "--quiet", "--force", "--parquet", tables],
                    [python, HERE / "peer.py", ws, work / "peer", "--links", tables]):
        done = subprocess.run([*map(str, command)], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        if done.returncode not in (0, 3):
            return print(f"not compared: {done.stderr[-500:]}")
    found = json.loads((work / "peer" / "figures.json").read_text())
    print(f"{persons:9}   {'':14} {'reintegrasi':>12} {'its links':>12} {'true links':>12} {'Splink':>12}")
    for k, v in mine.items():
        peer = [found[x][f"{k}/maluku"] for x in ("their links", "true links", "figures")]
        print(f"{persons:9}   {k:14} {v:12} {peer[0]:12} {peer[1]:12} {peer[2]:12} {'' if v == peer[0] else '  differs'}")


def main():
    a = argparse.ArgumentParser()
    a.add_argument("--persons", default="4800,100000,1000000")
    a.add_argument("--runs", type=int, default=3)
    a.add_argument("--no-peer", action="store_true")
    a.add_argument("--limit", type=int, default=1800)
    a.add_argument("--work", type=Path, default=Path("target/pipeline"))
    args = a.parse_args()
    binary = Path(os.environ.get("BIN", "target/release/reintegrasi")).resolve()
    args.work.mkdir(parents=True, exist_ok=True)
    python = args.work / "venv" / "bin" / "python"
    if not args.no_peer and not python.exists():
        subprocess.check_call([sys.executable, "-m", "venv", args.work / "venv"])
        subprocess.check_call([python, "-m", "pip", "install", "-q", *PINS])
    env = {**os.environ, "RAYON_NUM_THREADS": "2", "POLARS_MAX_THREADS": "2"}
    print(f"{'people':>9} {'rows':>9} {'contender':12} {'stage':14} {'seconds':>9} {'MiB':>7} {'time ×':>6} {'MiB ×':>6}")
    for persons in map(int, args.persons.split(",")):
        ws = args.work / f"ws-{persons}"
        if not ws.exists():
            subprocess.check_call([binary, "sample", "--out", ws, "--persons", str(persons), "--seed", "1"], stdout=subprocess.DEVNULL)
            # Two Bapas hold everybody: beyond a million people their files have more cells than one file may by default.
            toml = ws / "reintegrasi.toml"
            text = toml.read_text()
            toml.write_text(re.sub(r"(?m)^cells = \d+", "cells = 100000000", text))
        ours, theirs = [], []
        for run in range(args.runs):
            shutil.rmtree(ws / "out", ignore_errors=True)
            shutil.rmtree(ws / "state", ignore_errors=True)  # cold: nothing remembered of earlier runs
            status, s, mb, err = measured([binary, "run", ws, "--quiet"], env)
            if status not in (0, 3):
                sys.exit(f"reintegrasi: status {status}\n{err[-2000:]}")
            ours.append((s, mb))
            if not args.no_peer and all(x[2] == 0 for x in theirs):
                status, s, mb, err = measured([python, HERE / "peer.py", ws, args.work / "peer"], env, args.limit)
                if status != 0:
                    print(f"peer: status {status} after {s:.0f} s, {mb} MiB\n{err[-1500:]}")
                theirs.append((s, mb, status))
        month = max((ws / "out").glob("20*"))
        manifest = json.loads((month / "manifest.json").read_text())
        rows = manifest["counts"]["rows_seen"]
        if refused := len(manifest.get("unreadable", [])):
            print(f"{refused} files could not be read")
        med = lambda xs, i: statistics.median(x[i] for x in xs)
        spread = lambda xs: f"{min(x[0] for x in xs):.2f}–{max(x[0] for x in xs):.2f}"
        for stage, seconds in manifest["seconds"].items():
            print(f"{persons:9} {rows:9} {'reintegrasi':12} {stage:14} {seconds:9.2f}")
        print(f"{persons:9} {rows:9} {'reintegrasi':12} {'whole':14} {med(ours, 0):9.2f} {med(ours, 1):7.0f}   {spread(ours)}")
        if theirs:
            ok = all(x[2] == 0 for x in theirs)
            if ok:
                for stage, seconds in json.loads((args.work / "peer" / "figures.json").read_text())["seconds"].items():
                    print(f"{persons:9} {rows:9} {'python':12} {stage:14} {seconds:9.2f}")
            print(f"{persons:9} {rows:9} {'python':12} {'whole' if ok else 'FAILED after':14} {med(theirs, 0):9.2f} {med(theirs, 1):7.0f} "
                  f"{med(theirs, 0) / med(ours, 0):6.2f} {med(theirs, 1) / med(ours, 1):6.2f}   {spread(theirs)}")
            if ok:
                compare(persons, binary, python, ws, args.work, headline(month), env)
        sys.stdout.flush()


if __name__ == "__main__":
    main()
