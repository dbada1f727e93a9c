//! Clerical review: the doubtful pairs as a workbook for a person to decide on, and the decisions read back.
//!
//! The workbook holds identities: it is written only into `state/` or where the analyst says, readable by its owner alone.

use super::RunError;
use super::gain::{Gain, Ranked};
use super::read::Intake;
use crate::domain::records::Identity;
use crate::domain::{PartialDate, RowRef, harmless};
use crate::link::{COMPARISONS, Decision, Links, ReviewPair, decision_word};
use crate::locale::{self, Lang};
use calamine::{Data, Reader, open_workbook_auto};
use rust_xlsxwriter::{
    Color, ConditionalFormat3ColorScale, ConditionalFormatType, DataValidation, DocProperties,
    ExcelDateTime, Format, FormatAlign, FormatBorder, Sparkline, SparklineType, Workbook,
    XlsxError,
};
use std::path::Path;

/// Most pairs written into one workbook: a person decides a few hundred at most; those worth most come first.
const MOST: usize = 2_000;
/// Row of the header, zero-based, and the first columns.
const HEADER: u32 = 4;
const DECISION: u16 = 1;
/// First column of what the two records say.
const SIDES: u16 = 6;

fn say(lang: Lang, key: &str) -> String {
    locale::text(lang, &format!("link.review.{key}")).to_owned()
}

/// What is shown of each side.
pub const SIDE: [&str; 8] = [
    "name",
    "alias",
    "nik",
    "birth",
    "sex",
    "place",
    "birth_place",
    "source",
];

/// A side of a pair as texts, in the order of [`SIDE`].
pub type Side = [String; SIDE.len()];

/// All records with what they say of a person, in the order pairs count them.
pub fn records(intake: &Intake) -> Vec<(RowRef, &Identity)> {
    intake.records.identities().collect()
}

/// The two records of a pair; `all` as [`records`] gives them.
pub fn sides(
    intake: &Intake,
    all: &[(RowRef, &Identity)],
    pair: &ReviewPair,
    lang: Lang,
) -> [Side; 2] {
    [pair.a, pair.b].map(|i| match all.get(i as usize) {
        Some((at, who)) => side(intake, *at, who, lang),
        None => Side::default(),
    })
}

fn side(intake: &Intake, at: RowRef, who: &Identity, lang: Lang) -> Side {
    let birth = match who.birth {
        PartialDate::Unknown => String::new(),
        PartialDate::Year(y) => y.to_string(),
        PartialDate::Month(y, m) => format!("{m:02}-{y}"),
        PartialDate::Day(d) => d.format("%d-%m-%Y").to_string(),
    };
    [
        who.name.to_string(),
        who.alias().to_owned(),
        who.nik.digits().to_owned(),
        birth,
        who.sex.map_or(String::new(), |s| say(lang, s.id())),
        who.residence.words(),
        who.birth_place.to_string(),
        place(intake, at),
    ]
}

/// Where a record stands, as people say it: file › sheet › row.
pub fn place(intake: &Intake, at: RowRef) -> String {
    let file = intake.files.get(at.file.0 as usize);
    let (path, sheet) = file.map_or(("", ""), |f| (&f.path, f.sheet(at.sheet)));
    format!("{path} › {sheet} › {}", at.row + 1)
}

/// A step of a pair's weight.
struct Step {
    /// What is compared.
    what: String,
    /// Bits it adds or takes.
    bits: f64,
    /// The level reached; empty where there is no evidence, and of what is no comparison.
    level: String,
}

/// From the prior odds to the weight, step by step: the same steps for every pair, in one order.
fn waterfall(pair: &ReviewPair, lang: Lang) -> Vec<Step> {
    let step = |what: String, bits: f64| Step {
        what,
        bits,
        level: String::new(),
    };
    let twins = pair.weight - pair.prior - pair.rarity - pair.parts.iter().sum::<f64>();
    let compared = COMPARISONS.iter().enumerate().map(|(c, name)| {
        let key = format!("link.level.{name}.l{}", pair.pattern[c]);
        let level = (pair.pattern[c] > 0).then(|| locale::format(lang, &key, &[]));
        Step {
            what: locale::format(lang, &format!("link.comparison.{name}"), &[]),
            bits: pair.parts[c],
            level: level.unwrap_or_default(),
        }
    });
    std::iter::once(step(say(lang, "prior"), pair.prior))
        .chain(compared)
        .chain([
            step(say(lang, "rarity"), pair.rarity),
            step(say(lang, "twins"), twins),
        ])
        .collect()
}

/// Why two persons are kept apart although they are as alike as one.
fn held(pair: &ReviewPair, lang: Lang) -> Option<String> {
    pair.held
        .map(|h| locale::text(lang, &format!("link.held.{}", h.id())).to_owned())
}

