//! A chart as DrawingML with the workbook it is edited in: every point is a protected number, a gap where it has none.

use super::package::{XML, escape};
use crate::domain::place::column_letters;
use crate::locale::{self, Lang};
use crate::report::csv_out::rounded;
use crate::report::picture::{ChartKind, ChartSpec, Series, ValueFormat};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Formula, Workbook, XlsxError};

/// A column of the embedded workbook and of the chart's cache.
struct Column {
    name: String,
    values: Vec<Option<f64>>,
    /// Formulas of the cells, where they are computed from others on the sheet.
    formulas: Vec<Option<String>>,
    /// How the numbers are written.
    digits: Vec<u8>,
    role: Role,
}

/// What a column is in the chart.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    /// A series in a colour.
    Series(usize),
    /// A rest that is not broken down.
    Rest,
    /// An end of the first series' interval, drawn as a thin line.
    Edge,
    /// An end of an interval or a distance to it: on the sheet only.
    Beside,
    /// Marks beside bars.
    Mark,
    /// The foot of a floating bar.
    Foot,
}

/// The chart's part and its workbook.
pub struct Native {
    /// `chartN.xml`.
    pub chart: String,
    /// The embedded workbook.
    pub workbook: Vec<u8>,
}

/// Makes a native chart of a drawn one.
pub fn native(x: &ChartSpec, day: chrono::NaiveDate) -> Result<Native, XlsxError> {
    let columns = columns(x);
    Ok(Native {
        workbook: workbook(x, &columns, day)?,
        chart: chart(x, &columns),
    })
}

/// Names of categories; one without any number says so.
fn categories(x: &ChartSpec) -> Vec<String> {
    let signs = |i: usize| {
        let none = x
            .series
            .iter()
            .all(|s| s.values.get(i).copied().flatten().is_none());
        let mark = x
            .series
            .iter()
            .find_map(|s| s.marks.get(i).copied().flatten());
        mark.filter(|_| none)
    };
    let name = |(i, c): (usize, &String)| match signs(i) {
        Some(sign) => format!("{c} ({})", sign.text()),
        None => c.clone(),
    };
    x.categories.iter().enumerate().map(name).collect()
}

fn columns(x: &ChartSpec) -> Vec<Column> {
    let n = x.categories.len();
    // The numbers are those of the open data, to the digit.
    let at = |v: &[Option<f64>], i: usize| v.get(i).copied().flatten().map(rounded);
    let plain = |name: String, values: Vec<Option<f64>>, digits: Vec<u8>, role: Role| Column {
        name,
        formulas: vec![None; values.len()],
        values,
        digits,
        role,
    };
    if x.kind == ChartKind::Waterfall {
        return waterfall(x);
    }
    let title = |s: &Series| {
        if s.name.is_empty() && !x.measure.is_empty() {
            x.measure.clone()
        } else if s.name.is_empty() {
            x.title.clone()
        } else {
            s.name.clone()
        }
    };
    let mut out: Vec<Column> = Vec::new();
    for (j, s) in x.series.iter().enumerate() {
        out.push(plain(
            title(s),
            (0..n).map(|i| at(&s.values, i)).collect(),
            s.digits.clone(),
            Role::Series(j),
        ));
    }
    if let Some(rest) = &x.rest {
        out.push(plain(
            rest.name.clone(),
            rest.values.clone(),
            vec![],
            Role::Rest,
        ));
    }
    if !x.ticks.is_empty() {
        out.push(plain(
            x.ticks_name.clone(),
            x.ticks.clone(),
            vec![],
            Role::Mark,
        ));
    }
    let Some(s) = x.series.first().filter(|s| !s.low.is_empty()) else {
        return out;
    };
    let word = |key: &str| locale::text(x.lang, &format!("report.show.{key}")).to_owned();
    let line = matches!(x.kind, ChartKind::Line | ChartKind::Step);
    let role = if line { Role::Edge } else { Role::Beside };
    let first = out.len();
    for (key, ends) in [("low", &s.low), ("high", &s.high)] {
        let values = (0..n).map(|i| at(&s.values, i).and(at(ends, i))).collect();
        out.push(plain(word(key), values, s.digits.clone(), role));
    }
    if !line {
        // Distances that error bars are drawn from, as formulas over the cells beside them.
        let cell =
            |column: usize, i: usize| format!("{}{}", column_letters(column as u16 + 1), i + 2);
        for (key, from, to) in [("minus", first, 0), ("plus", 0, first + 1)] {
            let name = locale::text(x.lang, &format!("report.helper.{key}")).to_owned();
            let distance = |i: usize| Some(out[to].values[i]? - out[from].values[i]?);
            let values: Vec<Option<f64>> = (0..n).map(distance).collect();
            let formulas = (0..n)
                .map(|i| values[i].map(|_| format!("={}-{}", cell(to, i), cell(from, i))))
                .collect();
            out.push(Column {
                name,
                values,
                formulas,
                digits: vec![],
                role: Role::Beside,
            });
        }
    }
    out
}

