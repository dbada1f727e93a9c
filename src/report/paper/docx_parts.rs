//! The XML of a Word document's parts: styles, numbering, header and footer, tables, captions, pictures.

use super::package::{XML, escape};
use super::table_text::{Piece, Sheet};
use crate::locale::Lang;

const SPACES: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" \
    xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" \
    xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing\" \
    xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" \
    xmlns:pic=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"";

/// Everything before the body's first paragraph.
pub const OPEN: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<w:document \
    xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" \
    xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" \
    xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing\" \
    xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" \
    xmlns:pic=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"><w:body>";

/// A run of text; line feeds break the line.
fn run(text: &str, properties: &str) -> String {
    let lines: Vec<String> = text
        .split('\n')
        .map(|l| format!("<w:t xml:space=\"preserve\">{}</w:t>", escape(l)))
        .collect();
    format!("<w:r>{properties}{}</w:r>", lines.join("<w:br/>"))
}

/// A paragraph in a style.
pub fn paragraph(style: &str, text: &str) -> String {
    let run = if text.is_empty() {
        String::new()
    } else {
        run(text, "")
    };
    format!("<w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr>{run}</w:p>")
}

/// A field with the text it shows until a program computes it anew.
fn field(code: &str, shown: &str) -> String {
    format!(
        "<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText xml:space=\"preserve\"> {code} </w:instrText></w:r>\
         <w:r><w:fldChar w:fldCharType=\"separate\"/></w:r><w:r><w:t>{shown}</w:t></w:r><w:r><w:fldChar w:fldCharType=\"end\"/></w:r>"
    )
}

/// `Tabel 3. Title`: the number is a field that counts captions of its kind.
pub fn caption(kind: &str, number: usize, text: &str, above: bool) -> String {
    let keep = if above { "<w:keepNext/>" } else { "" };
    format!(
        "<w:p><w:pPr><w:pStyle w:val=\"Caption\"/>{keep}</w:pPr>{}{}{}</w:p>",
        run(&format!("{kind} "), ""),
        field(&format!("SEQ {kind} \\* ARABIC"), &number.to_string()),
        run(&format!(". {text}"), "")
    )
}

/// Opens the contents: a line that goes once the field is updated.
pub fn contents_start(hint: &str) -> String {
    format!(
        "<w:p><w:pPr><w:pStyle w:val=\"Keterangan\"/></w:pPr><w:r><w:fldChar w:fldCharType=\"begin\"/></w:r>\
         <w:r><w:instrText xml:space=\"preserve\"> TOC \\o \"1-3\" \\h \\z \\u </w:instrText></w:r>\
         <w:r><w:fldChar w:fldCharType=\"separate\"/></w:r>{}</w:p>",
        run(hint, "")
    )
}

/// A line of the contents; the last closes the field.
pub fn contents_line(bookmark: usize, level: u8, text: &str, last: bool) -> String {
    let close = if last {
        "<w:r><w:fldChar w:fldCharType=\"end\"/></w:r>"
    } else {
        ""
    };
    format!(
        "<w:p><w:pPr><w:pStyle w:val=\"TOC{level}\"/></w:pPr><w:hyperlink w:anchor=\"_Toc{bookmark:06}\" w:history=\"1\">{}\
         <w:r><w:tab/></w:r>{}</w:hyperlink>{close}</w:p>",
        run(text, ""),
        field(&format!("PAGEREF _Toc{bookmark:06} \\h"), "")
    )
}

fn cell(width: f64, style: &str, text: &str, bold: bool) -> String {
    let paragraphs: Vec<String> = text
        .split('\n')
        .map(|l| {
            let properties = if bold { "<w:rPr><w:b/></w:rPr>" } else { "" };
            let run = if l.is_empty() {
                String::new()
            } else {
                run(l, properties)
            };
            format!("<w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr>{run}</w:p>")
        })
        .collect();
    format!(
        "<w:tc><w:tcPr><w:tcW w:w=\"{:.0}\" w:type=\"dxa\"/></w:tcPr>{}</w:tc>",
        width * 20.0,
        paragraphs.concat()
    )
}

