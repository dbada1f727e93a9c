//! Who is who in a workspace that `reintegrasi sample` wrote, held against its truth: pairwise precision and recall,
//! constraints broken, recall by kind of fault, persons wrongly joined by kind of relation, seconds and memory of linking
//! alone. `cargo bench --bench who -- WORKSPACE…`; the truth is read only to score. With several workspaces the growth
//! exponent from the first to the last is printed.

use reintegrasi::domain::records::{Custody, Identity, Records};
use reintegrasi::domain::upt::UptRegistry;
use reintegrasi::domain::{ExitCode, Month};
use reintegrasi::link::{self, Decisions, PseudonymKey, Registry, Trained};
use reintegrasi::run::{
    Silent,
    read::{Intake, read_inbox},
    read_settings,
};
use reintegrasi::workspace::Workspace;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::time::Instant;

fn main() {
    let workspaces: Vec<PathBuf> = std::env::args()
        .skip(1)
        .filter(|a| !a.starts_with("--"))
        .map(PathBuf::from)
        .collect();
    let mut sizes = Vec::new();
    for at in &workspaces {
        sizes.push(one(at));
    }
    if let (Some(first), Some(last)) = (sizes.first(), sizes.last())
        && sizes.len() > 1
    {
        let growth = (last.1 / first.1).ln() / (last.0 / first.0).ln();
        println!("growth of linking: seconds ~ records^{growth:.2}");
    }
}

/// Links one workspace; returns its records and the seconds linking took.
fn one(at: &Path) -> (f64, f64) {
    let ws = Workspace::at(at);
    let settings = read_settings(&ws).expect("settings of the sample");
    let units = UptRegistry::maluku(&settings.units);
    let lang = settings.office.language;
    let start = Instant::now();
    let intake = read_inbox(&ws, &settings, &units, Month::new(2026, 1), lang, &Silent)
        .expect("a readable inbox");
    let reading = start.elapsed().as_secs_f64();
    let before = memory("VmRSS");
    // The peak from here on is that of linking and of what reading left behind.
    let _ = std::fs::write("/proc/self/clear_refs", "5");
    let key = PseudonymKey::fixed();
    let options = link::Options {
        settings: &settings.linkage,
        decisions: &Decisions::default(),
        registry: &Registry::default(),
        key: &key,
        seed: 1,
    };
    let start = Instant::now();
    let trained = Trained::of(&intake.records, &options);
    let compared = start.elapsed().as_secs_f64();
    let links = trained.links(&options);
    let seconds = start.elapsed().as_secs_f64();
    let peak = memory("VmHWM");

    let truth = truth(at);
    let places: Vec<(u32, u32)> = intake
        .records
        .identities()
        .map(|(row, _)| {
            let file = &intake.files[row.file.0 as usize];
            let sheet = truth.0[&(file.path.clone(), file.sheets[row.sheet as usize].clone())];
            (sheet, row.row + 1)
        })
        .collect();
    let of_row: Vec<u32> = places.iter().map(|place| truth.1[place]).collect();
    let scored = Scored::of(&intake.records, &links.person_of, &of_row);
    let (precision, recall) = pairwise(&links.person_of, &of_row);
    let (strict, strict_recall) = pairwise(&links.strict_person_of, &of_row);
    let n = intake.records.len();
    let report = &links.report;
    println!("{}", at.display());
    println!(
        "  {n} records, {} identities, {} pairs compared, {} persons (truth {})",
        report.identities,
        report.pairs,
        links.strength.len(),
        of_row
            .iter()
            .collect::<std::collections::HashSet<_>>()
            .len()
    );
    println!(
        "  reading {reading:.1} s; linking {seconds:.1} s ({compared:.1} s to compare), {} MB above {} MB of records",
        (peak - before).max(0),
        before
    );
    println!(
        "  precision {precision:.5} recall {recall:.5}; exact links alone {strict:.5} {strict_recall:.5}; constraints broken {}",
        report.violations
    );
    println!(
        "  counted anew over all pairs of records of one person: {scored:?}; custody overlaps told {}",
        links.overlaps.len()
    );
    println!("  review {}; held {:?}", links.review.len(), report.held);
    for r in &report.blocking {
        println!("  {r:?}");
    }
    let to = std::env::args().find_map(|a| a.strip_prefix("--wrong=").map(PathBuf::from));
    if let Some(to) = to {
        wrong(&to, &intake, &of_row, &trained, &links);
    }
    by_fault(at, &places, &links.person_of, &of_row);
    by_relation(at, &links.person_of, &of_row);
    (n as f64, seconds)
}