/// From an opening to a closing: floating bars on feet without colour.
fn waterfall(x: &ChartSpec) -> Vec<Column> {
    let word = |key: &str| locale::text(x.lang, &format!("report.helper.{key}")).to_owned();
    let n = x.categories.len();
    let values: Vec<f64> = x.series.first().map_or_else(Vec::new, |s| {
        s.values.iter().map(|v| v.unwrap_or(0.0)).collect()
    });
    let mut parts: [Vec<Option<f64>>; 4] = Default::default();
    let mut level = 0.0;
    for (i, v) in values.iter().enumerate() {
        let minus = x.minus.get(i).copied().unwrap_or(false);
        let (foot, at) = match (i == 0 || i + 1 == n, minus) {
            (true, _) => {
                level = *v;
                (None, 1)
            }
            (false, minus) => {
                let signed = if minus { -v } else { *v };
                let before = level;
                level += signed;
                (Some(before.min(level)), if signed < 0.0 { 3 } else { 2 })
            }
        };
        parts.iter_mut().for_each(|p| p.push(None));
        parts[0][i] = foot;
        parts[at][i] = Some(v.abs());
    }
    let roles = [
        Role::Foot,
        Role::Series(0),
        Role::Series(3),
        Role::Series(1),
    ];
    let names = ["base", "whole", "up", "down"];
    (parts.into_iter().zip(roles).zip(names))
        .map(|((values, role), name)| Column {
            name: word(name),
            formulas: vec![None; n],
            values,
            digits: vec![],
            role,
        })
        .collect()
}

fn workbook(
    x: &ChartSpec,
    columns: &[Column],
    day: chrono::NaiveDate,
) -> Result<Vec<u8>, XlsxError> {
    let mut file = Workbook::new();
    let stamp = ExcelDateTime::parse_from_str(&format!("{day}T00:00:00"))?;
    file.set_properties(&DocProperties::new().set_creation_datetime(&stamp));
    let w = file.add_worksheet();
    w.set_name("Data")?;
    w.set_column_width(0, 34)?;
    for (i, name) in categories(x).iter().enumerate() {
        w.write_string(i as u32 + 1, 0, name)?;
    }
    for (k, c) in columns.iter().enumerate() {
        let col = k as u16 + 1;
        w.write_string(0, col, &c.name)?;
        for (i, v) in c.values.iter().enumerate() {
            let Some(v) = v else { continue };
            let format =
                rust_xlsxwriter::Format::new().set_num_format(code(x, c.digits.get(i).copied()));
            match &c.formulas[i] {
                Some(f) => {
                    let formula = Formula::new(f).set_result(v.to_string());
                    w.write_formula_with_format(i as u32 + 1, col, formula, &format)?;
                }
                None => {
                    w.write_number_with_format(i as u32 + 1, col, *v, &format)?;
                }
            }
        }
    }
    file.save_to_buffer()
}