fn table_start(style: &str, widths: &[f64], caption: &str, description: &str) -> String {
    let all: f64 = widths.iter().sum();
    let columns: String = widths
        .iter()
        .map(|w| format!("<w:gridCol w:w=\"{:.0}\"/>", w * 20.0))
        .collect();
    format!(
        "<w:tbl><w:tblPr><w:tblStyle w:val=\"{style}\"/><w:tblW w:w=\"{:.0}\" w:type=\"dxa\"/><w:tblLayout w:type=\"fixed\"/>\
         <w:tblLook w:val=\"0420\" w:firstRow=\"1\" w:lastRow=\"0\" w:firstColumn=\"0\" w:lastColumn=\"0\" w:noHBand=\"0\" w:noVBand=\"1\"/>\
         <w:tblCaption w:val=\"{}\"/><w:tblDescription w:val=\"{}\"/></w:tblPr><w:tblGrid>{columns}</w:tblGrid>",
        all * 20.0,
        escape(caption),
        escape(description)
    )
}

const HEAD_ROW: &str = "<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>";
const ROW: &str = "<w:tr><w:trPr><w:cantSplit/></w:trPr>";

/// A piece of a table of figures.
pub fn table(sheet: &Sheet, piece: &Piece, caption: &str, description: &str) -> String {
    let mut out = table_start("TabelLaporan", &piece.widths, caption, description);
    let cells = || piece.columns.iter().zip(&piece.widths);
    out.push_str(HEAD_ROW);
    for (&i, w) in cells() {
        let style = if sheet.right[i] {
            "TabelKepalaAngka"
        } else {
            "TabelKepala"
        };
        out.push_str(&cell(*w, style, &sheet.heads[i], false));
    }
    out.push_str("</w:tr>");
    for r in &sheet.rows {
        out.push_str(ROW);
        for (&i, w) in cells() {
            let style = if sheet.right[i] {
                "TabelAngka"
            } else {
                "TabelIsi"
            };
            out.push_str(&cell(*w, style, &r.cells[i], r.total));
        }
        out.push_str("</w:tr>");
    }
    out + "</w:tbl>"
}

/// A table of words with a header.
pub fn word_table(heads: &[String], rows: &[Vec<String>], widths: &[f64]) -> String {
    let mut out = table_start("TabelLaporan", widths, &heads.join(", "), "");
    out.push_str(HEAD_ROW);
    for (h, w) in heads.iter().zip(widths) {
        out.push_str(&cell(*w, "TabelKepala", h, false));
    }
    out.push_str("</w:tr>");
    for r in rows {
        out.push_str("<w:tr>");
        for (text, w) in r.iter().zip(widths) {
            out.push_str(&cell(*w, "TabelIsi", text, false));
        }
        out.push_str("</w:tr>");
    }
    out + "</w:tbl>"
}

/// A table without lines: fields of a letter, signatures.
pub fn plain_table(widths: &[f64], rows: &[Vec<String>], caption: &str) -> String {
    let mut out = table_start("TabelPolos", widths, caption, "");
    for r in rows {
        out.push_str(ROW);
        for (text, w) in r.iter().zip(widths) {
            out.push_str(&cell(*w, "Alamat", text, false));
        }
        out.push_str("</w:tr>");
    }
    out + "</w:tbl>"
}

/// A picture within a line, width and height in English metric units.
pub fn inline(relation: &str, number: usize, alt: &str, (w, h): (f64, f64)) -> String {
    let alt = escape(alt);
    format!(
        "<w:drawing><wp:inline distT=\"0\" distB=\"0\" distL=\"0\" distR=\"0\"><wp:extent cx=\"{w:.0}\" cy=\"{h:.0}\"/>\
         <wp:docPr id=\"{number}\" name=\"Gambar {number}\" descr=\"{alt}\"/><wp:cNvGraphicFramePr>\
         <a:graphicFrameLocks noChangeAspect=\"1\"/></wp:cNvGraphicFramePr><a:graphic>\
         <a:graphicData uri=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"><pic:pic><pic:nvPicPr>\
         <pic:cNvPr id=\"{number}\" name=\"gambar{number}.png\" descr=\"{alt}\"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill>\
         <a:blip r:embed=\"{relation}\"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x=\"0\" y=\"0\"/>\
         <a:ext cx=\"{w:.0}\" cy=\"{h:.0}\"/></a:xfrm><a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></pic:spPr></pic:pic>\
         </a:graphicData></a:graphic></wp:inline></w:drawing>"
    )
}

