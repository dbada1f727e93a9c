//! The papers parsed back: every number is the figure it claims to be, whatever is hidden stays away, nothing leaves its
//! place, the same bytes twice.

use super::*;
use crate::report::paper::model::{Block, Paper, PrintColumn, SlideBody, Table};
use crate::report::paper::{build, docx, html, pptx};
use quick_xml::events::Event;

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

/// The tables of a document: caption and rows of cells.
fn tables_of(docx: &[u8]) -> Vec<(String, Vec<Vec<String>>)> {
    let xml = parts(docx)["word/document.xml"].clone();
    let mut reader = quick_xml::Reader::from_str(&xml);
    let mut out: Vec<(String, Vec<Vec<String>>)> = Vec::new();
    let mut in_text = false;
    loop {
        match reader.read_event().unwrap() {
            Event::Start(e) => match e.name().as_ref() {
                b"w:tbl" => out.push(Default::default()),
                b"w:tr" => out.last_mut().unwrap().1.push(vec![]),
                b"w:tc" => out
                    .last_mut()
                    .unwrap()
                    .1
                    .last_mut()
                    .unwrap()
                    .push(String::new()),
                b"w:t" => in_text = true,
                _ => {}
            },
            Event::Empty(e) if e.name().as_ref() == b"w:tblCaption" => {
                let value = e
                    .attributes()
                    .flatten()
                    .find(|a| a.key.as_ref() == b"w:val")
                    .unwrap();
                out.last_mut().unwrap().0 = value.unescape_value().unwrap().into_owned();
            }
            Event::Text(t) if in_text => {
                if let Some(cell) = out.last_mut().and_then(|t| t.1.last_mut()?.last_mut()) {
                    cell.push_str(&t.decode().unwrap());
                }
            }
            Event::GeneralRef(r) if in_text => {
                let name = r.decode().unwrap().into_owned();
                let text = quick_xml::escape::unescape(&format!("&{name};"))
                    .unwrap()
                    .into_owned();
                if let Some(cell) = out.last_mut().and_then(|t| t.1.last_mut()?.last_mut()) {
                    cell.push_str(&text);
                }
            }
            Event::End(e) => match e.name().as_ref() {
                b"w:t" => in_text = false,
                // What follows a table is no part of it.
                b"w:tbl" => out.last_mut().unwrap().1.push(vec![]),
                _ => {}
            },
            Event::Eof => break,
            _ => {}
        }
    }
    for t in &mut out {
        t.1.retain(|r| !r.is_empty());
    }
    out
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

#[test]
fn every_number_of_the_word_tables_is_the_published_figure_it_claims_to_be() {
    every_paper(|name, lang, f, table, before| {
        let found = tables_of(&f.docx);
        let mut seen = 0;
        for t in all_tables(&f.paper) {
            let columns = t.columns();
            // A table that is too wide stands in pieces: each cell is looked for under its row and header.
            let pieces: Vec<_> = found
                .iter()
                .filter(|(c, _)| c.starts_with(t.title.as_str()))
                .collect();
            for (r, row) in t.grid.rows.iter().enumerate() {
                for c in &columns {
                    let PrintColumn::One(i) = c else { continue };
                    let cell = &row.cells[*i];
                    let Some(key) = &cell.key else { continue };
                    let source = if cell.part == Part::Of(Show::Previous) {
                        before
                    } else {
                        table
                    };
                    let Some(figure) = source.by_key(key) else {
                        continue;
                    };
                    let Some(expected) =
                        as_printed(figure, cell.part, lang).filter(|_| !figure.is_hidden())
                    else {
                        continue;
                    };
                    let header = &t.grid.columns[*i].header;
                    let at: Vec<&String> = (pieces.iter())
                        .filter_map(|(_, rows)| {
                            let k = rows[0].iter().position(|h| h == header)?;
                            rows.get(r + 1)?.get(k)
                        })
                        .collect();
                    if at.is_empty() {
                        continue;
                    }
                    assert!(
                        at.iter().any(|x| **x == expected),
                        "{name} {lang:?} {} {header} row {r}: {at:?} for {expected}",
                        t.title
                    );
                    seen += 1;
                }
            }
        }
        // The public reads three tables.
        let least = if name == "publik" { 80 } else { 250 };
        assert!(seen > least, "{name}: {seen} numbers");
    });
}

#[test]
fn the_word_report_has_styles_contents_captions_and_pictures_with_words_for_them() {
    every_paper(|name, _, f, _, _| {
        let all = parts(&f.docx);
        let xml = &all["word/document.xml"];
        for style in ["Heading1", "Heading2", "Caption", "TabelLaporan", "TOC1"] {
            assert!(
                xml.contains(&format!("w:val=\"{style}\"")),
                "{name}: {style}"
            );
            assert!(all["word/styles.xml"].contains(&format!("w:styleId=\"{style}\"")));
        }
        assert!(
            xml.contains(" TOC \\o ")
                && xml.contains("SEQ ")
                && all["word/footer1.xml"].contains("NUMPAGES")
        );
        let pictures = xml.matches("<wp:docPr ").count();
        assert!(
            pictures > if name == "publik" { 1 } else { 5 }
                && xml.matches("descr=\"").count() >= pictures,
            "{name}: {pictures} pictures"
        );
        assert!(
            !xml.contains("descr=\"\""),
            "{name}: a picture without words"
        );
        for relation in xml.split("r:embed=\"").skip(1) {
            let id = relation.split('"').next().unwrap();
            assert!(all["word/_rels/document.xml.rels"].contains(&format!("Id=\"{id}\"")));
        }
    });
}

/// Series of a chart's cache: name and numbers by place.
fn caches(chart: &str) -> Vec<(String, BTreeMap<usize, String>)> {
    let one = |x: &str| {
        let name = x
            .split("<c:v>")
            .nth(1)
            .unwrap()
            .split('<')
            .next()
            .unwrap()
            .to_owned();
        let values = x
            .split("<c:val>")
            .nth(1)
            .unwrap()
            .split("</c:val>")
            .next()
            .unwrap();
        let points = values.split("<c:pt idx=\"").skip(1).map(|p| {
            let (i, rest) = p.split_once('"').unwrap();
            (
                i.parse().unwrap(),
                rest.split("<c:v>")
                    .nth(1)
                    .unwrap()
                    .split('<')
                    .next()
                    .unwrap()
                    .to_owned(),
            )
        });
        (name, points.collect())
    };
    chart.split("<c:ser>").skip(1).map(one).collect()
}

#[test]
fn slides_have_native_charts_over_protected_cells_and_notes_for_the_speaker() {
    every_paper(|name, _, f, table, _| {
        let all = parts(&f.pptx);
        let slides = all
            .keys()
            .filter(|k| k.starts_with("ppt/slides/slide"))
            .count();
        assert!((6..=10).contains(&slides), "{name}: {slides} slides");
        let known: BTreeSet<String> = figures_of(table);
        let mut zip = zip::ZipArchive::new(Cursor::new(&f.pptx)).unwrap();
        let mut points = 0;
        for n in 1..=slides {
            let notes = &all[&format!("ppt/notesSlides/notesSlide{n}.xml")];
            assert!(notes.len() > 1500, "{name}: notes of slide {n}");
            let Some(chart) = all.get(&format!("ppt/charts/chart{n}.xml")) else {
                continue;
            };
            let mut book = Vec::new();
            let path = format!("ppt/embeddings/Microsoft_Excel_Sheet{n}.xlsx");
            std::io::Read::read_to_end(&mut zip.by_name(&path).unwrap(), &mut book).unwrap();
            let mut book = open(&book);
            let sheet = book.worksheet_range("Data").unwrap();
            for (series, cache) in caches(chart) {
                let column = (1..sheet.width()).find(|c| {
                    let head = sheet
                        .get((0, *c))
                        .map(|h| crate::report::paper::package::escape(&h.to_string()));
                    head.as_deref() == Some(series.as_str())
                });
                let column =
                    column.unwrap_or_else(|| panic!("{name} slide {n}: no column {series}"));
                for r in 1..sheet.height() {
                    let cell = sheet.get((r, column)).cloned().unwrap_or_default();
                    let cell = match cell {
                        Data::Float(v) => Some(v.to_string()),
                        _ => None,
                    };
                    assert_eq!(
                        cache.get(&(r - 1)).cloned(),
                        cell,
                        "{name} slide {n} {series} row {r}"
                    );
                    if let Some(v) = cell {
                        let rest = series == locale::text(Lang::Id, "report.rest")
                            || series == locale::text(Lang::En, "report.rest");
                        assert!(
                            rest || known.contains(&v),
                            "{name} slide {n} {series}: {v} is no figure"
                        );
                        points += 1;
                    }
                }
            }
        }
        let least = if name == "publik" { 10 } else { 60 };
        assert!(points > least, "{name}: {points} points");
    });
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
fn the_pocket_page_asks_for_nothing_and_runs_only_what_its_policy_names() {
    every_paper(|name, _, f, _, _| {
        assert!(f.html.len() < 2_000_000, "{name}: {} bytes", f.html.len());
        let policy = f
            .html
            .split("content=\"default-src")
            .nth(1)
            .unwrap()
            .split("\">")
            .next()
            .unwrap();
        for (tag, rule) in [("style", "style-src"), ("script", "script-src")] {
            let inner = f
                .html
                .split(&format!("<{tag}>"))
                .nth(1)
                .unwrap()
                .split(&format!("</{tag}>"))
                .next()
                .unwrap();
            assert!(
                policy.contains(&format!("{rule} 'sha256-{}'", html::digest(inner))),
                "{name} {tag}"
            );
            assert_eq!(f.html.matches(&format!("<{tag}")).count(), 1);
        }
        for asks in [
            " src=\"http",
            " href=\"http",
            "url(",
            "@import",
            " style=\"",
            " onclick",
            "<iframe",
            "<form",
        ] {
            assert!(!f.html.contains(asks), "{name} holds {asks}");
        }
        // The only address is the name of the drawings' language.
        let names = f
            .html
            .matches("xmlns=\"http://www.w3.org/2000/svg\"")
            .count();
        assert_eq!(
            f.html.matches("http").count(),
            names + f.html.matches("http-equiv").count(),
            "{name}"
        );
        for id in f.html.split("href=\"#").skip(1) {
            let id = id.split('"').next().unwrap();
            assert!(
                f.html.contains(&format!("id=\"{id}\"")),
                "{name}: a link leads to {id}"
            );
        }
    });
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
fn no_text_of_a_slide_leaves_its_box() {
    let t = templates(None);
    for lang in [Lang::Id, Lang::En] {
        for name in ["kota", "kanwil", "publik"] {
            let (f, ..) = files(&t, name, lang, |_| {});
            for s in &f.paper.slides {
                let size =
                    pptx::size_for(&s.title, true, 754.0, 2, &[28.0, 25.0, 22.0, 19.0, 16.0]);
                assert!(
                    pptx::wrapped(&s.title, size, true, 754.0) <= 2,
                    "{name}: {}",
                    s.title
                );
                if let SlideBody::Numbers(tiles) = &s.body {
                    assert_eq!(tiles.len(), 4, "{name}");
                }
            }
            // Frames end above the foot of the slide and left of its edge.
            for (path, xml) in parts(&f.pptx)
                .iter()
                .filter(|(p, _)| p.starts_with("ppt/slides/slide"))
            {
                for frame in xml.split("<p:xfrm>").skip(1) {
                    let number = |tag: &str| -> f64 {
                        frame
                            .split(&format!("{tag}=\""))
                            .nth(1)
                            .unwrap()
                            .split('"')
                            .next()
                            .unwrap()
                            .parse()
                            .unwrap()
                    };
                    let (right, bottom) =
                        (number(" x") + number("cx"), number(" y") + number("cy"));
                    assert!(
                        right <= 930.0 * 12_700.0 && bottom <= 504.0 * 12_700.0,
                        "{path}: {right} {bottom}"
                    );
                }
            }
        }
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
        series::write_series("kota", c, &before, &now, dir.path()).unwrap();
        series::write_series("kanwil", c, &before, &now, dir.path()).unwrap();
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
