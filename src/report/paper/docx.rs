//! The report as a Word document: letterhead, letter, summary, contents, chapters, annexes, signature. Text stands in
//! named styles, captions and contents are fields, tables are tables.

use super::docx_parts as parts;
use super::model::{Block, Chapter, Paper, Picture, Section, Table};
use super::package::{Package, Relations, ending, escape, fitted, properties};
use super::table_text::{self, Sheet};
use crate::locale;
use crate::report::picture::{self, Outlines, PictureError};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Twentieths of a point in a point.
const TWIP: f64 = 20.0;
/// English metric units in a point.
const EMU: f64 = 12_700.0;

/// What the writer is told besides the paper.
pub struct Setting<'a> {
    /// Page width and height in points, upright.
    pub page: (f64, f64),
    /// First and second colour, `#RRGGBB`.
    pub colours: &'a [String; 2],
    /// The office's logo.
    pub logo: Option<&'a [u8]>,
    /// Who reports, in one line.
    pub office: &'a str,
    /// Day the document is dated.
    pub day: chrono::NaiveDate,
}

impl Setting<'_> {
    /// The size of a paper the settings know.
    pub fn size(paper: &str) -> (f64, f64) {
        // F4 is 215 × 330 mm.
        if paper == "F4" {
            (609.5, 935.5)
        } else {
            (595.3, 841.9)
        }
    }
}

const LEFT: f64 = 70.9;
const RIGHT: f64 = 56.7;

/// Writes the document.
pub fn docx(p: &Paper, s: &Setting) -> Result<Vec<u8>, PictureError> {
    let pictures = drawn(p)?;
    let mut w = Writer {
        p,
        s,
        body: String::new(),
        relations: Relations::default(),
        pictures: pictures.into_iter(),
        media: Vec::new(),
        bookmarks: 0,
        drawings: 0,
        captions: BTreeMap::new(),
    };
    let fixed = [
        ("styles", "styles.xml"),
        ("numbering", "numbering.xml"),
        ("settings", "settings.xml"),
        ("fontTable", "fontTable.xml"),
    ];
    for (kind, target) in fixed {
        w.relations.add(kind, target);
    }
    let first = w.relations.add("header", "header1.xml");
    let head = w.relations.add("header", "header2.xml");
    let foot = w.relations.add("footer", "footer1.xml");
    let ids = [first, head, foot];
    w.letter();
    w.summary();
    w.contents();
    w.section_end(&ids, false, true);
    for chapter in &p.chapters {
        w.chapter(chapter, "Heading1", false);
    }
    w.closing();
    w.section_end(&ids, false, false);
    let annexes = w.annexes();
    for annex in &annexes {
        w.chapter(annex, "Lampiran", true);
    }
    let last = w.section_properties(&ids, true, false);
    let document = format!("{}{}{last}</w:body></w:document>", parts::OPEN, w.body);
    let mut package = Package::default();
    let main = "application/vnd.openxmlformats-officedocument.wordprocessingml";
    let none = Relations::default();
    package.xml(
        "word/document.xml",
        &format!("{main}.document.main+xml"),
        document,
        &w.relations,
    );
    package.xml(
        "word/styles.xml",
        &format!("{main}.styles+xml"),
        parts::styles(s.colours, p.lang),
        &none,
    );
    let chapter = locale::text(p.lang, "paper.chapter");
    let annex = locale::text(p.lang, "paper.annex");
    package.xml(
        "word/numbering.xml",
        &format!("{main}.numbering+xml"),
        parts::numbering(chapter, annex),
        &none,
    );
    package.xml(
        "word/settings.xml",
        &format!("{main}.settings+xml"),
        parts::settings(),
        &none,
    );
    package.xml(
        "word/fontTable.xml",
        &format!("{main}.fontTable+xml"),
        parts::fonts(),
        &none,
    );
    let (header, of_header, logo) = kop(p, s);
    package.xml(
        "word/header1.xml",
        &format!("{main}.header+xml"),
        header,
        &of_header,
    );
    package.xml(
        "word/header2.xml",
        &format!("{main}.header+xml"),
        parts::header(&p.title, &p.period),
        &none,
    );
    let page = locale::text(p.lang, "paper.page");
    package.xml(
        "word/footer1.xml",
        &format!("{main}.footer+xml"),
        parts::footer(s.office, &p.classification, page),
        &none,
    );
    for (path, content) in w.media.into_iter().chain(logo) {
        package.bytes(&path, content);
    }
    properties(
        &mut package,
        &p.title,
        &p.period,
        s.office,
        p.lang.tag(),
        s.day,
    );
    package
        .finish("word/document.xml")
        .map_err(|e| PictureError(e.to_string()))
}

