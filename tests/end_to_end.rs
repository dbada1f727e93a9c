//! The main job on the sample: what is handed over, read back.

use calamine::{Data, Reader, Xlsx, open_workbook};
use reintegrasi::domain::Month;
use reintegrasi::locale::Lang;
use reintegrasi::run::{RunOptions, Silent, manifest, run};
use reintegrasi::workspace::Workspace;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

fn month(ws: &Workspace, lang: Lang) -> PathBuf {
    let options = RunOptions {
        month: Month::new(2026, 1),
        lang: Some(lang),
        force: true,
        ..RunOptions::default()
    };
    run(ws, &options, &Silent).unwrap().folder
}

fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let listed = manifest::outputs_of(dir).unwrap();
    listed
        .into_iter()
        .map(|o| (o.path.clone(), std::fs::read(dir.join(&o.path)).unwrap()))
        .collect()
}

/// Every text inside a workbook's parts.
fn parts(book: &[u8]) -> Vec<(String, String)> {
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(book)).unwrap();
    (0..zip.len())
        .map(|i| {
            let mut f = zip.by_index(i).unwrap();
            let mut s = String::new();
            let _ = std::io::Read::read_to_string(&mut f, &mut s);
            (f.name().unwrap().to_string(), s)
        })
        .collect()
}

#[test]
fn a_month_is_whole_repeatable_and_gives_nobody_away() {
    let dir = tempfile::tempdir().unwrap();
    let ws = crate::common::copy_of_samples(dir.path());
    let first = files(&month(&ws, Lang::Id));
    let second = files(&month(&ws, Lang::Id));
    assert!(first.keys().eq(second.keys()));
    for (name, bytes) in &first {
        assert!(*bytes == second[name], "{name} differs between two runs");
    }
    let mut names = vec![
        "kota.xlsx".to_owned(),
        "kanwil.xlsx".into(),
        "data/kota.csv".into(),
        "data/kanwil.csv".into(),
    ];
    for a in ["kota", "kanwil"] {
        names.extend(["png", "svg", "pdf"].map(|e| format!("ringkasan-{a}.{e}")));
        let papers = [("laporan", "docx"), ("paparan", "pptx"), ("saku", "html")];
        names.extend(papers.map(|(stem, e)| format!("{stem}-{a}.{e}")));
    }
    // The first audience's files bear no name where the file says nothing else.
    for suffix in ["", "-kanwil"] {
        names.push(format!("teks-wa{suffix}.txt"));
        names.push(format!("data/deret{suffix}.csv"));
        let star = ["fakta", "ukuran", "dimensi", "bulan", "status"];
        names.extend(star.map(|t| format!("data/bintang{suffix}/{t}.csv")));
    }
    for n in &names {
        assert!(first.contains_key(n), "{n} is missing");
    }
    // What goes back to suppliers is not among what is handed over.
    assert!(!first.keys().any(|k| k.contains("umpan-balik")));
    let told = std::fs::read_dir(ws.feedback().join("2026-01")).unwrap();
    assert!(told.count() >= 20);

    // The columns are those that scripts rely on.
    let header = "month,measure,definition,population,dimension_1,category_1,dimension_2,category_2,window_months,numerator,denominator,estimate,ci_low,ci_high,unit,status,label_id,label_en\n";
    for a in ["kota", "kanwil"] {
        assert!(first[&format!("data/{a}.csv")].starts_with(header.as_bytes()));
    }

    // Native charts, and every one of their ranges holds a number.
    for a in ["kota", "kanwil"] {
        let book = &first[&format!("{a}.xlsx")];
        let charts = parts(book)
            .into_iter()
            .filter(|(n, _)| n.starts_with("xl/charts/chart"))
            .collect::<Vec<_>>();
        assert!(charts.len() >= 6, "{a} has {} charts", charts.len());
        let mut sheets: Xlsx<_> =
            calamine::open_workbook_from_rs(std::io::Cursor::new(book.clone())).unwrap();
        for (name, xml) in &charts {
            for range in xml
                .split("<c:val><c:numRef><c:f>")
                .skip(1)
                .filter_map(|s| s.split("</c:f>").next())
            {
                assert!(
                    has_number(&mut sheets, range),
                    "{a} {name}: {range} holds no number"
                );
            }
        }
    }

    // Nobody's name or number in anything the City gets.
    let people: Vec<String> = secrets(&ws);
    assert!(people.len() > 500);
    for (name, bytes) in first.iter().filter(|(n, _)| n.contains("kota")) {
        let text = if name.ends_with(".xlsx") {
            parts(bytes).into_iter().map(|p| p.1).collect()
        } else {
            String::from_utf8_lossy(bytes).into_owned()
        };
        let upper = text.to_uppercase();
        for s in &people {
            assert!(!upper.contains(s), "{name} holds a person");
        }
    }
    assert!(
        manifest::verify(&ws.out().join("2026-01"))
            .unwrap()
            .1
            .is_empty()
    );
}

