//! `reintegrasi.toml` read and checked: a mistake is named with its place and what would be right.

use super::settings::Settings;
use std::path::Path;

/// The settings could not be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file could not be read.
    #[error("cannot read {path}: {source}")]
    Read {
        /// The file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// The file is not valid; the message names line and column.
    #[error("{path}: {source}{hint}")]
    Parse {
        /// The file.
        path: String,
        /// Line, column and reason.
        source: Box<toml::de::Error>,
        /// The nearest right key after an arrow, when one is near; else empty.
        hint: String,
    },
    /// A value makes no sense.
    #[error("{path}: {key}: {reason}")]
    Value {
        /// The file.
        path: String,
        /// Dotted key.
        key: String,
        /// What is wrong and what would be right.
        reason: String,
    },
}

impl Settings {
    /// Reads and checks `reintegrasi.toml`.
    pub fn read(path: &Path) -> Result<Self, SettingsError> {
        let text = std::fs::read_to_string(path).map_err(|source| SettingsError::Read {
            path: path.display().to_string(),
            source,
        })?;
        Self::parse(&text, &path.display().to_string())
    }

    /// Parses and checks the text of a settings file; `path` is for messages.
    pub fn parse(text: &str, path: &str) -> Result<Self, SettingsError> {
        let settings: Settings = toml::from_str(text).map_err(|e| SettingsError::Parse {
            path: path.into(),
            hint: nearest_key(&e.to_string()),
            source: Box::new(e),
        })?;
        settings
            .check()
            .map_err(|(key, reason)| SettingsError::Value {
                path: path.into(),
                key,
                reason,
            })?;
        Ok(settings)
    }

    fn check(&self) -> Result<(), (String, String)> {
        let bad = |key: &str, reason: &str| Err((key.to_owned(), reason.to_owned()));
        let d = &self.definitions;
        if !["P1", "P2", "P3"].contains(&d.event.as_str()) {
            return bad("definitions.event", "write \"P1\", \"P2\" or \"P3\"");
        }
        if !["person", "release"].contains(&d.unit.as_str()) {
            return bad("definitions.unit", "write \"person\" or \"release\"");
        }
        if d.windows.is_empty() || d.windows.iter().any(|w| !(1..=240).contains(w)) {
            return bad(
                "definitions.windows",
                "give months between 1 and 240, for example [6, 12, 24, 36, 60]",
            );
        }
        if !d.windows.contains(&d.headline_window) {
            return bad(
                "definitions.headline_window",
                "must be one of definitions.windows",
            );
        }
        if self.disclosure.threshold < 2
            || self.disclosure.threshold_children < self.disclosure.threshold
        {
            return bad(
                "disclosure.threshold",
                "at least 2, and threshold_children not below it",
            );
        }
        if !["suppress", "round"].contains(&self.disclosure.method.as_str()) {
            return bad("disclosure.method", "write \"suppress\" or \"round\"");
        }
        let l = &self.linkage;
        if !(0.5..=1.0).contains(&l.link_probability)
            || !(0.0..=l.link_probability).contains(&l.review_probability)
        {
            return bad(
                "linkage.link_probability",
                "between 0.5 and 1, and review_probability not above it",
            );
        }
        if let Some(s) = (self.suppliers.iter()).find(|s| !(1..=31).contains(&s.due_day)) {
            return bad(
                "suppliers.due_day",
                &format!("{}: a day of the month, 1 to 31", s.id),
            );
        }
        if !["A4", "F4"].contains(&self.office.paper.as_str()) {
            return bad("office.paper", "write \"A4\" or \"F4\"");
        }
        let o = &self.office;
        if o.audiences.is_empty() || (o.audiences.iter()).any(|a| a != "kota" && a != "kanwil") {
            return bad(
                "office.audiences",
                "write [\"kota\", \"kanwil\"] or one of them",
            );
        }
        if !o.first_month.is_empty() && o.first_month().is_none() {
            return bad(
                "office.first_month",
                "write a month like \"2026-01\", or \"\"",
            );
        }
        Ok(())
    }
}

/// The key somebody meant: the nearest of those that the parser would have taken.
fn nearest_key(message: &str) -> String {
    let after = |mark: &str| message.split_once(mark).map(|(_, rest)| rest);
    let Some(rest) = after("unknown field `") else {
        return String::new();
    };
    let mut quoted = rest.split('`').step_by(2);
    let wrong = quoted.next().unwrap_or_default();
    quoted
        .map(|key| (strsim::jaro_winkler(wrong, key), key))
        .filter(|(near, _)| *near > 0.75)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map_or_else(String::new, |(_, key)| format!("→ {key}\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::DEFAULT_TOML;

    #[test]
    fn the_commented_file_says_exactly_the_defaults() {
        assert_eq!(
            Settings::parse(DEFAULT_TOML, "default.toml").unwrap(),
            Settings::default()
        );
    }

    #[test]
    fn a_wrong_key_is_named_with_its_line() {
        let e = Settings::parse("[office]\ncitty = \"Ambon\"\n", "reintegrasi.toml")
            .unwrap_err()
            .to_string();
        assert!(e.contains("line 2") && e.contains("citty"), "{e}");
        assert!(e.contains("→ city"), "{e}");
    }

    #[test]
    fn a_value_without_sense_is_named() {
        let e = Settings::parse("[definitions]\nwindows = []\n", "reintegrasi.toml")
            .unwrap_err()
            .to_string();
        assert!(e.contains("definitions.windows"), "{e}");
    }
}
