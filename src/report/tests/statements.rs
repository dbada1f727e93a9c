//! What papers, page, slides, cover and legends say of numbers, read back and held against the numbers: for random figures
//! of every status no sentence is false.

use super::papers::in_chapters;
use super::texts::random;
use super::*;
use crate::report::grid::{Grid, Value};
use crate::report::paper::build;
use crate::report::paper::model::{Block, Paper, SlideBody, Table};

/// A number as a reader of the language writes it.
fn read(lang: Lang, text: &str) -> Option<f64> {
    let (apart, point) = match lang {
        Lang::Id => ('.', ","),
        Lang::En => (',', "."),
    };
    let minus = text.starts_with('−');
    let plain = text.trim_start_matches(['−', '+']).replace(apart, "");
    let v: f64 = plain.replace(point, ".").parse().ok()?;
    Some(if minus { -v } else { v })
}

/// The number a text begins with, and what stands after it.
fn leading(lang: Lang, text: &str) -> Option<(f64, &str)> {
    let text = text.trim_start();
    let end = text
        .find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ',' | '−' | '+')))
        .unwrap_or(text.len());
    let word = text[..end].trim_end_matches(['.', ',']);
    Some((read(lang, word)?, &text[word.len()..]))
}

/// The number a text ends with.
fn trailing(lang: Lang, text: &str) -> Option<f64> {
    let word = text.trim_end().rsplit([' ', '(', '\u{a0}']).next()?;
    read(lang, word)
}

/// Every `k of n (p %)` of a text: the share is that of the numbers beside it, in the digits of the denominator.
fn shares(lang: Lang, text: &str) -> usize {
    let of = locale::text(lang, "report.sentence.share");
    // `{title}: {k} dari {n} ({share})`: the word between the numbers is the locale's.
    let between = of.split("{k}").nth(1).unwrap().split("{n}").next().unwrap();
    let mut seen = 0;
    let mut at = 0;
    while let Some(i) = text[at..].find(between) {
        let (before, after) = (&text[..at + i], &text[at + i + between.len()..]);
        at += i + between.len();
        let (Some(k), Some((n, rest))) = (trailing(lang, before), leading(lang, after)) else {
            continue;
        };
        let Some(rest) = rest.strip_prefix(" (") else {
            continue;
        };
        let Some((_, end)) = leading(lang, rest) else {
            continue;
        };
        if !end.trim_start_matches('\u{a0}').starts_with('%') {
            continue;
        }
        assert!(n > 0.0 && k <= n, "{text}");
        let digits = usize::from(n >= 100.0);
        let said = locale::percent(lang, k / n, digits);
        assert!(rest.starts_with(&said), "{said} in: {text}");
        seen += 1;
    }
    seen
}

/// Every `rose by d, from a to b` of a text is a sum.
fn moves(lang: Lang, text: &str) -> usize {
    let mut seen = 0;
    for (key, sign) in [("up", 1.0), ("down", -1.0)] {
        let pattern = locale::text(lang, &format!("report.sentence.{key}")).to_owned();
        let word = |from: &str, to: &str| {
            let rest = pattern.split(from).nth(1).unwrap();
            rest.split(to).next().unwrap().to_owned()
        };
        let (verb, from) = (word("{title}", "{difference}"), word("{noun}", "{before}"));
        let to = word("{before}", "{now}");
        for part in text.split(&verb).skip(1) {
            let Some((d, rest)) = leading(lang, part) else {
                continue;
            };
            let Some((_, rest)) = rest.split_once(&from) else {
                continue;
            };
            let Some((a, rest)) = leading(lang, rest) else {
                continue;
            };
            let Some((b, _)) = rest.strip_prefix(&to).and_then(|r| leading(lang, r)) else {
                continue;
            };
            // Each of the three is rounded to the digit that is printed.
            assert!((b - a - sign * d).abs() < 0.151, "{text}");
            seen += 1;
        }
    }
    seen
}

/// The interval of a share holds the share: `(p %); kisaran 95 % a–b %`.
fn intervals(lang: Lang, text: &str) -> usize {
    let pattern = locale::text(lang, "report.sentence.range");
    let lead = pattern.split("{low}").next().unwrap();
    let mut seen = 0;
    for (i, _) in text.match_indices(lead) {
        let before = text[..i].trim_end_matches(')');
        let before = before.trim_end_matches(['%', '\u{a0}']);
        let (Some(p), Some((low, rest))) = (
            trailing(lang, before),
            leading(lang, &text[i + lead.len()..]),
        ) else {
            continue;
        };
        let Some((high, _)) = rest.strip_prefix('–').and_then(|r| leading(lang, r)) else {
            continue;
        };
        assert!(low <= p && p <= high, "{p} in {low}–{high}: {text}");
        seen += 1;
    }
    seen
}

