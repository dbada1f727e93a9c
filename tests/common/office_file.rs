//! Sheets written by hand in a small notation, turned into the files offices send.
//!
//! ```text
//! === name | path/file.xlsx            then, for other forms: ; , tab bar (delimiter) cp1252 utf16 bom gz zip html xml
//! kind custody                         what the next table is, what its kop says, its columns from A on
//! expect upt=lapas-ambon month=2026-01
//! fields row_no name - ?               `-` no column, `?` a column nobody knows
//! --- sheet Name [hidden]
//! . a title | or a header              `<` merged with the left, `^` with above
//! > a row | of data {month=2026-01}    `~` a hidden one; {…} what its section says
//! ```
//! Cells: `#12` a number, `@2026-01-31` a date, `!#REF!` an error, `\n` a line break.

use rust_xlsxwriter::{Format, Formula, Workbook, Worksheet};
use std::io::Write;
use std::path::{Path, PathBuf};

/// A data row as it must come out.
pub struct Row {
    pub cells: Vec<String>,
    pub hidden: bool,
    pub section: Vec<(String, String)>,
}

/// A table as it must come out.
#[derive(Default)]
pub struct Table {
    pub kind: String,
    pub context: Vec<(String, String)>,
    pub fields: Vec<String>,
    pub rows: Vec<Row>,
}

struct Sheet {
    name: String,
    hidden: bool,
    /// Cells of a line and whether the line is hidden.
    lines: Vec<(Vec<String>, bool)>,
}

/// One file and what must be read from it.
pub struct Layout {
    pub name: String,
    pub file: String,
    form: Vec<String>,
    sheets: Vec<Sheet>,
    pub tables: Vec<Table>,
}

fn pairs(text: &str, between: char) -> Vec<(String, String)> {
    text.split(between)
        .filter_map(|p| p.split_once('='))
        .map(|(k, v)| (k.trim().to_owned(), v.trim().to_owned()))
        .collect()
}

/// Reads the notation.
pub fn layouts(text: &str) -> Vec<Layout> {
    let mut out: Vec<Layout> = Vec::new();
    for line in text.lines() {
        if let Some(head) = line.strip_prefix("=== ") {
            let (name, file) = head.split_once(" | ").expect("a name and a file");
            let stem = file
                .rfind(".")
                .map(|d| d + file[d..].find(' ').unwrap_or(file.len() - d));
            let (file, form) = file.split_at(stem.expect("an extension"));
            out.push(Layout {
                name: name.to_owned(),
                file: file.to_owned(),
                form: form.split_whitespace().map(str::to_owned).collect(),
                sheets: Vec::new(),
                tables: Vec::new(),
            });
            continue;
        }
        let Some(layout) = out.last_mut() else {
            continue;
        };
        if let Some(kind) = line.strip_prefix("kind ") {
            layout.tables.push(Table {
                kind: kind.to_owned(),
                ..Table::default()
            });
        } else if let Some(e) = line.strip_prefix("expect ") {
            layout.tables.last_mut().unwrap().context = pairs(e, ' ');
        } else if let Some(f) = line.strip_prefix("fields ") {
            layout.tables.last_mut().unwrap().fields = f.split(' ').map(str::to_owned).collect();
        } else if let Some(s) = line.strip_prefix("--- sheet ") {
            layout.sheets.push(Sheet {
                name: s.trim_end_matches(" [hidden]").to_owned(),
                hidden: s.ends_with(" [hidden]"),
                lines: Vec::new(),
            });
        } else if line.starts_with(['.', '>', '~']) {
            let delimiter = layout.delimiter();
            if layout.sheets.is_empty() {
                layout.sheets.push(Sheet {
                    name: "Data".to_owned(),
                    hidden: false,
                    lines: Vec::new(),
                });
            }
            let (mark, rest) = line.split_at(1);
            let (rest, section) = match rest.split_once(" {") {
                Some((r, s)) if mark != "." => (r, pairs(s.trim_end_matches('}'), ';')),
                _ => (rest, Vec::new()),
            };
            // Lines that are no data are written as they stand in a text file.
            let verbatim = mark == "." && delimiter.is_some() && !rest.contains(" | ");
            let cells: Vec<String> = if verbatim {
                let d = delimiter.unwrap_or(',');
                rest.trim().split(d).map(str::to_owned).collect()
            } else {
                rest.split('|')
                    .map(|c| c.trim().replace("\\n", "\n"))
                    .collect()
            };
            if mark != "." {
                let shown = cells.iter().map(|c| {
                    let c = c.strip_prefix(['#', '@', '!']).unwrap_or(c);
                    c.split_whitespace().collect::<Vec<_>>().join(" ")
                });
                layout.tables.last_mut().unwrap().rows.push(Row {
                    cells: shown.collect(),
                    hidden: mark == "~",
                    section,
                });
            }
            let sheet = layout.sheets.last_mut().unwrap();
            sheet.lines.push((cells, mark == "~"));
        }
    }
    out
}

