//! Slides: one finding each, what shows it, what the speaker needs to know.

use super::{Builder, in_a_list};
use crate::domain::{Status, Unit};
use crate::report::grid::{estimate, sort};
use crate::report::paper::model::{Picture, Slide, SlideBody, Tile};
use crate::report::paper::words::Words;
use crate::report::picture::ChartKind;
use crate::report::pictures::spec;
use crate::report::plan::plan;
use crate::report::sentence::{self, written};
use crate::report::sign::Sign;
use crate::report::template::{Both, Chart, Kpi, PaperSlide, Sheet, SlideKind};

impl Builder<'_> {
    pub(super) fn tiles(&self) -> Vec<Tile> {
        self.b.t.kpi.iter().map(|k| self.tile(k)).collect()
    }

    pub(super) fn tile(&self, k: &Kpi) -> Tile {
        let (t, c, w) = (self.b.t, self.b.c, self.w);
        let col = &k.column();
        let f = c.figures.find(col, t.population, &[]);
        let shown = f.filter(|f| !f.is_hidden());
        let number = |v: f64| crate::locale::decimal(c.lang, v, usize::from(v.fract() != 0.0));
        let share = f.is_some_and(|f| f.unit == Unit::Share);
        let of = shown
            .and_then(|f| f.numerator.zip(f.denominator))
            .filter(|_| share);
        let detail = of.map_or_else(String::new, |(k, n)| {
            w.text("of", &[("k", &number(k)), ("n", &number(n))])
        });
        let mut range = shown.map_or_else(String::new, |f| w.interval(f));
        if f.is_some_and(|f| f.status == Status::Unreliable) {
            range = format!("{range} {}", w.text("few", &[])).trim().to_owned();
        }
        // Of how many it is known stands beside the number, not in a note.
        let known = sentence::known(c, t, k).filter(|_| of.is_some());
        let detail = match known {
            Some(known) => format!("{detail}; {}", in_a_list(&known)),
            None => detail,
        };
        let before = f
            .and_then(|f| c.previous.same(f))
            .filter(|p| !p.is_hidden());
        let before = before
            .filter(|p| p.estimate.is_some())
            .map_or_else(String::new, |p| {
                let v = written(c.lang, &estimate(Some(p)));
                w.text("before", &[("value", &v)])
            });
        Tile {
            measure: col.measure.clone(),
            label: self.title_of(col),
            value: written(c.lang, &estimate(f)),
            detail,
            range,
            before,
            sentence: sentence::indicator(c, t, k),
        }
    }

    pub(super) fn slides(&self, decisions: &[[String; 3]]) -> Vec<Slide> {
        if !self.p.slide.is_empty() {
            return self
                .p
                .slide
                .iter()
                .map(|s| self.slide(s, decisions))
                .collect();
        }
        // Without slides in the template: the indicators, then the first chart of the first sheets that have one.
        let t = self.b.t;
        let numbers = PaperSlide {
            kind: SlideKind::Numbers,
            title: Both::same(&self.w.report("summary_title", &[])),
            ..PaperSlide::default()
        };
        let charts = t
            .sheet
            .iter()
            .filter(|s| !s.chart.is_empty())
            .take(7)
            .map(|s| PaperSlide {
                title: s.chart[0].title.clone(),
                sheet: s.name.id.clone(),
                chart: 1,
                ..PaperSlide::default()
            });
        let all = (!t.kpi.is_empty())
            .then_some(numbers)
            .into_iter()
            .chain(charts);
        all.map(|s| self.slide(&s, decisions)).collect()
    }

    pub(super) fn slide(&self, s: &PaperSlide, decisions: &[[String; 3]]) -> Slide {
        let (t, c, w) = (self.b.t, self.b.c, self.w);
        let at = t.sheet.iter().position(|x| x.name.id == s.sheet);
        let text = w.fill(s.title.get(c.lang));
        let told = match (&s.about, at) {
            (Some(col), _) => sentence::said(c, t.population, col, &text),
            (None, Some(i)) => self.finding(i, &text, s.chart.saturating_sub(1)),
            (None, None) => Some(text),
        };
        let instead = || at.map_or_else(|| t.title.get(c.lang), |i| self.heading(i));
        let title = told.unwrap_or_else(|| instead().to_owned());
        let whole = at.map_or_else(String::new, |i| format!("{} · ", self.heading(i)));
        let mut subtitle = format!("{whole}{}, {}", w.place, w.month);
        let mut remark = String::new();
        let mut notes: Vec<String> = s.about.iter().map(|col| self.sentence(col)).collect();
        let body = match (s.kind, at) {
            (SlideKind::Numbers, _) => {
                let all = self.tiles();
                let mine = all
                    .iter()
                    .filter(|x| s.columns.contains(&x.measure))
                    .cloned();
                let mine: Vec<Tile> = if s.columns.is_empty() {
                    all.clone()
                } else {
                    mine.collect()
                };
                notes.extend(mine.iter().map(|x| x.sentence.clone()));
                SlideBody::Numbers(mine.into_iter().take(4).collect())
            }
            (SlideKind::Chart, Some(i)) => {
                notes.push(self.b.reading(i).to_owned());
                match self.slide_picture(s, i) {
                    Some(p) => {
                        notes.extend(listed(w, &p));
                        remark.clone_from(&p.spec.note);
                        // Of several numbers that were opened up the slide says which it shows.
                        if p.spec.kind == ChartKind::Waterfall {
                            subtitle = format!("{} · {}, {}", p.title, w.place, w.month);
                        }
                        SlideBody::Chart(Box::new(p))
                    }
                    None => {
                        let why = crate::locale::text(c.lang, "report.nothing_to_draw");
                        notes.push(why.to_owned());
                        SlideBody::Table(Box::new(self.table(i, &s.columns)))
                    }
                }
            }
            (SlideKind::Table, Some(i)) => {
                notes.push(self.b.reading(i).to_owned());
                SlideBody::Table(Box::new(self.table(i, &s.columns)))
            }
            (SlideKind::Decisions, _) => {
                let heads = ["matter", "who", "when"].map(|k| w.text(k, &[])).to_vec();
                let mut rows: Vec<Vec<String>> = decisions.iter().map(|d| d.to_vec()).collect();
                if rows.is_empty() {
                    rows.push(vec![
                        w.report("page_one.no_decisions", &[]),
                        String::new(),
                        String::new(),
                    ]);
                }
                notes.extend(self.completeness());
                SlideBody::Words(heads, rows)
            }
            (SlideKind::Chart | SlideKind::Table, None) => SlideBody::Nothing,
        };
        notes.push(format!(
            "{} {}",
            w.report("source", &[]),
            w.report("cutoff", &[("date", &w.cutoff)])
        ));
        notes.push(w.report("signs", &[]));
        notes.dedup();
        match &body {
            // Below a table its signs and what it does without.
            SlideBody::Table(t) => {
                let notes = t.notes.iter().rev().skip(1);
                remark = notes.cloned().collect::<Vec<_>>().join(" ");
            }
            SlideBody::Numbers(all) => {
                let few = |x: &Tile| [&x.value, &x.before].iter().any(|v| v.ends_with('*'));
                let hidden = |x: &Tile| x.value == Sign::Hidden.text();
                let sign = |key: &str| w.report(&format!("sign.{key}"), &[]);
                let mut said: Vec<String> = Vec::new();
                if all.iter().any(hidden) {
                    said.push(format!("x = {}", sign("hidden")));
                }
                if all.iter().any(few) {
                    said.push(format!("* = {}", sign("star")));
                }
                remark = said.join("; ");
            }
            SlideBody::Chart(_) | SlideBody::Words(..) | SlideBody::Nothing => {}
        }
        Slide {
            title,
            remark,
            subtitle,
            body,
            notes,
        }
    }

    /// The chart of a slide: one of the sheet's, or one of its own over the sheet's table.
    pub(super) fn slide_picture(&self, s: &PaperSlide, i: usize) -> Option<Picture> {
        let Some(kind) = s.draw else {
            return self.picture(i, s.chart.saturating_sub(1));
        };
        let (c, sheet, g) = (self.b.c, &self.b.t.sheet[i], &self.b.grids[i]);
        let chart = Chart {
            kind,
            columns: s.columns.clone(),
            title: sheet.title.clone(),
            ..Chart::default()
        };
        // Its bars stand in the order of what it draws, not of what the sheet's own chart does.
        let sheet = &Sheet {
            chart: vec![chart.clone()],
            ..sheet.clone()
        };
        let mut g = g.clone();
        sort(&mut g, sheet);
        let g = &g;
        let p = plan(sheet, &chart, g)?;
        let title = self.heading(i).to_owned();
        let alt = format!("{title}. {}", self.b.reading(i));
        let population = sheet.population.unwrap_or(self.b.t.population);
        let spec = spec(c, population, sheet, g, &p, &title);
        Some(Picture { title, alt, spec })
    }
}

