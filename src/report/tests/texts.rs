//! Sentences, notes, templates, pictures.

use super::*;
use crate::report::template::{Kind, Sheet};

#[test]
fn a_total_that_is_not_the_sum_of_its_rows_is_explained() {
    // The made-up numbers do not add up: every sheet with a total and nothing hidden must say so.
    let t = templates(None);
    let template = t.workbooks().find(|x| x.name == "kanwil").unwrap();
    let (said, ..) = with_content(&t, &Settings::default(), Lang::Id, |c| {
        template
            .sheet
            .iter()
            .map(|s| sentence::sums(c, &grid::grid(c, template, s)).len())
            .sum::<usize>()
    });
    assert!(said >= 5, "{said}");
}

#[test]
fn sentences_say_how_a_count_moved_and_what_a_share_is_of() {
    let t = templates(None);
    let (texts, ..) = with_content(&t, &Settings::default(), Lang::Id, |c| {
        let base = figures(&t, month(), 0)
            .into_iter()
            .find(|f| {
                f.measure == "clients" && f.population == Population::Maluku && f.dim1.0.is_empty()
            })
            .unwrap();
        let count = |v: f64| Figure {
            numerator: Some(v),
            estimate: Some(v),
            ..base.clone()
        };
        let share = |k: f64, n: f64, status| Figure {
            unit: Unit::Share,
            numerator: Some(k),
            denominator: Some(n),
            estimate: (n >= 10.0).then(|| k / n),
            ci_low: (n >= 10.0).then_some(0.05),
            ci_high: (n >= 10.0).then_some(0.242),
            status,
            ..base.clone()
        };
        let about = |f: &Figure, b: Option<&Figure>| sentence::about(c, Some(f), "Klien aktif", b);
        [
            about(&count(163.0), Some(&count(151.0))),
            about(&count(1163.0), Some(&count(1200.0))),
            about(&count(163.0), Some(&count(163.0))),
            about(&count(163.0), None),
            about(&share(100.0, 710.0, Status::Ok), None),
            about(&share(3.0, 17.0, Status::Unreliable), None),
            about(&share(2.0, 8.0, Status::Unreliable), None),
            about(&share(0.0, 12.0, Status::Unreliable), None),
            about(
                &Figure {
                    status: Status::Suppressed,
                    ..count(3.0)
                },
                None,
            ),
        ]
    });
    insta::assert_snapshot!(texts.join("\n"), @r"
    Klien aktif bertambah 12 orang, dari 151 menjadi 163.
    Klien aktif berkurang 37 orang, dari 1.200 menjadi 1.163.
    Klien aktif tetap 163 orang.
    Klien aktif: 163 orang.
    Klien aktif: 100 dari 710 (14,1 %); kisaran 95 % 5,0–24,2 %.
    Klien aktif: 3 dari 17 (18 %); kisaran 95 % 5–24 %; dari kurang dari 30, tafsirkan dengan hati-hati.
    Klien aktif: 2 dari 8; persentase tidak dihitung karena kurang dari 10.
    Klien aktif: nihil, 0 dari 12 (batas atas kisaran 95 % 24 %); dari kurang dari 30, tafsirkan dengan hati-hati.
    Klien aktif: tidak ditampilkan untuk melindungi orang.
    ");
}

#[test]
fn an_earlier_month_that_changed_since_it_was_published_is_named() {
    let t = templates(None);
    let template = t.workbooks().find(|x| x.name == "kanwil").unwrap();
    let sheet = template
        .sheet
        .iter()
        .find(|s| s.rows == ["ended_month"])
        .unwrap();
    let (notes, ..) = with_content(&t, &Settings::default(), Lang::Id, |c| {
        sentence::revisions(c, &grid::grid(c, template, sheet))
    });
    assert!(
        notes.len() == 1 && notes[0].starts_with("Direvisi sejak terbitan Desember 2025"),
        "{notes:?}"
    );
}

/// What the README shows: a sheet with a breakdown and a chart of its own, without Rust.
const ANALYST: &str = r#"audience = "kanwil"
population = "maluku"
title = { id = "Klien menurut umur", en = "Clients by age" }

[[kpi]]
measure = "clients"

[[sheet]]
name = { id = "Umur", en = "Age" }
title = { id = "Klien Aktif Menurut Kelompok Umur dan Bapas", en = "Active Clients by Age and Office" }
rows = "age_group"
across = "bapas"
columns = [{ measure = "clients" }]
chart = { kind = "stacked_bar", title = { id = "{value} klien aktif menurut umur", en = "{value} active clients by age" } }
"#;

#[test]
fn an_analyst_adds_a_sheet_a_breakdown_and_a_chart_in_under_25_lines() {
    assert!(ANALYST.lines().count() < 25);
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("umur.toml"), ANALYST).unwrap();
    let t = templates(Some(dir.path()));
    let m = make(&t, "umur", Lang::Id, &Settings::default());
    assert_eq!(m.charts, 1);
    let names = open(&m.book).sheet_names();
    assert_eq!(names, ["Sampul", "Ringkasan", "Umur", "Metodologi"]);
}

