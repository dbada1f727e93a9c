//! Which rows and columns a sheet's table has, and the figure of every cell.

use super::{Cell, Grid, GridColumn, GridRow, Part, Value, cell, default_shows, parts};
use crate::domain::figure::Figure;
use crate::domain::{Population, Text, Unit};
use crate::locale;
use crate::report::Sign;
use crate::report::figures::Content;
use crate::report::sentence::written;
use crate::report::template::{Both, Column, Line, Sheet, Show, Template};

/// Marks a supplier whose data end before the month.
pub const LATE: char = '†';

/// Whether a total over a dimension says nothing: its categories are points in time, and a number of each of them is
/// the state then (people are the same people a month later) or of a cohort of its own.
pub fn points_in_time(dimension: &str, unit: Option<Unit>) -> bool {
    match dimension {
        "horizon" | "months_since_release" | "ended_month" | "cohort_year" | "cohort_quarter" => {
            true
        }
        "calendar_month" => unit == Some(Unit::Persons),
        _ => false,
    }
}

/// Categories of a dimension that occur for these measures, in report order.
fn categories(c: &Content, p: Population, measures: &[&str], dimension: &str) -> Vec<Text> {
    let mut out: Vec<Text> = Vec::new();
    for m in measures {
        for f in c.figures.of(m).filter(|f| f.population == p) {
            for (d, k) in [&f.dim1, &f.dim2] {
                if d == dimension && !out.contains(k) {
                    out.push(k.clone());
                }
            }
        }
    }
    let time = ["month", "cohort", "months_since"]
        .iter()
        .any(|w| dimension.contains(w));
    if time {
        out.sort();
    } else {
        out.sort_by_cached_key(|k| (k == "unknown", c.labels.order(dimension, k)));
    }
    out
}

/// A row before its cells are filled.
struct RowPlan<'a> {
    block: usize,
    labels: Vec<String>,
    place: Option<(&'a str, Text)>,
    line: Option<&'a Line>,
    total: bool,
}

/// A column before its cells are filled.
struct ColumnPlan<'a> {
    column: Option<&'a Column>,
    across: Option<(&'a str, Text)>,
    part: Part,
    total: bool,
    header: Vec<String>,
}

struct Planner<'a> {
    c: &'a Content<'a>,
    t: &'a Template,
    s: &'a Sheet,
    p: Population,
}

impl<'a> Planner<'a> {
    fn name(&self, measure: &str, header: Option<&Both>) -> String {
        header.map_or_else(
            || self.c.labels.measure(self.c.lang, measure),
            |h| h.get(self.c.lang).to_owned(),
        )
    }