/// The numbers behind a chart in words, for the speaker: value, n, interval of every category.
fn listed(w: &Words, p: &Picture) -> Vec<String> {
    let x = &p.spec;
    let line = |s: &crate::report::picture::Series| {
        let at = |v: &[Option<f64>], i: usize| v.get(i).copied().flatten();
        let item = |(i, name): (usize, &String)| {
            let value: String = match at(&s.values, i) {
                Some(v) => s.text(x.format, x.lang, i, v),
                None => {
                    let mark = s.marks.get(i).copied().flatten();
                    mark.unwrap_or(Sign::NotApplicable).text().to_owned()
                }
            };
            let n = at(&s.sizes, i).map(|n| format!("n={}", crate::locale::integer(x.lang, n)));
            let ends = at(&s.low, i).zip(at(&s.high, i)).map(|(a, b)| {
                format!(
                    "{}–{}",
                    s.text(x.format, x.lang, i, a),
                    s.text(x.format, x.lang, i, b)
                )
            });
            let more: Vec<String> = n.into_iter().chain(ends).collect();
            let more = if more.is_empty() {
                String::new()
            } else {
                format!(" ({})", more.join("; "))
            };
            format!("{name} {value}{more}")
        };
        let items: Vec<String> = x.categories.iter().enumerate().map(item).collect();
        let name = if s.name.is_empty() {
            w.text("values", &[])
        } else {
            s.name.clone()
        };
        format!("{name}: {}.", items.join(", "))
    };
    x.series.iter().map(line).collect()
}
