//! What a `[paper]` may say.

use super::check::{File, Measures, PLACEHOLDERS};
use super::{NameOf, Nonsense, PaperTemplate, SlideKind, Template, TemplateError};

/// Placeholders that every text of a paper may hold.
pub(super) const PLACES: [&str; 3] = ["place", "month", "cutoff"];

/// Checks names and placeholders of a report's papers; returns the measures they use beside the sheets'.
pub(super) fn paper<'t>(
    file: &File,
    t: &'t Template,
    p: &'t PaperTemplate,
    measures: Measures,
) -> Result<Vec<&'t str>, TemplateError> {
    let tabs = || t.sheet.iter().map(|s| s.name.id.as_str());
    let sheet = |name: &str, at: (&str, usize)| match tabs().find(|x| *x == name) {
        Some(_) => Ok(()),
        None => Err(file.unknown(NameOf::Sheet, name, tabs(), at)),
    };
    let told: Vec<&str> = PLACES.into_iter().chain(PLACEHOLDERS).collect();
    let titles = || {
        let sections = p.chapter.iter().flat_map(|c| &c.section);
        let sections = sections.map(|s| s.title.id.as_str());
        p.chapter
            .iter()
            .map(|c| c.title.id.as_str())
            .chain(sections)
    };
    let mut used: Vec<&str> = Vec::new();
    let sections = p.chapter.iter().flat_map(|c| &c.section);
    for (nth, section) in sections.enumerate() {
        let at = ("paper.chapter.section", nth);
        section.sheet.iter().try_for_each(|s| sheet(s, at))?;
        for m in &section.columns {
            file.measure(m, measures, at)?;
        }
        if let Some(text) = &section.text {
            let valid = if section.sheet.is_empty() {
                &PLACES[..]
            } else {
                &told
            };
            file.placeholders(text, valid, at)?;
        }
    }
    for (i, s) in p.slide.iter().enumerate() {
        let at = ("paper.slide", i);
        let whose = s.about.as_ref().map(|c| c.measure.as_str());
        for m in s.columns.iter().map(String::as_str).chain(whose) {
            file.measure(m, measures, at)?;
        }
        used.extend(whose);
        file.placeholders(&s.title, &told, at)?;
        match s.kind {
            SlideKind::Numbers => {
                let kpis = || t.kpi.iter().map(|k| k.measure.as_str());
                if let Some(m) = (s.columns.iter()).find(|m| kpis().all(|k| k != m.as_str())) {
                    return Err(file.unknown(NameOf::Indicator, m, kpis(), at));
                }
            }
            SlideKind::Decisions => {}
            SlideKind::Chart | SlideKind::Table => {
                sheet(&s.sheet, at)?;
                let charts =
                    (t.sheet.iter().find(|x| x.name.id == s.sheet)).map_or(0, |x| x.chart.len());
                if s.kind == SlideKind::Chart
                    && s.draw.is_none()
                    && !(1..=charts).contains(&s.chart)
                {
                    let what = Nonsense::NoChart(s.sheet.clone(), charts);
                    return Err(file.sense(&s.sheet, at, what));
                }
            }
        }
    }
    for (i, line) in p.chat.iter().enumerate() {
        let at = ("paper.chat", i);
        file.measure(&line.measure, measures, at)?;
        used.push(&line.measure);
        file.placeholders(&line.text, &told, at)?;
    }
    for (i, x) in p.paragraph.iter().enumerate() {
        let at = ("paper.paragraph", i);
        if !x.at.is_empty() && titles().all(|t| t != x.at) {
            return Err(file.unknown(NameOf::Chapter, &x.at, titles(), at));
        }
        file.placeholders(&x.text, &PLACES, at)?;
    }
    for b in [Some(&p.subject), p.opening.as_ref()].into_iter().flatten() {
        file.placeholders(b, &PLACES, ("", 0))?;
    }
    Ok(used)
}