/// Writes the pairs of records that were missed or joined wrongly into a file, with what the model says of them.
fn wrong(to: &Path, intake: &Intake, truth: &[u32], trained: &Trained, links: &link::Links) {
    use std::fmt::Write;
    let who: Vec<_> = intake.records.identities().collect();
    let mut text = format!("{:#?}\n", links.report);
    let said = |i: u32| {
        let (at, who) = &who[i as usize];
        format!(
            "{}:{} {} | {} | {:?} {:?} | {:?} | {} | {} | {} {} | found {} true {}",
            at.file.0,
            at.row + 1,
            who.name,
            who.nik.digits(),
            who.birth,
            who.from_nik,
            who.sex,
            who.birth_place,
            who.residence.words(),
            who.alias(),
            who.parent(),
            links.person_of[i as usize],
            truth[i as usize],
        )
    };
    let found = &links.person_of;
    for (what, of, other) in [("MISSED", truth, found.as_slice()), ("FALSE", found, truth)] {
        let mut all = groups(of);
        all.sort();
        for rows in all {
            for (k, &i) in rows.iter().enumerate() {
                for &j in &rows[k + 1..] {
                    if other[i as usize] == other[j as usize] {
                        continue;
                    }
                    let between = trained.between(links, i, j);
                    let mut parts = String::new();
                    if let Some(p) = between.as_ref().and_then(|b| b.pair.as_ref()) {
                        let _ = write!(parts, "weight {:.1}:", p.weight);
                        for (c, name) in link::COMPARISONS.iter().enumerate() {
                            let _ = write!(parts, " {name} {} ({:+.1})", p.pattern[c], p.parts[c]);
                        }
                    }
                    let held = between.map(|b| (b.held, b.found_by));
                    let _ = writeln!(
                        text,
                        "{what}\n  {}\n  {}\n  {parts} {held:?}",
                        said(i),
                        said(j)
                    );
                }
            }
        }
    }
    std::fs::write(to, text).expect("written");
}

/// Prints recall by kind of fault, over the pairs of rows of one person that have no other fault between them.
fn by_fault(at: &Path, places: &[(u32, u32)], found: &[u32], truth: &[u32]) {
    let mut faults: HashMap<(u32, u32), BTreeSet<String>> = HashMap::new();
    for r in rows_of(at, "faults.csv") {
        let place = (number(&r[0]), number(&r[1]));
        faults.entry(place).or_default().insert(r[2].to_owned());
    }
    let none = BTreeSet::new();
    let of = |i: u32| faults.get(&places[i as usize]).unwrap_or(&none);
    let mut kinds: BTreeMap<&str, [u64; 2]> = BTreeMap::new();
    for rows in groups(truth) {
        for (k, &i) in rows.iter().enumerate() {
            for &j in &rows[k + 1..] {
                let mut both = of(i).union(of(j));
                let kind = match (both.next(), both.next()) {
                    (None, _) => "(none)",
                    (Some(only), None) => only.as_str(),
                    (Some(_), Some(_)) => "(several)",
                };
                let [hits, all] = kinds.entry(kind).or_default();
                *all += 1;
                *hits += u64::from(found[i as usize] == found[j as usize]);
            }
        }
    }
    println!("  recall by the only fault of a pair:");
    for (kind, [hits, all]) in kinds {
        println!(
            "    {kind:22} {hits:>9} of {all:>9}  {:.4}",
            hits as f64 / all as f64
        );
    }
}

