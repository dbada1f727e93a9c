//! The series of all published months and its star schema.

use super::*;

#[test]
fn the_series_holds_every_month_that_was_published_and_its_star_has_no_loose_end() {
    let t = templates(None);
    let settings = Settings::default();
    let dir = tempfile::tempdir().unwrap();
    let (before, mut now) = (figures(&t, month().plus(-1), 3), figures(&t, month(), 0));
    // Numbers that a hidden figure should not have.
    let secret = now.iter_mut().find(|f| f.is_hidden()).unwrap();
    secret.numerator = Some(987_654.0);
    with_content(&t, &settings, Lang::Id, |c| {
        crate::report::series::write_series("kota", c, &before, &now, dir.path()).unwrap();
        crate::report::series::write_series("kanwil", c, &before, &now, dir.path()).unwrap();
    });
    let read = |name: &str| -> Vec<BTreeMap<String, String>> {
        let mut r = csv::Reader::from_path(dir.path().join(name)).unwrap();
        let heads: Vec<String> = r.headers().unwrap().iter().map(str::to_owned).collect();
        (r.records().map(|x| {
            heads
                .iter()
                .cloned()
                .zip(x.unwrap().iter().map(str::to_owned))
                .collect()
        }))
        .collect()
    };
    let flat = read("deret.csv");
    let months: BTreeSet<&str> = flat.iter().map(|r| r["month"].as_str()).collect();
    assert_eq!(
        months.into_iter().collect::<Vec<_>>(),
        ["2025-12", "2026-01"]
    );
    assert!(
        flat.iter().all(|r| r["audience"] == "kota")
            && read("deret-kanwil.csv")
                .iter()
                .all(|r| r["audience"] == "kanwil")
    );
    let facts = read("bintang/fakta.csv");
    assert_eq!(facts.len(), before.len() + now.len());
    for (table, key, of) in [
        ("dimensi", "category_key", "category_1_key"),
        ("dimensi", "category_key", "category_2_key"),
        ("ukuran", "measure", "measure"),
        ("bulan", "month", "month"),
        ("status", "status", "status"),
    ] {
        let keys: Vec<String> = read(&format!("bintang/{table}.csv"))
            .into_iter()
            .map(|r| r[key].clone())
            .collect();
        let unique: BTreeSet<&String> = keys.iter().collect();
        assert_eq!(unique.len(), keys.len(), "{table}: a key twice");
        assert!(
            facts.iter().all(|f| unique.contains(&f[of])),
            "{of} without its {table}"
        );
    }
    for r in flat
        .iter()
        .chain(&facts)
        .filter(|r| r["status"] == "suppressed")
    {
        assert!(
            r["numerator"].is_empty() && r["estimate"].is_empty() && r["ci_high"].is_empty(),
            "{r:?}"
        );
    }
}