/// NIK and full names of the population extract in the sample's inbox.
fn secrets(ws: &Workspace) -> Vec<String> {
    let mut book: Xlsx<_> =
        open_workbook(ws.inbox().join("opd/dukcapil_biodata_penduduk.xlsx")).unwrap();
    let range = book.worksheet_range("BIODATA").unwrap();
    let text = |d: &Data| {
        if let Data::String(s) = d {
            s.clone()
        } else {
            String::new()
        }
    };
    range
        .rows()
        .skip(4)
        .flat_map(|r| [text(&r[1]), text(&r[3])])
        .filter(|s| s.len() >= 10)
        .collect()
}

/// `'Sheet name'!$B$6:$B$9` holds at least one number.
fn has_number(book: &mut Xlsx<std::io::Cursor<Vec<u8>>>, range: &str) -> bool {
    let (sheet, cells) = range.rsplit_once('!').unwrap();
    let sheet = sheet
        .trim_matches('\'')
        .replace("''", "'")
        .replace("&amp;", "&");
    let cell = |s: &str| -> (u32, u32) {
        let letters: String = s.chars().filter(char::is_ascii_uppercase).collect();
        let row: u32 = s
            .chars()
            .filter(char::is_ascii_digit)
            .collect::<String>()
            .parse()
            .unwrap();
        (
            row - 1,
            letters
                .bytes()
                .fold(0, |n, b| n * 26 + u32::from(b - b'A') + 1)
                - 1,
        )
    };
    let (a, b) = cells.split_once(':').unwrap_or((cells, cells));
    let ((r0, c), (r1, _)) = (cell(a), cell(b));
    let grid = book.worksheet_range(&sheet).unwrap();
    (r0..=r1).any(|r| matches!(grid.get_value((r, c)), Some(Data::Float(_) | Data::Int(_))))
}

#[test]
fn every_number_of_a_workbook_is_a_published_figure_in_both_languages() {
    let dir = tempfile::tempdir().unwrap();
    let ws = crate::common::copy_of_samples(dir.path());
    let folder = month(&ws, Lang::En);
    for audience in ["kota", "kanwil"] {
        let mut published: Vec<f64> = Vec::new();
        for r in csv::Reader::from_path(folder.join(format!("data/{audience}.csv")))
            .unwrap()
            .records()
            .map(Result::unwrap)
        {
            published.extend((9..14).filter_map(|i| r[i].parse::<f64>().ok()));
        }
        published.sort_by(f64::total_cmp);
        let mut book: Xlsx<_> = open_workbook(folder.join(format!("{audience}.xlsx"))).unwrap();
        let mut numbers = 0;
        for (name, range) in book.worksheets() {
            // Cells only a chart needs are formulas over the table's own.
            let formulas = book.worksheet_formula(&name).unwrap();
            let (r0, c0) = range.start().unwrap_or_default();
            for v in range.used_cells().filter_map(|(r, c, v)| {
                let at = (r as u32 + r0, c as u32 + c0);
                let formula = formulas.get_value(at).is_some_and(|f| !f.is_empty());
                match v {
                    Data::Float(x) if !formula => Some(*x),
                    _ => None,
                }
            }) {
                numbers += 1;
                let i = published.partition_point(|p| *p < v - 1e-9);
                assert!(
                    published.get(i).is_some_and(|p| (p - v).abs() < 1e-8),
                    "{audience} {name}: {v} is no published figure"
                );
            }
        }
        assert!(numbers > 300, "{audience} has {numbers} numbers");
        assert!(book.sheet_names().contains(&"Methodology".to_owned()));
    }
}