/// The number format of a value with its digits; in Indonesian with the signs of that language, whatever program shows it.
fn code(x: &ChartSpec, digits: Option<u8>) -> &'static str {
    let id = x.lang == Lang::Id;
    match (x.format, digits) {
        (ValueFormat::Percent(_), Some(1)) if id => "[$-421]0.0\\ %",
        (ValueFormat::Percent(_), _) if id => "[$-421]0\\ %",
        (ValueFormat::Decimal(_), _) if id => "[$-421]0.00",
        (ValueFormat::Integer, Some(1)) if id => "[$-421]#,##0.0",
        (ValueFormat::Integer, _) if id => "[$-421]#,##0",
        (ValueFormat::Percent(_), Some(1)) => "0.0%",
        (ValueFormat::Percent(_), _) => "0%",
        (ValueFormat::Decimal(_), _) => "0.00",
        (ValueFormat::Integer, Some(1)) => "#,##0.0",
        (ValueFormat::Integer, _) => "#,##0",
    }
}

fn solid(colour: &str) -> String {
    let fill = match colour.strip_prefix('#') {
        Some(hex) => format!("<a:srgbClr val=\"{hex}\"/>"),
        None => format!("<a:schemeClr val=\"{colour}\"/>"),
    };
    format!("<a:solidFill>{fill}</a:solidFill>")
}

/// Theme colours in the order of series.
const COLOURS: [&str; 6] = [
    "accent1", "accent2", "accent3", "accent4", "accent5", "accent6",
];

fn text(size: u32, bold: bool) -> String {
    text_in(size, bold, "tx1")
}

fn text_in(size: u32, bold: bool, colour: &str) -> String {
    let bold = if bold { " b=\"1\"" } else { "" };
    format!(
        "<c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr sz=\"{size}\"{bold}>{}</a:defRPr></a:pPr><a:endParaRPr lang=\"en-US\"/></a:p></c:txPr>",
        solid(colour)
    )
}

fn numbers(x: &ChartSpec, column: usize, values: &[Option<f64>]) -> String {
    let letter = column_letters(column as u16 + 1);
    let points: String = values
        .iter()
        .enumerate()
        .filter_map(|(i, v)| v.map(|v| format!("<c:pt idx=\"{i}\"><c:v>{v}</c:v></c:pt>")))
        .collect();
    format!(
        "<c:numRef><c:f>Data!${letter}$2:${letter}${}</c:f><c:numCache><c:formatCode>{}</c:formatCode><c:ptCount val=\"{}\"/>{points}</c:numCache></c:numRef>",
        values.len() + 1,
        code(x, None),
        values.len()
    )
}

