//! What readers must see of a workbook, each on the produced files in both languages and for both audiences.

use super::*;

#[test]
fn item_1_no_macros_links_or_hidden_sheets() {
    every_book(|name, _, m| {
        let parts = parts(&m.book);
        for bad in [
            "vbaProject",
            "externalLink",
            "connections",
            "pivot",
            "comments",
        ] {
            assert!(parts.keys().all(|p| !p.contains(bad)), "{name} holds {bad}");
        }
        assert!(!parts["xl/workbook.xml"].contains("state=\"hidden\""));
        assert!(
            parts.values().all(|x| !x.contains(" hidden=\"1\"")),
            "{name}"
        );
    });
}

#[test]
fn item_2_the_cover_says_who_what_when_and_what_is_missing_and_links_to_every_sheet() {
    every_book(|name, lang, m| {
        let mut book = open(&m.book);
        let names = book.sheet_names();
        let cover = book.worksheet_range(&names[0]).unwrap();
        let text: String = cover
            .used_cells()
            .map(|(_, _, v)| format!("{v}\n"))
            .collect();
        assert!(
            text.contains("Lapas Kelas III Dobo"),
            "{name}: what is missing"
        );
        // The classification follows the level of the readers.
        let word = if name == "kota" {
            "TERBATAS"
        } else {
            "INTERNAL"
        };
        assert!(text.contains(word));
        let kop = if name == "kota" {
            "PEMERINTAH KOTA AMBON"
        } else {
            "KANTOR WILAYAH MALUKU"
        };
        assert!(text.contains(kop));
        assert!(text.contains(locale::text(lang, "report.cutoff_label")));
        let dates = cover
            .used_cells()
            .filter(|x| matches!(x.2, Data::DateTime(_)))
            .count();
        assert_eq!(dates, 3, "period and cut-off are dates");
        let xml = &parts(&m.book)["xl/worksheets/sheet1.xml"];
        let links = xml.matches("<hyperlink ").count();
        assert_eq!(links, names.len() - 1, "{name}: one link a sheet");
    });
}

#[test]
fn item_3_every_sheet_has_one_table_with_unique_headers_nothing_merged_in_it_and_a_frozen_header() {
    every_book(|name, _, m| {
        let parts = parts(&m.book);
        let mut tables = 0;
        for (p, x) in &parts {
            if p.starts_with("xl/tables/") {
                tables += 1;
                let heads: Vec<&str> = x
                    .split("<tableColumn ")
                    .skip(1)
                    .filter_map(|c| c.split("name=\"").nth(1)?.split('"').next())
                    .collect();
                let unique: BTreeSet<String> = heads.iter().map(|h| h.to_lowercase()).collect();
                assert_eq!(unique.len(), heads.len(), "{name} {p}: {heads:?}");
                assert!(heads.iter().all(|h| !h.trim().is_empty()));
            }
        }
        let names = open(&m.book).sheet_names();
        // A paragraph is one cell over the columns of the text; in a table no cell is.
        for (i, tab) in names.iter().enumerate() {
            let x = &parts[&format!("xl/worksheets/sheet{}.xml", i + 1)];
            let rows: BTreeSet<u32> = m.map.keys().filter(|k| k.0 == *tab).map(|k| k.1).collect();
            for merged in x.split("<mergeCell ref=\"").skip(1) {
                let (from, to) = merged.split('"').next().unwrap().split_once(':').unwrap();
                let row = |cell: &str| -> u32 {
                    cell.trim_start_matches(|c: char| c.is_ascii_alphabetic())
                        .parse()
                        .unwrap()
                };
                assert!(
                    from.starts_with('A') && row(from) == row(to),
                    "{name} {tab}"
                );
                let table = rows.first().zip(rows.last());
                let inside = |(a, z): (&u32, &u32)| (*a..=*z + 1).contains(&row(from));
                assert!(!table.is_some_and(inside), "{name} {tab} {from}:{to}");
            }
        }
        // Cover none, methodology two.
        assert_eq!(tables, names.len() - 2 + 2, "{name}");
        for i in 2..names.len() {
            let x = &parts[&format!("xl/worksheets/sheet{i}.xml")];
            assert!(x.contains("state=\"frozen\""), "{name} sheet {i}");
        }
        // A table of several pages has its headers on each.
        let long = parts["xl/workbook.xml"].contains("_xlnm.Print_Titles");
        assert!(
            long || name == "kota",
            "{name}: no headers on a second page"
        );
    });
}

