//! The produced files held against REPORTS.md, on figures made up for every table the built-in templates ask for:
//! every status occurs, and nothing depends on the pipeline.

use super::*;
use crate::domain::figure::Figure;
use crate::domain::upt::UptRegistry;
use crate::domain::{Month, Population, Status, Text, Unit};
use crate::locale::{self, Lang};
use crate::measure;
use crate::workspace::Settings;
use calamine::{Data, Reader, Xlsx};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;
use std::path::Path;

struct Names(UptRegistry);

impl Labels for Names {
    fn category(&self, lang: Lang, dimension: &str, category: &str) -> String {
        measure::category_label(lang, dimension, category, &self.0)
    }
    fn order(&self, dimension: &str, category: &str) -> (usize, String) {
        measure::category_order(dimension, category, &self.0)
    }
    fn measure(&self, lang: Lang, id: &str) -> String {
        locale::text(lang, &format!("measure.{id}.title")).to_owned()
    }
}

fn month() -> Month {
    Month::new(2026, 1).unwrap()
}

fn templates(dir: Option<&Path>) -> Templates {
    let all: Vec<(&str, &[&str])> = measure::MEASURES.iter().map(|m| (m.id, m.dims)).collect();
    Templates::load(dir, None, &all).unwrap()
}

fn categories(dimension: &str, units: &UptRegistry) -> Vec<Text> {
    let closed = measure::categories(dimension, units, month());
    if !closed.is_empty() {
        return closed;
    }
    let list = |x: &[&str]| x.iter().map(|s| Text::from(*s)).collect();
    match dimension {
        "months_since_release" => (0..=24).map(|i| Text::from(format!("{i:02}"))).collect(),
        "ended_month" => (1..=12)
            .map(|i| Text::from(format!("2025-{i:02}")))
            .collect(),
        "cohort_year" => list(&["2022", "2023", "2024"]),
        "cohort_quarter" => list(&["2024-Q1", "2024-Q2"]),
        "opd" => list(&["disperindag", "dinsos", "dukcapil"]),
        "exit_code" => list(&["BM", "PB", "CB"]),
        "source" => list(&["lapas-ambon", "bapas-ambon", "dinsos"]),
        "service_family" | "programme" => list(&["identity", "health", "skills"]),
        _ => list(&["a", "b", "c"]),
    }
}

/// A figure for every cell of every table asked for; `shift` makes another month's numbers.
fn figures(t: &Templates, month: Month, shift: u64) -> Vec<Figure> {
    let units = UptRegistry::maluku(&[]);
    let mut out: BTreeMap<_, Figure> = BTreeMap::new();
    for r in t.requests(None) {
        let m = measure::find(&r.measure).unwrap();
        let mut subsets: Vec<Vec<Text>> = vec![vec![], r.by.clone()];
        subsets.extend(r.by.iter().map(|d| vec![d.clone()]));
        let windows: Vec<Option<u16>> = if r.windows.is_empty() {
            vec![None]
        } else {
            r.windows.iter().map(|w| Some(*w)).collect()
        };
        for (by, w) in subsets
            .iter()
            .flat_map(|b| windows.iter().map(move |w| (b, *w)))
        {
            let none = || (Text::default(), Text::default());
            let dims: Vec<Vec<(Text, Text)>> = (0..2)
                .map(|i| match by.get(i) {
                    Some(d) => categories(d, &units)
                        .into_iter()
                        .map(|k| (d.clone(), k))
                        .collect(),
                    None => vec![none()],
                })
                .collect();
            for (a, b) in dims[0]
                .iter()
                .flat_map(|a| dims[1].iter().map(move |b| (a, b)))
            {
                // A number of its own for every figure, the same in every run.
                let seed = format!("{}{a:?}{b:?}{w:?}{:?}", m.id, r.population)
                    .bytes()
                    .fold(7u64, |h, x| (h * 31 + u64::from(x)) % 9973);
                let n = 30 + (seed * 7) % 200;
                let k = 5 + (seed + shift) % 20;
                let share = matches!(m.unit, Unit::Share | Unit::ShareDifference);
                let total = by.is_empty();
                let status = match seed % 11 {
                    0 if !total => Status::SuppressedPrimary,
                    1 if !total => Status::SuppressedSecondary,
                    2 if share && !total => Status::Unreliable,
                    3 if share && !total => Status::NotApplicable,
                    _ => Status::Ok,
                };
                let shown = !matches!(
                    status,
                    Status::SuppressedPrimary | Status::SuppressedSecondary | Status::NotApplicable
                );
                let some = |v: f64| shown.then_some(v);
                let p = k as f64 / n as f64;
                let ratio = m.unit == Unit::Ratio;
                let f = Figure {
                    month,
                    measure: m.id.into(),
                    definition: if m.id == "return" {
                        "P1.person.v1"
                    } else {
                        "v1"
                    }
                    .into(),
                    population: r.population,
                    dim1: a.clone(),
                    dim2: b.clone(),
                    window_months: w,
                    numerator: some(k as f64),
                    denominator: if share { some(n as f64) } else { None },
                    estimate: some(match (share, ratio) {
                        (true, _) => p,
                        (_, true) => 0.5 + p,
                        _ => k as f64,
                    }),
                    ci_low: (share || ratio).then(|| some(p * 0.7)).flatten(),
                    ci_high: (share || ratio)
                        .then(|| some(p * 1.4 + f64::from(u8::from(ratio))))
                        .flatten(),
                    unit: m.unit,
                    status,
                };
                out.insert(f.key(), f);
            }
        }
    }
    out.into_values().collect()
}

