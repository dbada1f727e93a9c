//! The first sheet: who reports what of when, what is missing, the indicators in words, linked contents, signatures.

use super::{Book, kop, own_tab, print_setup};
use crate::locale;
use crate::report::sentence;
use rust_xlsxwriter::{ExcelDateTime, Image, Url, Worksheet, XlsxError};

/// Running text over the five columns of the cover.
const TEXT: super::Measure = super::Measure {
    letters: 118,
    columns: 5,
};

pub(super) fn sheet(w: &mut Worksheet, b: &Book) -> Result<(), XlsxError> {
    let (t, c, s) = (b.t, b.c, &b.s);
    let lang = c.lang;
    let say =
        |key: &str, args: &[(&str, &str)]| locale::format(lang, &format!("report.{key}"), args);
    w.set_name(own_tab(c, "cover"))?;
    w.set_column_width(0, 28)?;
    for col in 1..=4 {
        w.set_column_width(col, 20)?;
    }
    w.set_screen_gridlines(false);
    let mut r = 0;
    for line in kop(t, c) {
        w.write_string_with_format(r, 0, line, &s.kop)?;
        r += 1;
    }
    if let Some(image) = c
        .facts
        .logo
        .as_ref()
        .and_then(|x| Image::new_from_buffer(x).ok())
    {
        // The letterhead's lines are about twenty pixels each.
        let image = image
            .set_scale_to_size(110, 20 * r.max(3), true)
            .set_alt_text(say("logo", &[]));
        w.insert_image(0, 4, &image)?;
    }
    r += 1;
    r = super::title_line(w, r, t.title.get(lang), TEXT, s)?;
    r += 1;
    let date = |d: chrono::NaiveDate| ExcelDateTime::parse_from_str(&format!("{d}T00:00:00"));
    let mut facts: Vec<(String, Option<chrono::NaiveDate>, String)> = vec![
        (
            say("period_from", &[]),
            Some(c.month.first_day()),
            String::new(),
        ),
        (
            say("period_to", &[]),
            Some(c.month.last_day()),
            String::new(),
        ),
        (say("cutoff_label", &[]), c.facts.cutoff, "…".into()),
    ];
    facts.push((
        say("classification_label", &[]),
        None,
        super::classification(t, c),
    ));
    for (label, day, word) in facts {
        w.write_string_with_format(r, 0, &label, &s.muted)?;
        match day {
            Some(d) => w.write_datetime_with_format(r, 1, date(d)?, &s.date)?,
            None => w.write_string_with_format(r, 1, &word, &s.kop)?,
        };
        r += 1;
    }
    r += 1;
    let complete = sentence::arrived(c);
    let gates = c
        .facts
        .gates_failed
        .iter()
        .map(|g| say("gate", &[("reason", g)]));
    for text in std::iter::once(complete).chain(gates) {
        r = super::paragraph(w, r, &text, TEXT, &s.big)?;
    }
    r += 1;
    for k in t.kpi.iter().take(8) {
        let text = sentence::indicator(c, t, k);
        r = super::paragraph(w, r, &format!("• {text}"), TEXT, &s.text)?;
    }
    r += 1;
    w.write_string_with_format(r, 0, say("contents", &[]), &s.kop)?;
    let mut link = |w: &mut Worksheet, tab: &str, text: &str| -> Result<(), XlsxError> {
        r += 1;
        let url = Url::new(format!("internal:'{}'!A1", tab.replace('\'', "''")));
        w.write_url_with_options(r, 0, url, text, "", Some(&s.link))?;
        Ok(())
    };
    let mut n = 0;
    if !t.kpi.is_empty() {
        n += 1;
        let text = format!("{n}. {}", say("summary_title", &[]));
        link(w, &own_tab(c, "summary"), &text)?;
    }
    for ((sheet, tab), g) in t.sheet.iter().zip(&b.tabs).zip(&b.grids) {
        n += 1;
        link(w, tab, &format!("{n}. {}", sheet.heading(g).get(lang)))?;
    }
    if b.revisions.is_some() {
        n += 1;
        let text = format!("{n}. {}", say("revisions.title", &[]));
        link(w, &own_tab(c, "revision"), &text)?;
    }
    let method = say("methodology", &[]);
    link(w, &own_tab(c, "methodology"), &method)?;
    r += 2;
    r = super::paragraph(w, r, &say("signs", &[]), TEXT, &s.muted)?;
    r += 1;
    sign_off(w, b, r)?;
    print_setup(w, b, false, true);
    Ok(())
}

/// The signature block: titles from the settings, room for hand and stamp, never a name.
fn sign_off(w: &mut Worksheet, b: &Book, r: u32) -> Result<(), XlsxError> {
    let (c, s) = (b.c, &b.s);
    let office = &c.settings.office;
    let line = locale::text(c.lang, "report.sign_line");
    let place = locale::format(c.lang, "report.sign_place", &[("city", &office.city)]);
    let right: Vec<&str> = std::iter::once(place.as_str())
        .chain(office.sign_right.iter().map(String::as_str))
        .collect();
    let left: Vec<&str> = std::iter::once("")
        .chain(office.sign_left.iter().map(String::as_str))
        .collect();
    let deep = left.len().max(right.len()) as u32;
    for (col, block) in [(0u16, &left), (3, &right)] {
        for (i, l) in block.iter().enumerate().filter(|(_, l)| !l.is_empty()) {
            w.write_string_with_format(r + i as u32, col, *l, &s.text)?;
        }
        w.write_string_with_format(r + deep + 3, col, line, &s.text)?;
        w.write_string_with_format(r + deep + 4, col, "NIP", &s.text)?;
    }
    Ok(())
}