/// Labels of a series: its values in the digits the tables write. Of a line the last alone; within bars of parts those
/// that have room.
fn labels(x: &ChartSpec, columns: &[Column], c: &Column, line: bool) -> String {
    let inside = stacked(x) && !line;
    let sum = |i: usize| -> f64 {
        let parts = columns
            .iter()
            .filter(|c| matches!(c.role, Role::Series(_) | Role::Rest));
        parts
            .filter_map(|c| c.values.get(i).copied().flatten())
            .sum()
    };
    let most = (0..c.values.len()).map(sum).fold(0.0, f64::max);
    let whole = |i: usize| {
        if x.kind == ChartKind::Percent {
            sum(i)
        } else {
            most
        }
    };
    let room = |i: usize, v: f64| !inside || (v > 0.0 && v > whole(i) * 0.045);
    let known: Vec<(usize, f64)> = (c.values.iter().enumerate())
        .filter_map(|(i, v)| v.map(|v| (i, v)))
        .collect();
    let last = known.last().map(|(i, _)| *i);
    let shown = known
        .iter()
        .filter(|(i, v)| if line { Some(*i) == last } else { room(*i, *v) });
    let flags = |on: bool| {
        format!(
            "<c:showLegendKey val=\"0\"/><c:showVal val=\"{}\"/><c:showCatName val=\"0\"/><c:showSerName val=\"0\"/><c:showPercent val=\"0\"/><c:showBubbleSize val=\"0\"/>",
            u8::from(on)
        )
    };
    let place = match (line, inside) {
        (true, _) => "<c:dLblPos val=\"t\"/>",
        (_, true) => "<c:dLblPos val=\"ctr\"/>",
        _ => "<c:dLblPos val=\"outEnd\"/>",
    };
    // The first and the sixth colour are dark.
    let ink = match c.role {
        Role::Series(j) if inside && matches!(j % COLOURS.len(), 0 | 5) => "bg1",
        _ => "tx1",
    };
    let bare = "<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>";
    let mut out = String::from("<c:dLbls>");
    for (i, _) in shown {
        out.push_str(&format!(
            "<c:dLbl><c:idx val=\"{i}\"/><c:numFmt formatCode=\"{}\" sourceLinked=\"0\"/>{bare}{}{place}{}</c:dLbl>",
            code(x, c.digits.get(*i).copied()),
            text_in(1200, line, ink),
            flags(true)
        ));
    }
    out.push_str(&format!(
        "<c:numFmt formatCode=\"{}\" sourceLinked=\"0\"/>{bare}{}{}</c:dLbls>",
        code(x, None),
        text_in(1200, false, ink),
        flags(false)
    ));
    out
}

/// Bars of parts end to end.
fn stacked(x: &ChartSpec) -> bool {
    matches!(
        x.kind,
        ChartKind::Stacked | ChartKind::Percent | ChartKind::Waterfall
    )
}

/// One series; `kind` is `bar` or `line`.
fn series(x: &ChartSpec, columns: &[Column], k: usize, order: usize, line: bool) -> String {
    let c = &columns[k];
    let letter = column_letters(k as u16 + 1);
    let colour = match c.role {
        Role::Series(j) => COLOURS[j % COLOURS.len()],
        Role::Rest => "#E1E5EA",
        Role::Edge | Role::Beside => COLOURS[0],
        Role::Mark => "tx1",
        Role::Foot => "",
    };
    let (shape, marker, labelled) = match (line, c.role) {
        (_, Role::Foot) => (
            "<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>".into(),
            String::new(),
            String::new(),
        ),
        (true, Role::Edge) => (
            format!(
                "<c:spPr><a:ln w=\"12700\">{}<a:prstDash val=\"sysDash\"/></a:ln></c:spPr>",
                solid(colour)
            ),
            format!(
                "<c:marker><c:symbol val=\"dash\"/><c:size val=\"5\"/><c:spPr>{}</c:spPr></c:marker>",
                solid(colour)
            ),
            String::new(),
        ),
        (true, Role::Mark) => (
            "<c:spPr><a:ln w=\"28575\"><a:noFill/></a:ln></c:spPr>".into(),
            format!(
                "<c:marker><c:symbol val=\"dash\"/><c:size val=\"12\"/><c:spPr>{}</c:spPr></c:marker>",
                solid(colour)
            ),
            String::new(),
        ),
        (true, _) => (
            format!(
                "<c:spPr><a:ln w=\"34925\" cap=\"rnd\">{}<a:round/></a:ln></c:spPr>",
                solid(colour)
            ),
            format!(
                "<c:marker><c:symbol val=\"circle\"/><c:size val=\"{}\"/><c:spPr>{}</c:spPr></c:marker>",
                if x.kind == ChartKind::Step { 2 } else { 6 },
                solid(colour)
            ),
            labels(x, columns, c, true),
        ),
        (false, _) => (
            format!("<c:spPr>{}</c:spPr>", solid(colour)),
            "<c:invertIfNegative val=\"0\"/>".into(),
            if c.role == Role::Rest {
                String::new()
            } else {
                labels(x, columns, c, false)
            },
        ),
    };
    let beside: Vec<usize> = (0..columns.len())
        .filter(|&i| columns[i].role == Role::Beside)
        .collect();
    let bars = match (line, c.role, beside.as_slice()) {
        (false, Role::Series(0), [_, _, minus, plus]) => format!(
            "<c:errBars><c:errBarType val=\"both\"/><c:errValType val=\"cust\"/><c:noEndCap val=\"0\"/><c:plus>{}</c:plus><c:minus>{}</c:minus>\
             <c:spPr><a:ln w=\"15875\">{}</a:ln></c:spPr></c:errBars>",
            numbers(x, *plus, &columns[*plus].values),
            numbers(x, *minus, &columns[*minus].values),
            solid("tx1")
        ),
        _ => String::new(),
    };
    let names = categories(x);
    let points: String = names
        .iter()
        .enumerate()
        .map(|(i, n)| format!("<c:pt idx=\"{i}\"><c:v>{}</c:v></c:pt>", escape(n)))
        .collect();
    let smooth = if line { "<c:smooth val=\"0\"/>" } else { "" };
    format!(
        "<c:ser><c:idx val=\"{order}\"/><c:order val=\"{order}\"/><c:tx><c:strRef><c:f>Data!${letter}$1</c:f><c:strCache><c:ptCount val=\"1\"/>\
         <c:pt idx=\"0\"><c:v>{}</c:v></c:pt></c:strCache></c:strRef></c:tx>{shape}{marker}{labelled}{bars}<c:cat><c:strRef><c:f>Data!$A$2:$A${}</c:f>\
         <c:strCache><c:ptCount val=\"{}\"/>{points}</c:strCache></c:strRef></c:cat><c:val>{}</c:val>{smooth}</c:ser>",
        escape(&c.name),
        names.len() + 1,
        names.len(),
        numbers(x, k, &c.values)
    )
}