/// The items of a legend: `Keterangan: x = …; * = ….`
fn legend(lang: Lang, notes: &[String]) -> Vec<String> {
    let pattern = locale::text(lang, "paper.legend");
    let lead = pattern.split("{list}").next().unwrap();
    let line = notes.iter().find_map(|n| n.strip_prefix(lead));
    let items = line.into_iter().flat_map(|l| l.split("; "));
    items
        .filter_map(|x| Some(x.split_once(" = ")?.0.to_owned()))
        .collect()
}

/// The signs that stand in a table.
fn signs(g: &Grid) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    for cell in g.rows.iter().flat_map(|r| &r.cells) {
        match &cell.value {
            Value::Sign(s) => {
                out.insert(s.text().to_owned());
            }
            Value::Share { few: true, .. } => {
                out.insert("*".into());
            }
            _ => {}
        }
    }
    out
}

/// The largest row that a reading names is the largest of the table.
fn largest(lang: Lang, t: &Table) -> usize {
    let pattern = locale::text(lang, "report.sentence.top");
    let lead = pattern.split("{top}").next().unwrap();
    let Some((_, said)) = t.reading.rsplit_once(lead) else {
        return 0;
    };
    let said = said.trim_end_matches('.');
    let rows = t.grid.rows.iter().filter(|r| !r.total && !r.unknown);
    let named: Vec<&crate::report::grid::GridRow> = rows
        .clone()
        .filter(|r| r.labels.last().is_some_and(|l| said.contains(l.as_str())))
        .collect();
    assert!(!named.is_empty(), "{said}");
    // In one of the columns it is the largest, and nothing of that column is hidden.
    let best = |i: usize| {
        let mut rows = rows.clone().filter(|r| r.block == named[0].block);
        let most = |r: &&crate::report::grid::GridRow| {
            !matches!(r.cells[i].value, Value::Sign(Sign::Hidden))
                && r.cells[i].value.number().unwrap_or(0.0)
                    <= named[0].cells[i].value.number().unwrap_or(0.0)
        };
        rows.all(|r| most(&r))
    };
    assert!((0..t.grid.columns.len()).any(best), "{said}");
    1
}

/// Every text of a paper about its numbers.
fn said(p: &Paper) -> Vec<String> {
    let mut out: Vec<String> = p.summary.clone();
    out.extend(p.tiles.iter().map(|t| t.sentence.clone()));
    for b in p
        .chapters
        .iter()
        .flat_map(|c| &c.sections)
        .flat_map(|s| &s.blocks)
    {
        match b {
            Block::Paragraph(x) | Block::Note(x) => out.push(x.clone()),
            Block::Table(t) => out.push(t.reading.clone()),
            Block::Picture(x) => out.extend([x.title.clone(), x.alt.clone()]),
            Block::Words(_, rows) => out.extend(rows.iter().flatten().cloned()),
        }
    }
    for s in &p.slides {
        out.push(s.title.clone());
        out.extend(s.notes.iter().cloned());
    }
    out.extend(p.chat.iter().cloned());
    out
}

/// Every table of a paper, those of the slides with them.
fn tables(p: &Paper) -> Vec<&Table> {
    let in_slides = p.slides.iter().filter_map(|s| match &s.body {
        SlideBody::Table(t) => Some(&**t),
        _ => None,
    });
    in_chapters(p).chain(in_slides).chain(&p.tables).collect()
}

