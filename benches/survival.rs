//! The numeric core behind a pipe, for `benches/survival.py`, which holds it against R and lifelines.
//!
//! Reads CSV rows `set,kind,…` from standard input and writes `set,what,key,value` to standard output:
//!
//! * `t,entry,time,cause,group,stratum` an observation (cause 0 is censored),
//! * `l,event,x1,x2,…` a row of a logistic regression,
//! * `p,k1,n1,k2,n2` two proportions.
//!
//! ```sh
//! cargo bench --bench survival < data.csv
//! ```

use reintegrasi::measure::stats::*;
use std::collections::BTreeMap;
use std::io::{BufRead, IsTerminal, Write};

#[derive(Default)]
struct Set {
    times: Vec<(CompetingObs, usize, usize)>,
    rows: Vec<Vec<f64>>,
    events: Vec<bool>,
    tables: Vec<[u64; 4]>,
}

fn main() {
    if std::io::stdin().is_terminal() {
        eprintln!("usage: cargo bench --bench survival < data.csv (see benches/survival.py)");
        return;
    }
    let mut sets: BTreeMap<String, Set> = BTreeMap::new();
    for line in std::io::stdin().lock().lines().map_while(Result::ok) {
        let mut parts = line.split(',');
        let (Some(id), Some(kind)) = (parts.next(), parts.next()) else {
            continue;
        };
        let v: Vec<f64> = parts.filter_map(|x| x.parse().ok()).collect();
        let set = sets.entry(id.to_owned()).or_default();
        match (kind, v.as_slice()) {
            ("t", &[entry, time, cause, group, stratum]) => set.times.push((
                CompetingObs {
                    entry,
                    time,
                    cause: cause as u32,
                },
                group as usize,
                stratum as usize,
            )),
            ("l", [event, x @ ..]) => {
                set.events.push(*event > 0.0);
                set.rows.push(x.to_vec());
            }
            ("p", &[k1, n1, k2, n2]) => set.tables.push([k1, n1, k2, n2].map(|x| x as u64)),
            _ => eprintln!("set aside: {line}"),
        }
    }
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for (id, set) in &sets {
        let mut say = |what: &str, key: String, value: f64| {
            // A closed pipe ends the program; there is nobody left to tell.
            if writeln!(out, "{id},{what},{key},{value:.17e}").is_err() {
                std::process::exit(0);
            }
        };
        if !set.times.is_empty() {
            curves(set, &mut say);
            tests(set, &mut say);
        }
        if let Ok(m) = logistic(&set.rows.concat(), &set.events) {
            for (i, (b, se)) in m.coefficients.iter().zip(&m.se).enumerate() {
                say("glm_coef", i.to_string(), *b);
                say("glm_se", i.to_string(), *se);
            }
            say("glm_deviance", String::new(), m.deviance);
        }
        for (i, &[k1, n1, k2, n2]) in set.tables.iter().enumerate() {
            let key = |end: &str| format!("{i}{end}");
            if let Some(p) = fisher(k1, n1, k2, n2) {
                say("fisher", key(""), p);
            }
            if let Some(c) = clopper_pearson(k1, n1) {
                say("clopper_pearson", key("low"), c.low);
                say("clopper_pearson", key("high"), c.high);
            }
            if let Some(w) = wilson(k1, n1) {
                say("wilson", key("low"), w.low);
                say("wilson", key("high"), w.high);
            }
            if let Some(z) = pooled_z(k1, n1, k2, n2) {
                say("chi2", key(""), z * z);
            }
            // As if the two counts were pairs that differ one way and the other.
            let pairs = PairTable {
                first: k1,
                second: k2,
                ..PairTable::default()
            };
            if let Some(p) = pairs.p() {
                say("mcnemar_exact", key(""), p);
            }
            let e = poisson_exact(k1);
            say("poisson", key("low"), e.low);
            say("poisson", key("high"), e.high);
        }
    }
}

fn plain(o: &CompetingObs) -> Obs {
    Obs {
        entry: o.entry,
        time: o.time,
        event: o.cause == 1,
    }
}

fn curves(set: &Set, say: &mut impl FnMut(&str, String, f64)) {
    let all: Vec<CompetingObs> = set.times.iter().map(|x| x.0).collect();
    let curve = kaplan_meier(&all.iter().map(plain).collect::<Vec<_>>());
    for s in &curve.steps {
        let t = || format!("{:.9}", s.time);
        say("km", t(), s.survival);
        say("km_se", t(), s.se);
        say("nelson_aalen", t(), s.hazard);
        if let Some(i) = s.interval {
            say("km_low", t(), i.low);
            say("km_high", t(), i.high);
        }
    }
    if let Some(m) = curve.median() {
        say("median", String::new(), m);
    }
    let (low, high) = curve.median_interval();
    low.into_iter()
        .for_each(|x| say("median_low", String::new(), x));
    high.into_iter()
        .for_each(|x| say("median_high", String::new(), x));
    if all.iter().all(|o| o.entry == 0.0) {
        let (mean, se) = curve.rmst(20.0);
        say("rmst", String::new(), mean);
        say("rmst_se", String::new(), se);
    }
    for cause in 1..=2 {
        for s in aalen_johansen(&all, cause) {
            say("cif", format!("{cause}@{:.9}", s.time), s.cif);
            say("cif_se", format!("{cause}@{:.9}", s.time), s.se);
        }
    }
}

fn tests(set: &Set, say: &mut impl FnMut(&str, String, f64)) {
    let groups = set.times.iter().map(|x| x.1).max().map_or(0, |g| g + 1);
    let strata = set.times.iter().map(|x| x.2).max().map_or(0, |s| s + 1);
    let of = |stratum: Option<usize>| -> Vec<Vec<CompetingObs>> {
        (0..groups)
            .map(|g| {
                let mine = set
                    .times
                    .iter()
                    .filter(|x| x.1 == g && stratum.is_none_or(|s| x.2 == s));
                mine.map(|x| x.0).collect()
            })
            .collect()
    };
    let events = |v: Vec<Vec<CompetingObs>>| -> Vec<Vec<Obs>> {
        v.iter().map(|g| g.iter().map(plain).collect()).collect()
    };
    let parts: Vec<Vec<Vec<Obs>>> = (0..strata).map(|s| events(of(Some(s)))).collect();
    for (what, result) in [
        ("log_rank", log_rank(&events(of(None)), 0.0)),
        ("peto_peto", log_rank(&events(of(None)), 1.0)),
        ("log_rank_strata", log_rank_stratified(&parts, 0.0)),
        ("gray", gray(&of(None), 1)),
    ] {
        if let Some(t) = result {
            say(what, String::new(), t.chi2);
        }
    }
}