/// The steps from the prior odds to the weight of a pair: what is compared, the level reached (empty where there is no
/// evidence), and bits.
pub fn steps(pair: &ReviewPair, lang: Lang) -> Vec<(String, String, f64)> {
    let steps = waterfall(pair, lang).into_iter();
    steps.map(|s| (s.what, s.level, s.bits)).collect()
}

/// Bits with their sign.
pub fn signed(bits: f64, lang: Lang) -> String {
    let text = locale::decimal(lang, bits.abs(), 1);
    if bits < 0.0 {
        format!("−{text}")
    } else {
        format!("+{text}")
    }
}

/// Why a pair weighs what it weighs: `Nama depan: sangat mirip (+6,1); …`.
pub fn reason(pair: &ReviewPair, lang: Lang) -> String {
    let signed = |w: f64| signed(w, lang);
    let mut out: Vec<String> = held(pair, lang).into_iter().collect();
    for s in waterfall(pair, lang) {
        if !s.level.is_empty() {
            out.push(format!("{}: {} ({})", s.what, s.level, signed(s.bits)));
        } else if s.bits.abs() >= 0.05 {
            out.push(format!("{} ({})", s.what, signed(s.bits)));
        }
    }
    out.join("; ")
}

/// Writes the doubtful pairs of a month that need a decision, and the decisions that new records contradict; returns how
/// many pairs.
pub fn write(
    intake: &Intake,
    links: &Links,
    ranked: &Ranked,
    lang: Lang,
    path: &Path,
) -> Result<usize, RunError> {
    let mut asked = ranked.asked(links);
    let all = asked.len();
    asked.truncate(MOST);
    let bytes =
        build(intake, links, ranked, &asked, all, lang).map_err(RunError::stage("review"))?;
    crate::workspace::write_private(path, &bytes).map_err(RunError::io("write", path))?;
    Ok(asked.len())
}

/// A pair on a sheet, what is said of it, and what a decision changes.
type Line<'a> = (&'a ReviewPair, String, Option<Gain>);

/// What a decision changes, in words.
pub fn gain(gain: &Gain, lang: Lang) -> String {
    let points = locale::decimal(lang, gain.points, 2);
    let inside = locale::integer(lang, f64::from(gain.inside));
    let words = [("points", &*points), ("inside", &*inside)];
    locale::format(lang, "link.review.gain", &words)
}

/// What is known of how many true pairs are still apart.
pub fn left_apart(links: &Links, ranked: &Ranked, lang: Lang) -> String {
    let n = locale::decimal(lang, links.expected_left, 1);
    let share = locale::percent(lang, ranked.missed, 1);
    let words = [("n", &*n), ("share", &share)];
    locale::format(lang, "link.review.left_apart", &words)
}

fn build(
    intake: &Intake,
    links: &Links,
    ranked: &Ranked,
    asked: &[usize],
    all: usize,
    lang: Lang,
) -> Result<Vec<u8>, XlsxError> {
    let month = intake.month;
    let mut book = Workbook::new();
    let stamp = ExcelDateTime::parse_from_str(&format!("{}T00:00:00", month.last_day()))?;
    let title = locale::format(
        lang,
        "link.review.title",
        &[("month", &locale::month_long(lang, month))],
    );
    book.set_properties(
        &DocProperties::new()
            .set_title(&title)
            .set_creation_datetime(&stamp),
    );
    let count = |n: usize| locale::integer(lang, n as f64);
    let counted = locale::format(
        lang,
        if asked.len() < all {
            "link.review.first"
        } else {
            "link.review.all"
        },
        &[("shown", &count(asked.len())), ("all", &count(all))],
    );
    let follow = links.review.len() - all;
    let follows = locale::format(lang, "link.review.follow", &[("n", &count(follow))]);
    let counted = [
        Some(counted),
        (follow > 0).then_some(follows),
        Some(left_apart(links, ranked, lang)),
    ];
    let counted = counted.into_iter().flatten().collect::<Vec<_>>().join("; ");
    let lines: Vec<Line> = asked
        .iter()
        .map(|&i| (&links.review[i], ranked.gains[i]))
        .map(|(p, gain)| (p, held(p, lang).unwrap_or_default(), Some(gain)))
        .collect();
    sheet(&mut book, intake, lang, &title, "sheet", &counted, &lines)?;
    if !links.contradicted.is_empty() {
        let lines: Vec<Line> = links
            .contradicted
            .iter()
            .map(|c| {
                let key = if c.same { "was_same" } else { "was_different" };
                (&c.pair, say(lang, key), None)
            })
            .collect();
        let counted = locale::format(
            lang,
            "link.review.contradicted",
            &[("n", &count(lines.len()))],
        );
        sheet(&mut book, intake, lang, &title, "decided", &counted, &lines)?;
    }
    book.save_to_buffer()
}

