//! The paper of a report, composed once from its template and its tables: what goes where, never a number of its own.

use super::model::{
    Block, Chapter, Definition, Paper, Picture, Section, Slide, SlideBody, Table, Tile,
};
use super::words::Words;
use crate::domain::{Status, Unit};
use crate::protect::Audience;
use crate::report::grid::{Cell, Grid, GridRow, Value, estimate, sort};
use crate::report::one_page;
use crate::report::picture::ChartKind;
use crate::report::pictures::spec;
use crate::report::plan::plan;
use crate::report::sentence::{self, written};
use crate::report::sign::Sign;
use crate::report::template::{
    Both, Chart, Column, Kpi, PageTemplate, PaperPart, PaperSlide, PaperTemplate, Sheet, SlideKind,
};
use crate::report::workbook::{Book, classification};
use std::collections::BTreeSet;

/// Composes the paper of a report.
pub fn paper(b: &Book, page: &PageTemplate) -> Paper {
    let (t, c) = (b.t, b.c);
    let default = PaperTemplate::default();
    let p = t.paper.as_ref().unwrap_or(&default);
    let w = Words::new(c, t.population);
    let builder = Builder { b, p, w: &w };
    let office = &c.settings.office;
    let subject = w.fill(p.subject.get(c.lang));
    let subject = if subject.is_empty() {
        t.title.get(c.lang).to_owned()
    } else {
        subject
    };
    let blank = "…………………………".to_owned();
    let letter = vec![
        (w.say("number"), blank),
        (w.say("nature"), classification(t, c)),
        (w.say("attached"), "…………".to_owned()),
        (w.say("about"), format!("{subject}, {}", w.month)),
    ];
    let decisions = one_page::decisions(t, page, c);
    let chapters = builder.chapters(&decisions);
    let tables = (0..t.sheet.len()).map(|i| builder.table(i, &[])).collect();
    let place = crate::locale::format(c.lang, "report.sign_place", &[("city", &office.city)]);
    let mut right = vec![place.clone()];
    right.extend(office.sign_right.iter().cloned());
    let mut left = vec![String::new()];
    left.extend(office.sign_left.iter().cloned());
    Paper {
        name: t.name.clone(),
        lang: c.lang,
        kop: b.kop().to_vec(),
        title: t.title.get(c.lang).to_owned(),
        period: w.month.clone(),
        cutoff: w.report("cutoff", &[("date", &w.cutoff)]),
        completeness: builder.completeness(),
        classification: classification(t, c),
        letter,
        dateline: place,
        to: p.to.iter().map(|x| x.get(c.lang).to_owned()).collect(),
        opening: p.opening.as_ref().map(|x| w.fill(x.get(c.lang))),
        summary: builder.summary(),
        own: builder.own(""),
        indicators: builder.indicators(),
        tiles: builder.tiles(),
        chapters,
        tables,
        annexes: builder.annexes(),
        definitions: builder.definitions(),
        signs: w.report("signs", &[]),
        source: w.report("source", &[]),
        sign: (left, right, w.report("sign_line", &[])),
        slides: builder.slides(&decisions),
        chat: builder.chat(&decisions),
    }
}

struct Builder<'a> {
    b: &'a Book<'a>,
    p: &'a PaperTemplate,
    w: &'a Words<'a>,
}