#[test]
fn item_4_every_number_is_the_published_figure_it_claims_to_be() {
    every_book(|name, _, m| {
        let mut book = open(&m.book);
        assert!(m.map.len() > 300, "{name} maps {} cells", m.map.len());
        let (mut seen, mut signs) = (0, 0);
        for (tab, range) in book.worksheets() {
            signs += (range.used_cells())
                .filter(|(.., v)| {
                    Sign::ALL
                        .iter()
                        .any(|s| **v == Data::String(s.text().into()))
                })
                .count();
            let formulas = book.worksheet_formula(&tab).unwrap();
            let (r0, c0) = range.start().unwrap_or_default();
            for (r, c, v) in range.used_cells() {
                let at = (r as u32 + r0, c as u32 + c0);
                let Data::Float(v) = v else { continue };
                if formulas.get_value(at).is_some_and(|f| !f.is_empty()) {
                    continue;
                }
                let key = m
                    .map
                    .get(&(tab.clone(), at.0, at.1 as u16))
                    .unwrap_or_else(|| panic!("{name} {tab} {at:?}: {v} is no figure's"));
                let find = |t: &FigureTable| t.by_key(&key.key).cloned();
                let f = match key.part {
                    Part::Of(Show::Previous) => find(&m.before),
                    Part::Of(Show::LastYear) => continue,
                    _ => find(&m.table),
                }
                .unwrap();
                let expected = match key.part {
                    Part::Of(Show::K) => f.numerator,
                    Part::Of(Show::N) => f.denominator,
                    Part::Low => f.ci_low,
                    Part::High => f.ci_high,
                    Part::Of(_) => f.estimate,
                };
                assert!(!f.is_hidden(), "{name} {tab} {at:?} shows a hidden figure");
                assert!((expected.unwrap() - v).abs() < 1e-12, "{name} {tab} {at:?}");
                seen += 1;
            }
        }
        assert!(
            seen + signs + 60 >= m.map.len(),
            "{name}: {seen} and {signs} signs of {}",
            m.map.len()
        );
    });
}

#[test]
fn item_4_hidden_few_and_missing_numbers_each_have_one_sign_explained_on_the_sheet() {
    every_book(|name, lang, m| {
        let mut book = open(&m.book);
        let signs = Sign::ALL.map(Sign::text);
        let legend = locale::text(lang, "report.signs");
        assert!(signs.iter().all(|s| legend.contains(s)));
        for (tab, range) in book.worksheets() {
            let words: Vec<String> = range
                .used_cells()
                .filter_map(|(_, _, v)| match v {
                    Data::String(s) => Some(s.clone()),
                    _ => None,
                })
                .collect();
            if words.iter().any(|w| w == Sign::Hidden.text()) {
                let last = legend.split_whitespace().next_back().unwrap();
                assert!(
                    words.iter().any(|w| w.ends_with(last)),
                    "{name} {tab} has no legend"
                );
            }
        }
        let styles = &parts(&m.book)["xl/styles.xml"];
        let day = match lang {
            Lang::Id => "[$-421]d mmmm yyyy",
            Lang::En => "[$-809]d mmmm yyyy",
        };
        for format in ["#,##0", "0.0%", "0%&quot;*&quot;", day] {
            assert!(styles.contains(format), "{format}");
        }
    });
}

#[test]
fn item_5_every_measure_of_a_report_is_defined_on_its_methodology_sheet() {
    let t = templates(None);
    for x in t.workbooks() {
        let m = make(&t, &x.name, Lang::Id, &Settings::default());
        let mut book = open(&m.book);
        let last = book.sheet_names().pop().unwrap();
        let range = book.worksheet_range(&last).unwrap();
        let ids: BTreeSet<String> = range.used_cells().map(|c| c.2.to_string()).collect();
        for s in &x.sheet {
            let lines = s.lines.iter().map(|l| &l.measure);
            for id in s.columns.iter().map(|c| &c.measure).chain(lines) {
                assert!(ids.contains(id), "{} lacks {id}", x.name);
            }
        }
        for i in 1..=12 {
            let item = locale::text(Lang::Id, &format!("report.check.{i}.item")).to_owned();
            assert!(ids.contains(&format!("{i}. {item}")), "{item}");
        }
    }
}

#[test]
fn item_6_every_chart_is_native_titled_described_and_starts_bars_at_zero() {
    every_book(|name, _, m| {
        let parts = parts(&m.book);
        let charts: Vec<(&String, &String)> = parts
            .iter()
            .filter(|(p, _)| p.starts_with("xl/charts/chart"))
            .collect();
        assert_eq!(charts.len(), m.charts);
        assert!(m.charts >= 8, "{name}: {}", m.charts);
        for (p, x) in &charts {
            assert!(x.contains("<c:title>"), "{name} {p} has no title");
            assert!(
                x.contains("<c:min val=\"0\"/>"),
                "{name} {p} does not start at nought"
            );
            assert!(!x.contains("view3D") && !x.contains("pieChart"));
        }
        let described = parts
            .iter()
            .filter(|(p, _)| p.starts_with("xl/drawings/drawing"))
            .map(|(_, x)| x.matches(" descr=\"").count())
            .sum::<usize>();
        assert_eq!(described, m.charts, "{name}: alternative texts");
    });
    // The kinds of docs/definitions.md 4.
    let m = make(&templates(None), "kanwil", Lang::Id, &Settings::default());
    let all: String = parts(&m.book)
        .into_iter()
        .filter(|(p, _)| p.starts_with("xl/charts/chart"))
        .map(|p| p.1)
        .collect();
    for mark in [
        "percentStacked",
        "\"stacked\"",
        "<c:dateAx>",
        "<c:lineChart>",
    ] {
        assert!(all.contains(mark), "no chart has {mark}");
    }
    // Intervals are bars and lines, which every office program draws: beside a line both of its ends, dotted, and below a
    // point a bar of its own tint.
    let dotted = all.matches("<a:prstDash val=\"sysDash\"").count();
    assert!(dotted >= 4, "{dotted} ends of intervals");
    assert!(all.contains("BFD9EE"), "no interval below a point");
    let sheets: String = parts(&m.book).into_values().collect();
    assert!(sheets.contains("sparkline"));
}

