//! Office Open XML packages: parts with their types and relations in a zip archive, the same bytes for the same content.

use std::io::Write;

/// Text between tags or within an attribute; characters XML cannot hold are left out.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' => out.push(c),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => out.push(c),
        }
    }
    out
}

/// The start of every XML part.
pub const XML: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";

const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// What a part points to.
#[derive(Debug, Clone, Default)]
pub struct Relations {
    items: Vec<(String, String)>,
}

impl Relations {
    /// Adds one of the office relations (`image`, `chart`, `slide`, …); returns its id.
    pub fn add(&mut self, kind: &str, target: &str) -> String {
        self.items
            .push((format!("{OFFICE}/{kind}"), target.to_owned()));
        format!("rId{}", self.items.len())
    }

    /// The part of the relations themselves.
    pub fn xml(&self) -> String {
        let mut out = format!(
            "{XML}<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
        );
        for (i, (kind, target)) in self.items.iter().enumerate() {
            out.push_str(&format!(
                "<Relationship Id=\"rId{}\" Type=\"{kind}\" Target=\"{}\"/>",
                i + 1,
                escape(target)
            ));
        }
        out + "</Relationships>"
    }
}

/// A package in the making.
#[derive(Debug, Default)]
pub struct Package {
    types: Vec<(String, String)>,
    parts: Vec<(String, Vec<u8>)>,
}

impl Package {
    /// Adds an XML part of a content type, with what it points to.
    pub fn xml(&mut self, path: &str, kind: &str, content: String, relations: &Relations) {
        self.types.push((format!("/{path}"), kind.to_owned()));
        self.parts.push((path.to_owned(), content.into_bytes()));
        if !relations.items.is_empty() {
            let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
            let path = format!("{folder}/_rels/{name}.rels");
            self.parts.push((path, relations.xml().into_bytes()));
        }
    }

    /// Adds a picture or an embedded workbook, whose type follows from its ending.
    pub fn bytes(&mut self, path: &str, content: Vec<u8>) {
        self.parts.push((path.to_owned(), content));
    }

    /// The archive. `main` is the path of the main part.
    pub fn finish(self, main: &str) -> std::io::Result<Vec<u8>> {
        let mut root = Relations::default();
        root.add("officeDocument", main);
        root.add("extended-properties", "docProps/app.xml");
        root.items.push((
            "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
                .into(),
            "docProps/core.xml".into(),
        ));
        let mut types = format!(
            "{XML}<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
             <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
             <Default Extension=\"xml\" ContentType=\"application/xml\"/>\
             <Default Extension=\"png\" ContentType=\"image/png\"/>\
             <Default Extension=\"jpeg\" ContentType=\"image/jpeg\"/>\
             <Default Extension=\"gif\" ContentType=\"image/gif\"/>\
             <Default Extension=\"bmp\" ContentType=\"image/bmp\"/>\
             <Default Extension=\"xlsx\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet\"/>"
        );
        for (path, kind) in &self.types {
            types.push_str(&format!(
                "<Override PartName=\"{path}\" ContentType=\"{kind}\"/>"
            ));
        }
        types.push_str("</Types>");
        let first = [
            ("[Content_Types].xml".to_owned(), types.into_bytes()),
            ("_rels/.rels".to_owned(), root.xml().into_bytes()),
        ];
        let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        let packed = zip::write::SimpleFileOptions::default()
            .compression_method(zip::CompressionMethod::Deflated)
            .compression_level(Some(3))
            .last_modified_time(zip::DateTime::default());
        // Pictures and workbooks are packed already.
        let stored = packed
            .compression_method(zip::CompressionMethod::Stored)
            .compression_level(None);
        for (path, content) in first.iter().chain(&self.parts) {
            let xml = path.ends_with(".xml") || path.ends_with(".rels");
            zip.start_file(path.as_str(), if xml { packed } else { stored })
                .map_err(std::io::Error::other)?;
            zip.write_all(content)?;
        }
        let done = zip.finish().map_err(std::io::Error::other)?;
        Ok(done.into_inner())
    }
}

/// Title, subject and dates of a package, never a person.
pub fn properties(
    package: &mut Package,
    title: &str,
    subject: &str,
    office: &str,
    language: &str,
    day: chrono::NaiveDate,
) {
    let core = format!(
        "{XML}<cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:dcterms=\"http://purl.org/dc/terms/\" \
         xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><dc:title>{}</dc:title><dc:subject>{}</dc:subject>\
         <dcterms:created xsi:type=\"dcterms:W3CDTF\">{day}T00:00:00Z</dcterms:created>\
         <dcterms:modified xsi:type=\"dcterms:W3CDTF\">{day}T00:00:00Z</dcterms:modified>\
         <dc:language>{language}</dc:language></cp:coreProperties>",
        escape(title),
        escape(subject)
    );
    let app = format!(
        "{XML}<Properties xmlns=\"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties\">\
         <Company>{}</Company></Properties>",
        escape(office)
    );
    let none = Relations::default();
    package.xml(
        "docProps/core.xml",
        "application/vnd.openxmlformats-package.core-properties+xml",
        core,
        &none,
    );
    package.xml(
        "docProps/app.xml",
        "application/vnd.openxmlformats-officedocument.extended-properties+xml",
        app,
        &none,
    );
}

/// What kind of picture some bytes are, as its ending; `None` for one that documents cannot hold.
pub fn ending(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x89, b'P', b'N', b'G', ..] => Some("png"),
        [0xff, 0xd8, ..] => Some("jpeg"),
        [b'G', b'I', b'F', ..] => Some("gif"),
        [b'B', b'M', ..] => Some("bmp"),
        _ => None,
    }
}

/// Width and height of a logo that fits a box, in the box's unit.
pub fn fitted(bytes: &[u8], width: f64, height: f64) -> Option<(f64, f64)> {
    let image = rust_xlsxwriter::Image::new_from_buffer(bytes).ok()?;
    let (w, h) = (image.width(), image.height());
    if w <= 0.0 || h <= 0.0 {
        return None;
    }
    let scale = (width / w).min(height / h);
    Some((w * scale, h * scale))
}
