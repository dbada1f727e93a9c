#!/usr/bin/env python3
"""Holds the numeric core against R (survival, cmprsk, base) and lifelines on random data, and prints the largest difference.

    python3 benches/survival.py [--sets 200] [--seed 1] [--profile dev|release] [--keep FOLDER]

Needs cargo, Rscript with the packages survival and cmprsk (Debian: r-base-core r-cran-survival r-cran-cmprsk; installed with
apt-get when missing and permitted), and lifelines, which goes into a virtual environment of its own. The data have ties,
censoring, delayed entry, three groups, two strata and a competing cause. Exit status 1 when a difference exceeds 1e-8
(relative to 1 or the value, whichever is larger).
"""
import argparse, collections, csv, io, math, os, pathlib, random, shutil, subprocess, sys, tempfile, venv

HERE = pathlib.Path(__file__).resolve().parent
TOLERANCE = 1e-8

R_SCRIPT = r'''
suppressMessages({library(survival); library(cmprsk)})
args <- commandArgs(TRUE)
lines <- strsplit(readLines(args[1]), ",")
id <- vapply(lines, `[`, "", 1); kind <- vapply(lines, `[`, "", 2)
out <- file(args[2], "w")
say <- function(set, what, key, value) {
  keep <- is.finite(value)
  if (any(keep)) writeLines(sprintf("%s,%s,%s,%.17e", set, what, as.character(key)[keep], value[keep]), out)
}
num <- function(rows) do.call(rbind, lapply(lines[rows], function(x) as.numeric(x[-(1:2)])))
short <- function(t) sprintf("%.9f", t)
for (set in unique(id)) {
  rows <- which(id == set & kind == "t")
  if (length(rows)) {
    d <- as.data.frame(num(rows)); names(d) <- c("entry", "time", "cause", "group", "stratum")
    d$id <- seq_len(nrow(d)); late <- any(d$entry > 0)
    y <- if (late) Surv(d$entry, d$time, d$cause == 1) else Surv(d$time, d$cause == 1)
    fit <- survfit(y ~ 1, conf.type = "log-log")
    k <- fit$n.event > 0
    say(set, "km", short(fit$time[k]), fit$surv[k])
    say(set, "km_se", short(fit$time[k]), (fit$surv * fit$std.err)[k])
    say(set, "km_low", short(fit$time[k]), ifelse(fit$surv > 0, fit$lower, NA)[k])
    say(set, "km_high", short(fit$time[k]), ifelse(fit$surv > 0, fit$upper, NA)[k])
    say(set, "nelson_aalen", short(fit$time[k]), cumsum(fit$n.event / fit$n.risk)[k])
    flat <- any(abs(fit$surv - 0.5) < 1e-9)
    q <- quantile(fit, 0.5)
    if (!flat) say(set, "median", "", unname(q$quantile))
    # R looks for the crossing in curves it takes to fall; with late entry a limit can rise again.
    falls <- function(x) !is.unsorted(-x[k & is.finite(x)])
    if (falls(fit$lower)) say(set, "median_low", "", unname(q$lower))
    if (falls(fit$upper)) say(set, "median_high", "", unname(q$upper))
    if (!late) {
      table <- summary(fit, rmean = 20)$table
      say(set, "rmst", "", unname(table["rmean"])); say(set, "rmst_se", "", unname(table["se(rmean)"]))
    }
    state <- factor(d$cause, 0:2)
    many <- if (late) survfit(Surv(d$entry, d$time, state) ~ 1, id = d$id) else survfit(Surv(d$time, state) ~ 1)
    k <- rowSums(many$n.event) > 0
    for (cause in 1:2) {
      say(set, "cif", paste0(cause, "@", short(many$time[k])), many$pstate[k, cause + 1])
      if (!late) say(set, "cif_se", paste0(cause, "@", short(many$time[k])), many$std.err[k, cause + 1])
    }
    if (late) {
      # survdiff takes no delayed entry; the score test of the exact partial likelihood is the log-rank test.
      say(set, "log_rank", "", coxph(y ~ factor(d$group), ties = "exact")$score)
      say(set, "log_rank_strata", "", coxph(y ~ factor(d$group) + strata(d$stratum), ties = "exact")$score)
    } else {
      say(set, "log_rank", "", survdiff(y ~ d$group)$chisq)
      say(set, "peto_peto", "", survdiff(y ~ d$group, rho = 1)$chisq)
      say(set, "log_rank_strata", "", survdiff(y ~ d$group + strata(d$stratum))$chisq)
      say(set, "gray", "", cuminc(d$time, d$cause, d$group)$Tests[1, "stat"])
    }
  }
  rows <- which(id == set & kind == "l")
  if (length(rows)) {
    m <- num(rows)
    fit <- suppressWarnings(glm(m[, 1] ~ m[, -1], family = binomial, control = glm.control(epsilon = 1e-15, maxit = 100)))
    # Separated data have no estimate; R stops somewhere on the way.
    if (max(abs(predict(fit))) < 15) {
      say(set, "glm_coef", seq_along(coef(fit)) - 1, unname(coef(fit)))
      # At the estimate itself: summary() takes the weights of the step before.
      x <- cbind(1, m[, -1]); w <- fitted(fit) * (1 - fitted(fit))
      say(set, "glm_se", seq_along(coef(fit)) - 1, sqrt(diag(solve(t(x) %*% (w * x)))))
      say(set, "glm_deviance", "", deviance(fit))
    }
  }
  rows <- which(id == set & kind == "p")
  for (i in seq_along(rows)) {
    x <- num(rows[i]); k <- i - 1
    if (x[1] + x[3] > 0) say(set, "mcnemar_exact", k, binom.test(x[1], x[1] + x[3])$p.value)
    say(set, "fisher", k, fisher.test(matrix(c(x[1], x[2] - x[1], x[3], x[4] - x[3]), 2))$p.value)
    b <- binom.test(x[1], x[2])$conf.int; say(set, "clopper_pearson", paste0(k, c("low", "high")), b)
    w <- prop.test(x[1], x[2], correct = FALSE)$conf.int; say(set, "wilson", paste0(k, c("low", "high")), w)
    say(set, "chi2", k, suppressWarnings(unname(prop.test(x[c(1, 3)], x[c(2, 4)], correct = FALSE)$statistic)))
    say(set, "poisson", paste0(k, c("low", "high")), poisson.test(x[1])$conf.int)
  }
}
close(out)
'''

