//! The pocket page: what it asks for, what it runs, what it says.

use super::*;

#[test]
fn the_pocket_page_asks_for_nothing_and_runs_only_what_its_policy_names() {
    every_paper(|name, _, f, _, _| {
        assert!(
            !f.html.contains("<th scope=\"row\"></th>"),
            "{name}: a header without a word"
        );
        assert!(f.html.len() < 2_000_000, "{name}: {} bytes", f.html.len());
        let policy = f
            .html
            .split("content=\"default-src")
            .nth(1)
            .unwrap()
            .split("\">")
            .next()
            .unwrap();
        for (tag, rule) in [("style", "style-src"), ("script", "script-src")] {
            let inner = f
                .html
                .split(&format!("<{tag}>"))
                .nth(1)
                .unwrap()
                .split(&format!("</{tag}>"))
                .next()
                .unwrap();
            assert!(
                policy.contains(&format!("{rule} 'sha256-{}'", html::digest(inner))),
                "{name} {tag}"
            );
            assert_eq!(f.html.matches(&format!("<{tag}")).count(), 1);
        }
        for asks in [
            " src=\"http",
            " href=\"http",
            "url(",
            "@import",
            " style=\"",
            " onclick",
            "<iframe",
            "<form",
        ] {
            assert!(!f.html.contains(asks), "{name} holds {asks}");
        }
        // The only address is the name of the drawings' language.
        let names = f
            .html
            .matches("xmlns=\"http://www.w3.org/2000/svg\"")
            .count();
        assert_eq!(
            f.html.matches("http").count(),
            names + f.html.matches("http-equiv").count(),
            "{name}"
        );
        for id in f.html.split("href=\"#").skip(1) {
            let id = id.split('"').next().unwrap();
            assert!(
                f.html.contains(&format!("id=\"{id}\"")),
                "{name}: a link leads to {id}"
            );
        }
    });
}

/// A table of the page: caption and rows of cells, each with its number and what stands small below it.
type PageTable = (String, Vec<Vec<(String, String)>>);

/// The tables of figures of a page, as a reader without scripts has them.
fn tables_of(page: &str) -> Vec<PageTable> {
    let inner = |xml: &str, open: &str, close: &str| -> String {
        let from = xml.find(open).map(|i| &xml[i..]);
        let from = from.and_then(|x| x.find('>').map(|i| &x[i + 1..]));
        let text = from.and_then(|x| x.split(close).next()).unwrap_or_default();
        quick_xml::escape::unescape(text).unwrap().into_owned()
    };
    let cell = |td: &str| {
        let text = match td.contains("<summary>") {
            true => inner(td, "<summary", "</summary>"),
            false => inner(td, "<span class=\"v\"", "</span>"),
        };
        (text, inner(td, "<small", "</small>"))
    };
    let table = |xml: &str| -> PageTable {
        let body = xml.split("<tbody>").nth(1).unwrap_or_default();
        let rows = body.split("<tr").skip(1);
        let rows = rows.map(|r| r.split("<td").skip(1).map(cell).collect());
        (inner(xml, "<caption", "</caption>"), rows.collect())
    };
    let all = page.split("<table").skip(1);
    all.map(|t| t.split("</table>").next().unwrap_or_default())
        .filter(|t| t.contains("<caption>"))
        .map(table)
        .collect()
}

/// What the page prints of a figure's part: numerators and denominators may have a letter before them.
fn printed(f: &Figure, part: Part, lang: Lang) -> Vec<String> {
    if part == Part::Low {
        let (Some(low), Some(high)) = (f.ci_low, f.ci_high) else {
            return vec![];
        };
        let (low, high) = crate::report::paper::ends(lang, f, low, high);
        return vec![format!("{low}–{high}")];
    }
    let plain = as_printed(f, part, lang);
    plain.map_or_else(Vec::new, |p| vec![format!("k={p}"), format!("n={p}"), p])
}

#[test]
fn without_scripts_every_cell_of_the_page_is_the_published_figure_it_claims_to_be_and_no_number_is_none()
 {
    every_paper(|name, lang, f, table, before| {
        let found = tables_of(&f.html);
        let mut seen = 0;
        for (caption, rows) in &found {
            let t = f.paper.tables.iter().find(|t| t.title == *caption);
            let t = t.unwrap_or_else(|| panic!("{name}: no table {caption}"));
            assert_eq!(t.grid.rows.len(), rows.len(), "{name} {caption}");
            for (row, cells) in t.grid.rows.iter().zip(rows) {
                // Every number of the row, each once; a numerator stands before its denominator.
                let mut stands: Vec<String> = Vec::new();
                for (text, under) in cells {
                    stands.push(text.clone());
                    for piece in under.split(" · ").filter(|p| !p.is_empty()) {
                        stands.extend(piece.split('/').map(str::to_owned));
                    }
                }
                for cell in &row.cells {
                    let Some(key) = &cell.key else { continue };
                    let before_it = cell.part == Part::Of(Show::Previous);
                    let source = if before_it { before } else { table };
                    let figure = source.by_key(key).filter(|f| !f.is_hidden());
                    let Some(figure) = figure else { continue };
                    let expected = printed(figure, cell.part, lang);
                    if expected.is_empty() {
                        continue;
                    }
                    let at = stands.iter().position(|s| expected.contains(s));
                    let at = at.unwrap_or_else(|| {
                        panic!(
                            "{name} {lang:?} {caption} {:?}: {expected:?} in {cells:?}",
                            row.labels
                        )
                    });
                    stands.remove(at);
                    seen += 1;
                }
                let of_nothing = |s: &&String| s.chars().any(|c| c.is_ascii_digit());
                let rest: Vec<&String> = stands.iter().filter(of_nothing).collect();
                assert!(
                    rest.is_empty(),
                    "{name} {lang:?} {caption} {:?}: {rest:?}",
                    row.labels
                );
            }
        }
        let least = if name == "publik" { 40 } else { 400 };
        assert!(
            seen > least && found.len() == f.paper.tables.len(),
            "{name}: {seen} numbers"
        );
    });
}
