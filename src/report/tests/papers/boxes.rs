//! Every text of slides and of the tables of the Word report measured in the face it is shown in: with the longest names of
//! seventeen units, with every figure hidden, with a month nobody delivered.

use super::*;
use crate::report::paper::pptx_parts::{FOOT, Rect, SUBTITLE, TITLE};

/// Advance widths of Arial in thousandths of its size, from space to tilde: upright and bold.
const ARIAL: [[u16; 95]; 2] = [
    [
        278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556,
        556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722,
        722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722,
        667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556,
        556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500,
        500, 334, 260, 334, 584,
    ],
    [
        278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556,
        556, 556, 556, 556, 556, 556, 556, 556, 333, 333, 584, 584, 584, 611, 975, 722, 722, 722,
        722, 667, 611, 778, 722, 278, 556, 722, 611, 833, 722, 778, 667, 778, 722, 667, 611, 722,
        667, 944, 667, 667, 611, 333, 278, 333, 584, 556, 333, 556, 611, 556, 611, 556, 333, 611,
        611, 278, 278, 556, 278, 889, 611, 611, 611, 611, 389, 556, 333, 611, 556, 778, 556, 556,
        500, 389, 280, 389, 584,
    ],
];
/// Height of a line of Arial by its size.
const LINE: f64 = 1.15;

/// Width of a text in points.
fn width(text: &str, size: f64, bold: bool) -> f64 {
    let advance = |c: char| match (c as usize).checked_sub(32) {
        Some(i) if i < 95 => ARIAL[usize::from(bold)][i],
        _ if c == '…' || c == '—' => 1000,
        _ if c == '\u{a0}' => 278,
        _ => 604,
    };
    text.chars().map(|c| f64::from(advance(c))).sum::<f64>() * size / 1000.0
}

/// A paragraph of a shape or a cell.
#[derive(Debug, Clone)]
struct Line {
    text: String,
    size: f64,
    bold: bool,
}

impl Line {
    /// Lines it takes in a width, and whether each of its words fits it.
    fn wrapped(&self, room: f64) -> (usize, bool) {
        let (mut lines, mut used, mut fits) = (1, 0.0, true);
        for word in self.text.split(' ').filter(|w| !w.is_empty()) {
            let w = width(word, self.size, self.bold);
            fits &= w <= room + 0.5;
            let space = if used > 0.0 {
                width(" ", self.size, self.bold)
            } else {
                0.0
            };
            if used > 0.0 && used + space + w > room {
                lines += 1;
                used = w;
            } else {
                used += space + w;
            }
        }
        (lines, fits)
    }
    fn height(&self, room: f64) -> f64 {
        self.wrapped(room).0 as f64 * self.size * LINE
    }
}

fn attribute(xml: &str, name: &str) -> Option<f64> {
    let from = xml.find(&format!(" {name}=\""))? + name.len() + 3;
    xml[from..].split('"').next()?.parse().ok()
}

/// The parts of a text between an opening and a closing tag.
fn between<'a>(xml: &'a str, open: &'a str, close: &'a str) -> impl Iterator<Item = &'a str> {
    let parts = xml.split(open).skip(1);
    parts.map(move |p| p.split(close).next().unwrap_or_default())
}

fn paragraphs(xml: &str) -> Vec<Line> {
    let one = |p: &str| {
        let size = attribute(p, "sz").unwrap_or(1800.0) / 100.0;
        let text: String = between(p, "<a:t>", "</a:t>").collect();
        Line {
            text: quick_xml::escape::unescape(&text).unwrap().into_owned(),
            size,
            bold: p.contains(" b=\"1\""),
        }
    };
    between(xml, "<a:p>", "</a:p>").map(one).collect()
}

/// Where a shape stands, in points.
fn place(xml: &str) -> Option<Rect> {
    let at = between(xml, "<a:off", "/>")
        .next()
        .zip(between(xml, "<a:ext", "/>").next())?;
    let point = |x: &str, name: &str| Some(attribute(x, name)? / 12_700.0);
    Some(Rect {
        x: point(at.0, "x")?,
        y: point(at.0, "y")?,
        w: point(at.1, "cx")?,
        h: point(at.1, "cy")?,
    })
}