/// Page size, margins, header and footer of a section of pages.
pub fn section(
    ids: &[String; 3],
    (w, h): (f64, f64),
    [left, right]: [f64; 2],
    landscape: bool,
    first: bool,
) -> String {
    let [kop, head, foot] = ids;
    let orient = if landscape {
        " w:orient=\"landscape\""
    } else {
        ""
    };
    let (heads, title) = if first {
        (
            format!(
                "<w:headerReference w:type=\"first\" r:id=\"{kop}\"/><w:footerReference w:type=\"first\" r:id=\"{foot}\"/>"
            ),
            "<w:titlePg/>",
        )
    } else {
        (String::new(), "")
    };
    format!(
        "<w:sectPr>{heads}<w:headerReference w:type=\"default\" r:id=\"{head}\"/><w:footerReference w:type=\"default\" r:id=\"{foot}\"/>\
         <w:type w:val=\"nextPage\"/><w:pgSz w:w=\"{w:.0}\" w:h=\"{h:.0}\"{orient}/><w:pgMar w:top=\"1304\" w:right=\"{right:.0}\" \
         w:bottom=\"1134\" w:left=\"{left:.0}\" w:header=\"567\" w:footer=\"510\" w:gutter=\"0\"/>{title}</w:sectPr>"
    )
}

/// The first page's header: letterhead with the logo beside it and a line below.
pub fn kop(lines: &[String], logo: Option<&str>) -> String {
    let mut body = String::new();
    let text: String = lines
        .iter()
        .enumerate()
        .map(|(i, l)| {
            paragraph(
                if i + 1 == lines.len() {
                    "KopAkhir"
                } else {
                    "Kop"
                },
                l,
            )
        })
        .collect();
    match logo {
        Some(inline) => {
            body.push_str(
                "<w:tbl><w:tblPr><w:tblStyle w:val=\"TabelPolos\"/><w:tblW w:w=\"5000\" w:type=\"pct\"/><w:tblLayout w:type=\"fixed\"/></w:tblPr>\
                 <w:tblGrid><w:gridCol w:w=\"1500\"/><w:gridCol w:w=\"7860\"/></w:tblGrid><w:tr>\
                 <w:tc><w:tcPr><w:tcW w:w=\"1500\" w:type=\"dxa\"/></w:tcPr>",
            );
            body.push_str(&format!(
                "<w:p><w:pPr><w:pStyle w:val=\"Kop\"/></w:pPr><w:r>{inline}</w:r></w:p></w:tc>"
            ));
            body.push_str(&format!("<w:tc><w:tcPr><w:tcW w:w=\"7860\" w:type=\"dxa\"/></w:tcPr>{text}</w:tc></w:tr></w:tbl>"));
        }
        None => body.push_str(&text),
    }
    body.push_str(&paragraph("KopGaris", ""));
    format!("{XML}<w:hdr {SPACES}>{body}</w:hdr>")
}

/// The header of the other pages: what this is and of which month.
pub fn header(title: &str, period: &str) -> String {
    format!(
        "{XML}<w:hdr {SPACES}>{}</w:hdr>",
        paragraph("Header", &format!("{title} · {period}"))
    )
}

/// The footer: office, classification, page of pages. `page` holds `{page}` and `{pages}`.
pub fn footer(office: &str, classification: &str, page: &str) -> String {
    let mut numbered = String::new();
    for piece in page.split_inclusive('}') {
        let (text, code) = match piece.split_once('{') {
            Some((text, "page}")) => (text, "PAGE"),
            Some((text, "pages}")) => (text, "NUMPAGES"),
            _ => (piece, ""),
        };
        numbered.push_str(&run(text, ""));
        if !code.is_empty() {
            numbered.push_str(&field(code, "1"));
        }
    }
    format!(
        "{XML}<w:ftr {SPACES}><w:p><w:pPr><w:pStyle w:val=\"Footer\"/></w:pPr>{}<w:r><w:tab/></w:r>{numbered}</w:p></w:ftr>",
        run(&format!("{office} · {classification}"), "")
    )
}