    fn find(&self, col: &'a Column, places: &[Option<&(&str, Text)>]) -> Option<&'a Figure> {
        let at: Vec<(&str, &str)> = places
            .iter()
            .flatten()
            .map(|(d, k)| (*d, k.as_str()))
            .collect();
        self.c.figures.find(col, self.p, &at)
    }

    fn chosen(&self, measures: &[&str], dimension: &str, only: &[String]) -> Vec<Text> {
        if only.is_empty() {
            categories(self.c, self.p, measures, dimension)
        } else {
            only.iter().map(|k| Text::from(k.as_str())).collect()
        }
    }

    fn word(&self, key: &str) -> String {
        locale::text(self.c.lang, &format!("report.{key}")).to_owned()
    }

    fn dimension(&self, d: &str) -> String {
        locale::text(self.c.lang, &format!("dimension.{d}")).to_owned()
    }

    /// A category's name; marked where it is a supplier whose data end before the month.
    fn label(&self, dimension: &str, category: &str) -> String {
        let name = self.c.labels.category(self.c.lang, dimension, category);
        let own = matches!(dimension, "upt" | "bapas" | "opd");
        if own && self.c.facts.late.iter().any(|l| l.id == category) {
            format!("{name} {LATE}")
        } else {
            name
        }
    }

    fn rows(&self, two: bool) -> Vec<RowPlan<'a>> {
        let mut out = Vec::new();
        let labels = |block: &str, name: String| {
            if two {
                vec![block.to_owned(), name]
            } else {
                vec![name]
            }
        };
        for (b, d) in self.s.rows.iter().enumerate() {
            let measures: Vec<&str> = self
                .s
                .columns
                .iter()
                .map(|c| c.measure.as_str())
                .filter(|m| self.t.has(m, d))
                .collect();
            for k in categories(self.c, self.p, &measures, d) {
                out.push(RowPlan {
                    block: b,
                    labels: labels(&self.dimension(d), self.label(d, &k)),
                    place: Some((d, k)),
                    line: None,
                    total: false,
                });
            }
        }
        // A total row where a measure has a total, or totals of the categories beside each other.
        let whole = |c: &'a Column| {
            let unit = self.c.figures.of(&c.measure).next().map(|f| f.unit);
            let apart = |d: &String| points_in_time(d, unit);
            let across = c.across.as_deref().unwrap_or(&self.s.across);
            let beside = || {
                let all = self.chosen(&[&c.measure], across, &c.only);
                all.into_iter()
                    .any(|k| self.find(c, &[Some(&(across, k))]).is_some())
            };
            !self.s.rows.iter().any(apart)
                && (self.find(c, &[]).is_some() || (!across.is_empty() && beside()))
        };
        if self.s.lines.is_empty() && (self.s.rows.is_empty() || self.s.columns.iter().any(whole)) {
            out.push(RowPlan {
                block: self.s.rows.len(),
                labels: labels(&self.word("total"), self.word("everything")),
                place: None,
                line: None,
                total: !self.s.rows.is_empty(),
            });
        }
        for (b, l) in self.s.lines.iter().enumerate() {
            let name = self.name(&l.measure, l.header.as_ref());
            let line = |labels, place, total| RowPlan {
                block: b,
                labels,
                place,
                line: Some(l),
                total,
            };
            if l.rows.is_empty() {
                let second = self.word("total");
                out.push(line(
                    if two { vec![name, second] } else { vec![name] },
                    None,
                    false,
                ));
                continue;
            }
            for k in self.chosen(&[&l.measure], &l.rows, &l.only) {
                let labels = labels(&name, self.label(&l.rows, &k));
                out.push(line(labels, Some((l.rows.as_str(), k)), false));
            }
            let c = l.column();
            let total = self.c.figures.find(&c, self.p, &[]);
            let summed = total.is_some_and(|f| !points_in_time(&l.rows, Some(f.unit)));
            if summed && l.only.is_empty() {
                out.push(line(labels(&name, self.word("total")), None, true));
            }
        }
        out
    }

    fn columns(&self) -> Vec<ColumnPlan<'a>> {
        let mut out = Vec::new();
        let many = self.s.columns.len() > 1;
        let head = |part: Part| match part {
            Part::Of(Show::Value | Show::Mark) => None,
            Part::Of(Show::K) => Some("k"),
            Part::Of(Show::N) => Some("n"),
            Part::Of(Show::Rate) => Some("rate"),
            Part::Of(Show::Previous) => Some("previous"),
            Part::Of(Show::LastYear) => Some("last_year"),
            Part::Of(Show::Verdict) => Some("verdict"),
            Part::Of(Show::Ci) | Part::Low => Some("low"),
            Part::High => Some("high"),
        };
        let header = |base: Option<String>, part: Part| -> Vec<String> {
            let word = head(part).map(|k| self.word(&format!("show.{k}")));
            base.into_iter().chain(word).collect()
        };
        if !self.s.lines.is_empty() {
            if self.s.across.is_empty() {
                let unit = self
                    .s
                    .lines
                    .iter()
                    .find_map(|l| self.c.figures.of(&l.measure).next().map(|f| f.unit));
                let show = if self.s.show.is_empty() {
                    default_shows(unit)
                } else {
                    self.s.show.clone()
                };
                for part in show.into_iter().flat_map(parts) {
                    let mut h = header(None, part);
                    if h.is_empty() {
                        h.push(self.word("number"));
                    }
                    out.push(ColumnPlan {
                        column: None,
                        across: None,
                        part,
                        total: false,
                        header: h,
                    });
                }
                return out;
            }
            let measures: Vec<&str> = self.s.lines.iter().map(|l| l.measure.as_str()).collect();
            for k in self.chosen(&measures, &self.s.across, &[]) {
                out.push(ColumnPlan {
                    column: None,
                    header: vec![self.label(&self.s.across, &k)],
                    across: Some((&self.s.across, k)),
                    part: Part::Of(Show::Value),
                    total: false,
                });
            }
            // Steps of a change have no total.
            let summed = |l: &Line| self.c.figures.find(&l.column(), self.p, &[]).is_some();
            if !self.s.lines.iter().all(|l| l.rows.is_empty()) || self.s.lines.iter().any(summed) {
                out.push(ColumnPlan {
                    column: None,
                    across: None,
                    part: Part::Of(Show::Value),
                    total: true,
                    header: vec![self.word("total")],
                });
            }
            return out;
        }
        for col in &self.s.columns {
            let across = col.across.as_deref().unwrap_or(&self.s.across);
            let unit = self.c.figures.of(&col.measure).next().map(|f| f.unit);
            let name = self.name(&col.measure, col.header.as_ref());
            let show = if !col.show.is_empty() {
                col.show.clone()
            } else if across.is_empty() {
                default_shows(unit)
            } else {
                vec![Show::Value]
            };
            if across.is_empty() {
                for part in show.into_iter().flat_map(parts) {
                    let plain = head(part).is_none();
                    let base = (many || plain).then(|| name.clone());
                    out.push(ColumnPlan {
                        column: Some(col),
                        across: None,
                        part,
                        total: false,
                        header: header(base, part),
                    });
                }
                continue;
            }
            for k in self.chosen(&[&col.measure], across, &col.only) {
                for part in show.iter().copied().flat_map(parts) {
                    out.push(ColumnPlan {
                        column: Some(col),
                        across: Some((across, k.clone())),
                        part,
                        total: false,
                        header: header(Some(self.label(across, &k)), part),
                    });
                }
            }
            // Categories that are no parts of a whole have no total column, and a choice of them neither.
            let whole = col.only.is_empty()
                && (self.s.rows.is_empty()
                    || self.s.rows.iter().any(|d| {
                        categories(self.c, self.p, &[&col.measure], d)
                            .first()
                            .is_some_and(|k| self.find(col, &[Some(&(d, k.clone()))]).is_some())
                    }));
            if whole {
                for part in show.into_iter().flat_map(parts) {
                    let base = if many {
                        name.clone()
                    } else {
                        self.word("total")
                    };
                    out.push(ColumnPlan {
                        column: Some(col),
                        across: None,
                        part,
                        total: true,
                        header: header(Some(base), part),
                    });
                }
            }
        }
        out
    }
}

