//! What a chart draws of a table: which rows, which columns, which intervals. Native charts and pictures share it.

use super::Sign;
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
    /// Column of the whole, where bars of parts have a rest that is hidden or not drawn.
    pub whole: Option<usize>,
    /// Rows that have nothing to draw.
    pub left_out: Vec<usize>,
    /// Where the axis of a waterfall begins: above nought where its steps would be too low to be seen.
    pub floor: f64,
    /// Each row of the table is a waterfall of its own, and not every row has every step.
    pub by_line: bool,
}

impl ChartPlan<'_> {
    /// Bars of parts end to end.
    pub fn stacked(&self) -> bool {
        matches!(
            self.spec.kind,
            Kind::Stacked | Kind::StackedBar | Kind::Percent
        )
    }

    /// Whether nothing between the opening and the closing of a waterfall is hidden: else its steps have no sum.
    pub fn complete(&self, g: &Grid) -> bool {
        let Some(first) = self.series.first().map(|s| &g.columns[s.column]) else {
            return false;
        };
        let hidden = |i: usize| {
            let c = &g.columns[i];
            let step = c.measure == first.measure && !c.total;
            let sign = g.value(self.rows[0], i).sign();
            let missing = sign.is_some_and(|s| s == Sign::Hidden || !self.by_line);
            step && missing
        };
        self.series.len() > 2 && !(0..g.columns.len()).any(hidden)
    }

    /// What is left of a row's whole beside its drawn parts; the whole and the parts are all on the sheet.
    pub fn rest(&self, g: &Grid, row: usize) -> Option<f64> {
        let r = self.rows[row];
        let whole = g.value(r, self.whole?).number()?;
        let parts: f64 = self
            .series
            .iter()
            .filter_map(|s| g.value(r, s.column).number())
            .sum();
        (whole - parts > 0.5).then_some(whole - parts)
    }

    /// All that is drawn of a row's whole.
    pub fn sum(&self, g: &Grid, row: usize) -> f64 {
        let parts = self
            .series
            .iter()
            .filter_map(|s| self.value(g, row, s.column));
        parts.sum::<f64>() + self.rest(g, row).unwrap_or(0.0)
    }

    /// A number as it is drawn: a bar of a hundred per cent with a hidden part and no rest would be a wrong bar.
    pub fn value(&self, g: &Grid, row: usize, column: usize) -> Option<f64> {
        let r = self.rows[row];
        let hidden = |s: &SeriesPlan| matches!(g.value(r, s.column), Value::Sign(Sign::Hidden));
        if self.spec.kind == Kind::Percent
            && self.rest(g, row).is_none()
            && self.series.iter().any(hidden)
        {
            return None;
        }
        // Units are not set beside each other by shares of a few people.
        let units = matches!(
            g.blocks.get(g.rows[r].block).map(String::as_str),
            Some("upt" | "opd" | "district")
        );
        if units
            && self.spec.kind == Kind::Dot
            && matches!(
                g.value(r, self.series[0].column),
                Value::Share { few: true, .. }
            )
        {
            return None;
        }
        g.value(r, column).number()
    }

    /// The largest number drawn, intervals and marks with it.
    pub fn highest(&self, g: &Grid) -> f64 {
        let ends = |s: &SeriesPlan| {
            [Some(s.column), s.interval.map(|i| i.1), self.marks]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
        };
        let columns: Vec<usize> = self.series.iter().flat_map(ends).collect();
        self.rows
            .iter()
            .enumerate()
            .map(|(i, r)| {
                let at = |c: &usize| g.value(*r, *c).number().unwrap_or(0.0);
                if self.stacked() {
                    let sum = self.series.iter().map(|s| at(&s.column)).sum::<f64>();
                    let sum = sum + self.rest(g, i).unwrap_or(0.0);
                    sum.max(self.marks.as_ref().map_or(0.0, at))
                } else {
                    columns.iter().map(at).fold(0.0, f64::max)
                }
            })
            .fold(0.0, f64::max)
    }
}

/// Where the axis of a waterfall of these steps begins: nought, or where they are small beside the numbers they lie
/// between, a round number a little below them.
fn floor(steps: &[f64]) -> f64 {
    let [first, middle @ .., _] = steps else {
        return 0.0;
    };
    let (mut level, mut low, mut high) = (*first, *first, *first);
    for step in middle {
        level += step;
        (low, high) = (low.min(level), high.max(level));
    }
    let range = high - low;
    if range <= 0.0 || low <= 2.0 * range {
        return 0.0;
    }
    let unit = 10f64.powf(range.log10().floor());
    let at = ((low - range) / unit).floor() * unit;
    (at.max(0.0) * 1e9).round() / 1e9
}

