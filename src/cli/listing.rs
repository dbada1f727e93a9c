//! A table of a command in the form its reader asked for: fitted to a terminal, CSV, or JSON.

use super::{say, terminal};
use crate::locale::{self, Lang};
use clap::{Args, ValueEnum};
use serde_json::{Map, Value};

/// Form of what a command prints.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people: fitted to a terminal, plain lines when piped.
    #[default]
    Table,
    /// Comma-separated lines with English column names, point decimals and ISO dates.
    Csv,
    /// One JSON value with English keys.
    Json,
}

/// Which form a command is asked for.
#[derive(Debug, Clone, Copy, Default, Args)]
pub(super) struct FormatArg {
    /// Form of what is printed; csv and json have English names, point decimals and ISO dates in every language
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub(super) format: Format,
}

/// Rows under named columns. A value is a JSON one: numbers stay numbers, what is not there is null.
pub(super) struct Listing {
    /// Stable English name and heading of each column.
    columns: Vec<(&'static str, String)>,
    rows: Vec<Vec<Value>>,
}

impl Listing {
    /// Columns by their names; headings are texts `cli.ROOM.NAME`.
    pub(super) fn new(lang: Lang, room: &str, columns: &[&'static str]) -> Listing {
        let heading = |c: &&'static str| (*c, say(lang, &format!("{room}.{c}"), &[]));
        Listing {
            columns: columns.iter().map(heading).collect(),
            rows: Vec::new(),
        }
    }

    /// Columns by name and heading.
    pub(super) fn titled(columns: Vec<(&'static str, String)>) -> Listing {
        Listing {
            columns,
            rows: Vec::new(),
        }
    }

    pub(super) fn push(&mut self, row: Vec<Value>) {
        self.rows.push(row);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Its rows as JSON objects.
    pub(super) fn json(&self) -> Value {
        let object = |row: &Vec<Value>| {
            let named = self.columns.iter().zip(row);
            let named = named.map(|((id, _), v)| ((*id).to_owned(), v.clone()));
            Value::Object(named.collect::<Map<_, _>>())
        };
        Value::Array(self.rows.iter().map(object).collect())
    }

    /// Its rows as comma-separated lines below the columns' names.
    pub(super) fn csv(&self) -> String {
        let mut out = csv::Writer::from_writer(Vec::new());
        let cell = |v: &Value| match v {
            Value::Null => String::new(),
            Value::String(s) => s.clone(),
            Value::Array(all) => {
                let all: Vec<&str> = all.iter().filter_map(Value::as_str).collect();
                all.join("; ")
            }
            Value::Bool(_) | Value::Number(_) | Value::Object(_) => v.to_string(),
        };
        // Into memory: nothing that can fail.
        let _ = out.write_record(self.columns.iter().map(|(id, _)| *id));
        for row in &self.rows {
            let _ = out.write_record(row.iter().map(cell));
        }
        let bytes = out.into_inner().unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes);
        text.trim_end_matches('\n').to_owned()
    }

    /// Its rows for people.
    pub(super) fn table(&self, lang: Lang) -> String {
        let cell = |v: &Value| match v {
            Value::Null => String::new(),
            Value::String(s) => s.clone(),
            Value::Bool(true) => "✓".to_owned(),
            Value::Bool(false) => String::new(),
            Value::Number(n) => match n.as_f64() {
                Some(x) if x.fract() == 0.0 => locale::integer(lang, x),
                Some(x) => locale::decimal(lang, x, 2),
                None => n.to_string(),
            },
            Value::Array(all) => {
                let all: Vec<&str> = all.iter().filter_map(Value::as_str).collect();
                all.join(", ")
            }
            Value::Object(_) => v.to_string(),
        };
        let rows: Vec<Vec<String>> = (self.rows.iter())
            .map(|r| r.iter().map(cell).collect())
            .collect();
        let numeric = |c: usize| {
            let mut of = self.rows.iter().filter_map(|r| r.get(c));
            let mut any = false;
            of.all(|v| {
                any |= v.is_number();
                v.is_number() || v.is_null()
            }) && any
        };
        let right: Vec<usize> = (0..self.columns.len()).filter(|c| numeric(*c)).collect();
        let header: Vec<&str> = self.columns.iter().map(|(_, h)| h.as_str()).collect();
        terminal::table(&header, &rows, &right)
    }

    /// Prints it in a form.
    pub(super) fn print(&self, lang: Lang, format: Format) {
        match format {
            Format::Table => println!("{}", self.table(lang)),
            Format::Csv => println!("{}", self.csv()),
            Format::Json => print_json(&self.json()),
        }
    }
}

/// Prints a JSON value, indented.
pub(super) fn print_json(value: &Value) {
    println!("{value:#}");
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn two() -> Listing {
        let mut out = Listing::new(Lang::Id, "check", &["supplier", "read"]);
        out.push(vec![json!("lapas, ambon"), json!(1234)]);
        out.push(vec![Value::Null, json!(5)]);
        out
    }

    #[test]
    fn csv_and_json_have_english_names_and_bare_numbers_in_every_language() {
        assert_eq!(two().csv(), "supplier,read\n\"lapas, ambon\",1234\n,5");
        assert_eq!(
            two().json(),
            json!([{ "supplier": "lapas, ambon", "read": 1234 }, { "supplier": null, "read": 5 }])
        );
    }

    #[test]
    fn people_read_headings_and_numbers_of_their_language() {
        let text = two().table(Lang::Id);
        assert!(
            text.contains("Sumber data") && text.contains("1.234"),
            "{text}"
        );
    }
}
