//! The pocket page: one HTML file that asks for nothing, works without scripts, on a phone and on paper. Every number
//! opens what it means; filters, where scripts run, only hide rows that are there.

use super::cells::{Shown, columns};
use super::docx::Setting;
use super::model::{Block, Chapter, Paper, Picture, Section, Table};
use super::package::{ending, escape};
use crate::locale;
use crate::report::picture::{self, ChartSpec, PictureError};
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

const STYLE: &str = include_str!("saku.css");
const SCRIPT: &str = include_str!("saku.js");

/// Pixels a chart is drawn wide, and the size of its type.
const WIDE: (f64, f64) = (380.0, 0.78);

/// Writes the page.
pub fn html(p: &Paper, s: &Setting) -> Result<String, PictureError> {
    let style = STYLE.replace("@FIRST@", &s.colours[0]).replace('\n', "");
    let script = SCRIPT.replace('\n', "");
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; img-src data:; base-uri 'none'; form-action 'none'",
        digest(&style),
        digest(&script)
    );
    let mut w = Writer {
        p,
        pictures: drawn(p)?,
        body: String::new(),
        seen: BTreeSet::new(),
        known: p
            .definitions
            .iter()
            .map(|d| (d.id.as_str(), d.title.as_str()))
            .collect(),
    };
    w.head(s);
    w.summary();
    w.contents();
    for (i, c) in w.chapters().iter().enumerate() {
        w.chapter(i, c);
    }
    w.definitions();
    w.foot();
    Ok(format!(
        "<!doctype html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\"><meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><meta name=\"color-scheme\" content=\"light dark\">\
         <meta name=\"referrer\" content=\"no-referrer\"><link rel=\"icon\" href=\"data:,\"><title>{} · {}</title><style>{style}</style></head>\
         <body>{}<script>{script}</script></body></html>\n",
        p.lang.tag(),
        escape(&p.title),
        escape(&p.period),
        w.body
    ))
}

/// The SHA-256 of a text in base 64, as a policy names it.
pub fn digest(text: &str) -> String {
    base64(&Sha256::digest(text.as_bytes()))
}

/// Bytes in base 64.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let n = chunk.iter().fold(0u32, |n, b| n << 8 | u32::from(*b)) << (8 * (3 - chunk.len()));
        for k in 0..4 {
            let letter = LETTERS[(n >> (18 - 6 * k)) as usize & 63];
            out.push(if k <= chunk.len() {
                char::from(letter)
            } else {
                '='
            });
        }
    }
    out
}

/// Every chart of the chapters as SVG with text in it, by what it is called.
fn drawn(p: &Paper) -> Result<BTreeMap<String, String>, PictureError> {
    let blocks = p
        .chapters
        .iter()
        .flat_map(|c| &c.sections)
        .flat_map(|s| &s.blocks);
    let all: BTreeMap<&str, &Picture> = blocks
        .filter_map(|b| b.picture().map(|x| (x.alt.as_str(), x)))
        .collect();
    all.into_par_iter()
        .map(|(alt, x)| {
            let spec = ChartSpec {
                title: String::new(),
                subtitle: String::new(),
                footer: String::new(),
                ..x.spec.clone()
            };
            let (wide, unit) = WIDE;
            let height = super::height(&spec, wide, unit).max(180.0);
            let d = picture::draw_sized(&spec, wide as u32, height as u32, unit)?;
            Ok((alt.to_owned(), svg(&d.svg, wide, height, alt)))
        })
        .collect()
}

/// A drawing as an element of the page: named for those who do not see it, in the page's own face.
fn svg(drawing: &str, wide: f64, high: f64, alt: &str) -> String {
    let inner = drawing
        .find("<svg")
        .and_then(|i| drawing[i..].find('>').map(|k| i + k + 1));
    let inner = inner.map_or("", |i| &drawing[i..]);
    let mut out = format!(
        "<svg viewBox=\"0 0 {wide} {high}\" xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-label=\"{}\">",
        escape(alt)
    );
    let mut rest = inner;
    while let Some(at) = rest.find("<text ") {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let (Some(open), Some(close)) = (rest.find('>'), rest.find("</text>")) else {
            break;
        };
        out.push_str(&fixed(&rest[..open], &rest[open + 1..close]));
        rest = &rest[close + "</text>".len()..];
    }
    out.push_str(rest);
    out.replace('\n', "")
}

