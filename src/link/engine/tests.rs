//! The engine as a whole, on lists small enough to follow.

use super::*;
use crate::locale::Lang;
use crate::workspace::Limits;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::path::PathBuf;

const MODEL: &str = r#"
id = "no"
review = 0.2
never_differ = ["nik"]

[columns]
surname = ["surname", "Marga"]

[values]
born = "date(born)"

[[block]]
on = ["surname"]
[[block]]
on = ["born"]

[[compare]]
name = "name"
columns = ["given", "surname"]
frequency = true
levels = ["exact", "swapped", { given = "exact", surname = "jaro_winkler 0.9 | fold" },
  { surname = "exact", given = "initials | jaro_winkler 0.85" }, { surname = "exact" }]

[[compare]]
name = "born"
levels = ["exact", "one_digit | day_month", "years 0"]

[[compare]]
name = "village"
levels = ["exact", "jaro_winkler 0.85"]
"#;

/// People with an exact copy of some and a copy with errors of others; the same every time.
fn people(n: u64) -> Vec<[String; 6]> {
    let given = [
        "ana", "beni", "carel", "dorsila", "elvis", "femi", "grace", "hasan", "ismail", "johana",
    ];
    let family = [
        "patty",
        "latuconsina",
        "wattimena",
        "pelupessy",
        "tuhuteru",
        "rumahuru",
        "sapulette",
        "ely",
    ];
    let village = ["passo", "batu merah", "latuhalat", "hutumuri", "galala"];
    let pick = |list: &[&str], z: u64| list[(z % list.len() as u64) as usize].to_owned();
    let mut rows = Vec::new();
    for i in 0..n {
        let z = mix(i + 1);
        let who = [
            format!("p{i}"),
            format!("{} {}", pick(&given, z), pick(&given, z >> 16)),
            pick(&family, z >> 24),
            format!(
                "{:02}-{:02}-{}",
                1 + (z >> 32) % 28,
                1 + (z >> 40) % 12,
                1950 + (z >> 48) % 50
            ),
            pick(&village, z >> 8),
            format!("{:016}", 8_171_000_000_000_000 + i),
        ];
        if i % 3 == 0 {
            let mut copy = who.clone();
            copy[0] = format!("q{i}");
            copy[5].clear();
            match i % 4 {
                0 => copy[2] = copy[2].replacen("tt", "t", 1),
                1 => copy[4].clear(),
                2 => copy.swap(1, 2),
                _ => {}
            }
            rows.push(copy);
        }
        rows.push(who);
    }
    rows
}

fn file(dir: &tempfile::TempDir, name: &str, rows: &[[String; 6]]) -> PathBuf {
    let path = dir.path().join(name);
    let mut text = String::from("DAFTAR WARGA;;;;;\n;;;;;\nNo;Given;Marga;Born;Village;NIK\n");
    rows.iter()
        .for_each(|r| text.push_str(&(r.join(";") + "\n")));
    std::fs::write(&path, text).unwrap();
    path
}

/// Cluster members by id, and pairs by their ids with weights.
type Outcome = (Vec<Vec<String>>, Vec<(String, String, String)>);

fn outcome(rows: &[[String; 6]]) -> Outcome {
    let dir = tempfile::tempdir().unwrap();
    let model = Model::parse(MODEL, "m.toml").unwrap();
    let lists = Lists::read(&[file(&dir, "a.csv", rows)], &model, &Limits::default()).unwrap();
    let linked = link_lists(&lists, &model, None);
    let mut groups: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    for (i, &c) in linked.cluster.iter().enumerate() {
        groups.entry(c).or_default().push(lists.name(i as u32));
    }
    let mut groups: Vec<Vec<String>> = groups.into_values().collect();
    groups.iter_mut().for_each(|g| g.sort());
    let mut pairs: Vec<(String, String, String)> = linked
        .pairs
        .iter()
        .map(|p| {
            let (a, b) = (lists.name(p.a), lists.name(p.b));
            (
                a.clone().min(b.clone()),
                a.max(b),
                format!("{:.9}", p.weight),
            )
        })
        .collect();
    pairs.sort();
    (groups, pairs)
}

