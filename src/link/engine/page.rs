//! What came of linking as one page, `laporan.html`: it needs no network and no script, charts are drawn into it.
//!
//! Values of records are shown only where they are asked for. Knows what was found; decides nothing.

use super::level::DIFFERENT;
use super::write::{label, whence};
use super::{Linked, Lists, Model, Pair, WEIGHTS, bits, probability};
use crate::locale::{self, Lang};
use std::fmt::Write;

/// Pairs of each kind that are drawn.
const SHOWN: usize = 12;
/// Bridges that are listed.
const BRIDGES: usize = 20;

/// A text with what HTML would read as marks replaced.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
    out
}

struct Page<'a> {
    lists: &'a Lists,
    model: &'a Model,
    linked: &'a Linked,
    lang: Lang,
    with_values: bool,
    html: String,
}

/// The page.
pub fn page(
    lists: &Lists,
    model: &Model,
    linked: &Linked,
    with_values: bool,
    lang: Lang,
) -> String {
    let mut p = Page {
        lists,
        model,
        linked,
        lang,
        with_values,
        html: String::new(),
    };
    p.head();
    p.summary();
    p.histogram();
    p.parameters();
    p.accuracy();
    p.waterfalls();
    p.blocking();
    p.unlinkable();
    p.clusters();
    p.html.push_str("</main></body></html>\n");
    p.html
}

const STYLE: &str = "body{font:15px/1.5 system-ui,sans-serif;margin:0;color:#1c2430;background:#fff}main{max-width:960px;margin:auto;padding:1.5rem}\
h1{font-size:1.6rem}h2{font-size:1.2rem;margin-top:2.2rem}table{border-collapse:collapse;margin:.6rem 0}td,th{padding:.2rem .7rem;border-bottom:1px solid #d9dee5;text-align:left}\
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}svg{max-width:100%;height:auto}details{margin:.4rem 0}summary{cursor:pointer}p.note{color:#56606d;max-width:70ch}";