/// Chapters as `BAB I` with sections `1.1`, annexes as `LAMPIRAN A` with sections `A.1`, bullets.
pub fn numbering(chapter: &str, annex: &str) -> String {
    let level = |n: u8, style: &str, format: &str, text: &str, more: &str, indent: &str| {
        format!(
            "<w:lvl w:ilvl=\"{n}\"><w:start w:val=\"1\"/><w:numFmt w:val=\"{format}\"/><w:pStyle w:val=\"{style}\"/>{more}<w:suff w:val=\"space\"/>\
             <w:lvlText w:val=\"{text}\"/><w:lvlJc w:val=\"left\"/><w:pPr>{indent}</w:pPr></w:lvl>"
        )
    };
    let none = "<w:ind w:left=\"0\" w:firstLine=\"0\"/>";
    let (chapter, annex) = (escape(chapter), escape(annex));
    format!(
        "{XML}<w:numbering {SPACES}><w:abstractNum w:abstractNumId=\"0\"><w:multiLevelType w:val=\"multilevel\"/>{}{}{}</w:abstractNum>\
         <w:abstractNum w:abstractNumId=\"1\"><w:multiLevelType w:val=\"multilevel\"/>{}{}</w:abstractNum>\
         <w:abstractNum w:abstractNumId=\"2\"><w:multiLevelType w:val=\"singleLevel\"/>\
         <w:lvl w:ilvl=\"0\"><w:start w:val=\"1\"/><w:numFmt w:val=\"bullet\"/><w:pStyle w:val=\"ListBullet\"/><w:lvlText w:val=\"•\"/>\
         <w:lvlJc w:val=\"left\"/><w:pPr><w:ind w:left=\"284\" w:hanging=\"284\"/></w:pPr></w:lvl></w:abstractNum>\
         <w:num w:numId=\"1\"><w:abstractNumId w:val=\"0\"/></w:num><w:num w:numId=\"2\"><w:abstractNumId w:val=\"1\"/></w:num>\
         <w:num w:numId=\"3\"><w:abstractNumId w:val=\"2\"/></w:num></w:numbering>",
        level(
            0,
            "Heading1",
            "upperRoman",
            &format!("{chapter} %1"),
            "",
            none
        ),
        level(1, "Heading2", "decimal", "%1.%2", "<w:isLgl/>", none),
        level(2, "Heading3", "decimal", "%1.%2.%3", "<w:isLgl/>", none),
        level(
            0,
            "Lampiran",
            "upperLetter",
            &format!("{annex} %1"),
            "",
            none
        ),
        level(1, "SubLampiran", "decimal", "%1.%2", "", none),
    )
}

/// Document settings.
pub fn settings() -> String {
    format!(
        "{XML}<w:settings {SPACES}><w:zoom w:percent=\"100\"/><w:defaultTabStop w:val=\"720\"/><w:characterSpacingControl w:val=\"doNotCompress\"/>\
         <w:compat><w:compatSetting w:name=\"compatibilityMode\" w:uri=\"http://schemas.microsoft.com/office/word\" w:val=\"15\"/></w:compat></w:settings>"
    )
}

/// The faces the styles name.
pub fn fonts() -> String {
    format!(
        "{XML}<w:fonts {SPACES}><w:font w:name=\"Arial\"><w:family w:val=\"swiss\"/></w:font></w:fonts>"
    )
}