#[test]
fn copies_of_people_are_found_and_others_left_alone() {
    let (groups, _) = outcome(&people(300));
    let right = groups
        .iter()
        .filter(|g| match g.as_slice() {
            [a] => !a[1..].parse::<u64>().unwrap().is_multiple_of(3),
            [a, b] => a[1..] == b[1..],
            _ => false,
        })
        .count();
    assert!(right >= 290, "{right} of 300");
    assert!(groups.iter().all(|g| g.len() <= 2), "{groups:?}");
}

#[test]
fn neither_the_order_of_rows_nor_threads_change_anything() {
    let rows = people(200);
    let first = outcome(&rows);
    let mut turned = rows.clone();
    turned.reverse();
    turned.rotate_left(37);
    assert_eq!(outcome(&turned), first);
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .build()
        .unwrap();
    assert_eq!(pool.install(|| outcome(&rows)), first);
}

#[test]
fn two_lists_that_name_nobody_twice_are_linked_one_to_one() {
    let dir = tempfile::tempdir().unwrap();
    let model = Model::parse(&format!("one_to_one = true\n{MODEL}"), "m.toml").unwrap();
    let (a, b): (Vec<_>, Vec<_>) = people(300).into_iter().partition(|r| r[0].starts_with('p'));
    let files = [file(&dir, "a.csv", &a), file(&dir, "b.csv", &b)];
    let lists = Lists::read(&files, &model, &Limits::default()).unwrap();
    let linked = link_lists(&lists, &model, None);
    assert_eq!(linked.possible, (a.len() * b.len()) as f64);
    let mut seen = std::collections::BTreeSet::new();
    for (i, &c) in linked.cluster.iter().enumerate() {
        assert!(
            seen.insert((c, lists.list[i])),
            "a list twice in cluster {c}"
        );
    }
    let groups = linked.cluster.len()
        - linked
            .cluster
            .iter()
            .collect::<std::collections::BTreeSet<_>>()
            .len();
    assert!((95..=100).contains(&groups), "{groups} of 100");
}

#[test]
fn fewer_than_two_records_are_no_fault() {
    let (groups, pairs) = outcome(&people(2)[..1]);
    assert_eq!((groups.len(), pairs.len()), (1, 0));
}

#[test]
fn mistakes_in_a_model_are_told_with_line_and_nearest_name() {
    for (old, new, want) in [
        (
            "fold\" }",
            "foldd\" }",
            vec!["line 21", "`foldd`", "`fold`"],
        ),
        (
            "{ given = \"exact\"",
            "{ givn = \"exact\"",
            vec!["`givn`", "`given`"],
        ),
        (
            "date(born)",
            "dat(born)",
            vec!["line 10", "`dat`", "`date`"],
        ),
        (
            "jaro_winkler 0.9 ",
            "jaro_winkler 9 ",
            vec!["jaro_winkler 9"],
        ),
        (
            "review = 0.2",
            "review = 20",
            vec!["line 3", "between 0 and 1"],
        ),
        (
            "review = 0.2",
            "revew = 0.2",
            vec!["line 3", "revew", "review"],
        ),
        (
            "[\"surname\"]\n[[block]]",
            "[]\n[[block]]",
            vec!["no blocking rule"],
        ),
        (
            "levels = [\"exact\", \"jaro_winkler 0.85\"]",
            "levels = [\"swapped\"]",
            vec!["two columns"],
        ),
    ] {
        assert!(MODEL.contains(old), "{old}");
        let e = Model::parse(&MODEL.replacen(old, new, 1), "m.toml")
            .unwrap_err()
            .to_string();
        assert!(want.iter().all(|w| e.contains(w)), "{e}");
    }
}