#[test]
fn item_7_every_sheet_prints_on_the_offices_paper_with_footer_and_page_numbers() {
    let mut scaled = 0;
    for (paper, code) in [("A4", "9"), ("F4", "14")] {
        for (name, office) in [
            ("kota", "PEMERINTAH KOTA AMBON"),
            ("kanwil", "KANTOR WILAYAH MALUKU"),
        ] {
            let mut s = Settings::default();
            s.office.paper = paper.into();
            let m = make(&templates(None), name, Lang::Id, &s);
            for (p, x) in parts(&m.book) {
                if !p.starts_with("xl/worksheets/sheet") {
                    continue;
                }
                assert!(
                    x.contains(&format!("paperSize=\"{code}\"")),
                    "{p} on {paper}"
                );
                // Sheets whose pages begin at their charts are scaled to the width instead.
                if !x.contains("fitToPage=\"1\"") {
                    assert!(x.contains("<rowBreaks"), "{name} {p}");
                    let wide = printed_width(&x);
                    let lying = x.contains("orientation=\"landscape\"");
                    let room = 190.0..=if lying { 1000.0 } else { 690.0 };
                    assert!(room.contains(&wide), "{name} {p}: {wide} pixels");
                    scaled += 1;
                }
                assert!(
                    x.contains(office) && x.contains("Halaman &amp;P dari &amp;N"),
                    "{name} {p}"
                );
            }
        }
    }
    assert!(scaled > 0, "no sheet of several pages to look at");
}

/// Pixels that the columns of a sheet take on paper: an upright page has room for 698 between its margins.
fn printed_width(sheet: &str) -> f64 {
    let value = |tag: &str, name: &str| -> f64 {
        let from = tag.find(&format!(" {name}=\"")).unwrap() + name.len() + 3;
        tag[from..].split('"').next().unwrap().parse().unwrap()
    };
    let pixels: f64 = sheet
        .split("<col ")
        .skip(1)
        .map(|c| {
            let c = format!(" {c}");
            let columns = value(&c, "max") - value(&c, "min") + 1.0;
            // The width of the file holds the five pixels of its margins.
            columns * value(&c, "width") * 7.0
        })
        .sum();
    let setup = &sheet[sheet.find("<pageSetup").unwrap()..];
    pixels * value(setup, "scale") / 100.0
}

#[test]
fn item_8_the_properties_name_office_and_period_and_never_a_person() {
    every_book(|name, lang, m| {
        let parts = parts(&m.book);
        let core = &parts["docProps/core.xml"];
        assert!(core.contains(&locale::month_long(lang, month())), "{name}");
        assert!(
            core.contains("<dc:creator></dc:creator>") || core.contains("<dc:creator/>"),
            "{core}"
        );
        assert!(
            !core.contains("<cp:lastModifiedBy>")
                || core.contains("<cp:lastModifiedBy></cp:lastModifiedBy>")
        );
        assert!(parts["docProps/app.xml"].contains("<Company>"));
    });
}

#[test]
fn item_9_english_is_the_same_workbook_not_a_lesser_one() {
    let t = templates(None);
    for name in ["kota", "kanwil"] {
        let [a, b] = [Lang::Id, Lang::En].map(|l| make(&t, name, l, &Settings::default()));
        assert_eq!(a.charts, b.charts);
        assert_eq!(a.map.len(), b.map.len());
        let (x, y) = (parts(&a.book), parts(&b.book));
        assert!(x.keys().eq(y.keys()), "{name}");
        let mut book = open(&b.book);
        let foreign = ["Jumlah", "Catatan:", "Sumber:", "bertambah"];
        for (tab, range) in book.worksheets() {
            for (_, _, v) in range.used_cells() {
                let s = v.to_string();
                assert!(
                    !foreign.iter().any(|w| s.starts_with(w)),
                    "{name} {tab}: {s}"
                );
            }
        }
    }
}
