//! Names in the settings that other floors own: measures, breakdowns, units and agencies. One that is nobody's is refused
//! with its line and the nearest that is.

use super::RunError;
use crate::domain::opd::OPDS;
use crate::domain::upt::UptRegistry;
use crate::domain::{Dimension, Unit, nearest};
use crate::locale::{self, Lang};
use crate::measure;
use crate::workspace::Settings;

/// The file, to name lines of it.
struct File<'a> {
    path: &'a str,
    text: &'a str,
    lang: Lang,
}

impl File<'_> {
    /// The first line with a word, one-based.
    fn line_of(&self, word: &str) -> usize {
        let mut lines = self.text.lines();
        lines.position(|l| l.contains(word)).map_or(1, |i| i + 1)
    }

    fn unknown(&self, what: &str, wrong: &str, known: &[&str]) -> RunError {
        let near = locale::perhaps(self.lang, nearest(wrong, known.iter().copied()));
        let line = self.line_of(wrong).to_string();
        let key = format!("settings.kind.{what}");
        let what = locale::text(self.lang, &key);
        let args = [
            ("path", self.path),
            ("line", &line),
            ("what", what),
            ("wrong", wrong),
            ("near", &near),
        ];
        RunError::Usage(locale::format(self.lang, "settings.unknown", &args))
    }

    fn among(&self, what: &str, wrong: &str, known: &[&str]) -> Result<(), RunError> {
        match known.contains(&wrong) {
            true => Ok(()),
            false => Err(self.unknown(what, wrong, known)),
        }
    }
}

/// Refuses settings that name what is not there, and a target of a share that is none.
pub(super) fn check(settings: &Settings, path: &str, text: &str) -> Result<(), RunError> {
    let lang = settings.office.language;
    let file = File { path, text, lang };
    let units = UptRegistry::maluku(&settings.units);
    let mut agencies: Vec<&str> = OPDS.iter().map(|(id, ..)| *id).collect();
    agencies.extend(settings.agencies.keys().map(String::as_str));
    let mut suppliers: Vec<&str> = units.all().map(|(_, u)| u.id.as_str()).collect();
    suppliers.extend(&agencies);
    let measures: Vec<&str> = measure::MEASURES.iter().map(|m| m.id).collect();
    let dimensions: Vec<&str> = Dimension::ALL.iter().map(|d| d.id()).collect();

    for (key, target) in &settings.targets {
        if let Some(agency) = key.strip_prefix("pks.") {
            file.among("agency", agency, &agencies)?;
            continue;
        }
        let Some(m) = measure::find(key) else {
            return Err(file.unknown("measure", key, &measures));
        };
        if m.unit == Unit::Share && !(0.0..=1.0).contains(target) {
            let line = file.line_of(key).to_string();
            let args = [("path", path), ("line", &line), ("key", key)];
            return Err(RunError::Usage(locale::format(
                lang,
                "settings.share",
                &args,
            )));
        }
    }
    let disclosure = &settings.disclosure;
    let merged = disclosure.merge.iter().map(|m| &m.dimension);
    for d in disclosure.sensitive.iter().chain(merged) {
        file.among("dimension", d, &dimensions)?;
    }
    for s in &settings.suppliers {
        file.among("supplier", &s.id, &suppliers)?;
    }
    Ok(())
}

/// Refuses agreements whose goals or priorities name a measure that is nobody's, or a goal of a share that is none.
pub(super) fn check_agreements(
    settings: &Settings,
    path: &str,
    text: &str,
) -> Result<(), RunError> {
    let lang = settings.office.language;
    let file = File { path, text, lang };
    let measures: Vec<&str> = measure::MEASURES.iter().map(|m| m.id).collect();
    let agreements = &settings.agreements;
    let told = agreements.priority.iter().flat_map(|p| &p.measures);
    for id in told {
        file.among("measure", id, &measures)?;
    }
    for g in agreements.agreement.iter().flat_map(|a| &a.goal) {
        let Some(m) = measure::find(&g.measure) else {
            return Err(file.unknown("measure", &g.measure, &measures));
        };
        if m.unit == Unit::Share && !(0.0..=1.0).contains(&g.value) {
            let line = file.line_of(&g.measure).to_string();
            let args = [("path", path), ("line", &line), ("key", &g.measure)];
            let text = locale::format(lang, "settings.share", &args);
            return Err(RunError::Usage(text));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_nobodys_is_refused_with_its_line_and_the_nearest() {
        for (text, line, near) in [
            ("[targets]\nk1_al = 0.6\n", "2", "k1_a"),
            (
                "[targets]\n\"pks.disnakertran\" = 12\n",
                "2",
                "disnakertrans",
            ),
            (
                "[disclosure]\nsensitive = [\"offense_group\"]\n",
                "2",
                "offence_group",
            ),
            ("[[suppliers]]\nid = \"lapas-anbon\"\n", "2", "lapas-ambon"),
        ] {
            let settings = Settings::parse(text, "reintegrasi.toml").unwrap();
            let e = check(&settings, "reintegrasi.toml", text).unwrap_err();
            assert_eq!(e.exit_status(), 2);
            let said = e.to_string();
            assert!(said.contains(line) && said.contains(near), "{said}");
        }
    }

    #[test]
    fn sixty_is_no_share_and_a_right_file_passes() {
        let settings = |text: &str| Settings::parse(text, "reintegrasi.toml").unwrap();
        let wrong = "[targets]\nk1_a1 = 60\n";
        let e = check(&settings(wrong), "reintegrasi.toml", wrong).unwrap_err();
        assert!(e.to_string().contains("k1_a1"), "{e}");
        let right = "[targets]\nk1_a1 = 0.6\n\"pks.dinsos\" = 60\n[[suppliers]]\nid = \"dinsos\"\n";
        check(&settings(right), "reintegrasi.toml", right).unwrap();
        check(&Settings::default(), "", "").unwrap();
    }
}