/// The letterhead as the first page's header.
fn kop(p: &Paper, s: &Setting) -> (String, Relations, Option<(String, Vec<u8>)>) {
    let mut relations = Relations::default();
    let logo = s.logo.and_then(|bytes| {
        let end = ending(bytes)?;
        let (w, h) = fitted(bytes, 70.0, 62.0)?;
        let path = format!("media/logo.{end}");
        let id = relations.add("image", &path);
        let name = locale::text(p.lang, "report.logo");
        let inline = parts::inline(&id, 900, name, (w * EMU, h * EMU));
        Some((inline, format!("word/{path}"), bytes.to_vec()))
    });
    let inline = logo.as_ref().map(|l| l.0.as_str());
    let header = parts::kop(&p.kop, inline);
    (header, relations, logo.map(|l| (l.1, l.2)))
}

/// Every chart of the paper as a picture, in the order it stands there: bytes, width and height in points.
fn drawn(p: &Paper) -> Result<Vec<(Vec<u8>, f64, f64)>, PictureError> {
    let blocks = p
        .chapters
        .iter()
        .chain(&p.annexes)
        .flat_map(|c| &c.sections)
        .flat_map(|s| &s.blocks);
    let all: Vec<&Picture> = blocks.filter_map(Block::picture).collect();
    all.par_iter()
        .map(|x| {
            let spec = picture::ChartSpec {
                title: String::new(),
                subtitle: String::new(),
                footer: String::new(),
                ..x.spec.clone()
            };
            let height = super::height(&spec, 1400.0, 1.32);
            let d = picture::draw_sized(&spec, 1400, height as u32, 1.32)?;
            let png = Outlines::new(&d)?.png(1.0)?;
            Ok((png, 453.0, 453.0 * height / 1400.0))
        })
        .collect()
}

struct Writer<'a> {
    p: &'a Paper,
    s: &'a Setting<'a>,
    body: String,
    relations: Relations,
    pictures: std::vec::IntoIter<(Vec<u8>, f64, f64)>,
    media: Vec<(String, Vec<u8>)>,
    bookmarks: usize,
    drawings: usize,
    /// How many captions of a kind stand already.
    captions: BTreeMap<&'static str, usize>,
}

