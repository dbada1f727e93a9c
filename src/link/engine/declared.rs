//! Reads a model file: what it declares becomes expressions, levels and tests, and mistakes are told with their line.

use super::expression::{Expression, FUNCTIONS, Mistake};
use super::level::{Condition, Level, MOST_COMPARISONS, MOST_LEVELS, Of, TESTS, Test};
use super::model::{Block, Compared, Model, ModelError, THRESHOLD};
use super::named::NAMED;
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

/// The model that the text of a file declares.
pub(super) fn model(text: &str, file: &str) -> Result<Model, ModelError> {
    let mut reader = Reader {
        file,
        text,
        values: BTreeMap::new(),
    };
    let read: File = toml::from_str(text).map_err(|e| {
        let at = e.span().map_or(0, |s| s.start);
        reader.error(at, ("toml", vec![("reason", e.message().to_owned())]))
    })?;
    for (name, e) in &read.values {
        // Values are made from columns alone, so a value may bear the name of its column.
        let made = Reader {
            values: BTreeMap::new(),
            ..reader
        };
        let e = made.expression(e)?;
        reader.values.insert(name.clone(), e);
    }
    let share = |v: &Option<Spanned<f64>>, default: f64| match v {
        None => Ok(default),
        Some(v) if *v.get_ref() > 0.0 && *v.get_ref() < 1.0 => Ok(*v.get_ref()),
        Some(v) => Err(reader.error(v.span().start, ("share", Vec::new()))),
    };
    let threshold = share(&read.threshold, THRESHOLD)?;
    let review = share(&read.review, 0.5_f64.min(threshold))?;
    if read.block.is_empty() {
        return Err(reader.error(0, ("no_block", Vec::new())));
    }
    let comparisons: Vec<Compared> = (read.compare.iter())
        .map(|c| reader.comparisons(c))
        .collect::<Result<Vec<_>, _>>()?
        .concat();
    if comparisons.is_empty() || comparisons.len() > MOST_COMPARISONS {
        let most = ("most", MOST_COMPARISONS.to_string());
        return Err(reader.error(0, ("comparisons", vec![most])));
    }
    if read.block.len() > 32 {
        return Err(reader.error(0, ("blocks", Vec::new())));
    }
    let blocks = read
        .block
        .iter()
        .map(|b| {
            let on = &b.get_ref().on;
            if on.is_empty() {
                return Err(reader.error(b.span().start, ("no_block", Vec::new())));
            }
            let label: Vec<&str> = on.iter().map(|e| e.get_ref().as_str()).collect();
            Ok(Block {
                label: label.join(" & "),
                on: on
                    .iter()
                    .map(|e| reader.expression(e))
                    .collect::<Result<_, _>>()?,
            })
        })
        .collect::<Result<_, _>>()?;
    Ok(Model {
        threshold,
        review: review.min(threshold),
        id: read.id,
        label: read.label,
        only_between: read.only_between,
        optional: read.optional,
        one_to_one: read.one_to_one,
        never_differ: read
            .never_differ
            .iter()
            .map(|e| reader.expression(e))
            .collect::<Result<_, _>>()?,
        largest_block: read.largest_block,
        headers: read.columns,
        blocks,
        comparisons,
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    threshold: Option<Spanned<f64>>,
    #[serde(default)]
    review: Option<Spanned<f64>>,
    #[serde(default)]
    id: Option<String>,
    #[serde(default)]
    label: Option<String>,
    #[serde(default)]
    only_between: bool,
    #[serde(default)]
    optional: Vec<String>,
    #[serde(default)]
    one_to_one: bool,
    #[serde(default)]
    never_differ: Vec<Spanned<String>>,
    #[serde(default)]
    largest_block: usize,
    #[serde(default)]
    columns: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    values: BTreeMap<String, Spanned<String>>,
    #[serde(default)]
    block: Vec<Spanned<FileBlock>>,
    #[serde(default)]
    compare: Vec<Spanned<FileCompare>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileBlock {
    on: Vec<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileCompare {
    #[serde(default)]
    name: String,
    #[serde(default, rename = "use")]
    library: Option<Spanned<String>>,
    #[serde(default)]
    columns: Vec<Spanned<String>>,
    #[serde(default)]
    frequency: Frequency,
    #[serde(default)]
    levels: Vec<Spanned<FileLevel>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Frequency {
    All(bool),
    Some(Vec<Spanned<String>>),
}

impl Default for Frequency {
    fn default() -> Self {
        Frequency::All(false)
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum FileLevel {
    Every(String),
    By(BTreeMap<String, String>),
}

/// The name nearest to a mistyped one; a dash when none is near.
fn nearest<'a>(wrong: &str, names: impl Iterator<Item = &'a str>) -> String {
    crate::domain::nearest(wrong, names)
        .unwrap_or("–")
        .to_owned()
}

/// Reads a model while knowing where in the file it stands.
struct Reader<'a> {
    file: &'a str,
    text: &'a str,
    values: BTreeMap<String, Expression>,
}

type What = (&'static str, Vec<(&'static str, String)>);

impl Reader<'_> {
    fn error(&self, at: usize, what: What) -> ModelError {
        ModelError {
            file: self.file.to_owned(),
            line: 1 + self.text.get(..at).map_or(0, |t| t.matches('\n').count()),
            what,
        }
    }

    /// A value by its name in `[values]`, else an expression.
    fn expression(&self, text: &Spanned<String>) -> Result<Expression, ModelError> {
        let written = text.get_ref().trim();
        if let Some(e) = self.values.get(written) {
            return Ok(e.clone());
        }
        let e = Expression::parse(written).map_err(|m| {
            let e = ("expression", written.to_owned());
            let what = match m {
                Mistake::Function(f) => {
                    let near = nearest(&f, FUNCTIONS.iter().map(|(n, _)| *n));
                    ("function", vec![("wrong", f), ("near", near)])
                }
                Mistake::Numbers(f, n) => (
                    "numbers",
                    vec![("function", f.to_owned()), ("n", n.to_string())],
                ),
                Mistake::Form(at) => ("form", vec![e, ("at", at.to_string())]),
            };
            self.error(text.span().start, what)
        })?;
        Ok(self.resolved(e))
    }

    /// Names of `[values]` inside an expression stand for what they are made from.
    fn resolved(&self, e: Expression) -> Expression {
        match e {
            Expression::Column(c) => self
                .values
                .get(&c)
                .cloned()
                .unwrap_or(Expression::Column(c)),
            Expression::Apply(f, e, n) => Expression::Apply(f, Box::new(self.resolved(*e)), n),
            Expression::Beside(a, b) => {
                Expression::Beside(Box::new(self.resolved(*a)), Box::new(self.resolved(*b)))
            }
        }
    }

    fn tests(&self, text: &str, at: usize) -> Result<Vec<Test>, ModelError> {
        text.split('|')
            .map(|one| {
                let mut words = one.split_whitespace();
                let name = words.next().unwrap_or_default();
                let number = words.next();
                let Some((_, wants)) = TESTS.iter().find(|(n, _)| *n == name) else {
                    let near = nearest(name, TESTS.iter().map(|(n, _)| *n));
                    let wrong = name.to_owned();
                    return Err(self.error(at, ("test", vec![("wrong", wrong), ("near", near)])));
                };
                let parsed = number.and_then(|n| n.parse().ok());
                Test::named(name, parsed)
                    .filter(|_| number.is_some() == *wants && words.next().is_none())
                    .ok_or_else(|| {
                        let test = ("test", one.trim().to_owned());
                        self.error(at, ("test_number", vec![test]))
                    })
            })
            .collect()
    }

    fn level(
        &self,
        level: &Spanned<FileLevel>,
        columns: &[Spanned<String>],
    ) -> Result<Level, ModelError> {
        let at = level.span().start;
        let crossed = |tests: Vec<Test>| {
            if columns.len() < 2 {
                return Err(self.error(at, ("crossed", Vec::new())));
            }
            Ok(Condition {
                of: Of::Crossed,
                any: tests,
            })
        };
        let (label, all) = match level.get_ref() {
            FileLevel::Every(text) => {
                let all = match text.trim().strip_prefix("swapped") {
                    Some("") => vec![crossed(vec![Test::Exact])?],
                    Some(tests) => vec![crossed(self.tests(tests, at)?)?],
                    None => {
                        let any = self.tests(text, at)?;
                        (0..columns.len())
                            .map(|i| Condition {
                                of: Of::Column(i),
                                any: any.clone(),
                            })
                            .collect()
                    }
                };
                (text.clone(), all)
            }
            FileLevel::By(by) => {
                let mut all = Vec::new();
                let mut label = Vec::new();
                for (column, text) in by {
                    label.push(format!("{column} {text}"));
                    if column == "swapped" {
                        all.push(crossed(self.tests(text, at)?)?);
                        continue;
                    }
                    let Some(i) = columns.iter().position(|c| c.get_ref().trim() == column) else {
                        let names = columns.iter().map(|c| c.get_ref().as_str());
                        let near = nearest(column, names);
                        let wrong = column.clone();
                        return Err(
                            self.error(at, ("column", vec![("wrong", wrong), ("near", near)]))
                        );
                    };
                    all.push(Condition {
                        of: Of::Column(i),
                        any: self.tests(text, at)?,
                    });
                }
                (label.join(", "), all)
            }
        };
        Ok(Level { label, all })
    }

    /// A comparison with its levels, or those that a name of the library stands for.
    fn comparisons(&self, c: &Spanned<FileCompare>) -> Result<Vec<Compared>, ModelError> {
        let Some(library) = &c.get_ref().library else {
            return Ok(vec![self.comparison(c)?]);
        };
        let (at, c) = (library.span().start, c.get_ref());
        let wrong = library.get_ref().as_str();
        let Some((name, all, (least, most))) = NAMED.iter().find(|(n, ..)| *n == wrong) else {
            let near = nearest(wrong, NAMED.iter().map(|(n, ..)| *n));
            let what = vec![("wrong", wrong.to_owned()), ("near", near)];
            return Err(self.error(at, ("library", what)));
        };
        if !(*least..=*most).contains(&c.columns.len()) || !c.levels.is_empty() {
            let what = [
                ("name", *name),
                ("least", &least.to_string()),
                ("most", &most.to_string()),
            ];
            let what = what.map(|(k, v)| (k, v.to_owned())).to_vec();
            return Err(self.error(at, ("library_columns", what)));
        }
        let columns: Vec<Expression> = c
            .columns
            .iter()
            .map(|e| self.expression(e))
            .collect::<Result<_, _>>()?;
        let own = if c.name.is_empty() {
            *name
        } else {
            c.name.as_str()
        };
        let one = |named: &super::named::Named| Compared {
            name: match named.part() {
                "" => own.to_owned(),
                part => format!("{own}.{part}"),
            },
            columns: columns.clone(),
            frequency: vec![false; columns.len()],
            levels: (named.levels().iter())
                .map(|label| Level {
                    label: (*label).to_owned(),
                    all: Vec::new(),
                })
                .collect(),
            named: Some(*named),
        };
        Ok(all.iter().map(one).collect())
    }

    fn comparison(&self, c: &Spanned<FileCompare>) -> Result<Compared, ModelError> {
        let at = c.span().start;
        let c = c.get_ref();
        let name = Spanned::new(at..at, c.name.clone());
        let columns = if c.columns.is_empty() {
            vec![name]
        } else {
            c.columns.clone()
        };
        if c.name.is_empty()
            || c.levels.is_empty()
            || c.levels.len() > MOST_LEVELS
            || columns.len() > 4
        {
            let most = ("most", MOST_LEVELS.to_string());
            return Err(self.error(at, ("levels", vec![("name", c.name.clone()), most])));
        }
        let frequency = match &c.frequency {
            Frequency::All(all) => vec![*all; columns.len()],
            Frequency::Some(some) => {
                let mut counts = vec![false; columns.len()];
                for f in some {
                    let at = f.span().start;
                    match columns.iter().position(|c| c.get_ref() == f.get_ref()) {
                        Some(i) => counts[i] = true,
                        None => {
                            let near =
                                nearest(f.get_ref(), columns.iter().map(|c| c.get_ref().as_str()));
                            let wrong = f.get_ref().clone();
                            return Err(
                                self.error(at, ("column", vec![("wrong", wrong), ("near", near)]))
                            );
                        }
                    }
                }
                counts
            }
        };
        Ok(Compared {
            name: c.name.clone(),
            named: None,
            frequency,
            levels: c
                .levels
                .iter()
                .map(|l| self.level(l, &columns))
                .collect::<Result<_, _>>()?,
            columns: columns
                .iter()
                .map(|e| self.expression(e))
                .collect::<Result<_, _>>()?,
        })
    }
}