/// What does not stand in its place on a slide.
fn faults(slide: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut taken: Vec<(String, Rect)> = Vec::new();
    for shape in between(slide, "<p:sp>", "</p:sp>") {
        let mut lines = paragraphs(shape);
        let holder = between(shape, "<p:ph type=\"", "\"").next();
        let (at, inset) = match holder {
            Some("title") => {
                lines.iter_mut().for_each(|l| l.bold = true);
                (TITLE, [0.0; 4])
            }
            Some("body") => (SUBTITLE, [0.0; 4]),
            Some("ftr") => (FOOT, [0.0; 4]),
            Some(_) => continue,
            None => {
                let inset = ["lIns", "tIns", "rIns", "bIns"]
                    .map(|k| attribute(shape, k).unwrap_or(0.0) / 12_700.0);
                (place(shape).unwrap(), inset)
            }
        };
        if lines.iter().all(|l| l.text.is_empty()) {
            continue;
        }
        let room = at.w - inset[0] - inset[2];
        let high: f64 = lines.iter().map(|l| l.height(room)).sum();
        let text = lines
            .iter()
            .map(|l| l.text.as_str())
            .collect::<Vec<_>>()
            .join(" / ");
        if high > at.h - inset[1] - inset[3] + 0.5 {
            out.push(format!(
                "{high:.0} points of text in a box of {:.0}: {text}",
                at.h
            ));
        }
        if lines.iter().any(|l| !l.wrapped(room).1) {
            out.push(format!("a word wider than its box: {text}"));
        }
        taken.push((text, at));
    }
    for frame in between(slide, "<p:graphicFrame>", "</p:graphicFrame>") {
        let mut at = place(frame).unwrap();
        if frame.contains("<a:tbl>") {
            let widths: Vec<f64> = between(frame, "<a:gridCol", "/>")
                .map(|c| attribute(c, "w").unwrap() / 12_700.0)
                .collect();
            at.w = widths.iter().sum();
            at.h = 0.0;
            for row in between(frame, "<a:tr ", "</a:tr>") {
                let mut high = attribute(&format!(" {row}"), "h").unwrap() / 12_700.0;
                for (cell, w) in between(row, "<a:tc>", "</a:tc>").zip(&widths) {
                    let lines = paragraphs(cell);
                    let room = w - 8.0;
                    high = high.max(lines.iter().map(|l| l.height(room)).sum::<f64>() + 6.0);
                    if let Some(l) = lines.iter().find(|l| !l.wrapped(room).1) {
                        out.push(format!(
                            "a word wider than its column of {w:.0}: {}",
                            l.text
                        ));
                    }
                }
                at.h += high;
            }
        }
        taken.push(("frame".into(), at));
    }
    for (i, (a, p)) in taken.iter().enumerate() {
        if p.x < 0.0 || p.x + p.w > 921.0 || p.y + p.h > 540.0 {
            out.push(format!("beyond the slide: {a} {p:?}"));
        }
        for (b, q) in &taken[i + 1..] {
            let apart = p.x + p.w <= q.x + 0.5
                || q.x + q.w <= p.x + 0.5
                || p.y + p.h <= q.y + 0.5
                || q.y + q.h <= p.y + 0.5;
            if !apart {
                out.push(format!("{a} {p:?} over {b} {q:?}"));
            }
        }
    }
    out
}

/// Words of table cells of the Word report that are wider than their column, tables wider than the paper.
fn faults_of_word(document: &str) -> Vec<String> {
    let mut out = Vec::new();
    for table in between(document, "<w:tbl>", "</w:tbl>") {
        let widths: Vec<f64> = between(table, "<w:gridCol", "/>")
            .map(|c| attribute(c, "w:w").unwrap() / 20.0)
            .collect();
        let caption = between(table, "<w:tblCaption w:val=\"", "\"")
            .next()
            .unwrap_or_default();
        let all: f64 = widths.iter().sum();
        if all > 841.9 - 70.9 - 56.7 + 0.5 {
            out.push(format!("{all:.0} points wide: {caption}"));
        }
        for row in between(table, "<w:tr>", "</w:tr>") {
            for (cell, w) in between(row, "<w:tc>", "</w:tc>").zip(&widths) {
                let head = cell.contains("TabelKepala") || cell.contains("<w:b/>");
                for text in between(cell, "<w:t xml:space=\"preserve\">", "</w:t>") {
                    let text = quick_xml::escape::unescape(text).unwrap().into_owned();
                    let size = if cell.contains("\"Alamat\"") {
                        11.0
                    } else {
                        8.5
                    };
                    let line = Line {
                        text,
                        size,
                        bold: head,
                    };
                    // Cells keep 4 points at either side; their words are broken by Word only where they must be.
                    if !line.wrapped(w - 8.0).1 {
                        out.push(format!("wider than {w:.0}: {} in {caption}", line.text));
                    }
                }
            }
        }
    }
    out
}