/// What a test sees of a report.
struct Made {
    book: Vec<u8>,
    map: BTreeMap<(String, u32, u16), CellKey>,
    table: FigureTable,
    before: FigureTable,
    charts: usize,
}

fn with_content<T>(
    t: &Templates,
    settings: &Settings,
    lang: Lang,
    f: impl FnOnce(&Content) -> T,
) -> (T, FigureTable, FigureTable) {
    let units = UptRegistry::maluku(&[]);
    let table = FigureTable::new(&figures(t, month(), 0));
    let before = FigureTable::new(&figures(t, month().plus(-1), 3));
    let year = FigureTable::new(&figures(t, month().plus(-12), 5));
    let facts = RunFacts {
        cutoff: Some(month().last_day()),
        version: "reintegrasi".into(),
        definitions: "v1".into(),
        missing: vec!["Lapas Kelas III Dobo".into()],
        protection: vec!["…".into()],
        methodology: measure::MEASURES
            .iter()
            .map(|m| {
                let text =
                    |k: &str| locale::text(lang, &format!("measure.{}.{k}", m.id)).to_owned();
                [
                    m.id.into(),
                    text("title"),
                    text("definition"),
                    m.source.into(),
                ]
            })
            .collect(),
        ..RunFacts::default()
    };
    let names = Names(UptRegistry::maluku(&[]));
    let content = Content {
        month: month(),
        lang,
        settings,
        units: &units,
        figures: &table,
        previous: &before,
        last_year: &year,
        facts: &facts,
        labels: &names,
    };
    let out = f(&content);
    (out, table, before)
}

fn make(t: &Templates, name: &str, lang: Lang, settings: &Settings) -> Made {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x.xlsx");
    let template = t.workbooks().find(|x| x.name == name).unwrap();
    let ((map, charts), table, before) = with_content(t, settings, lang, |c| {
        let charts = write_workbook(template, c, &path).unwrap();
        (cell_map(template, c), charts)
    });
    Made {
        book: std::fs::read(path).unwrap(),
        map,
        table,
        before,
        charts,
    }
}

fn parts(book: &[u8]) -> BTreeMap<String, String> {
    let mut zip = zip::ZipArchive::new(Cursor::new(book)).unwrap();
    (0..zip.len())
        .map(|i| {
            let mut f = zip.by_index(i).unwrap();
            let mut s = String::new();
            let _ = std::io::Read::read_to_string(&mut f, &mut s);
            (f.name().unwrap().to_string(), s)
        })
        .collect()
}

fn every_book(check: impl Fn(&str, Lang, &Made)) {
    let t = templates(None);
    for name in ["kota", "kanwil"] {
        for lang in [Lang::Id, Lang::En] {
            check(name, lang, &make(&t, name, lang, &Settings::default()));
        }
    }
}

fn open(book: &[u8]) -> Xlsx<Cursor<Vec<u8>>> {
    calamine::open_workbook_from_rs(Cursor::new(book.to_vec())).unwrap()
}