impl Builder<'_> {
    /// What has arrived or is missing, and the quality gates that failed.
    fn completeness(&self) -> Vec<String> {
        let facts = self.b.c.facts;
        let first = sentence::arrived(self.b.c);
        let gates = facts.gates_failed.iter();
        let gates = gates.map(|g| self.w.report("gate", &[("reason", g)]));
        std::iter::once(first).chain(gates).collect()
    }

    /// A sentence an indicator.
    fn summary(&self) -> Vec<String> {
        self.b
            .t
            .kpi
            .iter()
            .map(|k| sentence::indicator(self.b.c, self.b.t, k))
            .collect()
    }

    fn sentence(&self, col: &Column) -> String {
        let (t, c) = (self.b.t, self.b.c);
        let f = c.figures.find(col, t.population, &[]);
        let before = f.and_then(|f| c.previous.same(f));
        sentence::about(c, f, &self.title_of(col), before)
    }

    fn title_of(&self, col: &Column) -> String {
        let c = self.b.c;
        let own = col.header.as_ref().map(|h| h.get(c.lang).to_owned());
        own.unwrap_or_else(|| c.labels.measure(c.lang, &col.measure))
    }

    /// The title of a sheet's table.
    fn heading(&self, i: usize) -> &str {
        self.b.t.sheet[i]
            .heading(&self.b.grids[i])
            .get(self.b.c.lang)
    }

    /// The office's own paragraphs at a place.
    fn own(&self, at: &str) -> Vec<String> {
        let here = self.p.paragraph.iter().filter(|x| x.at == at);
        here.map(|x| self.w.fill(x.text.get(self.b.c.lang)))
            .collect()
    }

    fn indicators(&self) -> Option<Table> {
        let g = self.b.indicators()?;
        // A column in which nothing is known yet, or all say the same word, says nothing here.
        let says = |i: usize| {
            let mut values = g.rows.iter().map(|r| &r.cells[i].value);
            let words: BTreeSet<&str> = (g.rows.iter())
                .filter_map(|r| match &r.cells[i].value {
                    Value::Text(word) => Some(word.as_str()),
                    _ => None,
                })
                .collect();
            values.any(|v| v.number().is_some()) || words.len() > 1
        };
        let keep: Vec<usize> = (0..g.columns.len()).filter(|&i| says(i)).collect();
        let grid = picked(g, &keep);
        let reasons = self.reasons(&grid);
        let mut notes = vec![self.w.report("summary_note", &[])];
        notes.extend(self.legend(&grid, &reasons));
        Some(Table {
            name: self.w.report("summary_title", &[]),
            title: format!("{}, {}", self.w.report("summary_title", &[]), self.w.month),
            reading: String::new(),
            reasons,
            grid,
            notes,
            sheet: None,
            whole: true,
        })
    }

    fn tiles(&self) -> Vec<Tile> {
        self.b.t.kpi.iter().map(|k| self.tile(k)).collect()
    }

    fn tile(&self, k: &Kpi) -> Tile {
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

    fn chapters(&self, decisions: &[[String; 3]]) -> Vec<Chapter> {
        let lang = self.b.c.lang;
        if self.p.chapter.is_empty() {
            let sections = (0..self.b.t.sheet.len()).map(|i| Section {
                title: self.heading(i).to_owned(),
                blocks: self.of_sheet(i, &[], true, &mut BTreeSet::new()),
            });
            return vec![Chapter {
                title: self.w.text("contents", &[]),
                sections: sections.collect(),
            }];
        }
        let mut drawn = BTreeSet::new();
        let chapters = self.p.chapter.iter().map(|ch| {
            let mut sections: Vec<Section> = Vec::new();
            for s in &ch.section {
                let mut blocks: Vec<Block> = Vec::new();
                let sheets: Vec<usize> = (s.sheet.iter())
                    .filter_map(|name| self.b.t.sheet.iter().position(|x| x.name.id == *name))
                    .collect();
                if let Some(text) = &s.text {
                    let own = self.w.fill(text.get(lang));
                    let own = match sheets.first() {
                        Some(&i) => self.finding(i, &own),
                        None => Some(own),
                    };
                    blocks.extend(own.map(Block::Paragraph));
                }
                match s.part {
                    Some(PaperPart::Sources) => {
                        blocks.extend(self.completeness().into_iter().map(Block::Paragraph));
                    }
                    Some(PaperPart::FollowUp) => blocks.push(self.matrix(decisions)),
                    Some(PaperPart::Closing) => {
                        blocks.push(Block::Paragraph(self.summary().join(" ")))
                    }
                    None => {}
                }
                for i in sheets {
                    blocks.extend(self.of_sheet(i, &s.columns, s.charts, &mut drawn));
                }
                blocks.extend(self.own(&s.title.id).into_iter().map(Block::Paragraph));
                sections.push(Section {
                    title: s.title.get(lang).to_owned(),
                    blocks,
                });
            }
            let own = self.own(&ch.title.id);
            if !own.is_empty() {
                let blocks = own.into_iter().map(Block::Paragraph).collect();
                sections.push(Section {
                    title: String::new(),
                    blocks,
                });
            }
            Chapter {
                title: ch.title.get(lang).to_owned(),
                sections,
            }
        });
        chapters.collect()
    }

    /// A text about a sheet with its placeholders filled; `None` where a number of it is not shown.
    fn finding(&self, sheet: usize, text: &str) -> Option<String> {
        let (t, c) = (self.b.t, self.b.c);
        sentence::finding(c, t, &t.sheet[sheet], &self.b.grids[sheet], text)
    }

    /// Reading, table and charts of a sheet; a chart that has been drawn before is not drawn again.
    fn of_sheet(
        &self,
        i: usize,
        columns: &[String],
        charts: bool,
        drawn: &mut BTreeSet<(usize, usize)>,
    ) -> Vec<Block> {
        let (t, c) = (self.b.t, self.b.c);
        let reading = self.b.reading(i).to_owned();
        let mut out = vec![Block::Paragraph(reading)];
        out.push(Block::Table(self.table(i, columns)));
        for k in 0..t.sheet[i].chart.len() {
            if charts && drawn.insert((i, k)) {
                match self.picture(i, k) {
                    Some(p) => out.push(Block::Picture(p)),
                    None => {
                        let why = crate::locale::text(c.lang, "report.nothing_to_draw");
                        out.push(Block::Note(why.to_owned()));
                    }
                }
            }
        }
        out
    }

    fn table(&self, i: usize, columns: &[String]) -> Table {
        let t = self.b.t;
        let title = self.heading(i);
        let file = format!("{}.xlsx", t.name);
        let tab = self
            .w
            .text("tab", &[("tab", self.b.tab(i)), ("file", &file)]);
        let grid = filled(&chosen(&self.b.grids[i], columns));
        let reasons = self.reasons(&grid);
        let mut notes = self.b.notes(i);
        notes.extend(self.legend(&grid, &reasons));
        notes.push(format!("{} {tab}", self.w.report("source", &[])));
        Table {
            name: title.to_owned(),
            title: format!("{title}, {}", self.w.month),
            reading: self.b.reading(i).to_owned(),
            reasons,
            grid,
            notes,
            sheet: Some(i),
            whole: columns.is_empty(),
        }
    }

    /// What the signs of a table mean: those that occur, each with its reason.
    fn legend(&self, g: &Grid, reasons: &[Vec<Option<String>>]) -> Option<String> {
        let mut known: Vec<(String, String)> = Vec::new();
        for (row, why) in g.rows.iter().zip(reasons) {
            for (cell, why) in row.cells.iter().zip(why) {
                let (Value::Sign(sign), Some(why)) = (&cell.value, why) else {
                    continue;
                };
                let pair = (sign.text().to_owned(), in_a_list(why));
                if !known.contains(&pair) {
                    known.push(pair);
                }
            }
        }
        let few = |x: &Cell| matches!(x.value, Value::Share { few: true, .. });
        if g.rows.iter().flat_map(|r| &r.cells).any(few) {
            known.push(("*".into(), self.w.report("sign.star", &[])));
        }
        let list: Vec<String> = known
            .iter()
            .map(|(s, why)| format!("{s} = {why}"))
            .collect();
        (!list.is_empty()).then(|| self.w.text("legend", &[("list", &list.join("; "))]))
    }

    /// Why cells have no number.
    fn reasons(&self, g: &Grid) -> Vec<Vec<Option<String>>> {
        let reason = |x: &Cell| match x.value {
            Value::Sign(sign) => Some(self.w.report(&format!("sign.{}", sign.id()), &[])),
            _ => None,
        };
        g.rows
            .iter()
            .map(|r| r.cells.iter().map(reason).collect())
            .collect()
    }

    fn picture(&self, i: usize, k: usize) -> Option<Picture> {
        let spec = self.b.chart(i, k)?;
        let alt = format!("{}. {}", spec.title, self.b.reading(i));
        let subtitle = format!("{}, {}", self.heading(i), self.w.month);
        Some(Picture {
            title: spec.title.clone(),
            alt,
            spec: crate::report::picture::ChartSpec { subtitle, ..spec },
        })
    }

    /// Method, earlier months that were revised, abbreviations.
    fn annexes(&self) -> Vec<Chapter> {
        let (c, w) = (self.b.c, self.w);
        let mut out: Vec<Chapter> = Vec::new();
        let heads = ["item_number", "checklist", "checklist_answer"].map(|k| w.report(k, &[]));
        let limits = (1..=5).map(|i| Block::Paragraph(w.report(&format!("limits.{i}"), &[])));
        let section = |title: String, blocks: Vec<Block>| Section { title, blocks };
        let definitions = self.definitions();
        let definitions = definitions
            .iter()
            .map(|d| vec![d.title.clone(), d.lines.join("\n")]);
        let mut method = vec![Block::Paragraph(w.report(
            "versions",
            &[
                ("program", &c.facts.version),
                ("definitions", &c.facts.definitions),
            ],
        ))];
        method.extend(c.facts.protection.iter().cloned().map(Block::Paragraph));
        out.push(Chapter {
            title: w.report("methodology", &[]),
            sections: vec![
                section(String::new(), method),
                section(
                    w.report("checklist", &[]),
                    vec![Block::Words(heads.to_vec(), self.b.checklist())],
                ),
                section(w.report("limits_title", &[]), limits.collect()),
                section(
                    w.report("definition", &[]),
                    vec![Block::Words(
                        vec![w.report("name", &[]), w.report("definition", &[])],
                        definitions.collect(),
                    )],
                ),
            ],
        });
        if let Some((grid, reading)) = self.b.revised() {
            let title = w.report("revisions.title", &[]);
            let table = Table {
                name: title.clone(),
                title: title.clone(),
                reading: reading.to_owned(),
                reasons: Vec::new(),
                grid: filled(grid),
                notes: vec![],
                sheet: None,
                whole: true,
            };
            let blocks = vec![Block::Paragraph(reading.to_owned()), Block::Table(table)];
            out.push(Chapter {
                title,
                sections: vec![section(String::new(), blocks)],
            });
        }
        let short = crate::locale::text(c.lang, "paper.abbreviations").split('\n');
        let short = short.filter_map(|l| l.split_once(" = "));
        let short = short.map(|(a, b)| vec![a.trim().to_owned(), b.trim().to_owned()]);
        let heads = vec![w.text("short", &[]), w.text("long", &[])];
        out.push(Chapter {
            title: w.text("short_title", &[]),
            sections: vec![section(
                String::new(),
                vec![
                    Block::Words(heads, short.collect()),
                    Block::Note(w.report("signs", &[])),
                ],
            )],
        });
        out
    }

    /// Problems that are known, with columns for the reader to fill in.
    fn matrix(&self, decisions: &[[String; 3]]) -> Block {
        let (c, w) = (self.b.c, self.w);
        let heads = ["problem", "step", "who", "when", "status"].map(|k| w.text(k, &[]));
        // What waits for a decision has its office and its day; the steps and their state are the reader's.
        let mut rows: Vec<Vec<String>> = (decisions.iter())
            .map(|[what, who, when]| {
                let blank = String::new();
                vec![
                    what.clone(),
                    blank.clone(),
                    who.clone(),
                    when.clone(),
                    blank,
                ]
            })
            .collect();
        let mut problem = |text: String| {
            rows.push(
                [text]
                    .into_iter()
                    .chain((1..5).map(|_| String::new()))
                    .collect(),
            );
        };
        c.facts
            .gates_failed
            .iter()
            .for_each(|g| problem(w.report("gate", &[("reason", g)])));
        for l in &c.facts.late {
            let until = l.until.map(crate::locale::date_short);
            problem(match &until {
                Some(d) => w.report("sentence.late_until", &[("name", &l.name), ("date", d)]),
                None => w.report("sentence.late_never", &[("name", &l.name)]),
            });
        }
        if rows.is_empty() {
            return Block::Note(w.report("page_one.no_decisions", &[]));
        }
        Block::Words(heads.to_vec(), rows)
    }

    fn definitions(&self) -> Vec<Definition> {
        let used = self.b.t.measures();
        let all = self.b.c.facts.methodology.iter();
        all.filter(|m| used.contains(m[0].as_str()))
            .map(|[id, title, text, _]| Definition {
                id: id.clone(),
                title: title.clone(),
                lines: text
                    .lines()
                    .filter(|l| !l.trim().is_empty())
                    .map(str::to_owned)
                    .collect(),
            })
            .collect()
    }

    fn slides(&self, decisions: &[[String; 3]]) -> Vec<Slide> {
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

    fn slide(&self, s: &PaperSlide, decisions: &[[String; 3]]) -> Slide {
        let (t, c, w) = (self.b.t, self.b.c, self.w);
        let at = t.sheet.iter().position(|x| x.name.id == s.sheet);
        let text = w.fill(s.title.get(c.lang));
        let told = match (&s.about, at) {
            (Some(col), _) => sentence::said(c, t.population, col, &text),
            (None, Some(i)) => self.finding(i, &text),
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
    fn slide_picture(&self, s: &PaperSlide, i: usize) -> Option<Picture> {
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

    /// Title, the template's lines, what is to be decided, what the data cover.
    fn chat(&self, decisions: &[[String; 3]]) -> Vec<String> {
        let (t, c, w) = (self.b.t, self.b.c, self.w);
        let first = w.text(
            "chat",
            &[
                ("title", t.title.get(c.lang)),
                ("month", &w.month),
                ("class", &classification(t, c)),
            ],
        );
        let mut out = vec![first];
        for l in &self.p.chat {
            let text = w.fill(l.text.get(c.lang));
            let told = sentence::said(c, t.population, &l.column(), &text);
            out.push(told.unwrap_or_else(|| self.sentence(&l.column())));
        }
        if self.p.chat.is_empty() {
            out.extend(t.kpi.iter().take(2).map(|k| self.sentence(&k.column())));
        }
        let what = match decisions.first() {
            Some(_) => {
                let list = decisions
                    .iter()
                    .map(|[what, who, _]| format!("{what} ({who})"));
                w.text(
                    "chat_decide",
                    &[("list", &list.collect::<Vec<_>>().join("; "))],
                )
            }
            None => w.report("page_one.no_decisions", &[]),
        };
        // The public has nothing to decide.
        if t.audience != Audience::Public.id() {
            out.push(what);
        }
        out.push(format!(
            "{} {}",
            self.completeness().join(" "),
            w.report("cutoff", &[("date", &w.cutoff)])
        ));
        out
    }
}

/// A sentence as an item of a list: it begins small and does not end.
fn in_a_list(text: &str) -> String {
    let mut letters = text.trim_end_matches('.').chars();
    let first = letters.next().map(|c| c.to_lowercase().collect::<String>());
    first.unwrap_or_default() + letters.as_str()
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

/// The grid with the columns of some measures; all of it where none is named.
fn chosen(g: &Grid, measures: &[String]) -> Grid {
    let keep: Vec<usize> = (0..g.columns.len())
        .filter(|&i| {
            measures.is_empty()
                || g.columns[i].measure.is_empty()
                || measures.contains(&g.columns[i].measure)
        })
        .collect();
    picked(g, &keep)
}

/// The grid without columns in which nothing stands.
fn filled(g: &Grid) -> Grid {
    let keep: Vec<usize> = (0..g.columns.len())
        .filter(|&i| {
            // Columns the reader fills in stand in the workbook; a paper has its matrix.
            g.rows.iter().any(|r| r.cells[i].value != Value::Blank)
        })
        .collect();
    picked(g, &keep)
}

fn picked(g: &Grid, keep: &[usize]) -> Grid {
    Grid {
        lead: g.lead.clone(),
        columns: keep.iter().map(|&i| g.columns[i].clone()).collect(),
        rows: (g.rows.iter())
            .map(|r| GridRow {
                block: r.block,
                labels: r.labels.clone(),
                total: r.total,
                unknown: r.unknown,
                cells: keep.iter().map(|&i| r.cells[i].clone()).collect(),
            })
            .collect(),
        blocks: g.blocks.clone(),
        folded: g.folded,
        coarse_steps: g.coarse_steps,
        left_out: g.left_out.clone(),
        not_split: g.not_split.clone(),
    }
}
