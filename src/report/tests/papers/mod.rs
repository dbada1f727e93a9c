//! The papers parsed back: every number is the figure it claims to be, whatever is hidden stays away, nothing leaves its
//! place, the same bytes twice.

mod boxes;
mod page;
mod slides;
mod word;

use super::*;
use crate::report::paper::model::{Block, Paper, PrintColumn, Table};
use crate::report::paper::{build, docx, html, pptx};
use slides::caches;
use word::tables_of;

/// The papers of an audience as files.
struct Files {
    paper: Paper,
    docx: Vec<u8>,
    pptx: Vec<u8>,
    html: String,
}

fn files(
    t: &Templates,
    name: &str,
    lang: Lang,
    change: impl Fn(&mut Figure),
) -> (Files, FigureTable, FigureTable) {
    files_named(t, name, lang, &Names(UptRegistry::maluku(&[])), change)
}

/// The same with other names of categories.
fn files_named(
    t: &Templates,
    name: &str,
    lang: Lang,
    labels: &dyn Labels,
    change: impl Fn(&mut Figure),
) -> (Files, FigureTable, FigureTable) {
    let template = t.workbooks().find(|x| x.name == name).unwrap();
    let settings = Settings::default();
    let changed = |m: Month, shift: u64| {
        let mut all = figures(t, m, shift);
        all.iter_mut().for_each(&change);
        FigureTable::new(&all)
    };
    let (made, ..) = with_content(t, &settings, lang, |c| {
        let (table, before, year) = (
            changed(month(), 0),
            changed(month().plus(-1), 3),
            changed(month().plus(-12), 5),
        );
        let c = Content {
            figures: &table,
            previous: &before,
            last_year: &year,
            labels,
            ..*c
        };
        let b = Book::new(template, &c);
        let paper = build::paper(&b, t.page(&template.audience));
        let office = b.office();
        let setting = docx::Setting {
            page: docx::Setting::size("A4"),
            colours: &settings.office.colours,
            logo: None,
            office: &office,
            day: month().last_day(),
        };
        let made = Files {
            docx: docx::docx(&paper, &setting).unwrap(),
            pptx: pptx::pptx(&paper, &setting).unwrap(),
            html: html::html(&paper, &setting).unwrap(),
            paper,
        };
        (made, table, before)
    });
    made
}

fn every_paper(check: impl Fn(&str, Lang, &Files, &FigureTable, &FigureTable)) {
    let t = templates(None);
    for name in ["kota", "kanwil", "publik"] {
        for lang in [Lang::Id, Lang::En] {
            let (f, table, before) = files(&t, name, lang, |_| {});
            check(name, lang, &f, &table, &before);
        }
    }
}

/// A figure's number as a reader of the language writes it: a share with one decimal from a hundred on, marked below
/// thirty.
fn as_printed(f: &Figure, part: Part, lang: Lang) -> Option<String> {
    let (share, fine) = (
        matches!(f.unit, Unit::Share | Unit::ShareDifference),
        f.denominator.is_none_or(|d| d >= 100.0),
    );
    let fine = fine || f.unit == Unit::ShareDifference;
    let few = f.status == Status::Unreliable;
    let plain = |v: f64| locale::decimal(lang, v, usize::from(v.fract() != 0.0));
    let estimate = |v: f64| match f.unit {
        _ if share => locale::percent(lang, v, usize::from(fine)) + if few { "*" } else { "" },
        Unit::Ratio | Unit::Per100PersonYears => locale::decimal(lang, v, 2),
        _ => plain(v),
    };
    let count = matches!(f.unit, Unit::Persons | Unit::Events | Unit::Days);
    match part {
        // A count has no percentage.
        Part::Of(Show::Rate) if count => None,
        Part::Of(Show::K) => f.numerator.map(plain),
        Part::Of(Show::N) => f.denominator.map(plain),
        Part::Of(Show::Value | Show::Rate | Show::Previous) => f.estimate.map(estimate),
        _ => None,
    }
}

/// The tables of a paper's chapters.
pub(super) fn in_chapters(p: &Paper) -> impl Iterator<Item = &Table> {
    let blocks = p
        .chapters
        .iter()
        .flat_map(|c| &c.sections)
        .flat_map(|s| &s.blocks);
    blocks.filter_map(|b| match b {
        Block::Table(t) => Some(t),
        _ => None,
    })
}

fn all_tables(p: &Paper) -> impl Iterator<Item = &Table> {
    p.indicators.iter().chain(in_chapters(p)).chain(&p.tables)
}

/// Every number of figures that may be shown.
fn figures_of(table: &FigureTable) -> BTreeSet<String> {
    let shown = measure::MEASURES
        .iter()
        .flat_map(|m| table.of(m.id))
        .filter(|f| !f.is_hidden());
    let numbers = |f: &Figure| [f.numerator, f.denominator, f.estimate, f.ci_low, f.ci_high];
    shown
        .flat_map(numbers)
        .flatten()
        .map(csv_out::number)
        .collect()
}