#[test]
fn item_1_no_macros_links_or_hidden_sheets() {
    every_book(|name, _, m| {
        let parts = parts(&m.book);
        for bad in [
            "vbaProject",
            "externalLink",
            "connections",
            "pivot",
            "comments",
        ] {
            assert!(parts.keys().all(|p| !p.contains(bad)), "{name} holds {bad}");
        }
        assert!(!parts["xl/workbook.xml"].contains("state=\"hidden\""));
        assert!(
            parts.values().all(|x| !x.contains(" hidden=\"1\"")),
            "{name}"
        );
    });
}

#[test]
fn item_2_the_cover_says_who_what_when_and_what_is_missing_and_links_to_every_sheet() {
    every_book(|name, lang, m| {
        let mut book = open(&m.book);
        let names = book.sheet_names();
        let cover = book.worksheet_range(&names[0]).unwrap();
        let text: String = cover
            .used_cells()
            .map(|(_, _, v)| format!("{v}\n"))
            .collect();
        assert!(
            text.contains("Lapas Kelas III Dobo"),
            "{name}: what is missing"
        );
        assert!(text.contains("TERBATAS"));
        let kop = if name == "kota" {
            "PEMERINTAH KOTA AMBON"
        } else {
            "KANTOR WILAYAH MALUKU"
        };
        assert!(text.contains(kop));
        assert!(text.contains(locale::text(lang, "report.cutoff_label")));
        let dates = cover
            .used_cells()
            .filter(|x| matches!(x.2, Data::DateTime(_)))
            .count();
        assert_eq!(dates, 3, "period and cut-off are dates");
        let xml = &parts(&m.book)["xl/worksheets/sheet1.xml"];
        let links = xml.matches("<hyperlink ").count();
        assert_eq!(links, names.len() - 1, "{name}: one link a sheet");
    });
}

#[test]
fn item_3_every_sheet_has_one_table_with_unique_headers_nothing_merged_and_a_frozen_header() {
    every_book(|name, _, m| {
        let parts = parts(&m.book);
        let mut tables = 0;
        for (p, x) in &parts {
            if p.starts_with("xl/tables/") {
                tables += 1;
                let heads: Vec<&str> = x
                    .split("<tableColumn ")
                    .skip(1)
                    .filter_map(|c| c.split("name=\"").nth(1)?.split('"').next())
                    .collect();
                let unique: BTreeSet<String> = heads.iter().map(|h| h.to_lowercase()).collect();
                assert_eq!(unique.len(), heads.len(), "{name} {p}: {heads:?}");
                assert!(heads.iter().all(|h| !h.trim().is_empty()));
            }
            if p.starts_with("xl/worksheets/sheet") {
                assert!(!x.contains("<mergeCell"), "{name} {p}");
            }
        }
        let names = open(&m.book).sheet_names();
        // Cover none, methodology two.
        assert_eq!(tables, names.len() - 2 + 2, "{name}");
        for i in 2..names.len() {
            let x = &parts[&format!("xl/worksheets/sheet{i}.xml")];
            assert!(x.contains("state=\"frozen\""), "{name} sheet {i}");
        }
        assert!(
            parts["xl/workbook.xml"]
                .matches("_xlnm.Print_Titles")
                .count()
                >= names.len() - 2
        );
    });
}

#[test]
fn item_4_every_number_is_the_published_figure_it_claims_to_be() {
    every_book(|name, _, m| {
        let mut book = open(&m.book);
        assert!(m.map.len() > 300, "{name} maps {} cells", m.map.len());
        let mut seen = 0;
        for (tab, range) in book.worksheets() {
            let formulas = book.worksheet_formula(&tab).unwrap();
            let (r0, c0) = range.start().unwrap_or_default();
            for (r, c, v) in range.used_cells() {
                let at = (r as u32 + r0, c as u32 + c0);
                let Data::Float(v) = v else { continue };
                if formulas.get_value(at).is_some_and(|f| !f.is_empty()) {
                    continue;
                }
                let key = m
                    .map
                    .get(&(tab.clone(), at.0, at.1 as u16))
                    .unwrap_or_else(|| panic!("{name} {tab} {at:?}: {v} is no figure's"));
                let find = |t: &FigureTable| t.by_key(&key.key).cloned();
                let f = match key.part {
                    Part::Of(Show::Previous) => find(&m.before),
                    Part::Of(Show::LastYear) => continue,
                    _ => find(&m.table),
                }
                .unwrap();
                let expected = match key.part {
                    Part::Of(Show::K) => f.numerator,
                    Part::Of(Show::N) => f.denominator,
                    Part::Low => f.ci_low,
                    Part::High => f.ci_high,
                    Part::Of(_) => f.estimate,
                };
                assert!(!f.is_hidden(), "{name} {tab} {at:?} shows a hidden figure");
                assert!((expected.unwrap() - v).abs() < 1e-12, "{name} {tab} {at:?}");
                seen += 1;
            }
        }
        assert!(
            seen + 60 >= m.map.len(),
            "{name}: {seen} of {}",
            m.map.len()
        );
    });
}

