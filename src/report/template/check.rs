//! What a template may say: a mistake is reported with file, line and the nearest valid name.

use super::{Both, NameOf, Nonsense, PageTemplate, Template, TemplateError, check_paper};
use crate::domain::nearest;
use crate::workspace::TomlMistake;

/// Placeholders of sentences and chart titles. They speak of the sheet's first measure: its total (`value`, `k`, `n`,
/// `share`, `low`, `high`), last month's (`before`, `difference`, `change`), the largest row (`top`, `top_value`), the
/// month; in chart titles also of the first and the last point shown (`first`, `first_at`, `last`, `last_at`).
pub(super) const PLACEHOLDERS: [&str; 17] = [
    "month",
    "title",
    "value",
    "k",
    "n",
    "share",
    "low",
    "high",
    "before",
    "difference",
    "change",
    "top",
    "top_value",
    "first",
    "first_at",
    "last",
    "last_at",
];
const PAGE_PLACEHOLDERS: [&str; 2] = ["place", "n"];

pub(super) type Measures<'a> = &'a [(&'a str, &'a [&'a str])];

/// The file being checked.
pub(super) struct File<'a> {
    name: &'a str,
    text: &'a str,
}

impl File<'_> {
    /// The line of a word in quotes, from the start of a section's n-th occurrence on.
    fn line_of(&self, word: &str, section: &str, nth: usize) -> usize {
        let head = format!("[[{section}]]");
        let start = self
            .text
            .lines()
            .enumerate()
            .filter(|(_, l)| l.trim_start().starts_with(&head))
            .map(|(i, _)| i)
            .nth(nth)
            .unwrap_or(0);
        let holds = |l: &str| {
            [
                format!("\"{word}\""),
                format!("{{{word}}}"),
                format!("{word} ="),
            ]
            .iter()
            .any(|w| l.contains(w.as_str()))
        };
        self.text
            .lines()
            .enumerate()
            .skip(start)
            .chain(self.text.lines().enumerate())
            .find(|(_, l)| holds(l))
            .map_or(start + 1, |(i, _)| i + 1)
    }

    pub(super) fn unknown<'v>(
        &self,
        what: NameOf,
        wrong: &str,
        valid: impl Iterator<Item = &'v str>,
        at: (&str, usize),
    ) -> TemplateError {
        let mut valid: Vec<&str> = valid.filter(|v| !v.is_empty()).collect();
        let near = nearest(wrong, valid.iter().copied()).unwrap_or_default();
        valid.sort_unstable();
        valid.dedup();
        TemplateError::Unknown {
            file: self.name.into(),
            line: self.line_of(wrong, at.0, at.1),
            what,
            wrong: wrong.into(),
            near: near.into(),
            valid: valid.into_iter().map(str::to_owned).collect(),
        }
    }

    pub(super) fn placeholders(
        &self,
        text: &Both,
        valid: &[&str],
        at: (&str, usize),
    ) -> Result<(), TemplateError> {
        for t in [&text.id, &text.en] {
            for hole in t
                .split('{')
                .skip(1)
                .filter_map(|p| p.split_once('}').map(|(h, _)| h))
            {
                if !valid.contains(&hole) {
                    return Err(self.unknown(NameOf::Placeholder, hole, valid.iter().copied(), at));
                }
            }
        }
        Ok(())
    }

    pub(super) fn measure<'m>(
        &self,
        id: &str,
        measures: Measures<'m>,
        at: (&str, usize),
    ) -> Result<&'m [&'m str], TemplateError> {
        measures
            .iter()
            .find(|(m, _)| *m == id)
            .map(|(_, d)| *d)
            .ok_or_else(|| self.unknown(NameOf::Measure, id, measures.iter().map(|(m, _)| *m), at))
    }

    pub(super) fn sense(&self, word: &str, at: (&str, usize), what: Nonsense) -> TemplateError {
        TemplateError::Sense {
            file: self.name.into(),
            line: self.line_of(word, at.0, at.1),
            what,
        }
    }
}

fn read<T: serde::de::DeserializeOwned>(file: &File) -> Result<T, TemplateError> {
    toml::from_str(file.text).map_err(|e| TemplateError::Parse {
        file: file.name.into(),
        mistake: Box::new(TomlMistake::new(&e, file.text)),
    })
}