/// Prints how many persons are wrongly one with another, by what the two are to each other.
fn by_relation(at: &Path, found: &[u32], truth: &[u32]) {
    let ordered = |a: u32, b: u32| (a.min(b), a.max(b));
    let with_rows: BTreeSet<u32> = truth.iter().copied().collect();
    let mut relations: HashMap<(u32, u32), String> = HashMap::new();
    for r in rows_of(at, "relations.csv") {
        let (a, b) = (number(&r[0]), number(&r[1]));
        if with_rows.contains(&a) && with_rows.contains(&b) {
            relations.insert(ordered(a, b), r[2].to_owned());
        }
    }
    let mut joined: BTreeMap<&str, [u64; 2]> = BTreeMap::new();
    for kind in relations.values() {
        joined.entry(kind).or_default()[1] += 1;
    }
    for rows in groups(found) {
        let persons: BTreeSet<u32> = rows.iter().map(|&i| truth[i as usize]).collect();
        let persons: Vec<u32> = persons.into_iter().collect();
        for (k, &a) in persons.iter().enumerate() {
            for &b in &persons[k + 1..] {
                let kind = relations
                    .get(&ordered(a, b))
                    .map_or("strangers", String::as_str);
                joined.entry(kind).or_default()[0] += 1;
            }
        }
    }
    println!("  pairs of persons wrongly joined:");
    for (kind, [wrong, all]) in joined {
        match all {
            0 => println!("    {kind:22} {wrong:>9}"),
            _ => println!(
                "    {kind:22} {wrong:>9} of {all:>9}  {:.4}",
                wrong as f64 / all as f64
            ),
        }
    }
}

/// What the constraints of linking come to, counted from the records and not from what linking says of itself.
#[derive(Debug, Default)]
#[allow(dead_code)]
struct Scored {
    two_niks: u64,
    sex_and_birth: u64,
    custody: u64,
    /// Recall when nothing is missed but what two intact NIK of one person forbid: a mistyped NIK that is valid stands
    /// alone, everything else of the person is together.
    recall_the_nik_allows: f64,
}

impl Scored {
    fn of(records: &Records, found: &[u32], truth: &[u32]) -> Scored {
        let who: Vec<&Identity> = records.identities().map(|(_, who)| who).collect();
        let mut out = Scored::default();
        let (mut possible, mut all) = (0u64, 0u64);
        for rows in groups(truth) {
            let mut by_nik: HashMap<&str, u64> = HashMap::new();
            let mut without = 0;
            for &i in &rows {
                match who[i as usize].nik.intact() {
                    Some(n) => *by_nik.entry(n).or_default() += 1,
                    None => without += 1,
                }
            }
            let mut sizes: Vec<u64> = by_nik.into_values().collect();
            sizes.sort_unstable();
            let most = sizes.pop().unwrap_or(0) + without;
            let pairs = |n: u64| n * n.saturating_sub(1) / 2;
            possible += pairs(most) + sizes.into_iter().map(pairs).sum::<u64>();
            all += pairs(rows.len() as u64);
        }
        out.recall_the_nik_allows = possible as f64 / all as f64;
        for rows in groups(found) {
            for (k, &i) in rows.iter().enumerate() {
                for &j in &rows[k + 1..] {
                    let (a, b) = (who[i as usize], who[j as usize]);
                    let differ =
                        |p: Option<&str>, q: Option<&str>| p.zip(q).is_some_and(|(p, q)| p != q);
                    out.two_niks += u64::from(differ(a.nik.intact(), b.nik.intact()));
                    let sex = a.sex.zip(b.sex).is_some_and(|(p, q)| p != q);
                    let born = a
                        .birth
                        .day()
                        .zip(b.birth.day())
                        .is_some_and(|(p, q)| p != q);
                    out.sex_and_birth += u64::from(sex && born);
                    if let (Some(x), Some(y)) = (
                        records.custody.get(i as usize),
                        records.custody.get(j as usize),
                    ) {
                        out.custody += u64::from(at_once(x, y));
                    }
                }
            }
        }
        out
    }
}