#[test]
fn item_4_hidden_few_and_missing_numbers_each_have_one_sign_explained_on_the_sheet() {
    every_book(|name, lang, m| {
        let mut book = open(&m.book);
        let signs = ["<5", "–", "…", "○", "*"];
        let legend = locale::text(lang, "report.signs");
        assert!(signs.iter().all(|s| legend.contains(s)));
        for (tab, range) in book.worksheets() {
            let words: Vec<String> = range
                .used_cells()
                .filter_map(|(_, _, v)| match v {
                    Data::String(s) => Some(s.clone()),
                    _ => None,
                })
                .collect();
            if words.iter().any(|w| w == "<5") {
                let last = legend.split_whitespace().next_back().unwrap();
                assert!(
                    words.iter().any(|w| w.ends_with(last)),
                    "{name} {tab} has no legend"
                );
            }
        }
        let styles = &parts(&m.book)["xl/styles.xml"];
        for format in ["#,##0", "0.0%", "0%&quot;*&quot;", "[$-421]d mmmm yyyy"] {
            assert!(styles.contains(format), "{format}");
        }
    });
}

#[test]
fn item_5_every_measure_of_a_report_is_defined_on_its_methodology_sheet() {
    let t = templates(None);
    for x in t.workbooks() {
        let m = make(&t, &x.name, Lang::Id, &Settings::default());
        let mut book = open(&m.book);
        let last = book.sheet_names().pop().unwrap();
        let range = book.worksheet_range(&last).unwrap();
        let ids: BTreeSet<String> = range.used_cells().map(|c| c.2.to_string()).collect();
        for s in &x.sheet {
            let lines = s.lines.iter().map(|l| &l.measure);
            for id in s.columns.iter().map(|c| &c.measure).chain(lines) {
                assert!(ids.contains(id), "{} lacks {id}", x.name);
            }
        }
        for i in 1..=12 {
            let item = locale::text(Lang::Id, &format!("report.check.{i}.item")).to_owned();
            assert!(ids.contains(&item), "{item}");
        }
    }
}

#[test]
fn item_6_every_chart_is_native_titled_described_and_starts_bars_at_zero() {
    every_book(|name, _, m| {
        let parts = parts(&m.book);
        let charts: Vec<(&String, &String)> = parts
            .iter()
            .filter(|(p, _)| p.starts_with("xl/charts/chart"))
            .collect();
        assert_eq!(charts.len(), m.charts);
        assert!(m.charts >= 10, "{name}: {}", m.charts);
        for (p, x) in &charts {
            assert!(x.contains("<c:title>"), "{name} {p} has no title");
            assert!(
                x.contains("<c:min val=\"0\"/>"),
                "{name} {p} does not start at nought"
            );
            assert!(!x.contains("view3D") && !x.contains("pieChart"));
        }
        let described = parts
            .iter()
            .filter(|(p, _)| p.starts_with("xl/drawings/drawing"))
            .map(|(_, x)| x.matches(" descr=\"").count())
            .sum::<usize>();
        assert_eq!(described, m.charts, "{name}: alternative texts");
    });
    // The kinds of DOMAIN.md 4.3.
    let m = make(&templates(None), "kanwil", Lang::Id, &Settings::default());
    let all: String = parts(&m.book)
        .into_iter()
        .filter(|(p, _)| p.starts_with("xl/charts/chart"))
        .map(|p| p.1)
        .collect();
    for mark in [
        "<c:errBars>",
        "percentStacked",
        "\"stacked\"",
        "<c:dateAx>",
        "<c:lineChart>",
    ] {
        assert!(all.contains(mark), "no chart has {mark}");
    }
    let sheets: String = parts(&m.book).into_values().collect();
    assert!(sheets.contains("sparkline") && sheets.contains("colorScale"));
}