fn chart(x: &ChartSpec, columns: &[Column]) -> String {
    let line = matches!(x.kind, ChartKind::Line | ChartKind::Step);
    let marked = columns.iter().any(|c| c.role == Role::Mark);
    // Marks lie on a second kind of chart, which only upright bars can share their axes with.
    let upright = line || marked || x.kind == ChartKind::Waterfall;
    let grouping = match x.kind {
        ChartKind::Stacked | ChartKind::Waterfall => "stacked",
        ChartKind::Percent => "percentStacked",
        ChartKind::Bar | ChartKind::Dot => "clustered",
        ChartKind::Line | ChartKind::Step => "standard",
    };
    let axes = "<c:axId val=\"111\"/><c:axId val=\"222\"/>";
    let drawn: Vec<usize> = (0..columns.len())
        .filter(|&i| !matches!(columns[i].role, Role::Beside | Role::Mark))
        .collect();
    let all: String = drawn
        .iter()
        .enumerate()
        .map(|(o, &k)| series(x, columns, k, o, line))
        .collect();
    let mut plots = if line {
        format!(
            "<c:lineChart><c:grouping val=\"standard\"/><c:varyColors val=\"0\"/>{all}<c:marker val=\"1\"/>{axes}</c:lineChart>"
        )
    } else {
        let direction = if upright { "col" } else { "bar" };
        let gap = if x.series.len() > 1 && grouping == "clustered" {
            60
        } else {
            45
        };
        let overlap = if grouping == "clustered" {
            ""
        } else {
            "<c:overlap val=\"100\"/>"
        };
        format!(
            "<c:barChart><c:barDir val=\"{direction}\"/><c:grouping val=\"{grouping}\"/><c:varyColors val=\"0\"/>{all}<c:gapWidth val=\"{gap}\"/>{overlap}{axes}</c:barChart>"
        )
    };
    if let Some(k) = columns.iter().position(|c| c.role == Role::Mark) {
        plots.push_str(&format!(
            "<c:lineChart><c:grouping val=\"standard\"/><c:varyColors val=\"0\"/>{}<c:marker val=\"1\"/>{axes}</c:lineChart>",
            series(x, columns, k, drawn.len(), true)
        ));
    }
    let (at_names, at_numbers) = if upright { ("b", "l") } else { ("l", "t") };
    let order = if upright { "minMax" } else { "maxMin" };
    let size = if x.categories.len() > 14 { 1000 } else { 1200 };
    let named = columns
        .iter()
        .filter(|c| !matches!(c.role, Role::Beside | Role::Foot))
        .count()
        > 1;
    let legend = if named {
        let feet: String = (drawn.iter().enumerate())
            .filter(|(_, k)| columns[**k].role == Role::Foot)
            .map(|(o, _)| {
                format!("<c:legendEntry><c:idx val=\"{o}\"/><c:delete val=\"1\"/></c:legendEntry>")
            })
            .collect();
        format!(
            "<c:legend><c:legendPos val=\"b\"/>{feet}<c:overlay val=\"0\"/>{}</c:legend>",
            text(1200, false)
        )
    } else {
        String::new()
    };
    let most = if x.kind == ChartKind::Percent {
        "<c:max val=\"1\"/>"
    } else {
        ""
    };
    let (tag, format) = (
        if x.lang == Lang::Id { "id-ID" } else { "en-GB" },
        if x.kind == ChartKind::Percent {
            "0%"
        } else {
            code(x, None)
        },
    );
    format!(
        "{XML}<c:chartSpace xmlns:c=\"http://schemas.openxmlformats.org/drawingml/2006/chart\" xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" \
         xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><c:date1904 val=\"0\"/><c:lang val=\"{tag}\"/><c:roundedCorners val=\"0\"/>\
         <c:chart><c:autoTitleDeleted val=\"1\"/><c:plotArea><c:layout/>{plots}\
         <c:catAx><c:axId val=\"111\"/><c:scaling><c:orientation val=\"{order}\"/></c:scaling><c:delete val=\"0\"/><c:axPos val=\"{at_names}\"/>\
         <c:numFmt formatCode=\"General\" sourceLinked=\"0\"/><c:majorTickMark val=\"none\"/><c:minorTickMark val=\"none\"/><c:tickLblPos val=\"low\"/>\
         <c:spPr><a:ln w=\"9525\">{}</a:ln></c:spPr>{}<c:crossAx val=\"222\"/><c:crosses val=\"autoZero\"/><c:auto val=\"0\"/><c:lblAlgn val=\"ctr\"/><c:lblOffset val=\"100\"/><c:noMultiLvlLbl val=\"1\"/></c:catAx>\
         <c:valAx><c:axId val=\"222\"/><c:scaling><c:orientation val=\"minMax\"/>{most}<c:min val=\"{}\"/></c:scaling><c:delete val=\"0\"/><c:axPos val=\"{at_numbers}\"/>\
         <c:majorGridlines><c:spPr><a:ln w=\"6350\">{}</a:ln></c:spPr></c:majorGridlines><c:numFmt formatCode=\"{format}\" sourceLinked=\"0\"/>\
         <c:majorTickMark val=\"none\"/><c:minorTickMark val=\"none\"/><c:tickLblPos val=\"{}\"/><c:spPr><a:ln><a:noFill/></a:ln></c:spPr>{}<c:crossAx val=\"111\"/>\
         <c:crosses val=\"autoZero\"/><c:crossBetween val=\"between\"/></c:valAx></c:plotArea>{legend}<c:plotVisOnly val=\"1\"/><c:dispBlanksAs val=\"gap\"/></c:chart>\
         {}<c:externalData r:id=\"rId1\"><c:autoUpdate val=\"0\"/></c:externalData></c:chartSpace>",
        solid("#9AA5B1"),
        text(size, false),
        x.floor,
        solid("#E1E5EA"),
        if upright { "nextTo" } else { "high" },
        text(1100, false),
        text(1200, false),
    )
}
