//! The Word report: its tables, styles, captions and pictures.

use super::*;
use quick_xml::events::Event;

/// The tables of a document: caption and rows of cells.
pub(super) fn tables_of(docx: &[u8]) -> Vec<(String, Vec<Vec<String>>)> {
    let xml = parts(docx)["word/document.xml"].clone();
    let mut reader = quick_xml::Reader::from_str(&xml);
    let mut out: Vec<(String, Vec<Vec<String>>)> = Vec::new();
    let mut in_text = false;
    loop {
        match reader.read_event().unwrap() {
            Event::Start(e) => match e.name().as_ref() {
                b"w:tbl" => out.push(Default::default()),
                b"w:tr" => out.last_mut().unwrap().1.push(vec![]),
                b"w:tc" => out
                    .last_mut()
                    .unwrap()
                    .1
                    .last_mut()
                    .unwrap()
                    .push(String::new()),
                b"w:t" => in_text = true,
                _ => {}
            },
            Event::Empty(e) if e.name().as_ref() == b"w:tblCaption" => {
                let value = e
                    .attributes()
                    .flatten()
                    .find(|a| a.key.as_ref() == b"w:val")
                    .unwrap();
                out.last_mut().unwrap().0 = value.unescape_value().unwrap().into_owned();
            }
            Event::Text(t) if in_text => {
                if let Some(cell) = out.last_mut().and_then(|t| t.1.last_mut()?.last_mut()) {
                    cell.push_str(&t.decode().unwrap());
                }
            }
            Event::GeneralRef(r) if in_text => {
                let name = r.decode().unwrap().into_owned();
                let text = quick_xml::escape::unescape(&format!("&{name};"))
                    .unwrap()
                    .into_owned();
                if let Some(cell) = out.last_mut().and_then(|t| t.1.last_mut()?.last_mut()) {
                    cell.push_str(&text);
                }
            }
            Event::End(e) => match e.name().as_ref() {
                b"w:t" => in_text = false,
                // What follows a table is no part of it.
                b"w:tbl" => out.last_mut().unwrap().1.push(vec![]),
                _ => {}
            },
            Event::Eof => break,
            _ => {}
        }
    }
    for t in &mut out {
        t.1.retain(|r| !r.is_empty());
    }
    out
}

#[test]
fn every_number_of_the_word_tables_is_the_published_figure_it_claims_to_be() {
    every_paper(|name, lang, f, table, before| {
        let found = tables_of(&f.docx);
        let mut seen = 0;
        for t in all_tables(&f.paper) {
            let columns = t.columns();
            // A table that is too wide stands in pieces: each cell is looked for under its row and header.
            let pieces: Vec<_> = found
                .iter()
                .filter(|(c, _)| c.starts_with(t.title.as_str()))
                .collect();
            for (r, row) in t.grid.rows.iter().enumerate() {
                for c in &columns {
                    let PrintColumn::One(i) = c else { continue };
                    let cell = &row.cells[*i];
                    let Some(key) = &cell.key else { continue };
                    let source = if cell.part == Part::Of(Show::Previous) {
                        before
                    } else {
                        table
                    };
                    let Some(figure) = source.by_key(key) else {
                        continue;
                    };
                    let Some(expected) =
                        as_printed(figure, cell.part, lang).filter(|_| !figure.is_hidden())
                    else {
                        continue;
                    };
                    let header = &t.grid.columns[*i].header;
                    let at: Vec<&String> = (pieces.iter())
                        .filter_map(|(_, rows)| {
                            let k = rows[0].iter().position(|h| h == header)?;
                            rows.get(r + 1)?.get(k)
                        })
                        .collect();
                    if at.is_empty() {
                        continue;
                    }
                    assert!(
                        at.iter().any(|x| **x == expected),
                        "{name} {lang:?} {} {header} row {r}: {at:?} for {expected}",
                        t.title
                    );
                    seen += 1;
                }
            }
        }
        // The public reads three tables.
        let least = if name == "publik" { 80 } else { 250 };
        assert!(seen > least, "{name}: {seen} numbers");
    });
}

#[test]
fn the_word_report_has_styles_contents_captions_and_pictures_with_words_for_them() {
    every_paper(|name, _, f, _, _| {
        let all = parts(&f.docx);
        let xml = &all["word/document.xml"];
        for style in ["Heading1", "Heading2", "Caption", "TabelLaporan", "TOC1"] {
            assert!(
                xml.contains(&format!("w:val=\"{style}\"")),
                "{name}: {style}"
            );
            assert!(all["word/styles.xml"].contains(&format!("w:styleId=\"{style}\"")));
        }
        assert!(
            xml.contains(" TOC \\o ")
                && xml.contains("SEQ ")
                && all["word/footer1.xml"].contains("NUMPAGES")
        );
        let pictures = xml.matches("<wp:docPr ").count();
        assert!(
            pictures > if name == "publik" { 1 } else { 5 }
                && xml.matches("descr=\"").count() >= pictures,
            "{name}: {pictures} pictures"
        );
        assert!(
            !xml.contains("descr=\"\""),
            "{name}: a picture without words"
        );
        for relation in xml.split("r:embed=\"").skip(1) {
            let id = relation.split('"').next().unwrap();
            assert!(all["word/_rels/document.xml.rels"].contains(&format!("Id=\"{id}\"")));
        }
    });
}