#[test]
fn item_7_every_sheet_prints_on_the_offices_paper_with_footer_and_page_numbers() {
    for (paper, code) in [("A4", "9"), ("F4", "14")] {
        let mut s = Settings::default();
        s.office.paper = paper.into();
        let m = make(&templates(None), "kota", Lang::Id, &s);
        for (p, x) in parts(&m.book) {
            if !p.starts_with("xl/worksheets/sheet") {
                continue;
            }
            assert!(
                x.contains(&format!("paperSize=\"{code}\"")),
                "{p} on {paper}"
            );
            assert!(x.contains("fitToPage=\"1\""), "{p}");
            assert!(
                x.contains("PEMERINTAH KOTA AMBON") && x.contains("Halaman &amp;P dari &amp;N"),
                "{p}"
            );
        }
    }
}

#[test]
fn item_8_the_properties_name_office_and_period_and_never_a_person() {
    every_book(|name, lang, m| {
        let parts = parts(&m.book);
        let core = &parts["docProps/core.xml"];
        assert!(core.contains(&locale::month_long(lang, month())), "{name}");
        assert!(
            core.contains("<dc:creator></dc:creator>") || core.contains("<dc:creator/>"),
            "{core}"
        );
        assert!(
            !core.contains("<cp:lastModifiedBy>")
                || core.contains("<cp:lastModifiedBy></cp:lastModifiedBy>")
        );
        assert!(parts["docProps/app.xml"].contains("<Company>"));
    });
}

#[test]
fn item_9_english_is_the_same_workbook_not_a_lesser_one() {
    let t = templates(None);
    for name in ["kota", "kanwil"] {
        let [a, b] = [Lang::Id, Lang::En].map(|l| make(&t, name, l, &Settings::default()));
        assert_eq!(a.charts, b.charts);
        assert_eq!(a.map.len(), b.map.len());
        let (x, y) = (parts(&a.book), parts(&b.book));
        assert!(x.keys().eq(y.keys()), "{name}");
        let mut book = open(&b.book);
        let foreign = ["Jumlah", "Catatan:", "Sumber:", "bertambah"];
        for (tab, range) in book.worksheets() {
            for (_, _, v) in range.used_cells() {
                let s = v.to_string();
                assert!(
                    !foreign.iter().any(|w| s.starts_with(w)),
                    "{name} {tab}: {s}"
                );
            }
        }
    }
}

#[test]
fn a_total_that_is_not_the_sum_of_its_rows_is_explained() {
    // The made-up numbers do not add up: every sheet with a total and nothing hidden must say so.
    let t = templates(None);
    let template = t.workbooks().find(|x| x.name == "kanwil").unwrap();
    let (said, ..) = with_content(&t, &Settings::default(), Lang::Id, |c| {
        template
            .sheet
            .iter()
            .map(|s| sentence::sums(c, &grid::grid(c, template, s)).len())
            .sum::<usize>()
    });
    assert!(said >= 5, "{said}");
}