/// A whole number as a Roman one, up to 39.
pub fn roman(n: usize) -> String {
    let ones = ["", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"];
    format!("{}{}", "X".repeat(n / 10), ones[n % 10])
}

/// `A` for 0, `B` for 1.
pub fn letter(n: usize) -> String {
    char::from(b'A' + (n % 26) as u8).to_string()
}

/// Named styles: what an analyst changes to change the look of a paper.
pub fn styles(colours: &[String; 2], lang: Lang) -> String {
    let [first, _] = colours;
    let first = first.trim_start_matches('#');
    let tag = match lang {
        Lang::Id => "id-ID",
        Lang::En => "en-GB",
    };
    let mut out = format!(
        "{XML}<w:styles {SPACES}><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii=\"Arial\" w:hAnsi=\"Arial\" w:cs=\"Arial\" w:eastAsia=\"Arial\"/>\
         <w:sz w:val=\"21\"/><w:szCs w:val=\"21\"/><w:lang w:val=\"{tag}\"/></w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>\
         <w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\"><w:name w:val=\"Normal\"/><w:qFormat/></w:style>\
         <w:style w:type=\"character\" w:default=\"1\" w:styleId=\"DefaultParagraphFont\"><w:name w:val=\"Default Paragraph Font\"/></w:style>\
         <w:style w:type=\"table\" w:default=\"1\" w:styleId=\"TableNormal\"><w:name w:val=\"Normal Table\"/><w:tblPr><w:tblInd w:w=\"0\" w:type=\"dxa\"/>\
         <w:tblCellMar><w:top w:w=\"0\" w:type=\"dxa\"/><w:left w:w=\"80\" w:type=\"dxa\"/><w:bottom w:w=\"0\" w:type=\"dxa\"/><w:right w:w=\"80\" w:type=\"dxa\"/></w:tblCellMar></w:tblPr></w:style>"
    );
    let mut style = |id: &str, name: &str, base: &str, paragraph: &str, run: &str| {
        let base = if base.is_empty() {
            String::new()
        } else {
            format!("<w:basedOn w:val=\"{base}\"/>")
        };
        out.push_str(&format!(
            "<w:style w:type=\"paragraph\" w:styleId=\"{id}\"><w:name w:val=\"{name}\"/>{base}<w:qFormat/><w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>"
        ));
    };
    let colour = format!("<w:color w:val=\"{first}\"/>");
    let muted = "<w:color w:val=\"4A5560\"/>";
    let size = |n: u8| format!("<w:sz w:val=\"{n}\"/><w:szCs w:val=\"{n}\"/>");
    let numbered = |level: u8, list: u8| {
        format!("<w:numPr><w:ilvl w:val=\"{level}\"/><w:numId w:val=\"{list}\"/></w:numPr>")
    };
    let space = |before: u16, after: u16| {
        format!(
            "<w:spacing w:before=\"{before}\" w:after=\"{after}\" w:line=\"264\" w:lineRule=\"auto\"/>"
        )
    };
    let tight =
        |before: u16, after: u16| format!("<w:spacing w:before=\"{before}\" w:after=\"{after}\"/>");
    style("BodyText", "Body Text", "Normal", &space(0, 120), "");
    let title = format!("<w:b/>{colour}{}", size(28));
    style(
        "Heading1",
        "heading 1",
        "Normal",
        &format!(
            "<w:keepNext/>{}{}<w:outlineLvl w:val=\"0\"/>",
            numbered(0, 1),
            tight(480, 160)
        ),
        &title,
    );
    let title = format!("<w:b/>{colour}{}", size(23));
    style(
        "Heading2",
        "heading 2",
        "Normal",
        &format!(
            "<w:keepNext/>{}{}<w:outlineLvl w:val=\"1\"/>",
            numbered(1, 1),
            tight(280, 100)
        ),
        &title,
    );
    let title = format!("<w:b/>{}", size(21));
    style(
        "Heading3",
        "heading 3",
        "Normal",
        &format!(
            "<w:keepNext/>{}{}<w:outlineLvl w:val=\"2\"/>",
            numbered(2, 1),
            tight(200, 80)
        ),
        &title,
    );
    style(
        "JudulTanpaNomor",
        "Judul tanpa nomor",
        "Heading1",
        "<w:numPr><w:ilvl w:val=\"0\"/><w:numId w:val=\"0\"/></w:numPr><w:spacing w:before=\"280\" w:after=\"120\"/><w:outlineLvl w:val=\"0\"/>",
        &size(25),
    );
    style(
        "JudulDaftar",
        "TOC Heading",
        "Normal",
        &tight(0, 200),
        &format!("<w:b/>{colour}{}", size(28)),
    );
    style(
        "Lampiran",
        "Lampiran",
        "Heading1",
        &format!(
            "<w:pageBreakBefore/>{}<w:outlineLvl w:val=\"0\"/>",
            numbered(0, 2)
        ),
        "",
    );
    style(
        "SubLampiran",
        "Sublampiran",
        "Heading2",
        &format!("{}<w:outlineLvl w:val=\"1\"/>", numbered(1, 2)),
        "",
    );
    style(
        "Caption",
        "caption",
        "Normal",
        &tight(160, 80),
        &format!("<w:b/>{}", size(18)),
    );
    style(
        "Gambar",
        "Gambar",
        "Normal",
        "<w:keepNext/><w:spacing w:before=\"160\" w:after=\"40\"/>",
        "",
    );
    style(
        "Keterangan",
        "Keterangan",
        "Normal",
        &tight(40, 60),
        &format!("{muted}{}", size(16)),
    );
    style(
        "ListBullet",
        "List Bullet",
        "BodyText",
        &format!("{}{}", numbered(0, 3), space(0, 60)),
        "",
    );
    style(
        "Tanggal",
        "Tanggal surat",
        "Normal",
        &format!("{}<w:jc w:val=\"right\"/>", tight(0, 160)),
        "",
    );
    style("Alamat", "Alamat surat", "Normal", &tight(0, 40), "");
    style(
        "Kop",
        "Kop",
        "Normal",
        "<w:spacing w:before=\"0\" w:after=\"0\"/><w:jc w:val=\"center\"/>",
        &size(22),
    );
    style(
        "KopAkhir",
        "Kop akhir",
        "Kop",
        "",
        &format!("<w:b/>{}", size(26)),
    );
    style(
        "KopGaris",
        "Kop garis",
        "Normal",
        &format!(
            "<w:pBdr><w:bottom w:val=\"thinThickSmallGap\" w:sz=\"18\" w:space=\"1\" w:color=\"{first}\"/></w:pBdr><w:spacing w:before=\"0\" w:after=\"160\"/>"
        ),
        &size(6),
    );
    style(
        "Header",
        "header",
        "Normal",
        "<w:pBdr><w:bottom w:val=\"single\" w:sz=\"4\" w:space=\"4\" w:color=\"C9CED6\"/></w:pBdr>",
        &format!("{muted}{}", size(16)),
    );
    style(
        "Footer",
        "footer",
        "Normal",
        "<w:tabs><w:tab w:val=\"right\" w:pos=\"9350\"/></w:tabs>",
        &format!("{muted}{}", size(16)),
    );
    style(
        "TabelIsi",
        "Tabel isi",
        "Normal",
        "<w:spacing w:before=\"20\" w:after=\"20\"/>",
        &size(17),
    );
    style(
        "TabelAngka",
        "Tabel angka",
        "TabelIsi",
        "<w:jc w:val=\"right\"/>",
        "",
    );
    style(
        "TabelKepala",
        "Tabel kepala",
        "TabelIsi",
        "<w:keepNext/>",
        "<w:b/>",
    );
    style(
        "TabelKepalaAngka",
        "Tabel kepala angka",
        "TabelKepala",
        "<w:jc w:val=\"right\"/>",
        "",
    );
    let tabs = "<w:tabs><w:tab w:val=\"right\" w:leader=\"dot\" w:pos=\"9350\"/></w:tabs>";
    style(
        "TOC1",
        "toc 1",
        "Normal",
        &format!("{tabs}<w:spacing w:before=\"100\" w:after=\"20\"/><w:ind w:right=\"500\"/>"),
        "<w:b/>",
    );
    style(
        "TOC2",
        "toc 2",
        "Normal",
        &format!(
            "{tabs}<w:spacing w:before=\"0\" w:after=\"10\"/><w:ind w:left=\"280\" w:right=\"500\"/>"
        ),
        "",
    );
    style(
        "TOC3",
        "toc 3",
        "Normal",
        &format!("{tabs}<w:ind w:left=\"560\" w:right=\"500\"/>"),
        "",
    );
    let line = |name: &str, size: u8, colour: &str| {
        format!("<w:{name} w:val=\"single\" w:sz=\"{size}\" w:space=\"0\" w:color=\"{colour}\"/>")
    };
    out.push_str(&format!(
        "<w:style w:type=\"table\" w:styleId=\"TabelLaporan\"><w:name w:val=\"Tabel laporan\"/><w:basedOn w:val=\"TableNormal\"/><w:tblPr>\
         <w:tblBorders>{}{}{}</w:tblBorders><w:tblCellMar><w:left w:w=\"80\" w:type=\"dxa\"/><w:right w:w=\"80\" w:type=\"dxa\"/></w:tblCellMar></w:tblPr>\
         <w:tblStylePr w:type=\"firstRow\"><w:tcPr><w:tcBorders>{}</w:tcBorders><w:shd w:val=\"clear\" w:color=\"auto\" w:fill=\"EEF2F6\"/><w:vAlign w:val=\"bottom\"/></w:tcPr></w:tblStylePr></w:style>\
         <w:style w:type=\"table\" w:styleId=\"TabelPolos\"><w:name w:val=\"Tabel polos\"/><w:basedOn w:val=\"TableNormal\"/></w:style></w:styles>",
        line("top", 8, first),
        line("bottom", 8, first),
        line("insideH", 4, "D5DAE0"),
        line("bottom", 8, first),
    ));
    out
}
