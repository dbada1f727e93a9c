//! What a chart draws of a table: which rows, which columns, which intervals. Native charts and pictures share it.

use super::grid::{Grid, Part, Value};
use super::template::{Chart, Kind, Sheet, Show};

/// A series: positions among the grid's columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SeriesPlan {
    /// The number drawn.
    pub column: usize,
    /// Ends of its interval.
    pub interval: Option<(usize, usize)>,
    /// Its denominator.
    pub n: Option<usize>,
}

/// A chart of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct ChartPlan<'a> {
    /// What the template says.
    pub spec: &'a Chart,
    /// Rows, one after the other.
    pub rows: Vec<usize>,
    /// Series with at least one number.
    pub series: Vec<SeriesPlan>,
    /// Column of the marks.
    pub marks: Option<usize>,
    /// Its numbers are shares.
    pub share: bool,
}

impl ChartPlan<'_> {
    /// The largest number drawn, intervals and marks with it.
    pub fn highest(&self, g: &Grid) -> f64 {
        let ends = |s: &SeriesPlan| {
            [Some(s.column), s.interval.map(|i| i.1), self.marks]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
        };
        let columns: Vec<usize> = self.series.iter().flat_map(ends).collect();
        let stacked = matches!(self.spec.kind, Kind::Stacked | Kind::StackedBar);
        self.rows
            .iter()
            .map(|r| {
                let at = |c: &usize| g.value(*r, *c).number().unwrap_or(0.0);
                if stacked {
                    let sum = self.series.iter().map(|s| at(&s.column)).sum::<f64>();
                    sum.max(self.marks.as_ref().map_or(0.0, at))
                } else {
                    columns.iter().map(at).fold(0.0, f64::max)
                }
            })
            .fold(0.0, f64::max)
    }
}

/// The chart of a sheet's table; `None` when nothing of it is a number.
pub fn plan<'a>(sheet: &Sheet, spec: &'a Chart, g: &Grid) -> Option<ChartPlan<'a>> {
    let wanted = |m: &str| {
        if spec.columns.is_empty() {
            sheet
                .columns
                .first()
                .is_none_or(|c| c.measure == m || m.is_empty())
        } else {
            m.is_empty() || spec.columns.iter().any(|x| x == m)
        }
    };
    let waterfall = spec.kind == Kind::Waterfall;
    let rows: Vec<usize> = if waterfall {
        (0..g.rows.len()).filter(|&i| g.rows[i].total).collect()
    } else {
        let of_lines = !sheet.lines.is_empty();
        let block = |b: usize| {
            let d = g.blocks.get(b).map_or("", String::as_str);
            if spec.rows.is_empty() {
                let first = g.blocks.iter().position(|d| !d.is_empty());
                first.map_or(!of_lines || d.is_empty(), |f| f == b)
            } else {
                spec.rows.iter().any(|x| x == d)
            }
        };
        let named = |m: usize| {
            !of_lines
                || spec.columns.is_empty()
                || sheet
                    .lines
                    .get(m)
                    .is_some_and(|l| spec.columns.contains(&l.measure))
        };
        (0..g.rows.len())
            .filter(|&i| {
                let r = &g.rows[i];
                !r.total && block(r.block) && named(r.block)
            })
            .collect()
    };
    // Rows of a chart stand one below the other: what lies between two blocks belongs to neither.
    let run = rows
        .iter()
        .enumerate()
        .take_while(|(k, r)| **r == rows[0] + k)
        .count();
    let rows = rows[..run].to_vec();
    let shown =
        |c: &super::grid::GridColumn, s: &[Show]| matches!(c.part, Part::Of(x) if s.contains(&x));
    let drawn: Vec<usize> = (0..g.columns.len())
        .filter(|&i| {
            let c = &g.columns[i];
            let across =
                spec.only.is_empty() || spec.only.iter().any(|k| *k == c.category.as_str());
            wanted(&c.measure) && across && (spec.marks.is_empty() || c.measure != spec.marks)
        })
        .collect();
    let rate = drawn.iter().any(|&i| shown(&g.columns[i], &[Show::Rate]));
    let drawn: Vec<usize> = drawn
        .into_iter()
        .filter(|&i| {
            let c = &g.columns[i];
            if rate {
                shown(c, &[Show::Rate])
            } else {
                shown(c, &[Show::Value, Show::K])
            }
        })
        .collect();
    // The total over a column dimension is no part beside its parts, unless it is all there is.
    let parts = drawn
        .iter()
        .any(|&i| !g.columns[i].total && !g.columns[i].category.is_empty());
    let funnel = spec.kind == Kind::Funnel;
    let series: Vec<SeriesPlan> = drawn
        .into_iter()
        .filter(|&i| {
            let total = g.columns[i].total;
            if funnel {
                total || !parts || !g.columns.iter().any(|c| c.total)
            } else {
                !(total && parts)
            }
        })
        .filter(|&i| rows.iter().any(|&r| g.value(r, i).number().is_some()))
        .map(|column| {
            let of = &g.columns[column];
            let same = |i: usize, part: Part| {
                g.columns
                    .get(i)
                    .is_some_and(|c| {
                        c.part == part && c.measure == of.measure && c.category == of.category
                    })
                    .then_some(i)
            };
            let n = (0..column)
                .rev()
                .take(2)
                .find_map(|i| same(i, Part::Of(Show::N)));
            SeriesPlan {
                column,
                interval: same(column + 1, Part::Low).zip(same(column + 2, Part::High)),
                n,
            }
        })
        .collect();
    if rows.is_empty() || series.is_empty() {
        return None;
    }
    let marks = g
        .columns
        .iter()
        .position(|c| !spec.marks.is_empty() && c.measure == spec.marks);
    let share = series.iter().any(|s| {
        rows.iter()
            .any(|&r| matches!(g.value(r, s.column), Value::Share { .. }))
    });
    Some(ChartPlan {
        spec,
        rows,
        series,
        marks,
        share,
    })
}