#[test]
fn no_sentence_legend_or_tile_of_a_paper_says_of_a_number_what_is_not_so() {
    let t = templates(None);
    let units = UptRegistry::maluku(&[]);
    let names = Names(UptRegistry::maluku(&[]));
    let settings = Settings::default();
    let facts = RunFacts {
        cutoff: Some(month().last_day()),
        ..RunFacts::default()
    };
    let none = FigureTable::new(&[]);
    let (mut told, mut legends) = ([0; 4], 0);
    for seed in 1..5 {
        let table = FigureTable::new(&random(&t, month(), seed));
        let before = FigureTable::new(&random(&t, month().plus(-1), seed + 100));
        for lang in [Lang::Id, Lang::En] {
            let c = Content {
                month: month(),
                lang,
                settings: &settings,
                units: &units,
                figures: &table,
                previous: &before,
                last_year: &none,
                facts: &facts,
                labels: &names,
            };
            for template in t.workbooks() {
                let b = Book::new(template, &c);
                let p = build::paper(&b, t.page(&template.audience));
                for text in said(&p) {
                    told[0] += shares(lang, &text);
                    told[1] += moves(lang, &text);
                    told[2] += intervals(lang, &text);
                }
                for x in &p.tables {
                    told[3] += largest(lang, x);
                }
                for x in tables(&p) {
                    let (explained, stand) = (legend(lang, &x.notes), signs(&x.grid));
                    let explained: BTreeSet<String> = explained.into_iter().collect();
                    assert_eq!(explained, stand, "{}: {:?}", x.title, x.notes);
                    legends += usize::from(!stand.is_empty());
                }
                // What a tile shows large is the figure's, or the sign of its status, and the slide explains the sign.
                for (tile, k) in p.tiles.iter().zip(&template.kpi) {
                    let f = c.figures.find(&k.column(), template.population, &[]);
                    let hidden = f.is_some_and(Figure::is_hidden);
                    assert_eq!(hidden, tile.value == Sign::Hidden.text(), "{tile:?}");
                    assert!(!hidden || numbers_of(&tile.detail).is_empty(), "{tile:?}");
                    assert!(!hidden || numbers_of(&tile.range).is_empty(), "{tile:?}");
                }
                for s in &p.slides {
                    let SlideBody::Numbers(tiles) = &s.body else {
                        continue;
                    };
                    let hidden = tiles.iter().any(|x| x.value == Sign::Hidden.text());
                    let meaning = locale::text(lang, "report.sign.hidden");
                    assert_eq!(hidden, s.remark.contains(meaning), "{}", s.remark);
                }
                // The change of a year is a rise or a fall only where its interval says so.
                for k in template.kpi.iter().filter(|k| !k.change.is_empty()) {
                    let column = crate::report::template::Column {
                        measure: k.change.clone(),
                        ..Default::default()
                    };
                    let f = c.figures.find(&column, template.population, &[]);
                    let ends = f.and_then(|f| f.ci_low.zip(f.ci_high));
                    let text = sentence::indicator(&c, template, k);
                    let says = |key: &str| {
                        text.contains(locale::text(lang, &format!("report.change.{key}")))
                    };
                    let rose = ends.is_some_and(|(a, _)| a > 0.0);
                    let fell = ends.is_some_and(|(_, b)| b < 0.0);
                    assert!(!says("rose") || rose, "{text}: {ends:?}");
                    assert!(!says("fell") || fell, "{text}: {ends:?}");
                }
            }
        }
    }
    assert!(
        told.iter().all(|n| *n > 20) && legends > 150,
        "{told:?} {legends}"
    );
}

fn numbers_of(text: &str) -> Vec<char> {
    text.chars().filter(char::is_ascii_digit).collect()
}

#[test]
fn a_false_sentence_is_found() {
    let share = "T: 20 dari 32 (63\u{a0}%); kisaran 95\u{a0}% 45–77\u{a0}%; bulan lalu 76\u{a0}%.";
    assert_eq!(
        (shares(Lang::Id, share), intervals(Lang::Id, share)),
        (1, 1)
    );
    let wrong = std::panic::catch_unwind(|| shares(Lang::Id, "T: 20 dari 32 (62\u{a0}%)."));
    assert!(wrong.is_err());
    let out = "T: 5 dari 10 (50\u{a0}%); kisaran 95\u{a0}% 51–77\u{a0}%.";
    assert!(std::panic::catch_unwind(|| intervals(Lang::Id, out)).is_err());
    assert_eq!(moves(Lang::En, &up(Lang::En, "3", "10", "13")), 1);
    let wrong = up(Lang::Id, "3", "10", "14");
    assert!(std::panic::catch_unwind(|| moves(Lang::Id, &wrong)).is_err());
}

fn up(lang: Lang, difference: &str, before: &str, now: &str) -> String {
    let args = [
        ("title", "T"),
        ("difference", difference),
        ("before", before),
        ("now", now),
        ("noun", " orang"),
    ];
    locale::format(lang, "report.sentence.up", &args)
}