/// The first column that is drawn.
fn series_column(series: &[SeriesPlan]) -> usize {
    series.first().map_or(0, |s| s.column)
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
    let by_line = waterfall && !sheet.lines.is_empty();
    let rows: Vec<usize> = if by_line {
        let drawn = |i: &usize| {
            let line = sheet.lines.get(g.rows[*i].block);
            line.is_some_and(|l| spec.columns.first().is_none_or(|m| *m == l.measure))
        };
        (0..g.rows.len()).filter(drawn).take(1).collect()
    } else if waterfall {
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
    let number = |i: usize| rows.iter().any(|&r| g.value(r, i).number().is_some());
    let of = |i: usize, s: &[Show]| matches!(g.columns[i].part, Part::Of(x) if s.contains(&x));
    let drawn: Vec<usize> = (0..g.columns.len())
        .filter(|&i| {
            let c = &g.columns[i];
            let across =
                spec.only.is_empty() || spec.only.iter().any(|k| *k == c.category.as_str());
            wanted(&c.measure) && across && (spec.marks.is_empty() || c.measure != spec.marks)
        })
        .collect();
    // Of a measure its share where it has one, else its count.
    let drawn: Vec<usize> = drawn
        .iter()
        .copied()
        .filter(|&i| {
            let x = &g.columns[i];
            let rate = drawn.iter().any(|&k| {
                let y = &g.columns[k];
                let same = (&x.name, &x.measure, &x.category, x.total)
                    == (&y.name, &y.measure, &y.category, y.total);
                // What is drawn does not change with what is hidden: a share stays a share.
                same && of(k, &[Show::Rate])
            }) || (x.measure.is_empty() && drawn.iter().any(|&k| of(k, &[Show::Rate])));
            if rate {
                of(i, &[Show::Rate])
            } else {
                of(i, &[Show::Value, Show::K])
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
        .filter(|&i| number(i))
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
                interval: same(column + 1, Part::Low)
                    .zip(same(column + 2, Part::High))
                    .filter(|i| number(i.0) && number(i.1)),
                n,
            }
        })
        .collect();
    let line = matches!(spec.kind, Kind::Line | Kind::Step);
    let hidden = |r: usize| {
        matches!(
            g.value(r, series_column(&series)),
            Value::Sign(Sign::Hidden)
        )
    };
    let something = |r: &usize| {
        let shows = |s: &SeriesPlan| g.value(*r, s.column).number().is_some_and(|v| v != 0.0);
        hidden(*r) || series.iter().any(shows)
    };
    if series.is_empty() || (by_line && series.len() < 3) {
        return None;
    }
    let steps: Vec<f64> = (series.iter())
        .filter_map(|s| g.value(*rows.first()?, s.column).number())
        .collect();
    let floor = if by_line { floor(&steps) } else { 0.0 };
    // Categories with nothing to draw are left out at the end, and named beside the chart; so are the last times of a line
    // that have no number yet.
    let mut left_out = Vec::new();
    let mut rows = rows;
    if line {
        let number = |r: usize| {
            series
                .iter()
                .any(|s| g.value(r, s.column).number().is_some())
        };
        while rows.len() > 1 && rows.last().is_some_and(|&r| !number(r) && !hidden(r)) {
            rows.pop();
        }
    }
    if !line && !waterfall {
        while rows.len() > 1 && rows.last().is_some_and(|r| !something(r)) {
            left_out.extend(rows.pop());
        }
        left_out.reverse();
    }
    let marks = |s: &SeriesPlan| {
        let values = rows.iter().filter_map(|&r| g.value(r, s.column).number());
        values.collect::<Vec<_>>()
    };
    let drawn: Vec<f64> = series.iter().flat_map(marks).collect();
    // One mark, or nothing but noughts, is a sentence and no chart; and a line of which more than a quarter is missing
    // would be a line of something else.
    if !waterfall && (drawn.len() < 2 || drawn.iter().all(|v| *v == 0.0)) {
        return None;
    }
    // A line joins two points at least.
    if line && !series.iter().any(|s| marks(s).len() > 1) {
        return None;
    }
    let gaps = rows.iter().filter(|&&r| hidden(r)).count();
    if line && gaps * 4 > rows.len() {
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
    let mut out = ChartPlan {
        spec,
        rows,
        series,
        marks,
        share,
        whole: None,
        left_out,
        floor,
        by_line,
    };
    if out.stacked() && !out.series.is_empty() && !spec.parts_only {
        let first = &g.columns[out.series[0].column];
        let part = first.part;
        let whole = g
            .columns
            .iter()
            .position(|c| c.measure == first.measure && c.category.is_empty() && c.part == part);
        out.whole = whole.filter(|w| out.series.iter().all(|s| s.column != *w));
        if !(0..out.rows.len()).any(|i| out.rest(g, i).is_some()) {
            out.whole = None;
        }
    }
    Some(out)
}
