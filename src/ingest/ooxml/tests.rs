use super::package::{Format, of_code};
use super::*;
use crate::ingest::workbook;
use crate::workspace::Limits;
use std::io::Write;
use std::sync::Arc;

fn plain(book: &[u8]) -> Result<Vec<Sheet>, Stop> {
    let bytes = Bytes::Memory(Arc::new(book.to_vec()));
    read(&bytes, &mut Budget::of(&Limits::default()))
}

fn complete(book: &[u8]) -> Vec<Sheet> {
    let bytes = Bytes::Memory(Arc::new(book.to_vec()));
    workbook::complete(&bytes, &mut Budget::of(&Limits::default())).unwrap()
}

/// A workbook with one worksheet and one table of strings, as given.
fn package(sheet: &str, strings: &str) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let styles = r#"<styleSheet><numFmts count="1"><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="46"/></cellXfs></styleSheet>"#;
    for (name, text) in [
        ("[Content_Types].xml", "<Types/>"),
        (
            "_rels/.rels",
            r#"<Relationships><Relationship Id="r" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#,
        ),
        (
            "xl/workbook.xml",
            r#"<workbook><sheets><sheet name="A &amp; B" sheetId="1" r:id="s"/></sheets></workbook>"#,
        ),
        (
            "xl/_rels/workbook.xml.rels",
            r#"<Relationships><Relationship Id="s" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#,
        ),
        ("xl/styles.xml", styles),
        ("xl/sharedStrings.xml", strings),
        ("xl/worksheets/sheet1.xml", sheet),
    ] {
        zip.start_file(name, zip::write::SimpleFileOptions::default())
            .unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

const STRINGS: &str = r#"<?xml version="1.0" encoding="UTF-8"?><sst count="9"><si><t>Ambon</t></si><si><t xml:space="preserve"> Tual </t></si><si><r><t>Ma</t></r><r><rPr><b/></rPr><t>sohi</t></r><rPh sb="0"><t>x</t></rPh></si><si/><si><t>a &lt; b &amp;#x41; &#x42;</t></si><si><t>_x000D_baris_x005F_x</t></si><si><t></t></si></sst>"#;

#[test]
fn every_kind_of_cell_is_read_as_the_complete_parser_reads_it() {
    let sheet = r#"<worksheet><dimension ref="A1:C9"/><cols><col min="1" max="1" hidden="1"/></cols><sheetData>
<row r="2" spans="1:9"><c r="B2" t="s"><v>0</v></c><c r="C2" t="s"><v>1</v></c><c t="s"><v>2</v></c><c t="s"><v>3</v></c><c t="s"><v>4</v></c><c t="s"><v>5</v></c><c t="s"><v>6</v></c></row>
<row r="5" hidden="1"><c r="A5"><v>12.5</v></c><c r="B5" s="1"><v>46062</v></c><c r="C5" s="2"><v>1.5</v></c><c r="D5" t="n"><v>1e3</v></c><c r="E5" s="1"/><c r="F5"></c></row>
<row><c t="b"><v>1</v></c><c t="e"><f>A1</f><v>#REF!</v></c><c t="str"><f t="shared" ref="A1:A2" si="0">A&amp;B</f><v>x &amp; y</v></c><c t="inlineStr"><is><t>Piru</t></is></c><c t="inlineStr"><is><r><t>a</t></r><r><t xml:space="preserve"> b</t></r></is></c><c t="d"><v>2026-02-09</v></c><c><v>teks</v></c><c><f/><v/></c></row>
<row r="9"/><row><c><v>8171021203900001</v></c></row></sheetData><mergeCells count="1"><mergeCell ref="A1:C1"/></mergeCells></worksheet>"#;
    let book = package(sheet, STRINGS);
    let mut fast = plain(&book).unwrap();
    // Which cells are formulas is known here alone.
    let said: Vec<_> = fast[0].issues.drain(..).map(|i| (i.rule, i.col)).collect();
    assert_eq!(said, [("ingest.formula_not_calculated", Some(7))]);
    assert_eq!(fast, complete(&book));
    assert_eq!(fast[0].name, "A & B");
    assert_eq!(fast[0].merges, [(0, 0, 0, 2)]);
    let rows: Vec<(u32, bool, usize)> = fast[0]
        .rows
        .iter()
        .map(|r| (r.row, r.hidden, r.cells.len()))
        .collect();
    assert_eq!(
        rows,
        [(1, false, 5), (4, true, 4), (5, false, 7), (9, false, 1)]
    );
}

#[test]
fn a_sheet_cut_anywhere_by_the_windows_reads_the_same() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let w = book.add_worksheet();
    for r in 0..9_000u32 {
        for c in 0..8u16 {
            w.write(r, c, format!("orang ke-{r} kolom {c}")).unwrap();
        }
        w.write(r, 8, f64::from(r) / 7.0).unwrap();
    }
    w.merge_range(
        9_001,
        0,
        9_001,
        3,
        "Mengetahui",
        &rust_xlsxwriter::Format::new(),
    )
    .unwrap();
    let book = book.save_to_buffer().unwrap();
    assert_eq!(plain(&book).unwrap(), complete(&book));
}