impl Layout {
    fn says(&self, word: &str) -> bool {
        self.form.iter().any(|f| f == word)
    }

    fn delimiter(&self) -> Option<char> {
        [
            (";", ';'),
            (",", ','),
            ("tab", '\t'),
            ("bar", '|'),
            ("|", '|'),
        ]
        .into_iter()
        .find(|(w, _)| self.says(w))
        .map(|(_, d)| d)
    }

    /// Writes the file below `dir` and says where it is.
    pub fn write(&self, dir: &Path) -> PathBuf {
        let path = dir.join(&self.file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        let bytes = if let Some(d) = self.delimiter() {
            self.text(d)
        } else if self.says("html") {
            self.html()
        } else if self.says("xml") {
            self.xml()
        } else if self.file.ends_with(".ods") {
            self.ods()
        } else {
            self.xlsx()
        };
        std::fs::write(&path, bytes).unwrap();
        path
    }

    fn text(&self, delimiter: char) -> Vec<u8> {
        let mut text = String::new();
        for (cells, _) in &self.sheets[0].lines {
            let fields: Vec<String> = cells
                .iter()
                .map(|c| {
                    if c.contains([delimiter, '"', '\n']) {
                        format!("\"{}\"", c.replace('"', "\"\""))
                    } else {
                        c.clone()
                    }
                })
                .collect();
            text.push_str(&fields.join(&delimiter.to_string()));
            text.push_str("\r\n");
        }
        let bytes = if self.says("cp1252") {
            encoding_of(&text)
        } else if self.says("utf16") {
            let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
            units.flat_map(u16::to_le_bytes).collect()
        } else if self.says("bom") {
            format!("\u{feff}{text}").into_bytes()
        } else {
            text.into_bytes()
        };
        if self.says("gz") {
            let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
            gz.write_all(&bytes).unwrap();
            return gz.finish().unwrap();
        }
        if self.says("zip") {
            return zip(&[("data.csv", &bytes)]);
        }
        bytes
    }

    /// First cell of every merged block with its size, by `<` and `^`.
    fn spans(lines: &[(Vec<String>, bool)]) -> Vec<(usize, usize, usize, usize)> {
        let at = |r: usize, c: usize| {
            lines
                .get(r)
                .and_then(|l| l.0.get(c))
                .map_or("", String::as_str)
        };
        let mut out = Vec::new();
        for (r, (cells, _)) in lines.iter().enumerate() {
            for (c, cell) in cells.iter().enumerate() {
                if matches!(cell.as_str(), "<" | "^" | "") {
                    continue;
                }
                let wide = 1
                    + (c + 1..cells.len())
                        .take_while(|&k| at(r, k) == "<")
                        .count();
                let high = 1
                    + (r + 1..lines.len())
                        .take_while(|&k| at(k, c) == "^")
                        .count();
                if wide > 1 || high > 1 {
                    out.push((r, c, wide, high));
                }
            }
        }
        out
    }

    fn xlsx(&self) -> Vec<u8> {
        let mut book = Workbook::new();
        let date = Format::new().set_num_format("dd-mm-yyyy");
        for sheet in &self.sheets {
            let w: &mut Worksheet = book.add_worksheet();
            w.set_name(&sheet.name).unwrap();
            w.set_hidden(sheet.hidden);
            let spans = Self::spans(&sheet.lines);
            for (r, c, wide, high) in &spans {
                let (r2, c2) = (r + high - 1, c + wide - 1);
                w.merge_range(
                    *r as u32,
                    *c as u16,
                    r2 as u32,
                    c2 as u16,
                    "",
                    &Format::new(),
                )
                .unwrap();
            }
            for (r, (cells, hidden)) in sheet.lines.iter().enumerate() {
                if *hidden {
                    w.set_row_hidden(r as u32).unwrap();
                }
                for (c, cell) in cells.iter().enumerate() {
                    let (r, c) = (r as u32, c as u16);
                    if let Some(n) = cell.strip_prefix('#').and_then(|n| n.parse::<f64>().ok()) {
                        w.write_number(r, c, n).unwrap();
                    } else if let Some(d) = cell.strip_prefix('@') {
                        let d: chrono::NaiveDate = d.parse().unwrap();
                        w.write_with_format(r, c, &d, &date).unwrap();
                    } else if let Some(e) = cell.strip_prefix('!') {
                        w.write_formula(r, c, Formula::new("A1/0").set_result(e))
                            .unwrap();
                    } else if !matches!(cell.as_str(), "" | "<" | "^") {
                        w.write_string(r, c, cell).unwrap();
                    }
                }
            }
        }
        if self.sheets.iter().any(|s| s.hidden) {
            let shown = self.sheets.iter().position(|s| !s.hidden).unwrap_or(0);
            book.worksheet_from_index(shown).unwrap().set_active(true);
        }
        book.save_to_buffer().unwrap()
    }

    fn html(&self) -> Vec<u8> {
        let mut t = String::from(
            "<html><head><style>td{mso-number-format:'@'}</style></head><body><table border=1>\n",
        );
        for (cells, _) in &self.sheets[0].lines {
            t.push_str("<tr>");
            for c in cells {
                t.push_str(&format!(
                    "<td>{}</td>",
                    c.replace('&', "&amp;").replace('\n', "<br>")
                ));
            }
            t.push_str("</tr>\n");
        }
        t.push_str("</table></body></html>");
        t.into_bytes()
    }

    fn xml(&self) -> Vec<u8> {
        let mut t = String::from(
            "<?xml version=\"1.0\"?>\n<?mso-application progid=\"Excel.Sheet\"?>\n<Workbook xmlns:ss=\"urn:schemas-microsoft-com:office:spreadsheet\">",
        );
        for s in &self.sheets {
            t.push_str(&format!("<Worksheet ss:Name=\"{}\"><Table>", s.name));
            for (cells, _) in &s.lines {
                t.push_str("<Row>");
                for c in cells {
                    t.push_str(&format!("<Cell><Data ss:Type=\"String\">{c}</Data></Cell>"));
                }
                t.push_str("</Row>");
            }
            t.push_str("</Table></Worksheet>");
        }
        t.push_str("</Workbook>");
        t.into_bytes()
    }

    fn ods(&self) -> Vec<u8> {
        let mut t = String::from(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><office:document-content xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\"><office:body><office:spreadsheet>",
        );
        for s in &self.sheets {
            t.push_str(&format!("<table:table table:name=\"{}\">", s.name));
            for (cells, _) in &s.lines {
                t.push_str("<table:table-row>");
                for c in cells {
                    if c.is_empty() {
                        t.push_str("<table:table-cell/>");
                    } else {
                        t.push_str(&format!(
                            "<table:table-cell office:value-type=\"string\"><text:p>{c}</text:p></table:table-cell>"
                        ));
                    }
                }
                t.push_str("</table:table-row>");
            }
            // What LibreOffice writes after the last row.
            t.push_str("<table:table-row table:number-rows-repeated=\"1048000\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row></table:table>");
        }
        t.push_str("</office:spreadsheet></office:body></office:document-content>");
        zip(&[
            ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
            ("META-INF/manifest.xml", b"<manifest:manifest xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\"/>"),
            ("content.xml", t.as_bytes()),
        ])
    }
}

fn encoding_of(text: &str) -> Vec<u8> {
    encoding_rs::WINDOWS_1252.encode(text).0.into_owned()
}

/// A zip archive of these members.
pub fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut z = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in members {
        z.start_file(*name, zip::write::SimpleFileOptions::default())
            .unwrap();
        z.write_all(bytes).unwrap();
    }
    z.finish().unwrap().into_inner()
}
