//! Chapters and annexes: paragraphs, tables and pictures of the sheets, what is to be followed up, method.

use super::Builder;
use super::tables::filled;
use crate::report::paper::model::{Block, Chapter, Picture, Section, Table};
use crate::report::template::PaperPart;
use std::collections::BTreeSet;

impl Builder<'_> {
    pub(super) fn chapters(&self, decisions: &[[String; 3]]) -> Vec<Chapter> {
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
                        Some(&i) => self.finding(i, &own, 0),
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

    /// Reading, table and charts of a sheet; a chart that has been drawn before is not drawn again.
    pub(super) fn of_sheet(
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

    pub(super) fn picture(&self, i: usize, k: usize) -> Option<Picture> {
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
    pub(super) fn annexes(&self) -> Vec<Chapter> {
        let (c, w) = (self.b.c, self.w);
        let mut out: Vec<Chapter> = Vec::new();
        let heads = ["item_number", "checklist", "checklist_answer"].map(|k| w.report(k, &[]));
        let limits = (1..=5).map(|i| Block::Paragraph(w.report(&format!("limits.{i}"), &[])));
        let section = |title: String, blocks: Vec<Block>| Section { title, blocks };
        let definitions = self.definitions();
        let definitions = definitions.iter().map(|d| {
            // Question and definition stand first, what else is declared in a line below them.
            let (first, rest) = d.lines.split_at(d.lines.len().min(2));
            let text = [first, &[rest.join("; ")]].concat().join("\n");
            vec![d.title.clone(), text.trim_end().to_owned()]
        });
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
    pub(super) fn matrix(&self, decisions: &[[String; 3]]) -> Block {
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
}