/// A sheet of pairs, each with its two records one above the other.
fn sheet(
    book: &mut Workbook,
    intake: &Intake,
    lang: Lang,
    title: &str,
    name: &str,
    counted: &str,
    pairs: &[Line],
) -> Result<(), XlsxError> {
    let bold = Format::new().set_bold().set_font_size(14);
    let secret = Format::new()
        .set_bold()
        .set_font_color(Color::RGB(0x9C_2A00));
    let head = Format::new()
        .set_bold()
        .set_text_wrap()
        .set_align(FormatAlign::Top)
        .set_border_bottom(FormatBorder::Thin)
        .set_background_color(Color::RGB(0xE6_EBF2));
    let cell = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    let first = cell.clone().set_border_top(FormatBorder::Thin);
    let first_bold = first.clone().set_bold();
    let mark = first.clone().set_background_color(Color::RGB(0xFF_F4CC));
    let differs = cell.clone().set_bold();
    let share = first.clone().set_num_format("0.000");
    let points = first.clone().set_num_format("+0.00;−0.00;0");
    let people = first.clone().set_num_format("+0;−0;0");
    let sum = first_bold.clone().set_num_format("+0.0;−0.0;0.0");
    let bits = first.clone().set_num_format("+0.0;−0.0;0.0");
    let none = first.clone().set_align(FormatAlign::Right);
    let small = cell.clone().set_font_size(8);
    let w = book.add_worksheet();
    w.set_name(say(lang, name))?;
    let page = say(lang, name);
    let chart = |from, to, row| {
        Sparkline::new()
            .set_range((page.as_str(), row, from, row, to))
            .set_type(SparklineType::Column)
            .show_negative_points(true)
            .set_negative_points_color(Color::RGB(0x9C_2A00))
            .set_sparkline_color(Color::RGB(0x2F_5D8C))
            .set_custom_min(-25)
            .set_custom_max(25)
    };
    w.write_with_format(0, 0, title, &bold)?;
    w.write_with_format(1, 0, say(lang, "secret"), &secret)?;
    w.write(2, 0, say(lang, "how"))?;
    w.write(3, 0, counted)?;
    // One above the other: what differs stands in one column, and a page is not twenty columns wide.
    let mut headers: Vec<(String, f64)> = vec![
        (say(lang, "no"), 5.0),
        (say(lang, "decision"), 12.0),
        (say(lang, "probability"), 9.0),
        (say(lang, "points"), 9.0),
        (say(lang, "inside"), 8.0),
        (String::new(), 3.0),
    ];
    let widths = [26.0, 14.0, 18.0, 11.0, 5.0, 30.0, 13.0, 36.0];
    headers.extend(
        SIDE.iter()
            .zip(widths)
            .map(|(part, wide)| (say(lang, part), wide)),
    );
    headers.push((say(lang, "reason"), 26.0));
    let steps = SIDES + SIDE.len() as u16 + 1;
    if let Some((pair, ..)) = pairs.first() {
        headers.extend(waterfall(pair, lang).into_iter().map(|s| (s.what, 10.0)));
    }
    let total = headers.len() as u16;
    headers.push((say(lang, "weight"), 8.0));
    headers.push((say(lang, "waterfall"), 20.0));
    headers.push((say(lang, "key_a"), 12.0));
    headers.push((say(lang, "key_b"), 12.0));
    for (c, (text, wide)) in headers.iter().enumerate() {
        w.write_with_format(HEADER, c as u16, text, &head)?;
        w.set_column_width(c as u16, *wide)?;
    }
    w.set_row_height(HEADER, 30.0)?;
    let last = headers.len() as u16 - 1;
    w.set_column_range_hidden(last - 1, last)?;
    let all = records(intake);
    let count = pairs.len() as u32;
    for (i, (pair, why, gain)) in pairs.iter().enumerate() {
        let row = HEADER + 1 + 2 * i as u32;
        w.write_with_format(row, 0, i as u32 + 1, &first)?;
        w.write_blank(row, DECISION, &mark)?;
        w.write_with_format(row, 2, pair.probability, &share)?;
        if let Some(gain) = gain {
            w.write_with_format(row, 3, gain.points, &points)?;
            w.write_with_format(row, 4, gain.inside, &people)?;
        }
        let [upper, lower] = sides(intake, &all, pair, lang);
        for (k, (x, y)) in upper.iter().zip(&lower).enumerate() {
            let alike = x == y || x.is_empty() || y.is_empty() || SIDE[k] == "source";
            let col = SIDES + k as u16;
            w.write_with_format(
                row,
                col,
                harmless(x),
                if alike { &first } else { &first_bold },
            )?;
            w.write_with_format(
                row + 1,
                col,
                harmless(y),
                if alike { &cell } else { &differs },
            )?;
        }
        w.write_with_format(row, SIDES - 1, say(lang, "a"), &first)?;
        w.write_with_format(row + 1, SIDES - 1, say(lang, "b"), &cell)?;
        w.merge_range(row, steps - 1, row + 1, steps - 1, why, &first_bold)?;
        let mut so_far = 0.0;
        for (col, s) in (steps..).zip(waterfall(pair, lang)) {
            so_far += s.bits;
            let evidence = !s.level.is_empty() || s.bits != 0.0;
            if evidence {
                w.write_with_format(row, col, s.bits, &bits)?;
            } else {
                w.write_with_format(row, col, "–", &none)?;
            }
            w.write_with_format(row + 1, col, s.level, &small)?;
        }
        w.write_with_format(row, total, so_far, &sum)?;
        w.write_blank(row, total + 1, &first)?;
        w.add_sparkline(row, total + 1, &chart(steps, total - 1, row))?;
        w.write_with_format(row, total + 2, pair.fingerprints.0.as_str(), &cell)?;
        w.write_with_format(row, total + 3, pair.fingerprints.1.as_str(), &cell)?;
        for r in [row, row + 1] {
            w.set_row_height(r, 27.0)?;
        }
    }
    if count > 0 {
        // What speaks for one person is blue, what against is red, the more the darker.
        let scale = ConditionalFormat3ColorScale::new()
            .set_minimum(ConditionalFormatType::Number, -10)
            .set_midpoint(ConditionalFormatType::Number, 0)
            .set_maximum(ConditionalFormatType::Number, 10)
            .set_minimum_color(Color::RGB(0xE8_A598))
            .set_midpoint_color(Color::RGB(0xFF_FFFF))
            .set_maximum_color(Color::RGB(0xA9_C4E4));
        let last = HEADER + 2 * count;
        w.add_conditional_format(HEADER + 1, steps, last, total - 1, &scale)?;
        let words = [say(lang, "same"), say(lang, "different")];
        let list = DataValidation::new().allow_list_strings(&words)?;
        w.add_data_validation(HEADER + 1, DECISION, HEADER + 2 * count, DECISION, &list)?;
    }
    w.set_freeze_panes(HEADER + 1, SIDES + 1)?;
    w.set_landscape();
    w.set_paper_size(9);
    w.set_print_fit_to_pages(1, 0);
    w.set_repeat_rows(HEADER, HEADER)?;
    Ok(())
}