/// A text of a drawing that takes the room it was measured for, whatever face a reader's machine has.
fn fixed(tag: &str, content: &str) -> String {
    let attribute = |name: &str| {
        let from = tag.find(&format!(" {name}=\""))? + name.len() + 3;
        tag[from..].split('"').next()
    };
    let size: f64 = attribute("font-size")
        .and_then(|s| s.parse().ok())
        .unwrap_or(16.0);
    let bold = attribute("font-weight").is_some_and(|w| w == "bold" || w == "600");
    let content = content.trim();
    let plain = content
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&");
    let room = picture::text_width(&plain, size, bold);
    let tag = tag.replace(" font-family=\"IBM Plex Sans\"", "");
    format!("{tag} textLength=\"{room:.1}\" lengthAdjust=\"spacingAndGlyphs\">{content}</text>")
}

struct Writer<'a> {
    p: &'a Paper,
    pictures: BTreeMap<String, String>,
    body: String,
    /// Sheets whose table stands already.
    seen: BTreeSet<usize>,
    /// Titles of the measures that are explained.
    known: BTreeMap<&'a str, &'a str>,
}

impl Writer<'_> {
    fn say(&self, key: &str) -> String {
        escape(locale::text(self.p.lang, &format!("paper.{key}")))
    }

    fn put(&mut self, html: &str) {
        self.body.push_str(html);
    }

    fn paragraph(&mut self, class: &str, text: &str) {
        let class = if class.is_empty() {
            String::new()
        } else {
            format!(" class=\"{class}\"")
        };
        self.body
            .push_str(&format!("<p{class}>{}</p>", escape(text)));
    }

    fn head(&mut self, s: &Setting) {
        let skip = self.say("skip");
        let logo = s
            .logo
            .and_then(|bytes| Some((ending(bytes)?, base64(bytes))));
        let class = if logo.is_some() {
            " class=\"beside\""
        } else {
            ""
        };
        self.put(&format!(
            "<a class=\"skip\" href=\"#isi\">{skip}</a><header{class}>"
        ));
        if let Some((kind, data)) = logo {
            let name = escape(locale::text(self.p.lang, "report.logo"));
            self.put(&format!(
                "<img alt=\"{name}\" src=\"data:image/{kind};base64,{data}\">"
            ));
        }
        let p = self.p;
        self.paragraph("kop", &p.kop.join(" · "));
        self.put(&format!("<h1>{}</h1>", escape(&p.title)));
        self.put(&format!(
            "<p class=\"meta\">{} · {} <span class=\"class\">{}</span></p></header>",
            escape(&p.period),
            escape(&p.cutoff),
            escape(&p.classification)
        ));
        let (label, hits) = (self.say("search"), self.say("hits"));
        self.put(&format!(
            "<div class=\"search\" id=\"cari\" role=\"search\" hidden><label for=\"q\">{label}</label><input type=\"search\" id=\"q\" autocomplete=\"off\">\
             <output id=\"hasil\" for=\"q\" data-t=\"{hits}\"></output></div><main id=\"isi\">"
        ));
    }

    fn summary(&mut self) {
        let p = self.p;
        let title = self.say("summary");
        self.put(&format!(
            "<section aria-labelledby=\"ringkasan\"><h2 id=\"ringkasan\">{title}</h2>"
        ));
        for text in p.completeness.iter().chain(&p.own) {
            self.paragraph("", text);
        }
        self.put("<ul class=\"tiles\">");
        let meaning = self.say("meaning");
        for t in &p.tiles {
            self.put("<li>");
            self.paragraph("label", &t.label);
            self.paragraph("big", &t.value);
            let under: Vec<&str> = [&t.detail, &t.range, &t.before]
                .into_iter()
                .map(String::as_str)
                .filter(|x| !x.is_empty())
                .collect();
            self.paragraph("meta", &under.join(" · "));
            self.put(&format!(
                "<details><summary>{meaning}<span class=\"skip\"> {}</span></summary>",
                escape(&t.label)
            ));
            self.paragraph("", &t.sentence);
            if let Some(d) = p.definitions.iter().find(|d| d.id == t.measure) {
                d.lines.iter().for_each(|l| self.paragraph("note", l));
            }
            self.put("</details></li>");
        }
        self.put("</ul></section>");
    }

    /// The chapters, and after them the tables that stand in none of them.
    fn chapters(&self) -> Vec<Chapter> {
        let blocks = self
            .p
            .chapters
            .iter()
            .flat_map(|c| &c.sections)
            .flat_map(|s| &s.blocks);
        let told: BTreeSet<usize> = blocks.filter_map(|b| b.table()?.sheet).collect();
        let rest = self
            .p
            .tables
            .iter()
            .filter(|t| t.sheet.is_some_and(|i| !told.contains(&i)));
        let sections: Vec<Section> = rest
            .map(|t| Section {
                title: t.name.clone(),
                blocks: vec![Block::Paragraph(t.reading.clone()), Block::Table(t.clone())],
            })
            .collect();
        let title = locale::text(self.p.lang, "paper.tables").to_owned();
        let more = (!sections.is_empty()).then_some(Chapter { title, sections });
        self.p.chapters.iter().cloned().chain(more).collect()
    }

    fn contents(&mut self) {
        let title = self.say("toc");
        self.put(&format!(
            "<nav aria-labelledby=\"daftar\"><h2 id=\"daftar\">{title}</h2><ul>"
        ));
        let chapters = self.chapters();
        for (i, c) in chapters.iter().enumerate() {
            self.put(&format!(
                "<li><a href=\"#b{i}\">{}</a></li>",
                escape(&c.title)
            ));
        }
        let title = self.say("definitions");
        self.put(&format!(
            "<li><a href=\"#arti\">{title}</a></li></ul></nav>"
        ));
    }

    fn chapter(&mut self, i: usize, c: &Chapter) {
        self.put(&format!(
            "<section data-c aria-labelledby=\"b{i}\"><h2 id=\"b{i}\">{}</h2>",
            escape(&c.title)
        ));
        for s in &c.sections {
            self.put(&format!(
                "<div data-s=\"{}\">",
                escape(&format!("{} {}", c.title, s.title))
            ));
            if !s.title.is_empty() {
                self.put(&format!("<h3>{}</h3>", escape(&s.title)));
            }
            for b in &s.blocks {
                match b {
                    Block::Paragraph(text) => self.paragraph("", text),
                    Block::Note(text) => self.paragraph("note", text),
                    Block::Table(t) => self.table(t),
                    Block::Words(heads, rows) => self.words(heads, rows),
                    Block::Picture(x) => self.picture(x),
                }
            }
            self.put("</div>");
        }
        self.put("</section>");
    }

    fn picture(&mut self, x: &Picture) {
        if let Some(svg) = self.pictures.remove(&x.alt) {
            self.body.push_str(&format!(
                "<figure>{svg}<figcaption>{}</figcaption></figure>",
                escape(&x.title)
            ));
        }
    }

    /// The whole table of a sheet: a number with its numerator, denominator and interval is one cell.
    fn table(&mut self, t: &Table) {
        let whole = t.sheet.and_then(|i| self.p.tables.get(i)).unwrap_or(t);
        if whole.grid.rows.is_empty() || whole.sheet.is_some_and(|i| !self.seen.insert(i)) {
            return;
        }
        let (g, lang) = (&whole.grid, self.p.lang);
        let columns = columns(whole, lang);
        let title = escape(&whole.title);
        let many = if columns.len() > 9 {
            " class=\"many\""
        } else {
            ""
        };
        self.put(&format!(
            "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{title}\"><table{many}><caption>{title}</caption><thead><tr>"
        ));
        for h in &g.lead {
            self.put(&format!(
                "<th class=\"lead\" scope=\"col\">{}</th>",
                escape(h)
            ));
        }
        for c in &columns {
            self.put(&format!("<th scope=\"col\">{}</th>", escape(&c.header)));
        }
        self.put("</tr></thead><tbody>");
        for r in 0..g.rows.len() {
            self.put(if g.rows[r].total {
                "<tr class=\"total\">"
            } else {
                "<tr>"
            });
            for l in &g.rows[r].labels {
                // A header without a word heads nothing.
                let cell = match l.is_empty() {
                    true => "<td></td>".to_owned(),
                    false => format!("<th scope=\"row\">{}</th>", escape(l)),
                };
                self.put(&cell);
            }
            for c in &columns {
                let shown = c.cell(whole, r, lang);
                let cell = self.cell(&shown);
                self.body.push_str(&cell);
            }
            self.put("</tr>");
        }
        self.put("</tbody></table></div>");
        for note in &whole.notes {
            self.paragraph("note", note);
        }
    }

    /// A number that opens what it means.
    fn cell(&self, x: &Shown) -> String {
        if x.text.is_empty() {
            return "<td></td>".into();
        }
        let under = if x.under.is_empty() {
            String::new()
        } else {
            format!("<small>{}</small>", escape(&x.under))
        };
        let known = x
            .measure
            .as_deref()
            .and_then(|m| Some((m, self.known.get(m)?)));
        let mut inside = String::new();
        for l in &x.more {
            inside.push_str(&format!("<p>{}</p>", escape(l)));
        }
        if let Some((id, title)) = known {
            inside.push_str(&format!("<p><a href=\"#d-{id}\">{}</a></p>", escape(title)));
        }
        let class = if x.word { " class=\"word\"" } else { "" };
        let text = escape(&x.text);
        if inside.is_empty() {
            return format!("<td{class}><span class=\"v\">{text}</span>{under}</td>");
        }
        format!("<td{class}><details><summary>{text}</summary>{inside}</details>{under}</td>")
    }

    fn words(&mut self, heads: &[String], rows: &[Vec<String>]) {
        let title = escape(&heads.join(", "));
        self.put(&format!(
            "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{title}\"><table class=\"words\"><thead><tr>"
        ));
        heads.iter().for_each(|h| {
            self.body
                .push_str(&format!("<th scope=\"col\">{}</th>", escape(h)))
        });
        self.put("</tr></thead><tbody>");
        for r in rows {
            let cells: String = r
                .iter()
                .map(|c| format!("<td>{}</td>", escape(c)))
                .collect();
            self.put(&format!("<tr>{cells}</tr>"));
        }
        self.put("</tbody></table></div>");
    }

    fn definitions(&mut self) {
        let title = self.say("definitions");
        self.put(&format!(
            "<section class=\"defs\" aria-labelledby=\"arti\"><h2 id=\"arti\">{title}</h2>"
        ));
        for d in &self.p.definitions {
            self.put(&format!("<details><summary>{}</summary>", escape(&d.title)));
            for (i, l) in d.lines.iter().enumerate() {
                let id = if i == 0 {
                    format!(" id=\"d-{}\"", escape(&d.id))
                } else {
                    String::new()
                };
                self.put(&format!("<p{id}>{}</p>", escape(l)));
            }
            self.put("</details>");
        }
        self.put("</section></main>");
    }

    fn foot(&mut self) {
        self.put("<footer>");
        let p = self.p;
        self.paragraph("note", &p.signs);
        self.paragraph("note", &p.source);
        self.put("</footer>");
    }
}

#[cfg(test)]
mod tests {
    use super::base64;

    #[test]
    fn bytes_are_written_in_base_64_as_rfc_4648_shows() {
        for (plain, coded) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
    }
}
