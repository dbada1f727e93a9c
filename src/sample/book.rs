//! A supplier's file before it takes a format, and its writing as .xlsx, .xls, .ods, or text.

use super::{SampleError, fail, xls};
use crate::domain::{Month, Text};
use chrono::NaiveDate;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use std::io::Write;
use std::path::Path;

/// A cell as an office fills it.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) enum Cell {
    #[default]
    Empty,
    Text(Text),
    Number(f64),
    Date(NaiveDate),
}

/// A sheet.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sheet {
    pub name: String,
    pub rows: Vec<Vec<Cell>>,
    /// Merged regions: first row, first column, last row, last column.
    pub merges: Vec<(u32, u16, u32, u16)>,
}

/// Rows from which a sheet is streamed to its file.
const LONG: usize = 20_000;

/// A file.
#[derive(Debug, Clone)]
pub(crate) struct Book {
    /// Path below the inbox; its extension decides the format.
    pub path: String,
    pub sheets: Vec<Sheet>,
}

impl Book {
    /// Writes the file; nothing in it depends on the clock.
    pub fn write(&self, path: &Path, month: Month) -> Result<(), SampleError> {
        match self.path.rsplit('.').next() {
            Some("xlsx") => self.xlsx(path, month),
            Some("xls") => std::fs::write(path, xls::workbook(&self.sheets).map_err(fail(path))?)
                .map_err(fail(path)),
            Some("ods") => self.ods(path),
            Some("txt") => self.text(path, '\t', Encoding::Utf8),
            _ if self.path.contains("dobo") => self.text(path, ';', Encoding::Windows1252),
            _ => self.text(path, ',', Encoding::Utf8Bom),
        }
    }

    fn xlsx(&self, path: &Path, month: Month) -> Result<(), SampleError> {
        let mut book = Workbook::new();
        let day = month.last_day();
        let stamp =
            ExcelDateTime::parse_from_str(&format!("{day}T00:00:00")).map_err(fail(path))?;
        book.set_properties(&rust_xlsxwriter::DocProperties::new().set_creation_datetime(&stamp));
        let (date, bold) = (
            Format::new().set_num_format("dd/mm/yyyy"),
            Format::new().set_bold(),
        );
        let number = Format::new().set_num_format("0");
        for s in &self.sheets {
            // Long lists stream; merged cells cannot, since they reach into the next row.
            let sheet = if s.rows.len() > LONG && s.merges.is_empty() {
                book.add_worksheet_with_low_memory().map_err(fail(path))?
            } else {
                book.add_worksheet()
            };
            sheet.set_name(&s.name).map_err(fail(path))?;
            for &(a, b, c, d) in &s.merges {
                sheet
                    .merge_range(a, b, c, d, "", &bold)
                    .map_err(fail(path))?;
            }
            for (r, row) in s.rows.iter().enumerate() {
                for (c, cell) in row.iter().enumerate() {
                    let (r, c) = (r as u32, c as u16);
                    let done = match cell {
                        Cell::Empty => continue,
                        Cell::Text(t) => sheet.write_string(r, c, t.as_str()),
                        Cell::Number(n) => sheet.write_number_with_format(r, c, *n, &number),
                        Cell::Date(d) => sheet.write_datetime_with_format(r, c, d, &date),
                    };
                    done.map_err(fail(path))?;
                }
            }
        }
        book.save(path).map_err(fail(path))
    }

    fn text(&self, path: &Path, delimiter: char, encoding: Encoding) -> Result<(), SampleError> {
        let mut out = String::new();
        for row in self.sheets.iter().flat_map(|s| &s.rows) {
            let fields: Vec<String> = row.iter().map(|c| quoted(&shown(c), delimiter)).collect();
            out.push_str(fields.join(&delimiter.to_string()).trim_end_matches(' '));
            out.push_str("\r\n");
        }
        let bytes = match encoding {
            Encoding::Utf8 => out.into_bytes(),
            Encoding::Utf8Bom => [b"\xEF\xBB\xBF", out.as_bytes()].concat(),
            Encoding::Windows1252 => encoding_rs::WINDOWS_1252.encode(&out).0.into_owned(),
        };
        std::fs::write(path, bytes).map_err(fail(path))
    }

    fn ods(&self, path: &Path) -> Result<(), SampleError> {
        let mut body = String::from(concat!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><office:document-content xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" ",
            "xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" office:version=\"1.2\">",
            "<office:body><office:spreadsheet>"
        ));
        for s in &self.sheets {
            body.push_str(&format!("<table:table table:name=\"{}\">", escape(&s.name)));
            for row in &s.rows {
                body.push_str("<table:table-row>");
                if row.is_empty() {
                    body.push_str("<table:table-cell/>");
                }
                for cell in row {
                    body.push_str(&match cell {
                        Cell::Empty => "<table:table-cell/>".to_owned(),
                        Cell::Text(t) => format!("<table:table-cell office:value-type=\"string\"><text:p>{}</text:p></table:table-cell>", escape(t)),
                        Cell::Number(n) => format!("<table:table-cell office:value-type=\"float\" office:value=\"{n}\"><text:p>{n}</text:p></table:table-cell>"),
                        Cell::Date(d) => format!("<table:table-cell office:value-type=\"date\" office:date-value=\"{d}\"><text:p>{d}</text:p></table:table-cell>"),
                    });
                }
                body.push_str("</table:table-row>");
            }
            body.push_str("</table:table>");
        }
        body.push_str("</office:spreadsheet></office:body></office:document-content>");
        let manifest = concat!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><manifest:manifest xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\" manifest:version=\"1.2\">",
            "<manifest:file-entry manifest:full-path=\"/\" manifest:media-type=\"application/vnd.oasis.opendocument.spreadsheet\"/>",
            "<manifest:file-entry manifest:full-path=\"content.xml\" manifest:media-type=\"text/xml\"/></manifest:manifest>"
        );
        let mut buffer = std::io::Cursor::new(Vec::new());
        let mut zip = zip::ZipWriter::new(&mut buffer);
        let plain = zip::write::SimpleFileOptions::default()
            .compression_method(zip::CompressionMethod::Stored)
            .last_modified_time(zip::DateTime::default());
        let packed = plain.compression_method(zip::CompressionMethod::Deflated);
        for (name, options, text) in [
            (
                "mimetype",
                plain,
                "application/vnd.oasis.opendocument.spreadsheet",
            ),
            ("content.xml", packed, body.as_str()),
            ("META-INF/manifest.xml", packed, manifest),
        ] {
            zip.start_file(name, options).map_err(fail(path))?;
            zip.write_all(text.as_bytes()).map_err(fail(path))?;
        }
        zip.finish().map_err(fail(path))?;
        std::fs::write(path, buffer.into_inner()).map_err(fail(path))
    }
}

enum Encoding {
    Utf8,
    Utf8Bom,
    Windows1252,
}

fn shown(c: &Cell) -> String {
    match c {
        Cell::Empty => String::new(),
        Cell::Text(t) => t.to_string(),
        Cell::Number(n) => format!("{n:.0}"),
        Cell::Date(d) => d.format("%d/%m/%Y").to_string(),
    }
}

fn quoted(s: &str, delimiter: char) -> String {
    if s.contains([delimiter, '"', '\n']) {
        format!("\"{}\"", s.replace('"', "\"\""))
    } else {
        s.to_owned()
    }
}

fn escape(s: &str) -> String {
    s.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