#[test]
fn the_example_reads_in_both_languages_as_one_model() {
    let read = |l| Model::parse(Model::example(l), "example.toml").unwrap();
    assert_eq!(read(Lang::Id), read(Lang::En));
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.csv");
    let text = "No;Nama Lengkap;Tgl. Lahir;NIK;Negeri\n1;Yohanis Wattimena;12-03-1990;8171021203900001;Soya\n\
                2;Johanis Watimenna;12 Maret 1990;;Soya\n3;Ana Ely;1-1-1980;;Passo\n";
    std::fs::write(&path, text).unwrap();
    let model = read(Lang::Id);
    let lists = Lists::read(&[path], &model, &Limits::default()).unwrap();
    assert_eq!(lists.records(), 3);
    let linked = link_lists(&lists, &model, None);
    assert_eq!(linked.compared, 1, "{linked:?}");
}

#[test]
fn a_column_that_is_not_there_is_named_with_the_nearest_header() {
    let dir = tempfile::tempdir().unwrap();
    let other = MODEL.replace("\"surname\", \"Marga\"", "\"Warna Mata\"");
    let model = Model::parse(&other, "m.toml").unwrap();
    let path = file(&dir, "a.csv", &people(5));
    let e = Lists::read(&[path], &model, &Limits::default())
        .unwrap_err()
        .to_string();
    assert!(e.contains("`surname`") && e.contains("Marga"), "{e}");
}

/// A folder with lists of these texts, linked by the example.
fn by_example(lists: &[&str]) -> (tempfile::TempDir, Lists, Model, Linked) {
    let dir = tempfile::tempdir().unwrap();
    let paths: Vec<PathBuf> = (lists.iter().enumerate())
        .map(|(i, text)| {
            let path = dir.path().join(format!("{i}.csv"));
            std::fs::write(&path, text).unwrap();
            path
        })
        .collect();
    let model = Model::parse(Model::example(Lang::Id), "example.toml").unwrap();
    let lists = Lists::read(&paths, &model, &Limits::default()).unwrap();
    let linked = link_lists(&lists, &model, None);
    (dir, lists, model, linked)
}

#[test]
fn a_column_may_be_absent_in_a_list_and_signatures_and_totals_are_no_records() {
    let with = "DATA KLIEN\n\nNo;Nama Klien;NIK;Tempat/Tgl Lahir;Alamat\n1;2;3;4;5\nA. KLIEN DEWASA\n\
        1;Yohanis Wattimena;8171021203900001;Ambon, 12-03-1990;Soya\n2;Ana Ely;;Piru, 1-1-1980;Passo\n\
        ;Jumlah;2\n;;;Ambon, 5 Januari 2026\n;;;Kepala Seksi\n;;;DRS. PETRUS PATTY\n;;;NIP. 197001011990031001\n";
    let without =
        "Nama Peserta;Alamat;Kegiatan\nYOHANIS WATIMENNA;Soya;Las\nPETRUS PATTY;Passo;Las\n";
    let (_dir, lists, ..) = by_example(&[with, without]);
    assert_eq!(
        (lists.records(), lists.list.as_slice()),
        (4, [0, 0, 1, 1].as_slice())
    );
    assert_eq!(
        lists.passed_over,
        [7, 0],
        "every other row below the header is counted"
    );
    let absent: Vec<&str> = (lists.absent.iter().filter(|a| a.0 == 1))
        .map(|a| a.1.as_str())
        .collect();
    assert!(
        absent.contains(&"NIK") && absent.contains(&"Tanggal Lahir"),
        "{absent:?}"
    );
    assert!(lists.files[0] != lists.files[1] && lists.files[0].ends_with("0.csv"));
}