/// Parses and checks a report.
pub(super) fn template(
    name: String,
    file: &str,
    text: &str,
    measures: Measures,
) -> Result<Template, TemplateError> {
    let file = File { name: file, text };
    let mut t: Template = read(&file)?;
    t.name = name;
    if !["kota", "kanwil", "publik"].contains(&t.audience.as_str()) {
        return Err(file.unknown(
            NameOf::Audience,
            &t.audience,
            ["kota", "kanwil", "publik"].into_iter(),
            ("", 0),
        ));
    }
    let mut used: Vec<&str> = Vec::new();
    for (i, k) in t.kpi.iter().enumerate() {
        let at = ("kpi", i);
        let dims = file.measure(&k.measure, measures, at)?;
        used.push(&k.measure);
        if let Some(d) = k.at.keys().find(|d| !dims.contains(&d.as_str())) {
            return Err(file.unknown(NameOf::Dimension, d, dims.iter().copied(), at));
        }
        if let Some(c) = &k.cumulative {
            file.measure(&c.measure, measures, at)?;
        }
        let dims = if k.trend_measure.is_empty() {
            dims
        } else {
            file.measure(&k.trend_measure, measures, at)?
        };
        if !k.trend.is_empty() && !dims.contains(&k.trend.as_str()) {
            return Err(file.unknown(NameOf::Dimension, &k.trend, dims.iter().copied(), at));
        }
    }
    for (i, s) in t.sheet.iter().enumerate() {
        let at = ("sheet", i);
        let mut mine: Vec<&str> = Vec::new();
        let columns = s.columns.iter().map(|c| {
            let across = c.across.as_deref().unwrap_or(&s.across);
            (c.clone(), s.rows.clone(), across)
        });
        let lines = s
            .lines
            .iter()
            .map(|l| (l.column(), vec![l.rows.clone()], s.across.as_str()));
        for (c, rows, across) in columns.chain(lines) {
            let dims = file.measure(&c.measure, measures, at)?;
            mine.push(
                measures
                    .iter()
                    .find(|(m, _)| *m == c.measure)
                    .map_or("", |(m, _)| m),
            );
            let fixed = c.at.keys().map(String::as_str);
            for d in [across].into_iter().chain(fixed).filter(|d| !d.is_empty()) {
                if !dims.contains(&d) {
                    return Err(file.unknown(NameOf::Dimension, d, dims.iter().copied(), at));
                }
            }
            let rows: Vec<&str> = rows
                .iter()
                .map(String::as_str)
                .filter(|d| !d.is_empty())
                .collect();
            // One row dimension must fit every measure; of several at least one.
            let fits = rows.iter().filter(|d| dims.contains(d)).count();
            if let Some(d) = rows.first().filter(|_| fits == 0) {
                return Err(file.unknown(NameOf::Dimension, d, dims.iter().copied(), at));
            }
            if usize::from(!rows.is_empty()) + usize::from(!across.is_empty()) + c.at.len() > 2 {
                let what = Nonsense::Breakdowns(c.measure.clone());
                return Err(file.sense(&c.measure, at, what));
            }
        }
        for d in &s.rows {
            let known = |m: &&str| {
                measures
                    .iter()
                    .any(|(id, dims)| id == m && dims.contains(&d.as_str()))
            };
            if !mine.iter().any(known) {
                let all = measures
                    .iter()
                    .filter(|(id, _)| mine.contains(id))
                    .flat_map(|(_, d)| d.iter().copied());
                return Err(file.unknown(NameOf::Dimension, d, all, at));
            }
        }
        if mine.is_empty() {
            return Err(file.sense(&s.name.id, at, Nonsense::NoMeasure));
        }
        for c in &s.chart {
            for m in c.columns.iter().chain([&c.marks]).filter(|m| !m.is_empty()) {
                if !mine.contains(&m.as_str()) {
                    return Err(file.unknown(NameOf::Measure, m, mine.iter().copied(), at));
                }
            }
            let blocks: Vec<&str> = s
                .rows
                .iter()
                .chain(s.lines.iter().map(|l| &l.rows))
                .map(String::as_str)
                .filter(|d| !d.is_empty())
                .collect();
            for d in &c.rows {
                if !blocks.contains(&d.as_str()) {
                    return Err(file.unknown(NameOf::Dimension, d, blocks.iter().copied(), at));
                }
            }
            file.placeholders(&c.title, &PLACEHOLDERS, at)?;
        }
        if let Some(x) = &s.sentence {
            file.placeholders(x, &PLACEHOLDERS, at)?;
        }
        used.extend(mine);
    }
    if let Some(p) = &t.paper {
        used.extend(check_paper::paper(&file, &t, p, measures)?);
    }
    let dims = used
        .iter()
        .filter_map(|m| measures.iter().find(|(id, _)| id == m))
        .map(|(m, d)| {
            (
                (*m).to_owned(),
                d.iter().map(|d| (*d).to_owned()).collect::<Vec<_>>(),
            )
        })
        .collect();
    t.dims = dims;
    Ok(t)
}