/// Whether the categories of a dimension have an order of their own, which their numbers must not change.
fn ordered(dimension: &str) -> bool {
    !matches!(
        dimension,
        "upt"
            | "opd"
            | "district"
            | "offence_group"
            | "service_family"
            | "service_kind"
            | "programme"
            | "exit_code"
            | "supervision_kind"
            | "litmas_kind"
            | "source"
            | "document"
            | "need"
    )
}

/// Puts rows without an order of their own in the order of what the sheet's chart draws: the largest first, then what is
/// not shown, then nothing, and what is not known last.
pub fn sort(g: &mut Grid, s: &Sheet) {
    let chart = s.chart.first();
    let drawn = chart.and_then(|c| c.columns.first());
    let measure = drawn.or_else(|| s.columns.first().map(|c| &c.measure));
    let of_measure = |c: &&GridColumn| measure.is_none_or(|m| *m == c.measure);
    let columns = || g.columns.iter().filter(of_measure);
    let rate = columns().any(|c| c.part == Part::Of(Show::Rate));
    let wanted = |c: &GridColumn| match c.part {
        Part::Of(Show::Rate) => rate,
        Part::Of(Show::Value | Show::K) => !rate,
        Part::Of(
            Show::N | Show::Ci | Show::Previous | Show::LastYear | Show::Mark | Show::Verdict,
        )
        | Part::Low
        | Part::High => false,
    };
    let is = |c: &GridColumn| measure.is_none_or(|m| *m == c.measure) && wanted(c);
    let whole = g.columns.iter().position(|c| is(c) && c.total);
    let Some(column) = whole.or_else(|| g.columns.iter().position(is)) else {
        return;
    };
    // Where a chart draws some parts alone, what it draws of a row is their sum.
    let only = chart.filter(|c| c.parts_only).map(|c| &c.only);
    let parts: Vec<usize> = (g.columns.iter().enumerate())
        .filter(|(_, x)| only.is_some_and(|o| o.iter().any(|k| *k == x.category.as_str())))
        .map(|(i, _)| i)
        .collect();
    let blocks = g.blocks.clone();
    g.rows.sort_by_cached_key(|r| {
        let own = r.total || blocks.get(r.block).is_none_or(|d| ordered(d));
        if !parts.is_empty() && !own {
            let of = |i: &usize| r.cells[*i].value.number();
            let sum: f64 = parts.iter().filter_map(of).sum();
            return (r.block, false, r.unknown, 0, -((sum * 1e6).round() as i64));
        }
        let place = match &r.cells[column].value {
            v if v.number().is_some_and(|v| v > 0.0) => 0,
            v if v.sign() == Some(Sign::Hidden) => 1,
            _ => 2,
        };
        let size = r.cells[column].value.number().unwrap_or(0.0);
        let size = (size * 1e6).round() as i64 * if s.ascending { -1 } else { 1 };
        match own {
            true => (r.block, r.total, false, 0, 0),
            false => (r.block, false, r.unknown, place, -size),
        }
    });
}