LIFELINES = r'''
import sys, csv, collections, warnings
warnings.filterwarnings("ignore")
import numpy as np
from lifelines import KaplanMeierFitter, NelsonAalenFitter
from lifelines.statistics import multivariate_logrank_test
from lifelines.utils import restricted_mean_survival_time
sets = collections.OrderedDict()
for r in csv.reader(open(sys.argv[1])):
    if r[1] == "t":
        sets.setdefault(r[0], []).append([float(x) for x in r[2:]])
out = open(sys.argv[2], "w")
def say(s, what, key, v):
    if np.isfinite(v): out.write(f"{s},{what},{key},{v:.17e}\n")
for s, rows in sets.items():
    d = np.array(rows); entry, t, e = d[:, 0], d[:, 1], d[:, 2] == 1
    late = entry.max() > 0
    try:
        km = KaplanMeierFitter().fit(t, e, entry=entry if late else None)
    except Exception as error:
        # It refuses sets in which everybody at risk early on has the event.
        print("lifelines sets aside set", s, type(error).__name__)
        continue
    na = NelsonAalenFitter(nelson_aalen_smoothing=False).fit(t, e, entry=entry if late else None)
    times = sorted(set(t[e]))
    for x in times:
        say(s, "km", f"{x:.9f}", float(km.survival_function_at_times(x).iloc[0]))
        say(s, "nelson_aalen", f"{x:.9f}", float(na.cumulative_hazard_at_times(x).iloc[0]))
    if not any(abs(km.survival_function_at_times(times) - 0.5) < 1e-9):
        say(s, "median", "", km.median_survival_time_)
    if not late:
        say(s, "rmst", "", restricted_mean_survival_time(km, t=20.0))
        say(s, "log_rank", "", multivariate_logrank_test(t, d[:, 3], e).test_statistic)
out.close()
'''