#[test]
fn every_chart_of_the_templates_is_a_picture_too() {
    let t = templates(None);
    for template in t.workbooks() {
        let (specs, ..) = with_content(&t, &Settings::default(), Lang::Id, |c| {
            Book::new(template, c).charts()
        });
        let least = if template.name == "publik" { 1 } else { 8 };
        assert!(specs.len() >= least, "{}: {}", template.name, specs.len());
        for (stem, spec) in specs {
            let d = picture::draw_chart(&spec, 1600, 900).unwrap();
            for (i, a) in d.labels.iter().enumerate() {
                for b in &d.labels[i + 1..] {
                    let apart = a.at[2] <= b.at[0]
                        || b.at[2] <= a.at[0]
                        || a.at[3] <= b.at[1]
                        || b.at[3] <= a.at[1];
                    assert!(apart, "{stem}: `{}` lies on `{}`", a.text, b.text);
                }
            }
        }
    }
}

#[test]
fn a_logo_is_read_from_the_workspace_alone() {
    let dir = tempfile::tempdir().unwrap();
    let ws = dir.path().join("ws");
    std::fs::create_dir(&ws).unwrap();
    assert!(read_logo(&ws, "").unwrap().is_none());
    std::fs::write(dir.path().join("x.png"), b"x").unwrap();
    assert!(read_logo(&ws, "../x.png").is_err(), "outside");
    std::fs::write(ws.join("x.png"), b"no picture").unwrap();
    assert!(read_logo(&ws, "x.png").is_err(), "no picture");
    let d = picture::Drawing {
        svg: "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"/>".into(),
        labels: vec![],
        width: 9.0,
        height: 9.0,
    };
    std::fs::write(
        ws.join("y.png"),
        picture::Outlines::new(&d).unwrap().png(1.0).unwrap(),
    )
    .unwrap();
    assert!(read_logo(&ws, "y.png").unwrap().is_some());
}

#[test]
fn a_bar_of_parts_shows_what_is_hidden_as_a_rest_and_never_a_hundred_per_cent_of_what_is_left() {
    let t = templates(None);
    let kanwil = t.workbooks().find(|x| x.name == "kanwil").unwrap();
    let mut seen = 0;
    with_content(&t, &Settings::default(), Lang::Id, |c| {
        for (sheet, g) in kanwil.sheet.iter().zip(Book::new(kanwil, c).grids) {
            for chart in &sheet.chart {
                let Some(p) = plan::plan(sheet, chart, &g).filter(plan::ChartPlan::stacked) else {
                    continue;
                };
                for (i, r) in p.rows.iter().enumerate() {
                    let hidden = |s: &plan::SeriesPlan| {
                        matches!(g.value(*r, s.column), grid::Value::Sign(Sign::Hidden))
                    };
                    let whole = p.whole.and_then(|w| g.value(*r, w).number());
                    let drawn = p.sum(&g, i);
                    if let (Some(w), Some(_)) = (whole, p.rest(&g, i)) {
                        assert!((drawn - w).abs() < 1e-9, "{drawn} of {w}");
                        seen += 1;
                    } else if chart.kind == Kind::Percent && p.series.iter().any(hidden) {
                        assert_eq!(drawn, 0.0, "a bar of what is not hidden");
                        seen += 1;
                    }
                }
            }
        }
    });
    assert!(seen > 5, "{seen} bars with a hidden part");
}

#[test]
fn a_chart_never_mixes_counts_and_shares() {
    let t = templates(None);
    for template in t.workbooks() {
        with_content(&t, &Settings::default(), Lang::Id, |c| {
            for (sheet, g) in template.sheet.iter().zip(Book::new(template, c).grids) {
                for p in sheet.chart.iter().filter_map(|x| plan::plan(sheet, x, &g)) {
                    let share = |s: &plan::SeriesPlan| {
                        let mut values = p.rows.iter().map(|r| g.value(*r, s.column));
                        values.any(|v| matches!(v, grid::Value::Share { .. }))
                    };
                    let shares = p.series.iter().filter(|s| share(s)).count();
                    let name = sheet.title.get(Lang::Id);
                    assert!(shares == 0 || shares == p.series.len(), "{name}");
                }
            }
        });
    }
}