/// The table of a sheet.
pub fn grid(c: &Content, t: &Template, s: &Sheet) -> Grid {
    let planner = Planner {
        c,
        t,
        s,
        p: s.population.unwrap_or(t.population),
    };
    let blocks: Vec<String> = s
        .rows
        .iter()
        .chain(s.lines.iter().map(|l| &l.rows))
        .cloned()
        .collect();
    let with_rows = blocks.iter().filter(|d| !d.is_empty()).count();
    let two = with_rows > 1;
    let lead = if two {
        vec![planner.word("by"), planner.word("item")]
    } else {
        let one = blocks.iter().find(|d| !d.is_empty());
        vec![one.map_or_else(|| planner.word("item"), |d| planner.dimension(d))]
    };
    let plan = planner.columns();
    let mut columns: Vec<GridColumn> = Vec::new();
    for p in &plan {
        let taken = |h: &str, columns: &[GridColumn]| {
            lead.iter().any(|l| l == h) || columns.iter().any(|c| c.header == h)
        };
        let mut header = p.header.join(": ");
        if let (true, Some(col)) = (taken(&header, &columns), p.column) {
            header = format!(
                "{}: {header}",
                planner.name(&col.measure, col.header.as_ref())
            );
        }
        let (base, mut i) = (header.clone(), 2);
        while taken(&header, &columns) {
            header = format!("{base} ({i})");
            i += 1;
        }
        columns.push(GridColumn {
            header,
            // Where a sheet has one measure, the header is its part alone and the name is the sheet's.
            name: match (p.header.as_slice(), p.part) {
                ([_], part) if part != Part::Of(Show::Value) => String::new(),
                (all, _) => all.first().cloned().unwrap_or_default(),
            },
            measure: p.column.map_or_else(String::new, |c| c.measure.clone()),
            part: p.part,
            category: p
                .across
                .as_ref()
                .map_or(Text::default(), |(_, k)| k.clone()),
            total: p.total,
        });
    }
    let rows = planner
        .rows(two)
        .into_iter()
        .map(|r| {
            let line = r.line.map(Line::column);
            let cohort = r
                .place
                .as_ref()
                .is_some_and(|(d, _)| d.starts_with("cohort"));
            let cells = plan
                .iter()
                .map(|p| {
                    let (Some(col), places) = (
                        p.column.or(line.as_ref()),
                        [r.place.as_ref(), p.across.as_ref()],
                    ) else {
                        return Cell {
                            value: Value::Blank,
                            key: None,
                            part: p.part,
                        };
                    };
                    // A measure without this breakdown says nothing in these rows.
                    if r.place
                        .as_ref()
                        .is_some_and(|(d, _)| !t.has(&col.measure, d))
                    {
                        return Cell {
                            value: Value::Sign(Sign::NotApplicable),
                            key: None,
                            part: p.part,
                        };
                    }
                    let at: Vec<(&str, &str)> = places
                        .iter()
                        .flatten()
                        .map(|(d, k)| (*d, k.as_str()))
                        .collect();
                    cell(c, c.figures.find(col, planner.p, &at), p.part, cohort)
                })
                .collect();
            GridRow {
                block: r.block,
                labels: r.labels,
                total: r.total,
                unknown: (r.place.as_ref()).is_some_and(|(_, k)| *k == "unknown"),
                cells,
            }
        })
        .collect();
    let mut g = Grid {
        lead,
        columns,
        rows,
        blocks,
        ..Grid::default()
    };
    let empty = |r: &GridRow| {
        let unknown = r.unknown && !r.total;
        unknown
            && r.cells.iter().all(|x| {
                x.value.number().is_none_or(|v| v == 0.0) && x.value != Value::Sign(Sign::Hidden)
            })
    };
    g.rows.retain(|r| !empty(r));
    sort(&mut g, s);
    g.coarsen_steps();
    g.fold(planner.word("everything"));
    if !g.folded {
        if s.columns.iter().all(|c| c.across.is_none()) && !s.across.is_empty() {
            g.unsplit(planner.dimension(&s.across), |v| written(c.lang, v));
        }
        g.leave_out_hidden();
    }
    for b in &s.blank {
        g.columns.push(GridColumn {
            header: b.get(c.lang).to_owned(),
            name: b.get(c.lang).to_owned(),
            measure: String::new(),
            part: Part::Of(Show::Value),
            category: Text::default(),
            total: false,
        });
        for r in &mut g.rows {
            r.cells.push(Cell {
                value: Value::Blank,
                key: None,
                part: Part::Of(Show::Value),
            });
        }
    }
    g
}