#[test]
fn sentences_say_how_a_count_moved_and_what_a_share_is_of() {
    let t = templates(None);
    let (texts, ..) = with_content(&t, &Settings::default(), Lang::Id, |c| {
        let base = figures(&t, month(), 0)
            .into_iter()
            .find(|f| {
                f.measure == "clients" && f.population == Population::Maluku && f.dim1.0.is_empty()
            })
            .unwrap();
        let count = |v: f64| Figure {
            numerator: Some(v),
            estimate: Some(v),
            ..base.clone()
        };
        let share = |k: f64, n: f64, status| Figure {
            unit: Unit::Share,
            numerator: Some(k),
            denominator: Some(n),
            estimate: (n >= 10.0).then(|| k / n),
            ci_low: (n >= 10.0).then_some(0.05),
            ci_high: (n >= 10.0).then_some(0.242),
            status,
            ..base.clone()
        };
        let about = |f: &Figure, b: Option<&Figure>| sentence::about(c, Some(f), "Klien aktif", b);
        [
            about(&count(163.0), Some(&count(151.0))),
            about(&count(1163.0), Some(&count(1200.0))),
            about(&count(163.0), Some(&count(163.0))),
            about(&count(163.0), None),
            about(&share(100.0, 710.0, Status::Ok), None),
            about(&share(3.0, 17.0, Status::Unreliable), None),
            about(&share(2.0, 8.0, Status::Unreliable), None),
            about(&share(0.0, 12.0, Status::Unreliable), None),
            about(
                &Figure {
                    status: Status::SuppressedPrimary,
                    ..count(3.0)
                },
                None,
            ),
        ]
    });
    insta::assert_snapshot!(texts.join("\n"), @r"
    Klien aktif bertambah 12 orang, dari 151 menjadi 163.
    Klien aktif berkurang 37 orang, dari 1.200 menjadi 1.163.
    Klien aktif tetap 163 orang.
    Klien aktif: 163 orang.
    Klien aktif: 100 dari 710 (14,1 %); rentang wajar 5,0 %–24,2 %.
    Klien aktif: 3 dari 17 (18 %); rentang wajar 5 %–24 %; angka kecil.
    Klien aktif: 2 dari 8; terlalu sedikit untuk persentase.
    Klien aktif: nihil, 0 dari 12 (batas atas yang wajar 24 %); angka kecil.
    Klien aktif: dirahasiakan karena terlalu kecil.
    ");
}

#[test]
fn an_earlier_month_that_changed_since_it_was_published_is_named() {
    let t = templates(None);
    let template = t.workbooks().find(|x| x.name == "kanwil").unwrap();
    let sheet = template
        .sheet
        .iter()
        .find(|s| s.rows == ["ended_month"])
        .unwrap();
    let (notes, ..) = with_content(&t, &Settings::default(), Lang::Id, |c| {
        sentence::revisions(c, &grid::grid(c, template, sheet))
    });
    assert!(
        notes.len() == 1 && notes[0].starts_with("Direvisi sejak terbitan Desember 2025"),
        "{notes:?}"
    );
}

/// What the README shows: a sheet with a breakdown and a chart of its own, without Rust.
const ANALYST: &str = r#"audience = "kanwil"
population = "maluku"
title = { id = "Klien menurut umur", en = "Clients by age" }

[[kpi]]
measure = "clients"

[[sheet]]
name = { id = "Umur", en = "Age" }
title = { id = "Klien Aktif Menurut Kelompok Umur dan Bapas", en = "Active Clients by Age and Office" }
rows = "age_group"
across = "bapas"
columns = [{ measure = "clients" }]
chart = { kind = "stacked_bar", title = { id = "{value} klien aktif menurut umur", en = "{value} active clients by age" } }
"#;

#[test]
fn an_analyst_adds_a_sheet_a_breakdown_and_a_chart_in_under_25_lines() {
    assert!(ANALYST.lines().count() < 25);
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("umur.toml"), ANALYST).unwrap();
    let t = templates(Some(dir.path()));
    let m = make(&t, "umur", Lang::Id, &Settings::default());
    assert_eq!(m.charts, 1);
    let names = open(&m.book).sheet_names();
    assert_eq!(names, ["Sampul", "Ringkasan", "Umur", "Metodologi"]);
}

#[test]
fn every_chart_of_the_templates_is_a_picture_too() {
    let t = templates(None);
    for template in t.workbooks() {
        let (specs, ..) = with_content(&t, &Settings::default(), Lang::Id, |c| charts(template, c));
        assert!(specs.len() >= 10, "{}: {}", template.name, specs.len());
        for (stem, spec) in specs {
            let d = picture::draw_chart(&spec, 1600, 900).unwrap();
            for (i, a) in d.labels.iter().enumerate() {
                for b in &d.labels[i + 1..] {
                    let apart = a.at[2] <= b.at[0]
                        || b.at[2] <= a.at[0]
                        || a.at[3] <= b.at[1]
                        || b.at[3] <= a.at[1];
                    assert!(apart, "{stem}: `{}` lies on `{}`", a.text, b.text);
                }
            }
        }
    }
}

#[test]
fn a_logo_is_read_from_the_workspace_alone() {
    let dir = tempfile::tempdir().unwrap();
    let ws = dir.path().join("ws");
    std::fs::create_dir(&ws).unwrap();
    assert!(read_logo(&ws, "").unwrap().is_none());
    std::fs::write(dir.path().join("x.png"), b"x").unwrap();
    assert!(read_logo(&ws, "../x.png").is_err(), "outside");
    std::fs::write(ws.join("x.png"), b"no picture").unwrap();
    assert!(read_logo(&ws, "x.png").is_err(), "no picture");
    let d = picture::Drawing {
        svg: "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"/>".into(),
        labels: vec![],
        width: 9.0,
        height: 9.0,
    };
    std::fs::write(ws.join("y.png"), picture::png(&d, 1.0).unwrap()).unwrap();
    assert!(read_logo(&ws, "y.png").unwrap().is_some());
}
