//! A measure in words.

use super::Measure;
use crate::locale::{self, Lang};

/// What a measure is, in the words of a language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Described {
    /// Name.
    pub title: String,
    /// The question it answers.
    pub question: String,
    /// What it is, in a sentence or two.
    pub definition: String,
    /// Of whom it speaks.
    pub population: String,
    /// What stands above the line; empty where the number is no quotient of counts.
    pub numerator: String,
    /// What stands below the line; empty for counts.
    pub denominator: String,
    /// The time it covers.
    pub window: String,
    /// What it counts.
    pub unit: String,
    /// How its uncertainty is stated.
    pub interval: String,
    /// What is decided about odd cases.
    pub edges: Vec<String>,
}

impl Measure {
    /// The measure in words.
    pub fn described(&self, lang: Lang) -> Described {
        let own = |k: &str| {
            let key = format!("measure.{}.{k}", self.id);
            locale::try_text(lang, &key).unwrap_or_default().to_owned()
        };
        let shared = |k: &str, id: &str| {
            let key = format!("measure_field.{k}.{id}");
            locale::try_text(lang, &key).unwrap_or_default().to_owned()
        };
        Described {
            title: own("title"),
            question: own("question"),
            definition: own("definition"),
            population: shared("population", self.population),
            numerator: own("numerator"),
            denominator: own("denominator"),
            window: shared("window", self.window),
            unit: shared("unit", self.unit.id()),
            // A measure computed by its own routine says itself how sure it is.
            interval: match own("interval") {
                text if text.is_empty() => shared("interval", self.kind.interval()),
                text => text,
            },
            edges: self.edges.iter().map(|e| shared("edge", e)).collect(),
        }
    }
}

impl Described {
    /// Its fields with the keys of their names (`measure_field.name.*`), in the order they are read; those without words
    /// are left out.
    pub fn fields(&self) -> Vec<(&'static str, String)> {
        let fields = [
            ("question", self.question.clone()),
            ("definition", self.definition.clone()),
            ("population", self.population.clone()),
            ("numerator", self.numerator.clone()),
            ("denominator", self.denominator.clone()),
            ("window", self.window.clone()),
            ("unit", self.unit.clone()),
            ("interval", self.interval.clone()),
            ("edges", self.edges.join(" ")),
        ];
        let said = fields.into_iter().filter(|(_, text)| !text.is_empty());
        said.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Kind, MEASURES};
    use super::*;

    #[test]
    fn no_measure_lacks_a_field_in_either_language() {
        for lang in [Lang::Id, Lang::En] {
            for m in MEASURES {
                let d = m.described(lang);
                let fields = d.fields();
                for k in [
                    "question",
                    "definition",
                    "population",
                    "window",
                    "unit",
                    "interval",
                ] {
                    assert!(fields.iter().any(|(f, _)| *f == k), "{} {k} {lang:?}", m.id);
                }
                assert!(d.question.ends_with('?'), "{}", m.id);
                let counted =
                    matches!(m.kind, Kind::Count | Kind::Share | Kind::Ratio | Kind::Rate);
                assert!(!counted || !d.numerator.is_empty(), "{} numerator", m.id);
                let of = !matches!(m.kind, Kind::Count | Kind::Own);
                assert!(!of || !d.denominator.is_empty(), "{} denominator", m.id);
                assert!(
                    d.edges.iter().all(|e| !e.is_empty()),
                    "{} {:?}",
                    m.id,
                    m.edges
                );
            }
        }
    }
}