#[test]
fn points_in_time_have_no_total() {
    let t = templates(None);
    for template in t.workbooks() {
        with_content(&t, &Settings::default(), Lang::Id, |c| {
            let b = Book::new(template, c);
            let total = |dimension: &str| {
                let of = |s: &Sheet| s.rows.first().is_some_and(|d| d == dimension);
                let at = template.sheet.iter().position(of);
                at.map(|i| b.grids[i].rows.iter().any(|r| r.total))
            };
            assert_ne!(total("ended_month"), Some(true), "{}", template.name);
            assert_ne!(total("cohort_year"), Some(true));
            if template.name != "publik" {
                assert_eq!(total("release_month"), Some(true), "releases do sum");
            }
        });
    }
}

#[test]
fn what_changed_since_the_last_publication_stands_on_a_sheet_of_its_own() {
    let t = templates(None);
    for (lang, tab) in [(Lang::Id, "Revisi"), (Lang::En, "Revisions")] {
        let m = make(&t, "kanwil", lang, &Settings::default());
        let range = open(&m.book).worksheet_range(tab).unwrap();
        let rows = m.map.keys().filter(|(t, ..)| t == tab).count();
        assert!(rows > 20, "before and now of every revised figure");
        let text: Vec<String> = range.used_cells().map(|x| x.2.to_string()).collect();
        let names = locale::text(lang, "report.revisions.difference");
        assert!(text.iter().any(|s| s == names));
        assert!(
            text.iter()
                .any(|s| s.starts_with('+') || s.starts_with('−'))
        );
    }
}

/// The numbers of a text as a reader of Indonesian or English writes them, without separators.
fn numbers(text: &str) -> Vec<f64> {
    let mut out = Vec::new();
    for word in text.split(|c: char| !(c.is_ascii_digit() || c == '.' || c == ',')) {
        let word = word.trim_matches(|c| c == '.' || c == ',');
        // Both ways of writing: thousands apart, decimals behind.
        for (apart, decimal) in [('.', ','), (',', '.')] {
            let plain = word.replace(apart, "").replace(decimal, ".");
            out.extend(plain.parse::<f64>().ok());
        }
    }
    out
}

/// Random figures: every status, any size.
pub(super) fn random(t: &Templates, month: Month, seed: u64) -> Vec<Figure> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut dice = move |n: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % n
    };
    let mut all = figures(t, month, seed % 7);
    for f in &mut all {
        let n = [3.0, 12.0, 77.0, 4321.0][dice(4) as usize] + dice(9) as f64;
        let k = (n * dice(101) as f64 / 100.0).floor();
        let share = f.unit == Unit::Share;
        f.status = match dice(9) {
            0 | 1 => Status::Suppressed,
            2 => Status::NotApplicable,
            3 => Status::NotDelivered,
            4 => Status::IncompleteFollowUp,
            // Of few people a share has a star, of very few none at all.
            _ if share && n < 30.0 => Status::Unreliable,
            _ => Status::Ok,
        };
        let shown = matches!(f.status, Status::Ok | Status::Unreliable);
        let rate = shown && !(share && n < 10.0);
        f.numerator = shown.then_some(if share { k } else { n });
        f.denominator = (shown && share).then_some(n);
        f.estimate = rate.then_some(if share { k / n } else { n });
        f.ci_low = (rate && share).then_some(k / n * 0.8);
        f.ci_high = (rate && share).then_some((k / n * 1.2).min(1.0));
        if f.unit == Unit::ShareDifference {
            // A difference falls, rises, or does neither.
            let d = dice(41) as f64 / 100.0 - 0.2;
            f.numerator = None;
            f.estimate = shown.then_some(d);
            f.ci_low = shown.then_some(d - 0.06);
            f.ci_high = shown.then_some(d + 0.06);
        }
    }
    all
}