impl Writer<'_> {
    fn say(&self, key: &str) -> String {
        locale::text(self.p.lang, &format!("paper.{key}")).to_owned()
    }

    fn paragraph(&mut self, style: &str, text: &str) {
        self.body.push_str(&parts::paragraph(style, text));
    }

    /// A heading with the bookmark its line of the contents leads to.
    fn heading(&mut self, style: &str, text: &str) {
        self.bookmarks += 1;
        let n = self.bookmarks;
        self.body.push_str(&format!(
            "<w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr><w:bookmarkStart w:id=\"{n}\" w:name=\"_Toc{n:06}\"/>\
             <w:r><w:t xml:space=\"preserve\">{}</w:t></w:r><w:bookmarkEnd w:id=\"{n}\"/></w:p>",
            escape(text)
        ));
    }

    fn letter(&mut self) {
        let dateline = self.p.dateline.clone();
        self.paragraph("Tanggal", &dateline);
        let rows: Vec<Vec<String>> = self
            .p
            .letter
            .iter()
            .map(|(a, b)| vec![a.clone(), ":".into(), b.clone()])
            .collect();
        // The names of the fields stand whole, whatever the language; a colon and its margins take fourteen points.
        let names = self.p.letter.iter();
        let names = names.map(|(name, _)| picture::text_width(name, 11.0, false) * 1.07 + 10.0);
        let (name, colon) = (names.fold(70.0, f64::max), 14.0);
        let widths = [name, colon, self.room(false) - name - colon];
        self.body
            .push_str(&parts::plain_table(&widths, &rows, &self.say("letter")));
        self.paragraph("BodyText", "");
        for line in &self.p.to {
            self.body.push_str(&parts::paragraph("Alamat", line));
        }
        self.paragraph("Alamat", "");
        if let Some(text) = self.p.opening.clone() {
            self.paragraph("BodyText", &text);
        }
    }

    fn summary(&mut self) {
        let title = self.say("summary");
        self.heading("JudulTanpaNomor", &title);
        for text in self.p.completeness.clone() {
            self.paragraph("BodyText", &text);
        }
        for text in self.p.summary.clone() {
            self.paragraph("ListBullet", &text);
        }
        for text in self.p.own.clone() {
            self.paragraph("BodyText", &text);
        }
        if let Some(t) = self.p.indicators.clone() {
            self.table(&t, false);
        }
    }

    /// The contents as a field whose lines are there already; page numbers are fields of their own.
    fn contents(&mut self) {
        let title = self.say("toc");
        self.body
            .push_str("<w:p><w:pPr><w:pStyle w:val=\"JudulDaftar\"/><w:pageBreakBefore/></w:pPr>");
        self.body
            .push_str(&format!("<w:r><w:t>{}</w:t></w:r></w:p>", escape(&title)));
        let mut lines: Vec<(u8, String)> = vec![(1, self.say("summary"))];
        let of = |lines: &mut Vec<(u8, String)>, all: &[Chapter], name: &str, annex: bool| {
            for (i, c) in all.iter().enumerate() {
                let number = if annex {
                    parts::letter(i)
                } else {
                    parts::roman(i + 1)
                };
                lines.push((1, format!("{name} {number} {}", c.title)));
                let titled: Vec<&Section> =
                    c.sections.iter().filter(|s| !s.title.is_empty()).collect();
                for (k, s) in titled.into_iter().enumerate() {
                    let number = if annex {
                        format!("{number}.{}", k + 1)
                    } else {
                        format!("{}.{}", i + 1, k + 1)
                    };
                    lines.push((2, format!("{number} {}", s.title)));
                }
            }
        };
        of(&mut lines, &self.p.chapters, &self.say("chapter"), false);
        lines.push((1, self.say("sign")));
        of(&mut lines, &self.annexes(), &self.say("annex"), true);
        let last = lines.len();
        let hint = self.say("toc_hint");
        self.body.push_str(&parts::contents_start(&hint));
        for (n, (level, text)) in lines.into_iter().enumerate() {
            let line = parts::contents_line(n + 1, level, &text, n + 1 == last);
            self.body.push_str(&line);
        }
    }

    /// The annexes, before them the tables that do not stand whole in the chapters.
    fn annexes(&self) -> Vec<Chapter> {
        let lang = self.p.lang;
        let blocks = self
            .p
            .chapters
            .iter()
            .flat_map(|c| &c.sections)
            .flat_map(|s| &s.blocks);
        let room = self.room(false);
        let shown: BTreeSet<usize> = blocks
            .filter_map(Block::table)
            .filter(|t| t.whole && Sheet::new(t, lang).pieces(room).len() == 1)
            .filter_map(|t| t.sheet)
            .collect();
        let rest = self
            .p
            .tables
            .iter()
            .filter(|t| t.sheet.is_none_or(|i| !shown.contains(&i)));
        let sections: Vec<Section> = rest
            .map(|t| Section {
                title: t.name.clone(),
                blocks: vec![Block::Paragraph(t.reading.clone()), Block::Table(t.clone())],
            })
            .collect();
        let tables = Chapter {
            title: self.say("tables"),
            sections,
        };
        let tables = (!tables.sections.is_empty()).then_some(tables);
        tables
            .into_iter()
            .chain(self.p.annexes.iter().cloned())
            .collect()
    }

    fn chapter(&mut self, c: &Chapter, style: &str, annex: bool) {
        self.heading(style, &c.title);
        for s in &c.sections {
            if !s.title.is_empty() {
                self.heading(if annex { "SubLampiran" } else { "Heading2" }, &s.title);
            }
            for b in &s.blocks {
                match b {
                    Block::Paragraph(text) => self.paragraph("BodyText", text),
                    Block::Note(text) => self.paragraph("Keterangan", text),
                    Block::Table(t) => self.table(t, annex),
                    Block::Words(heads, rows) => self.words(heads, rows, annex),
                    Block::Picture(x) => self.picture(x),
                }
            }
        }
    }

    /// Points between the margins.
    fn room(&self, landscape: bool) -> f64 {
        let (w, h) = self.s.page;
        (if landscape { h } else { w }) - LEFT - RIGHT
    }

    fn table(&mut self, t: &Table, landscape: bool) {
        let sheet = Sheet::new(t, self.p.lang);
        let room = self.room(landscape);
        let pieces = sheet.pieces(room);
        if pieces.len() > 1 && !landscape && t.sheet.is_some() {
            let text = locale::format(self.p.lang, "paper.in_annex", &[("title", &t.title)]);
            self.paragraph("Keterangan", &text);
            return;
        }
        if t.grid.rows.is_empty() {
            return;
        }
        let many = pieces.len();
        for (i, piece) in pieces.iter().enumerate() {
            let part = if many > 1 {
                let args = [("n", (i + 1).to_string()), ("of", many.to_string())];
                let args: Vec<(&str, &str)> = args.iter().map(|(a, b)| (*a, b.as_str())).collect();
                locale::format(self.p.lang, "paper.part", &args)
            } else {
                String::new()
            };
            let caption = format!("{}{part}", t.title);
            self.caption("paper.table", &caption, true);
            self.body
                .push_str(&parts::table(&sheet, piece, &caption, &t.reading));
        }
        for note in &t.notes {
            self.paragraph("Keterangan", note);
        }
    }

    /// `Tabel 3. …`, its number a field.
    fn caption(&mut self, kind: &'static str, text: &str, above: bool) {
        let number = self.captions.entry(kind).or_default();
        *number += 1;
        let word = locale::text(self.p.lang, kind);
        self.body
            .push_str(&parts::caption(word, *number, text, above));
    }

    fn words(&mut self, heads: &[String], rows: &[Vec<String>], landscape: bool) {
        let widths = table_text::word_widths(heads, rows, self.room(landscape));
        self.body.push_str(&parts::word_table(heads, rows, &widths));
        self.paragraph("Keterangan", "");
    }

    fn picture(&mut self, x: &Picture) {
        let Some((png, w, h)) = self.pictures.next() else {
            return;
        };
        self.drawings += 1;
        let n = self.drawings;
        let path = format!("media/gambar{n}.png");
        let id = self.relations.add("image", &path);
        self.media.push((format!("word/{path}"), png));
        let inline = parts::inline(&id, n, &x.alt, (w * EMU, h * EMU));
        self.body.push_str(&format!(
            "<w:p><w:pPr><w:pStyle w:val=\"Gambar\"/></w:pPr><w:r>{inline}</w:r></w:p>"
        ));
        self.caption("paper.figure", &x.title, false);
    }

    /// The signature block: titles from the settings, room for hand and stamp, never a name.
    fn closing(&mut self) {
        let title = self.say("sign");
        self.heading("JudulTanpaNomor", &title);
        let (left, right, line) = &self.p.sign;
        let deep = left.len().max(right.len());
        let side = |lines: &[String]| {
            let mut all: Vec<String> = lines.to_vec();
            all.resize(deep + 3, String::new());
            all.extend([line.clone(), "NIP".into()]);
            all.join("\n")
        };
        let room = self.room(false) / 2.0;
        let rows = vec![vec![side(left), side(right)]];
        let table = parts::plain_table(&[room, room], &rows, &title);
        self.body.push_str(&table);
        let copies = self.say("copies");
        self.paragraph("BodyText", "");
        self.paragraph("Keterangan", &copies);
        for n in 1..=2 {
            self.paragraph("Keterangan", &format!("{n}. …………………………"));
        }
    }

    fn section_properties(&self, ids: &[String; 3], landscape: bool, first: bool) -> String {
        let (w, h) = self.s.page;
        let (w, h) = if landscape { (h, w) } else { (w, h) };
        parts::section(
            ids,
            (w * TWIP, h * TWIP),
            [LEFT * TWIP, RIGHT * TWIP],
            landscape,
            first,
        )
    }

    /// Ends a section of pages.
    fn section_end(&mut self, ids: &[String; 3], landscape: bool, first: bool) {
        let s = self.section_properties(ids, landscape, first);
        self.body.push_str(&format!(
            "<w:p><w:pPr><w:pStyle w:val=\"Keterangan\"/>{s}</w:pPr></w:p>"
        ));
    }
}
