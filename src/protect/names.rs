//! When two reports show the same count: its name, the time it covers, its categories, freed of how a table calls it.
//!
//! The opening stock of one month is the closing stock of the last; a month's total is that month's row in the table of
//! the year. Measures say so themselves ([`Relation::Equals`]). Two counts with one name *and* one value are one cell;
//! with different values they are left apart (different rules of counting, late files).

use crate::domain::dimension::Span;
use crate::domain::figure::{Figure, Period, Shape};
use crate::domain::relation::{Count, Part, Relation};
use crate::domain::{Dimension, Month, Population, Text};
use std::collections::BTreeMap;

/// Sorted categories by dimension.
pub type Coordinates = Vec<(Dimension, Text)>;

/// What tells one count from another, whatever report shows it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name {
    /// What is counted: a measure id, with `/n` where it is a denominator.
    pub of: Text,
    /// Under which definition; empty where the count is the same under all.
    pub definition: Text,
    /// Of whom.
    pub population: Population,
    /// Follow-up in months.
    pub follow_up: Option<u16>,
    /// Categories without those of time.
    pub at: Coordinates,
    /// The time.
    pub span: Span,
}

/// Most names that lead to one another.
const LINKS: usize = 4;

/// The shapes of all measures: what counts are called.
#[derive(Debug, Clone, Default)]
pub struct Catalogue<'a>(BTreeMap<&'a str, &'a Shape>);

/// A count as it is called in the end.
#[derive(Debug, Clone)]
pub struct Called {
    /// What is counted.
    pub of: Text,
    /// The categories that make it this count.
    pub at: Coordinates,
    /// The time its measure covers.
    pub period: Period,
    /// It is the same under every window.
    pub one_base: bool,
    window: Option<u16>,
    definition: Option<&'static str>,
}

/// A count on its way to its name.
struct Place<'a> {
    shape: &'a Shape,
    part: Part,
    window: Option<u16>,
    definition: Option<&'static str>,
    back: u16,
    renamed: bool,
}

impl<'a> Catalogue<'a> {
    /// A catalogue of these shapes.
    pub fn new(shapes: &'a [Shape]) -> Catalogue<'a> {
        Catalogue(shapes.iter().map(|s| (s.measure, s)).collect())
    }

    /// The shape of a measure.
    pub fn shape(&self, measure: &str) -> Option<&'a Shape> {
        self.0.get(measure).copied()
    }

    /// Every shape.
    pub fn shapes(&self) -> impl Iterator<Item = &'a Shape> + '_ {
        self.0.values().copied()
    }

    /// Follows names to the last; categories that only say which count it is go.
    fn follow(&self, mut p: Place<'a>, at: &mut Coordinates) -> Place<'a> {
        for _ in 0..LINKS {
            let step = p.shape.relations.iter().find_map(|r| match *r {
                Relation::Equals { mine, is, back } => {
                    let here = mine.part == p.part
                        && mine.window.is_none_or(|w| Some(w) == p.window)
                        && mine
                            .at
                            .is_none_or(|(d, c)| at.iter().any(|(x, y)| *x == d && y == c));
                    here.then_some((mine.at, is, back))
                }
                Relation::SharedBy { over, with } => {
                    let here = p.part == Part::Numerator && at.iter().any(|(d, _)| *d == over);
                    here.then_some((None, Count::of(with), 0))
                }
                _ => None,
            });
            let Some((mine, is, back)) = step else { break };
            let Some(shape) = self.shape(is.measure) else {
                break;
            };
            if let Some((d, _)) = mine {
                at.retain(|(x, _)| *x != d);
            }
            at.extend(is.at.map(|(d, c)| (d, Text::const_new(c))));
            p = Place {
                shape,
                part: is.part,
                window: is.window.or(p.window),
                definition: is.definition.or(p.definition),
                back: p.back + back,
                renamed: true,
            };
        }
        at.sort();
        p
    }

    fn of(place: &Place) -> Text {
        let measure = place.shape.measure;
        let measure = measure.strip_suffix("_12m").unwrap_or(measure);
        match place.part {
            Part::Numerator => measure.into(),
            Part::Denominator => format!("{measure}/n").into(),
        }
    }

    /// The events under which a denominator is one, whatever the window; `None` where it is not.
    fn events(place: &Place) -> Option<&'static [&'static str]> {
        events_of_one_base(place.shape).filter(|_| place.part == Part::Denominator)
    }

    fn one_base(place: &Place) -> bool {
        Catalogue::events(place).is_some()
    }

    /// A definition by the first of the events whose denominator is its own.
    fn by_first_event(definition: &str, place: &Place) -> Text {
        let all = Catalogue::events(place).unwrap_or_default();
        let event = all.iter().find(|e| definition.starts_with(**e));
        match (all.first(), event) {
            (Some(first), Some(event)) => definition.replacen(event, first, 1).into(),
            _ => definition.into(),
        }
    }