#[test]
fn what_is_not_plain_is_left_to_the_complete_parser() {
    let row = |cells: &str| {
        format!("<worksheet><sheetData><row r=\"1\">{cells}</row></sheetData></worksheet>")
    };
    let unusual = [
        row("<!-- x --><c><v>1</v></c>"),
        row("<c t=\"s\"><v>99</v></c>"),
        row("<c t=\"z\"><v>1</v></c>"),
        row("<c r=\"1A\"><v>1</v></c>"),
        row("<c t=\"inlineStr\"><is><t><![CDATA[x]]></t></is></c>"),
        row("<c t=\"str\"><v>&own;</v></c>"),
        "<x:worksheet><x:sheetData><x:row r=\"1\"><x:c><x:v>1</x:v></x:c></x:row></x:sheetData></x:worksheet>".into(),
        "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><worksheet><sheetData></sheetData></worksheet>".into(),
        "<worksheet><sheetData><row r=\"1\"><c><v>1</v></c>".into(),
    ];
    for sheet in unusual {
        let got = plain(&package(&sheet, STRINGS));
        assert!(matches!(got, Err(Stop::Unusual(_))), "{sheet}");
    }
    let empty = plain(&package("<worksheet><sheetData/></worksheet>", STRINGS)).unwrap();
    assert!(empty[0].rows.is_empty());
}

#[test]
fn format_codes_tell_dates_from_numbers_and_durations() {
    for (code, format) in [
        ("dd/mm/yyyy", Format::Date),
        ("[$-421]d mmmm yyyy;@", Format::Date),
        ("h:mm AM/PM", Format::Date),
        ("[h]:mm:ss", Format::Duration),
        ("[mm]", Format::Duration),
        ("#,##0.00", Format::Number),
        ("\"Hari \"0", Format::Number),
        ("0\\d", Format::Number),
        ("[Red]0;[Blue]d", Format::Number),
        ("General", Format::Number),
        ("_-* #,##0_-", Format::Number),
    ] {
        assert_eq!(of_code(code), format, "{code}");
    }
}

#[test]
fn limits_end_the_reading_where_they_are_met() {
    let sheet = format!(
        "<worksheet><sheetData>{}</sheetData></worksheet>",
        "<row><c><v>1</v></c></row>".repeat(1_000)
    );
    let bytes = Bytes::Memory(Arc::new(package(&sheet, STRINGS)));
    let limits = Limits {
        cells: 3_999,
        ..Limits::default()
    };
    let got = read(&bytes, &mut Budget::of(&limits));
    assert!(matches!(
        got,
        Err(Stop::Grid(GridError::TooLarge("limits.cells")))
    ));
    let big = format!(
        "<worksheet><sheetData>{}</sheetData></worksheet>",
        " ".repeat(3 << 20)
    );
    let bytes = Bytes::Memory(Arc::new(package(&big, STRINGS)));
    let limits = Limits {
        expanded_mib: 2,
        ..Limits::default()
    };
    let got = read(&bytes, &mut Budget::of(&limits));
    assert!(matches!(got, Err(Stop::Grid(GridError::TooLarge(_)))));
}

#[test]
fn every_workbook_of_the_sample_reads_plainly_and_as_the_complete_parser_reads_it() {
    let inbox = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("data-samples/inbox");
    let (files, _) = crate::ingest::list_inbox(&inbox).unwrap();
    let mut seen = 0;
    for f in files
        .iter()
        .filter(|f| f.rel.ends_with(".xlsx") || f.rel.ends_with(".xlsm"))
    {
        let book = std::fs::read(&f.path).unwrap();
        assert_eq!(plain(&book).unwrap(), complete(&book), "{}", f.rel);
        seen += 1;
    }
    assert!(seen > 20, "{seen}");
}
