//! The paper of a report, composed once from its template and its tables: what goes where, never a number of its own.

mod chapters;
mod slides;
mod tables;

use super::model::{Definition, Paper};
use super::words::Words;
use crate::protect::Audience;
use crate::report::one_page;
use crate::report::sentence;
use crate::report::template::{Column, PageTemplate, PaperTemplate};
use crate::report::workbook::{Book, classification};

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
    /// A text about a sheet with its placeholders filled; `None` where a number of it is not shown.
    fn finding(&self, sheet: usize, text: &str, chart: usize) -> Option<String> {
        let (t, c) = (self.b.t, self.b.c);
        let s = &t.sheet[sheet];
        sentence::finding(c, t, s, &self.b.grids[sheet], text, s.chart.get(chart))
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