impl Page<'_> {
    fn say(&self, key: &str, args: &[(&str, &str)]) -> String {
        locale::format(self.lang, &format!("link.page.{key}"), args)
    }

    fn text(&self, key: &str) -> String {
        plain(&self.say(key, &[]))
    }

    fn count(&self, n: f64) -> String {
        locale::integer(self.lang, n)
    }

    fn decimal(&self, n: f64, places: usize) -> String {
        locale::decimal(self.lang, n, places)
    }

    fn section(&mut self, key: &str) {
        let (title, note) = (self.text(key), self.text(&format!("{key}_note")));
        let _ = write!(self.html, "<h2>{title}</h2><p class=note>{note}</p>");
    }

    fn head(&mut self) {
        let title = self.text("title");
        let lang = if self.lang == Lang::En { "en" } else { "id" };
        let _ = write!(
            self.html,
            "<!doctype html><html lang={lang}><head><meta charset=utf-8><meta name=viewport content=\"width=device-width\">\
<title>{title}</title><style>{STYLE}</style></head><body><main><h1>{title}</h1>"
        );
    }

    /// Rows of a table; columns from the second on are numbers.
    fn table(&mut self, head: &[String], rows: &[Vec<String>]) {
        let class = |k: usize| if k > 0 { " class=n" } else { "" };
        self.html.push_str("<table>");
        for (cells, tag) in
            std::iter::once((head, "th")).chain(rows.iter().map(|r| (r.as_slice(), "td")))
        {
            if cells.is_empty() {
                continue;
            }
            self.html.push_str("<tr>");
            for (k, cell) in cells.iter().enumerate() {
                let _ = write!(self.html, "<{tag}{}>{}</{tag}>", class(k), plain(cell));
            }
            self.html.push_str("</tr>");
        }
        self.html.push_str("</table>");
    }

    fn summary(&mut self) {
        let enough = bits(self.model.threshold);
        let linked = |p: &&Pair| p.weight >= enough && p.refused.is_none();
        let links = self.linked.pairs.iter().filter(linked).count();
        let refused = self
            .linked
            .pairs
            .iter()
            .filter(|p| p.refused.is_some())
            .count();
        let persons = self.linked.cluster.iter().max().copied().unwrap_or(0);
        let rows = [
            ("records", self.lists.records() as f64),
            ("possible", self.linked.possible),
            ("compared", self.linked.compared as f64),
            ("links", links as f64),
            ("refused", refused as f64),
            ("persons", f64::from(persons)),
        ];
        let mut rows: Vec<Vec<String>> = rows
            .into_iter()
            .map(|(k, n)| vec![self.say(k, &[]), self.count(n)])
            .collect();
        rows.push(vec![
            self.say("threshold", &[]),
            self.decimal(self.model.threshold, 3),
        ]);
        self.table(&[], &rows);
        let files: Vec<Vec<String>> = (self.lists.files.iter().enumerate())
            .map(|(l, f)| {
                let n = self
                    .lists
                    .list
                    .iter()
                    .filter(|k| usize::from(**k) == l)
                    .count();
                let over = self.lists.passed_over.get(l).copied().unwrap_or(0);
                let absent: Vec<&str> = (self.lists.absent.iter())
                    .filter(|(k, _)| usize::from(*k) == l)
                    .map(|(_, c)| c.as_str())
                    .collect();
                vec![
                    f.clone(),
                    self.count(n as f64),
                    self.count(over as f64),
                    absent.join(", "),
                ]
            })
            .collect();
        let head = ["list", "rows", "passed_over", "absent"].map(|k| self.say(k, &[]));
        self.table(&head, &files);
    }

    /// Pairs per whole bit of weight; heights are powers of ten.
    fn histogram(&mut self) {
        self.section("histogram");
        let all = &self.linked.distribution;
        let filled = |i: &usize| all.get(*i).is_some_and(|n| *n > 0);
        let (Some(first), Some(last)) = (
            (0..all.len()).find(filled),
            (0..all.len()).rev().find(filled),
        ) else {
            return;
        };
        let most = all.iter().max().copied().unwrap_or(1).max(1) as f64;
        let (width, height, bottom) = (900.0, 260.0, 230.0);
        let step = width / (last - first + 1) as f64;
        let tall = |n: u64| (n as f64 + 1.0).log10() / (most + 1.0).log10() * 210.0;
        let enough = bits(self.model.threshold);
        let mut svg = format!(
            "<svg viewBox=\"0 0 {width} {height}\" role=img aria-label=\"{}\">",
            self.text("histogram")
        );
        for (i, &n) in all.iter().enumerate().take(last + 1).skip(first) {
            let weight = i as f64 - f64::from(WEIGHTS);
            let h = tall(n);
            let colour = if weight >= enough {
                "#d9762b"
            } else {
                "#4a7ba6"
            };
            let x = (i - first) as f64 * step;
            let _ = write!(
                svg,
                "<rect x={x:.1} y={:.1} width={:.1} height={h:.1} fill=\"{colour}\"><title>{weight}: {}</title></rect>",
                bottom - h,
                (step - 1.0).max(0.6),
                all[i]
            );
            if (i as i64 - i64::from(WEIGHTS)) % 10 == 0 {
                let _ = write!(svg, "<text x={x:.1} y=248 font-size=12>{weight}</text>");
            }
        }
        let at = (enough + f64::from(WEIGHTS) - first as f64) * step;
        let _ = write!(
            svg,
            "<line x1={at:.1} x2={at:.1} y1=10 y2={bottom} stroke=\"#b3261e\" stroke-dasharray=\"4 3\"/></svg>"
        );
        self.html.push_str(&svg);
    }

    /// m and u of every level, and the bits they make.
    fn parameters(&mut self) {
        self.section("parameters");
        let Some(e) = &self.linked.estimates else {
            return;
        };
        let row = 22.0;
        for (c, compared) in self.model.comparisons.iter().enumerate() {
            let levels = e.m[c].len() - usize::from(DIFFERENT);
            let height = row * levels as f64 + 8.0;
            let mut svg = format!(
                "<h3>{}</h3><svg viewBox=\"0 0 900 {height}\" role=img aria-label=\"{}\">",
                plain(&compared.name),
                plain(&compared.name)
            );
            for (k, l) in (usize::from(DIFFERENT)..e.m[c].len()).rev().enumerate() {
                let y = k as f64 * row + 4.0;
                let (m, u, w) = (e.m[c][l], e.u[c][l], e.weights[c][l]);
                let name = plain(label(self.model, c, l as u8));
                let _ = write!(
                    svg,
                    "<text x=0 y={:.0} font-size=12>{name}</text>\
<rect x=300 y={y:.0} width={:.1} height=8 fill=\"#d9762b\"/><rect x=300 y={:.0} width={:.1} height=8 fill=\"#4a7ba6\"/>\
<text x=560 y={:.0} font-size=12>m {m:.4} · u {u:.6}</text><text x=890 y={:.0} font-size=12 text-anchor=end>{w:+.2}</text>",
                    y + 12.0,
                    m * 240.0,
                    y + 9.0,
                    u * 240.0,
                    y + 12.0,
                    y + 12.0
                );
            }
            svg.push_str("</svg>");
            self.html.push_str(&svg);
        }
    }

    /// Precision and recall by threshold, where the truth is known.
    fn accuracy(&mut self) {
        let Some(a) = &self.linked.accuracy else {
            return;
        };
        self.section("accuracy");
        let rows: Vec<Vec<String>> = a
            .by_threshold()
            .into_iter()
            .map(|t| {
                let share = |s: Option<crate::link::engine::Share>| match s {
                    None => "–".to_owned(),
                    Some(s) => format!(
                        "{} ({}–{})",
                        self.decimal(s.estimate, 4),
                        self.decimal(s.low, 4),
                        self.decimal(s.high, 4)
                    ),
                };
                vec![
                    self.decimal(t.weight, 0),
                    self.decimal(probability(t.weight), 4),
                    share(t.precision),
                    share(t.recall),
                ]
            })
            .collect();
        let head = ["weight", "probability", "precision", "recall"].map(|k| self.say(k, &[]));
        self.table(&head, &rows);
    }

    /// Pairs worth a look: just above the threshold, just below it, and refused; step by step.
    fn waterfalls(&mut self) {
        self.section("waterfall");
        let enough = bits(self.model.threshold);
        let links = self.linked.pairs.partition_point(|p| p.weight >= enough);
        let (above, below) = self.linked.pairs.split_at(links);
        let accepted: Vec<&Pair> = above
            .iter()
            .rev()
            .filter(|p| p.refused.is_none())
            .take(SHOWN)
            .collect();
        let refused: Vec<&Pair> = above
            .iter()
            .filter(|p| p.refused.is_some())
            .take(SHOWN)
            .collect();
        let doubtful: Vec<&Pair> = below.iter().take(SHOWN).collect();
        for (key, pairs) in [
            ("just_above", accepted),
            ("just_below", doubtful),
            ("refused", refused),
        ] {
            if pairs.is_empty() {
                continue;
            }
            let title = self.text(key);
            let _ = write!(self.html, "<h3>{title}</h3>");
            for p in pairs {
                self.waterfall(p);
            }
        }
    }

    fn waterfall(&mut self, p: &Pair) {
        let Some(e) = &self.linked.estimates else {
            return;
        };
        let mut steps = vec![(self.say("prior", &[]), String::new(), e.prior())];
        for (c, compared) in self.model.comparisons.iter().enumerate() {
            let level = p.level(c);
            let bits = e.weights[c][usize::from(level)];
            steps.push((
                compared.name.clone(),
                label(self.model, c, level).to_owned(),
                bits,
            ));
        }
        steps.push((self.say("rarity", &[]), String::new(), f64::from(p.rarity)));
        let sums = steps.iter().scan((0.0, 0.0), |(_, sum), s| {
            let from = *sum;
            *sum += s.2;
            Some((from, *sum))
        });
        let sums: Vec<(f64, f64)> = sums.collect();
        let low = sums.iter().flat_map(|s| [s.0, s.1]).fold(0.0, f64::min);
        let high = sums.iter().flat_map(|s| [s.0, s.1]).fold(0.0, f64::max);
        let at = |w: f64| 430.0 + (w - low) / (high - low).max(1.0) * 380.0;
        let height = 20.0 * steps.len() as f64 + 8.0;
        let mut svg = format!("<svg viewBox=\"0 0 900 {height}\" role=img>");
        for (k, ((what, level, step), (from, to))) in steps.iter().zip(&sums).enumerate() {
            let y = 20.0 * k as f64 + 4.0;
            let (x, width) = (at(from.min(*to)), (at(*to) - at(*from)).abs().max(1.0));
            let colour = if *step < 0.0 { "#4a7ba6" } else { "#d9762b" };
            let _ = write!(
                svg,
                "<text x=0 y={:.0} font-size=12>{}</text><text x=170 y={:.0} font-size=12>{}</text>\
<rect x={x:.1} y={y:.0} width={width:.1} height=13 fill=\"{colour}\"/><text x=890 y={:.0} font-size=12 text-anchor=end>{step:+.1}</text>",
                y + 11.0,
                plain(what),
                y + 11.0,
                plain(level),
                y + 11.0
            );
        }
        svg.push_str("</svg>");
        let of = |i: u32| {
            let [file, row, id] = whence(self.lists, i);
            let same = id == row;
            if same {
                format!("{file} › {row}")
            } else {
                format!("{file} › {row} ({id})")
            }
        };
        let why = p
            .refused
            .map_or(String::new(), |r| format!(" · {}", self.say(r.id(), &[])));
        let head = format!(
            "{} — {}: {} ({}){why}",
            of(p.a),
            of(p.b),
            self.decimal(p.weight, 1),
            self.decimal(probability(p.weight), 4)
        );
        let _ = write!(
            self.html,
            "<details><summary>{}</summary>{svg}",
            plain(&head)
        );
        if self.with_values {
            let rows: Vec<Vec<String>> = (self.lists.written.iter())
                .map(|(name, c)| {
                    vec![
                        name.clone(),
                        c.text(p.a).into_owned(),
                        c.text(p.b).into_owned(),
                    ]
                })
                .collect();
            self.table(&[], &rows);
        }
        self.html.push_str("</details>");
    }

    /// What each blocking rule finds, and what it alone would miss.
    fn blocking(&mut self) {
        self.section("blocking");
        let all: u64 = self.linked.blocking_links.iter().map(|c| c.new).sum();
        let rules = self.linked.blocking.iter().zip(&self.linked.blocking_links);
        let rows: Vec<Vec<String>> = (self.model.blocks.iter().zip(rules))
            .map(|(b, (pairs, links))| {
                let numbers = [
                    pairs.pairs,
                    links.pairs,
                    links.only,
                    all - links.pairs,
                    pairs.passed_over.1,
                ];
                let numbers = numbers.map(|n| self.count(n as f64));
                std::iter::once(b.label.clone()).chain(numbers).collect()
            })
            .collect();
        let head = ["rule", "pairs", "rule_links", "only", "missed", "too_large"]
            .map(|k| self.say(k, &[]));
        self.table(&head, &rows);
    }

    /// Records that say too little of a person to be linked with anything, even with themselves.
    fn unlinkable(&mut self) {
        self.section("unlinkable");
        let n = self.linked.unlinkable;
        let all = self.lists.records();
        let share = 100.0 * n as f64 / all.max(1) as f64;
        let line = self.say(
            "unlinkable_count",
            &[
                ("n", &self.count(n as f64)),
                ("all", &self.count(all as f64)),
                ("share", &self.decimal(share, 1)),
            ],
        );
        let _ = write!(self.html, "<p>{}</p>", plain(&line));
    }

    /// Sizes of clusters, and pairs that alone hold two parts of one together.
    fn clusters(&mut self) {
        self.section("clusters");
        let last = self.linked.cluster.iter().max().copied().unwrap_or(0) as usize;
        let mut size = vec![0usize; last + 1];
        self.linked
            .cluster
            .iter()
            .for_each(|&c| size[c as usize] += 1);
        let mut of_size: std::collections::BTreeMap<usize, u64> = std::collections::BTreeMap::new();
        size.iter()
            .filter(|n| **n > 0)
            .for_each(|&n| *of_size.entry(n).or_default() += 1);
        let rows: Vec<Vec<String>> = of_size
            .iter()
            .map(|(n, k)| vec![self.count(*n as f64), self.count(*k as f64)])
            .collect();
        let head = ["size", "how_many"].map(|k| self.say(k, &[]));
        self.table(&head, &rows);
        let bridges = self.linked.bridges(self.model);
        let line = self.say("bridges", &[("n", &self.count(bridges.len() as f64))]);
        let _ = write!(self.html, "<p>{}</p>", plain(&line));
        for p in bridges.into_iter().rev().take(BRIDGES) {
            self.waterfall(&p);
        }
    }
}