    /// What a declared count is called.
    pub fn called(&self, count: Count) -> Option<Called> {
        let shape = self.shape(count.measure)?;
        let mut at: Coordinates = count
            .at
            .map(|(d, c)| (d, Text::const_new(c)))
            .into_iter()
            .collect();
        let place = Place {
            shape,
            part: count.part,
            window: count.window,
            definition: count.definition,
            back: 0,
            renamed: false,
        };
        let place = self.follow(place, &mut at);
        Some(Called {
            of: Catalogue::of(&place),
            period: place.shape.period,
            one_base: Catalogue::one_base(&place),
            window: place.window,
            definition: place.definition,
            at,
        })
    }

    /// The name of a number of a figure; `anchor` is the last month whose cohorts are complete.
    pub fn name(&self, f: &Figure, shape: &'a Shape, part: Part, anchor: Month) -> Name {
        let mut at = coordinates(f);
        let mut when: Option<Span> = None;
        at.retain(|(d, c)| match d.span(c, f.window_months) {
            Some(s) => {
                when = Some(s);
                false
            }
            None => true,
        });
        let place = Place {
            shape,
            part,
            window: f.window_months,
            definition: None,
            back: 0,
            renamed: false,
        };
        let p = self.follow(place, &mut at);
        let month = f.month.plus(-i32::from(p.back));
        let span = match (p.shape.period, when) {
            (Period::AsAt, Some((m, _))) => (m, 0),
            // The sum of a state over months is no state.
            (Period::AsAt, None) if !p.renamed => (month, p.window.unwrap_or(0)),
            (Period::AsAt | Period::Ahead, None) => (month, 0),
            (Period::Past, None) => (month, p.window.unwrap_or(0)),
            (Period::Cohort, None) => {
                (p.window).map_or((month, 0), |w| (anchor.plus(-i32::from(w)), 12))
            }
            (Period::Ahead | Period::Past | Period::Cohort, Some(s)) => s,
        };
        let followed = matches!(p.shape.period, Period::Cohort | Period::Ahead);
        Name {
            of: Catalogue::of(&p),
            definition: match p.shape.period {
                Period::Cohort => {
                    let definition = p.definition.unwrap_or(&f.definition);
                    Catalogue::by_first_event(definition, &p)
                }
                Period::AsAt | Period::Past | Period::Ahead => Text::default(),
            },
            population: f.population,
            follow_up: p.window.filter(|_| followed && !Catalogue::one_base(&p)),
            at,
            span,
        }
    }
}

impl Called {
    /// The name of this count beside another, whose own categories `without` are left out. `None` where the other stands
    /// in a category of this one's dimension.
    pub fn beside(&self, n: &Name, without: &Coordinates) -> Option<Name> {
        let mut at: Coordinates =
            n.at.iter()
                .filter(|x| !without.contains(x))
                .cloned()
                .collect();
        if at.iter().any(|(d, _)| self.at.iter().any(|(x, _)| x == d)) {
            return None;
        }
        at.extend(self.at.iter().cloned());
        at.sort();
        let (month, width) = n.span;
        let follow_up = self.window.or(n.follow_up);
        let followed = matches!(self.period, Period::Cohort | Period::Ahead) && !self.one_base;
        Some(Name {
            of: self.of.clone(),
            definition: match self.period {
                Period::Cohort => self
                    .definition
                    .map_or(n.definition.clone(), Text::const_new),
                Period::AsAt | Period::Past | Period::Ahead => Text::default(),
            },
            population: n.population,
            follow_up: follow_up.filter(|_| followed),
            at,
            span: match self.period {
                Period::AsAt | Period::Ahead => (month, 0),
                Period::Past | Period::Cohort => (month, width),
            },
        })
    }

    /// Whether a name is this count's, in some category; under its own definition, where it has one.
    pub fn is(&self, n: &Name) -> bool {
        n.of == self.of
            && self.at.iter().all(|x| n.at.contains(x))
            && self
                .definition
                .is_none_or(|d| n.definition.is_empty() || n.definition == d)
    }
}

/// The events of a measure whose denominators are one, whatever the window.
pub fn events_of_one_base(shape: &Shape) -> Option<&'static [&'static str]> {
    shape.relations.iter().find_map(|r| match *r {
        Relation::OneBase(events) => Some(events),
        _ => None,
    })
}

/// Breakdowns of a figure with their categories, sorted.
pub fn coordinates(f: &Figure) -> Coordinates {
    let mut at: Coordinates = f.places().map(|(d, c)| (d, c.clone())).collect();
    at.sort();
    at
}

/// The last month whose cohorts are complete: the latest rolling row, else the report's month.
pub fn anchor(figures: &[&Figure], month: Month) -> Month {
    let rows = figures
        .iter()
        .filter_map(|f| f.category(Dimension::EndedMonth));
    rows.filter_map(|c| c.parse::<Month>().ok())
        .max()
        .unwrap_or(month)
}