def draw(sets, seed):
    """Rows of the sets, and what kind of data they are."""
    rng, rows = random.Random(seed), []
    for s in range(sets):
        n, late = rng.choice([20, 40, 80, 150]), s % 3 == 2
        for _ in range(n):
            group, stratum = rng.randrange(3), rng.randrange(2)
            # Whole days on every second set: ties of events, censoring and entry.
            whole = s % 2 == 0
            hazard = [0.03, 0.05, 0.08][group] * (1 + stratum)
            t1, t2, c = rng.expovariate(hazard), rng.expovariate(0.03), rng.uniform(2, 40)
            time, cause = min((t1, 1), (t2, 2), (c, 0))
            entry = rng.uniform(0, 10) if late else 0.0
            if whole:
                time, entry = math.ceil(time), math.floor(entry)
            if entry >= time:
                continue
            rows.append((s, "t", entry, time, cause, group, stratum))
        for _ in range(n):
            x = [rng.gauss(30, 8), rng.randrange(4), rng.choice([0, 1])]
            p = 1 / (1 + math.exp(-(-1 + 0.04 * (x[0] - 30) + 0.3 * x[1] - 0.5 * x[2])))
            rows.append((s, "l", int(rng.random() < p), *x))
        for _ in range(3):
            n1, n2 = rng.randrange(1, 120), rng.randrange(1, 120)
            rows.append((s, "p", rng.randrange(n1 + 1), n1, rng.randrange(n2 + 1), n2))
    return rows


def read(text):
    out = {}
    for s, what, key, value in csv.reader(io.StringIO(text)):
        out[(s, what, key)] = float(value)
    return out


def ensure_r():
    try:
        ok = subprocess.run(["Rscript", "-e", "library(survival); library(cmprsk)"], capture_output=True).returncode == 0
    except FileNotFoundError:
        ok = False
    if not ok:
        packages = ["r-base-core", "r-cran-survival", "r-cran-cmprsk"]
        print("installing", *packages)
        subprocess.run(["apt-get", "install", "-y", "-q", "--no-install-recommends", *packages], check=True, stdout=subprocess.DEVNULL)


def ensure_lifelines(folder):
    python = folder / "bin" / "python"
    if not python.exists():
        print("making", folder)
        venv.create(folder, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "-q", "lifelines"], check=True)
    return python


def main():
    ap = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ap.add_argument("--sets", type=int, default=200)
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--profile", default="release", choices=["dev", "release"])
    ap.add_argument("--venv", type=pathlib.Path, default=pathlib.Path(tempfile.gettempdir()) / "reintegrasi-lifelines")
    ap.add_argument("--keep", type=pathlib.Path, help="keep the data and all results here")
    a = ap.parse_args()
    ensure_r()
    python = ensure_lifelines(a.venv)
    folder = a.keep or pathlib.Path(tempfile.mkdtemp())
    folder.mkdir(parents=True, exist_ok=True)
    data = folder / "data.csv"
    with data.open("w") as f:
        for row in draw(a.sets, a.seed):
            f.write(",".join(repr(x) if isinstance(x, float) else str(x) for x in row) + "\n")
    (folder / "other.R").write_text(R_SCRIPT)
    (folder / "other.py").write_text(LIFELINES)
    ours = subprocess.run(["cargo", "bench", "-q", "--profile", a.profile, "--bench", "survival"], cwd=HERE.parent, stdin=data.open(), capture_output=True, text=True, check=True).stdout
    (folder / "ours.csv").write_text(ours)
    subprocess.run(["Rscript", folder / "other.R", data, folder / "r.csv"], check=True)
    subprocess.run([python, folder / "other.py", data, folder / "lifelines.csv"], check=True)
    mine, worst = read(ours), 0.0
    print(f"{a.sets} random data sets, seed {a.seed}")
    print(f"{'quantity':<18}{'against':<11}{'compared':>9}{'missing':>9}{'largest difference':>22}")
    missing_all = 0
    for other in ("r", "lifelines"):
        theirs = read((folder / f"{other}.csv").read_text())
        table = collections.defaultdict(lambda: [0, 0, 0.0, None])
        for key, value in theirs.items():
            row = table[key[1]]
            if key not in mine:
                # An end of R's grid where nothing of ours stands, or the reverse: counted, never dropped.
                row[1] += 1
                continue
            row[0] += 1
            d = abs(mine[key] - value) / max(1.0, abs(value))
            if d > row[2]:
                row[2], row[3] = d, key
        for what, (n, missing, d, key) in sorted(table.items()):
            where = f"  set {key[0]} {key[2]}" if d > TOLERANCE else ""
            print(f"{what:<18}{other:<11}{n:>9}{missing:>9}{d:>22.2e}{where}")
            worst = max(worst, d)
            missing_all += missing
    print(f"largest difference of all: {worst:.2e}; missing: {missing_all}")
    if not a.keep:
        shutil.rmtree(folder)
    return 0 if worst <= TOLERANCE and missing_all == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