/// Decisions filled into a workbook of [`write`]. A word nobody knows is an error that names its row.
pub fn read(path: &Path, lang: Lang) -> Result<Vec<Decision>, RunError> {
    let at = path.display().to_string();
    let fail = |reason: String| RunError::Usage(format!("{at}: {reason}"));
    // The system's own refusal first: the reader of workbooks hides it behind a kind of file guessed from the name.
    std::fs::File::open(path).map_err(|e| fail(locale::system_reason(lang, &e)))?;
    let unread = || locale::format(lang, "run.review_unread", &[("path", &at)]);
    let mut book = open_workbook_auto(path).map_err(|_| RunError::Usage(unread()))?;
    let mut out = Vec::new();
    for name in book.sheet_names() {
        let range = (book.worksheet_range(&name)).map_err(|_| RunError::Usage(unread()))?;
        let text = |row: &[Data], c: usize| match row.get(c) {
            Some(Data::String(s)) => s.trim().to_owned(),
            _ => String::new(),
        };
        // The columns are found by the header's words, so that sorting and moving columns do no harm.
        let words = |key: &str| [Lang::Id, Lang::En].map(|l| say(l, key));
        let (start, _) = range.start().unwrap_or((0, 0));
        let mut columns: Option<[usize; 3]> = None;
        for (i, row) in range.rows().enumerate() {
            let Some([decision, a, b]) = columns else {
                let find = |key: &str| {
                    let any = words(key);
                    (0..row.len()).find(|&c| any.contains(&text(row, c)))
                };
                columns = find("decision")
                    .zip(find("key_a"))
                    .zip(find("key_b"))
                    .map(|((d, a), b)| [d, a, b]);
                continue;
            };
            let same = match text(row, decision).to_lowercase().as_str() {
                "" => continue,
                "y" => true,
                "t" => false,
                other => match decision_word(other) {
                    Some(same) => same,
                    None => {
                        let line = (start as usize + i + 1).to_string();
                        return Err(RunError::Usage(locale::format(
                            lang,
                            "run.review_word",
                            &[("path", &at), ("row", &line)],
                        )));
                    }
                },
            };
            let (a, b) = (text(row, a), text(row, b));
            if a.is_empty() || b.is_empty() {
                continue;
            }
            out.push(Decision::new(&a, &b, same));
        }
        if columns.is_none() {
            return Err(RunError::Usage(locale::format(
                lang,
                "run.review_columns",
                &[("path", &at)],
            )));
        }
    }
    Ok(out)
}