#[test]
fn with_every_figure_hidden_no_paper_holds_a_number_of_one() {
    let t = templates(None);
    for name in ["kota", "kanwil", "publik"] {
        let (f, ..) = files(&t, name, Lang::Id, |x| {
            x.status = Status::Suppressed;
            (x.numerator, x.denominator, x.estimate, x.ci_low, x.ci_high) =
                (None, None, None, None, None);
        });
        for (caption, rows) in tables_of(&f.docx) {
            if !f
                .paper
                .tables
                .iter()
                .any(|t| caption.starts_with(t.title.as_str()))
            {
                continue;
            }
            for row in rows.iter().skip(1) {
                let names = f
                    .paper
                    .tables
                    .iter()
                    .find(|t| caption.starts_with(t.title.as_str()))
                    .map_or(1, |t| t.grid.lead.len());
                let numbers = row
                    .iter()
                    .skip(names)
                    .filter(|c| c.chars().any(|x| x.is_ascii_digit()) && *c != "x");
                assert_eq!(numbers.count(), 0, "{name} {caption}: {row:?}");
            }
        }
        let all = parts(&f.pptx);
        for (path, xml) in all
            .iter()
            .filter(|(p, _)| p.starts_with("ppt/charts/chart"))
        {
            for (series, cache) in caches(xml) {
                assert!(cache.is_empty(), "{name} {path} {series}: {cache:?}");
            }
        }
        assert!(
            f.paper.slides.iter().all(|s| !s.title.contains('{')),
            "{name}: a title with a hole"
        );
    }
}

#[test]
fn every_paper_bears_the_classification_of_its_readers() {
    every_paper(|name, lang, f, _, _| {
        let of = |level: &str| locale::text(lang, &format!("report.class.{level}")).to_owned();
        let word = of(match name {
            "kota" => "shared",
            "kanwil" => "internal",
            _ => "public",
        });
        let docx = parts(&f.docx);
        let letter = &docx["word/document.xml"];
        let slides: String = (parts(&f.pptx).into_iter())
            .filter(|(path, _)| path.starts_with("ppt/slides/slide"))
            .map(|(_, xml)| xml)
            .collect();
        for (what, text) in [
            ("letter", letter.as_str()),
            ("slides", &slides),
            ("page", &f.html),
            ("chat", &f.paper.chat[0]),
        ] {
            assert!(text.contains(&word), "{name} {lang:?}: {what}");
            for other in ["shared", "internal", "public"].map(of) {
                // On the page the word may stand in a text of its own.
                let of_its_own = what == "page";
                assert!(
                    other == word || of_its_own || !text.contains(&other),
                    "{name}: {what} says {other}"
                );
            }
        }
    });
}

#[test]
fn the_same_figures_make_the_same_bytes() {
    let t = templates(None);
    let once = || files(&t, "kota", Lang::Id, |_| {}).0;
    let (a, b) = (once(), once());
    assert!(a.docx == b.docx && a.pptx == b.pptx && a.html == b.html);
}

#[test]
fn an_offices_own_paragraph_stands_where_the_template_says_and_a_wrong_place_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let built_in = Templates::built_in()
        .find(|(n, _)| n == "kota.toml")
        .unwrap()
        .1;
    let own = "\n[[paper.paragraph]]\nat = \"Perkembangan dua belas bulan\"\ntext = { id = \"Kata kantor untuk {month}.\", en = \"The office on {month}.\" }\n";
    let path = dir.path().join("kota.toml");
    std::fs::write(&path, format!("{built_in}{own}")).unwrap();
    let (f, ..) = files(&templates(Some(dir.path())), "kota", Lang::Id, |_| {});
    let told = "Kata kantor untuk Januari 2026.";
    assert!(parts(&f.docx)["word/document.xml"].contains(told) && f.html.contains(told));

    for (from, to, near) in [
        (
            "at = \"Perkembangan",
            "at = \"Perkembangn",
            "Perkembangan dua belas bulan",
        ),
        ("sheet = \"Kembali\"", "sheet = \"Kembal\"", "`Kembali`"),
        ("{month}", "{mont}", "`month`"),
    ] {
        let text = format!("{built_in}{own}");
        let at = text.rfind(from).unwrap();
        let text = format!("{}{}", &text[..at], text[at..].replacen(from, to, 1));
        std::fs::write(&path, text).unwrap();
        let e = Templates::load(Some(dir.path()), None, &measure::breakdowns())
            .unwrap_err()
            .to_string();
        assert!(
            e.contains("kota.toml") && e.contains("line") && e.contains(near),
            "{e}"
        );
    }
}