#[test]
fn a_column_whose_header_means_what_the_models_headers_mean_is_found_and_said() {
    let a = "No;Nama Tahanan;Tempat / Tanggal Lahir;NIK\n1;Yohanis Wattimena;Ambon, 12-03-1990;8171021203900001\n";
    let b = "Nama Peserta;Tgl. Lahir;NIK\nYOHANIS WATIMENNA;12-03-1990;8171021203900001\n";
    let (_dir, lists, ..) = by_example(&[a, b]);
    let taken: Vec<(u16, &str, &str)> = (lists.by_meaning.iter())
        .map(|(l, c, h)| (*l, c.as_str(), h.as_str()))
        .collect();
    assert_eq!(
        taken,
        [
            (0, "Nama", "Nama Tahanan"),
            (0, "Tanggal Lahir", "Tempat / Tanggal Lahir")
        ]
    );
    assert_eq!(lists.records(), 2);
}

#[test]
fn parameters_are_read_back_and_weigh_two_rows_as_they_weighed_before() {
    let rows: String = (0..400)
        .map(|i| {
            let name = ["Yohanis", "Maria", "Petrus", "Fatimah", "Ronald"][i / 2 % 5];
            let fam = [
                "Patty",
                "Wattimena",
                "Picauly",
                "Latuconsina",
                "Ely",
                "Souisa",
                "Wael",
            ][i / 2 % 7];
            format!(
                "{name} {fam};{:02}-{:02}-{};Soya\n",
                1 + i / 2 % 28,
                1 + i / 2 % 12,
                1960 + i / 2 % 40
            )
        })
        .collect();
    let (dir, lists, model, linked) = by_example(&[&format!("Nama;Tgl Lahir;Alamat\n{rows}")]);
    write(dir.path(), &lists, &model, &linked, false, Lang::Id).unwrap();
    let learnt = read_parameters(&dir.path().join("parameters.json"), &model).unwrap();
    let before = linked.estimates.as_ref().unwrap();
    assert!((learnt.lambda / before.lambda - 1.0).abs() < 1e-9);
    for (v, w) in learnt
        .weights
        .iter()
        .flatten()
        .zip(before.weights.iter().flatten())
    {
        assert!((v - w).abs() < 1e-9);
    }
    let two = dir.path().join("two.csv");
    std::fs::write(
        &two,
        "Nama;Tgl Lahir;Alamat\nMaria Picauly;03-04-1971;Soya\nMaria Picauly;04-03-1971;Soya\n",
    )
    .unwrap();
    let lists = Lists::read(&[two], &model, &Limits::default()).unwrap();
    let linked = link_lists(&lists, &model, Some(&learnt));
    assert_eq!(linked.compared, 1);
    assert_eq!(linked.estimates.unwrap(), learnt);
    let other = Model::parse(MODEL, "m.toml").unwrap();
    let e = read_parameters(&dir.path().join("parameters.json"), &other).unwrap_err();
    assert!(e.to_string().contains("person_name.given"), "{e}");
}

#[test]
fn a_column_of_the_truth_gives_precision_and_recall_and_the_page_stands_alone() {
    let dir = tempfile::tempdir().unwrap();
    let rows = people(300);
    let model = Model::parse(&format!("label = \"no\"\n{MODEL}"), "m.toml").unwrap();
    let lists = Lists::read(&[file(&dir, "a.csv", &rows)], &model, &Limits::default()).unwrap();
    let linked = link_lists(&lists, &model, None);
    assert_eq!(
        linked.accuracy.as_ref().map(|a| a.all),
        Some(0),
        "nobody stands there twice"
    );
    for with_values in [false, true] {
        let page = page(&lists, &model, &linked, with_values, Lang::En);
        assert!(page.contains("</html>") && page.contains("<svg"), "{page}");
        for outside in ["http", "<script", "<link", "src="] {
            assert!(!page.contains(outside), "{outside}");
        }
        let name = &rows[0][1];
        assert!(with_values || !page.contains(&format!("<td class=n>{name}</td>")));
    }
}

