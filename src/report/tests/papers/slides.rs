//! The slides: native charts over protected cells, notes for the speaker.

use super::*;
use crate::report::paper::model::SlideBody;

/// Series of a chart's cache: name and numbers by place.
pub(super) fn caches(chart: &str) -> Vec<(String, BTreeMap<usize, String>)> {
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

#[test]
fn every_number_in_the_tables_and_large_on_a_slide_is_the_published_figure_it_claims_to_be() {
    every_paper(|name, lang, f, table, before| {
        let all = parts(&f.pptx);
        let mut seen = 0;
        for (n, slide) in f.paper.slides.iter().enumerate() {
            let xml = &all[&format!("ppt/slides/slide{}.xml", n + 1)];
            match &slide.body {
                SlideBody::Numbers(tiles) => {
                    for t in tiles {
                        // A large number is one of its measure's, this month's or in a rolling year.
                        let mut of_it = table.of(&t.measure).filter(|x| !x.is_hidden());
                        let any = of_it.any(|x| {
                            as_printed(x, Part::Of(Show::Value), lang).as_ref() == Some(&t.value)
                        });
                        assert!(
                            any && xml.contains(&crate::report::paper::escape(&t.value)),
                            "{name} {}",
                            t.value
                        );
                        seen += 1;
                    }
                }
                SlideBody::Table(t) => {
                    let cells: Vec<&str> = xml.split("<a:t>").skip(1).collect();
                    for (row, r) in t.grid.rows.iter().zip(0..) {
                        for (cell, c) in row.cells.iter().zip(0..) {
                            let source = match cell.part {
                                Part::Of(Show::Previous) => before,
                                _ => table,
                            };
                            let figure = cell.key.as_ref().and_then(|k| source.by_key(k));
                            let figure = figure.filter(|x| !x.is_hidden());
                            let Some(expected) =
                                figure.and_then(|x| as_printed(x, cell.part, lang))
                            else {
                                continue;
                            };
                            let text = crate::report::sentence::written(lang, t.grid.value(r, c));
                            assert_eq!(text, expected, "{name} {} {r} {c}", t.title);
                            let end = format!("{}</a:t>", crate::report::paper::escape(&text));
                            seen += usize::from(cells.iter().any(|x| x.starts_with(&end)));
                        }
                    }
                }
                SlideBody::Chart(_) | SlideBody::Words(..) | SlideBody::Nothing => {}
            }
        }
        assert!(seen >= 4, "{name}: {seen} numbers");
    });
}