/// Names as long as official ones become.
struct LongNames;

impl Labels for LongNames {
    fn category(&self, lang: Lang, dimension: &str, category: &str) -> String {
        let short = Names(UptRegistry::maluku(&[])).category(lang, dimension, category);
        match dimension {
            "upt" | "source" | "opd" | "district" => format!(
                "Lembaga Pemasyarakatan Perempuan Kelas IIA Kabupaten Kepulauan Tanimbar di {short}"
            ),
            _ => short,
        }
    }
    fn order(&self, dimension: &str, category: &str) -> (usize, String) {
        Names(UptRegistry::maluku(&[])).order(dimension, category)
    }
    fn measure(&self, lang: Lang, id: &str) -> String {
        Names(UptRegistry::maluku(&[])).measure(lang, id)
    }
}

fn emptied(f: &mut Figure, status: Status) {
    f.status = status;
    (f.numerator, f.denominator, f.estimate, f.ci_low, f.ci_high) = (None, None, None, None, None);
}

#[test]
fn no_text_leaves_its_box_with_the_longest_names_everything_hidden_or_an_empty_month() {
    let t = templates(None);
    let short = Names(UptRegistry::maluku(&[]));
    let as_it_is: fn(&mut Figure) = |_| {};
    let hidden: fn(&mut Figure) = |f| emptied(f, Status::Suppressed);
    let empty: fn(&mut Figure) = |f| emptied(f, Status::NotDelivered);
    // Numbers of a large country.
    let large: fn(&mut Figure) = |f| {
        if matches!(f.unit, Unit::Persons | Unit::Events) {
            f.numerator = f.numerator.map(|v| v * 98_765.0);
            f.estimate = f.estimate.map(|v| v * 98_765.0);
        }
    };
    type Case<'a> = (&'a str, &'a dyn Labels, fn(&mut Figure));
    let cases: [Case; 6] = [
        ("as it is", &short, as_it_is),
        ("long names", &LongNames, as_it_is),
        ("hidden", &LongNames, hidden),
        ("empty", &LongNames, empty),
        ("large numbers", &short, large),
        ("large numbers, long names", &LongNames, large),
    ];
    let mut found: Vec<String> = Vec::new();
    for (what, labels, change) in cases {
        for lang in [Lang::Id, Lang::En] {
            for name in ["kota", "kanwil", "publik"] {
                let (f, ..) = files_named(&t, name, lang, labels, change);
                let mut say = |at: &str, all: Vec<String>| {
                    let of = |x| format!("{what} {name} {lang:?} {at}: {x}");
                    found.extend(all.into_iter().map(of));
                };
                let slides = parts(&f.pptx);
                for (path, xml) in slides
                    .iter()
                    .filter(|(p, _)| p.starts_with("ppt/slides/slide"))
                {
                    say(path, faults(xml));
                }
                say(
                    "laporan",
                    faults_of_word(&parts(&f.docx)["word/document.xml"]),
                );
            }
        }
    }
    assert!(found.is_empty(), "{}:\n{}", found.len(), found.join("\n"));
}

#[test]
fn a_text_too_long_for_its_box_and_a_frame_over_another_are_found() {
    let shape = |y: u32, text: &str| {
        format!(
            "<p:sp><p:nvSpPr/><p:spPr><a:xfrm><a:off x=\"508000\" y=\"{y}\"/><a:ext cx=\"1270000\" cy=\"254000\"/></a:xfrm></p:spPr>\
             <p:txBody><a:bodyPr lIns=\"0\"/><a:p><a:r><a:rPr sz=\"1200\"/><a:t>{text}</a:t></a:r></a:p></p:txBody></p:sp>"
        )
    };
    // 100 × 20 points: one line of twelve-point Arial.
    assert!(faults(&shape(1_270_000, "Satu baris")).is_empty());
    assert_eq!(
        faults(&shape(1_270_000, "Dua baris yang terlalu panjang")).len(),
        1
    );
    assert_eq!(faults(&shape(1_270_000, "Sepatahkatayangpanjang")).len(), 1);
    let both = shape(1_270_000, "Satu") + &shape(1_400_000, "Dua");
    assert_eq!(faults(&both).len(), 1);
}