#[test]
fn a_pair_that_alone_holds_two_parts_together_is_a_bridge() {
    let pair = |a, b| Pair {
        a,
        b,
        weight: 20.0,
        pattern: 0,
        rarity: 0.0,
        rules: 1,
        refused: None,
    };
    let linked = Linked {
        // Two triangles joined by 2–3, and a pair by itself.
        pairs: [
            (0, 1),
            (1, 2),
            (0, 2),
            (2, 3),
            (3, 4),
            (4, 5),
            (3, 5),
            (6, 7),
        ]
        .map(|(a, b)| pair(a, b))
        .to_vec(),
        cluster: vec![1, 1, 1, 1, 1, 1, 2, 2],
        ..Linked::default()
    };
    let model = Model::parse(MODEL, "m.toml").unwrap();
    let found: Vec<(u32, u32)> = linked.bridges(&model).iter().map(|p| (p.a, p.b)).collect();
    assert_eq!(found, [(2, 3)]);
}

#[test]
fn cells_that_a_spreadsheet_would_compute_are_written_as_text() {
    let dir = tempfile::tempdir().unwrap();
    let mut rows = people(4);
    rows[0][4] = "=HYPERLINK(1)".into();
    rows[1][0] = "@q".into();
    let model = Model::parse(MODEL, "m.toml").unwrap();
    let lists = Lists::read(&[file(&dir, "a.csv", &rows)], &model, &Limits::default()).unwrap();
    write(
        dir.path(),
        &lists,
        &model,
        &link_lists(&lists, &model, None),
        false,
        Lang::En,
    )
    .unwrap();
    let text = std::fs::read_to_string(dir.path().join("clusters.csv")).unwrap();
    assert!(
        text.contains("'=HYPERLINK(1)") && text.contains("'@q"),
        "{text}"
    );
    for name in [
        "pairs.csv",
        "parameters.csv",
        "parameters.json",
        "blocking.csv",
    ] {
        assert!(
            dir.path().join(name).metadata().unwrap().len() > 20,
            "{name}"
        );
    }
}

fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        1 => Just(String::new()),
        4 => "[a-c]{1,6}( [a-c]{1,3})?",
        2 => "(19|20)[0-9]{2}0[1-9][0-2][0-9]",
        1 => "[a-b]{1,2}[,;][a-b]{1,2}",
        1 => "[0-9]{1,3}",
    ]
}

proptest! {
    #[test]
    fn levels_are_the_same_whichever_record_comes_first(cells in prop::collection::vec((cell(), cell()), 2..8)) {
        let every: Vec<String> = TESTS
            .iter()
            .map(|(name, number)| match (*name, number) {
                (n @ ("jaro_winkler" | "jaccard" | "cosine"), _) => format!("{n} 0.8"),
                (n, true) => format!("{n} 2"),
                (n, false) => n.to_owned(),
            })
            .collect();
        let chunks: Vec<String> = every.chunks(6).map(|c| format!("[[compare]]\nname=\"c\"\ncolumns=[\"x\",\"y\"]\nfrequency=true\nlevels=[{}]\n",
            c.iter().map(|t| format!("{{x=\"{t}\"}}, \"{t}\"")).chain(["\"swapped jaro_winkler 0.7\"".to_owned()]).collect::<Vec<_>>().join(","))).collect();
        let model = Model::parse(&format!("[[block]]\non=[\"x\"]\n{}", chunks.join("")), "m").unwrap();
        let mut lists = Lists { files: vec!["a".into()], ..Lists::default() };
        for (name, get) in [("x", (|c| &c.0) as fn(&(String, String)) -> &String), ("y", |c| &c.1)] {
            let mut i = column::Interner::default();
            let ids = cells.iter().map(|c| i.number(&column::plain(get(c)))).collect();
            lists.columns.insert(name.into(), column::Column { ids, terms: i.finish() });
        }
        lists.row = (1..=cells.len() as u32).collect();
        lists.list = vec![0; cells.len()];
        let ready = prepare(&lists, &model);
        let mut scratch = Scratch::default();
        for a in 0..cells.len() as u32 {
            for b in 0..a {
                prop_assert_eq!(ready.compare(a, b, &mut scratch), ready.compare(b, a, &mut scratch));
            }
        }
    }
}