/// In two units at once for more than a week, admitted on different days, and neither says a transfer between the two.
fn at_once(x: &Custody, y: &Custody) -> bool {
    let stay = |r: &Custody| {
        r.admitted
            .day()
            .zip(r.exit_date.day())
            .filter(|(from, to)| from <= to)
    };
    let Some(((a, b), (c, d))) = stay(x).zip(stay(y)) else {
        return false;
    };
    let sent = |r: &Custody, to: &Custody| {
        let left = r.exit == Some(ExitCode::Pdh) && r.to_upt.is_none_or(|u| u == to.upt);
        (left || to.from_upt == Some(r.upt)) && to.admitted.day() >= r.admitted.day()
    };
    x.upt != y.upt
        && (b.min(d) - a.max(c)).num_days() > 7
        && (a - c).num_days().abs() > 3
        && !sent(x, y)
        && !sent(y, x)
}

/// Places of equal values, together.
fn groups(values: &[u32]) -> Vec<Vec<u32>> {
    let mut out: HashMap<u32, Vec<u32>> = HashMap::new();
    for (i, v) in values.iter().enumerate() {
        out.entry(*v).or_default().push(i as u32);
    }
    out.into_values().collect()
}

type Truth = (HashMap<(String, String), u32>, HashMap<(u32, u32), u32>);

/// A table of the truth, row by row.
fn rows_of(at: &Path, name: &str) -> impl Iterator<Item = csv::StringRecord> {
    csv::Reader::from_path(at.join("truth").join(name))
        .expect("the truth of the sample")
        .into_records()
        .map(|r| r.expect("a row of the truth"))
}

fn number(text: &str) -> u32 {
    text.parse().expect("a number")
}

/// Sheet numbers by file and name, and the person of each row of a sheet.
fn truth(at: &Path) -> Truth {
    let sheets = rows_of(at, "sheets.csv")
        .map(|r| {
            // A text file has one sheet without a name.
            let text = r[1].ends_with(".csv") || r[1].ends_with(".txt");
            let name = if text { "" } else { &r[2] };
            ((r[1].to_owned(), name.to_owned()), number(&r[0]))
        })
        .collect();
    let records = rows_of(at, "records.csv")
        .map(|r| ((number(&r[0]), number(&r[1])), number(&r[2])))
        .collect();
    (sheets, records)
}

/// Pairwise precision and recall, by counting pairs inside groups.
fn pairwise(found: &[u32], truth: &[u32]) -> (f64, f64) {
    let pairs = |n: &u64| n * (n - 1) / 2;
    let (mut f, mut t, mut both) = (HashMap::new(), HashMap::new(), HashMap::new());
    for (&a, &b) in found.iter().zip(truth) {
        *f.entry(a).or_insert(0u64) += 1;
        *t.entry(b).or_insert(0u64) += 1;
        *both.entry((a, b)).or_insert(0u64) += 1;
    }
    let hits = both.values().map(pairs).sum::<u64>() as f64;
    (
        hits / f.values().map(pairs).sum::<u64>() as f64,
        hits / t.values().map(pairs).sum::<u64>() as f64,
    )
}

/// A figure of the process in MB; 0 where the system does not tell.
fn memory(what: &str) -> i64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|l| l.starts_with(what));
    line.and_then(|l| l.split_whitespace().nth(1)?.parse::<i64>().ok())
        .unwrap_or(0)
        / 1024
}