/// Parses and checks the one page.
pub(super) fn page(
    file: &str,
    text: &str,
    measures: Measures,
) -> Result<PageTemplate, TemplateError> {
    let file = File { name: file, text };
    let p: PageTemplate = read(&file)?;
    for (i, n) in p.number.iter().enumerate() {
        file.measure(&n.measure, measures, ("number", i))?;
    }
    let charts = p.chart.iter().map(|c| (&c.measure, &c.rows, "chart"));
    for (i, (m, rows, section)) in charts
        .chain([(&p.decision.measure, &p.decision.rows, "decision")])
        .enumerate()
    {
        let dims = file.measure(m, measures, (section, i))?;
        if !dims.contains(&rows.as_str()) {
            return Err(file.unknown(NameOf::Dimension, rows, dims.iter().copied(), (section, i)));
        }
    }
    for (i, r) in p.reading.iter().enumerate() {
        file.measure(&r.measure, measures, ("reading", i))?;
        if !r.change.is_empty() {
            file.measure(&r.change, measures, ("reading", i))?;
        }
        let valid: Vec<&str> = PLACEHOLDERS.iter().copied().chain(["place"]).collect();
        file.placeholders(&r.text, &valid, ("reading", i))?;
    }
    if let Some(x) = &p.caveat {
        file.measure(&x.measure, measures, ("caveat", 0))?;
        file.placeholders(&x.text, &["share"], ("caveat", 0))?;
    }
    for b in [&p.title, &p.status, &p.decision.text] {
        file.placeholders(b, &PAGE_PLACEHOLDERS, ("", 0))?;
    }
    Ok(p)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MEASURES: &[(&str, &[&str])] = &[("stock", &["upt", "sex"]), ("return", &["sex"])];
    const GOOD: &str = r#"audience = "kota"
population = "maluku"
title = { id = "x", en = "x" }
[[sheet]]
name = { id = "a", en = "a" }
title = { id = "x", en = "x" }
rows = "sex"
columns = [{ measure = "return" }]
[[sheet]]
name = { id = "x", en = "x" }
title = { id = "x", en = "x" }
rows = ["upt", "sex"]
columns = [{ measure = "stock", show = ["value"] }]
sentence = { id = "{value}", en = "{value}" }
chart = { kind = "bar", columns = ["stock"], title = { id = "x", en = "x" } }
"#;

    fn fault(change: (&str, &str)) -> String {
        let text = GOOD.replacen(change.0, change.1, 1);
        assert_ne!(text, GOOD, "{change:?} changes nothing");
        template("x".into(), "x.toml", &text, MEASURES)
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn a_wrong_name_is_reported_with_its_line_and_the_nearest_right_one() {
        template("x".into(), "x.toml", GOOD, MEASURES).unwrap();
        for (from, to, line, near) in [
            ("[\"upt\", \"sex\"]", "[\"upd\", \"sex\"]", 12, "`upt`"),
            ("measure = \"stock\"", "measure = \"stok\"", 13, "`stock`"),
            (
                "columns = [\"stock\"]",
                "columns = [\"stok\"]",
                15,
                "`stock`",
            ),
            ("id = \"{value}\"", "id = \"{valu}\"", 14, "`value`"),
            ("kind = \"bar\"", "kind = \"barr\"", 15, "`bar`"),
            ("[\"value\"]", "[\"valeu\"]", 13, "`value`"),
            ("sentence = ", "sentense = ", 14, "`sentence`"),
            ("audience = \"kota\"", "audience = \"kotta\"", 1, "`kota`"),
        ] {
            let e = fault((from, to));
            assert!(e.contains("x.toml"), "{e}");
            assert!(e.contains(&format!("line {line}")), "line {line}: {e}");
            assert!(e.contains(near), "{near}: {e}");
        }
    }

    #[test]
    fn a_name_that_stands_twice_is_looked_for_in_its_own_sheet() {
        let text = GOOD.replace("\"upt\", \"sex\"", "\"sex\"").replace(
            "{ measure = \"stock\", show = [\"value\"] }",
            "{ measure = \"stock\", across = \"sexx\" }",
        );
        let e = template("x".into(), "x.toml", &text, MEASURES)
            .unwrap_err()
            .to_string();
        assert!(e.contains("line 13") && e.contains("`sex`"), "{e}");
    }
}