#[test]
fn no_text_cell_or_label_says_of_a_number_what_is_not_so() {
    let t = templates(None);
    let units = UptRegistry::maluku(&[]);
    let names = Names(UptRegistry::maluku(&[]));
    let settings = Settings::default();
    let facts = RunFacts::default();
    let (empty, none) = (FigureTable::new(&[]), FigureTable::new(&[]));
    let mut told = 0;
    for seed in 1..6 {
        let table = FigureTable::new(&random(&t, month(), seed));
        for lang in [Lang::Id, Lang::En] {
            let c = Content {
                month: month(),
                lang,
                settings: &settings,
                units: &units,
                figures: &table,
                previous: &empty,
                last_year: &none,
                facts: &facts,
                labels: &names,
            };
            for template in t.workbooks() {
                let b = Book::new(template, &c);
                // A cell: its number is the figure's, its sign is that of the figure's status.
                for cell in b.grids.iter().flat_map(|g| &g.rows).flat_map(|r| &r.cells) {
                    let f = cell.key.as_ref().and_then(|k| table.by_key(k));
                    let (Some(f), grid::Value::Sign(sign)) = (f, &cell.value) else {
                        continue;
                    };
                    // A count has no percentage, whatever it is.
                    if cell.part == Part::Of(Show::Rate) && f.unit != Unit::Share {
                        continue;
                    }
                    assert_eq!(f.is_hidden(), *sign == Sign::Hidden, "{f:?}");
                    let absent = f.status == Status::NotDelivered;
                    assert_eq!(absent, *sign == Sign::NotDelivered, "{f:?}");
                    told += 1;
                }
                // A sentence about a hidden or absent number holds no number and no word of size.
                for k in &template.kpi {
                    let f = c.figures.find(&k.column(), template.population, &[]);
                    let text = sentence::about(&c, f, "T", None);
                    let Some(f) = f else { continue };
                    if matches!(f.status, Status::Ok | Status::Unreliable) {
                        let lead = match (f.unit, f.numerator) {
                            (Unit::Share, Some(k)) if f.denominator != Some(0.0) => k,
                            _ => f.estimate.unwrap_or_default(),
                        };
                        let said = locale::integer(lang, lead);
                        let fine = lead.fract() != 0.0 || lead == 0.0;
                        assert!(fine || text.contains(&said), "{text}: {f:?}");
                    } else {
                        assert!(numbers(&text).is_empty(), "{text}");
                        for word in ["kecil", "small", "few", "nihil", "nil"] {
                            assert!(!text.contains(word), "{text}");
                        }
                        told += 1;
                    }
                }
                // A chart's title says of what it draws, and nothing of another column: what it draws first leads.
                for (sheet, g) in template.sheet.iter().zip(&b.grids) {
                    for spec in &sheet.chart {
                        let Some(p) = plan::plan(sheet, spec, g) else {
                            continue;
                        };
                        let wanted = spec.title.get(lang);
                        let title = sentence::title(&c, template, sheet, g, spec);
                        // The first column asked for, drawn or not where all of it is hidden; without one the first drawn.
                        let drawn = &g.columns[p.series[0].column].measure;
                        let measure = spec.columns.first().unwrap_or(drawn);
                        let own = wanted.contains("{value}") && title != sheet.title.get(lang);
                        if !own || measure.is_empty() {
                            continue;
                        }
                        let population = sheet.population.unwrap_or(template.population);
                        let totals = table
                            .of(measure)
                            .filter(|f| f.population == population && f.dim1.0.is_empty());
                        let told = totals.filter_map(|f| {
                            let v = f.estimate?;
                            let fine = f.denominator.is_none_or(|d| d >= 100.0);
                            Some(match f.unit {
                                Unit::Share => locale::percent(lang, v, usize::from(fine)),
                                _ => locale::decimal(lang, v, usize::from(v.fract() != 0.0)),
                            })
                        });
                        let told: Vec<String> = told.collect();
                        let said = told.iter().any(|x| title.contains(x.as_str()));
                        assert!(said, "{title}: {measure} is {told:?}");
                    }
                }
                // A picture: a mark stands where the table has a sign, never a number in its place.
                for (stem, spec) in b.charts() {
                    for s in &spec.series {
                        for (v, mark) in s.values.iter().zip(&s.marks) {
                            assert!(v.is_none() || mark.is_none(), "{stem}: {v:?} and {mark:?}");
                        }
                    }
                    let hidden = spec.series.iter().flat_map(|s| &s.marks);
                    let hidden = hidden.flatten().any(|m| *m == Sign::Hidden);
                    let meaning = locale::text(lang, "report.sign.hidden");
                    assert_eq!(hidden, spec.note.contains(meaning), "{stem}: {}", spec.note);
                    told += 1;
                }
            }
        }
    }
    assert!(told > 1000, "{told}");
}
