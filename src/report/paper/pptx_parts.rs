//! The XML of a presentation's parts: theme, master, layout, slides, notes. Measures in points on a slide of 960 × 540.

use super::package::{XML, escape};
use crate::locale::Lang;

/// Width of a slide in points (16:9).
pub const WIDTH: f64 = 960.0;
/// Its height.
pub const HEIGHT: f64 = 540.0;
/// Points → English metric units.
const EMU: f64 = 12_700.0;

/// A rectangle in points.
#[derive(Debug, Clone, Copy)]
pub struct Rect {
    /// Left.
    pub x: f64,
    /// Top.
    pub y: f64,
    /// Width.
    pub w: f64,
    /// Height.
    pub h: f64,
}

/// Where the title stands.
pub const TITLE: Rect = Rect {
    x: 40.0,
    y: 20.0,
    w: 770.0,
    h: 74.0,
};
/// Where the subtitle stands.
pub const SUBTITLE: Rect = Rect {
    x: 40.0,
    y: 96.0,
    w: 880.0,
    h: 24.0,
};
/// What is left for a chart, a table, numbers.
pub const BODY: Rect = Rect {
    x: 40.0,
    y: 128.0,
    w: 880.0,
    h: 364.0,
};
/// Where the source stands.
pub const FOOT: Rect = Rect {
    x: 40.0,
    y: 504.0,
    w: 800.0,
    h: 22.0,
};
const NUMBER: Rect = Rect {
    x: 850.0,
    y: 504.0,
    w: 70.0,
    h: 22.0,
};

/// A line of a panel.
pub struct Face {
    /// What it says.
    pub text: String,
    /// Type size in points.
    pub size: f64,
    /// Bold.
    pub bold: bool,
    /// Theme colour.
    pub colour: &'static str,
}

const SPACES: &str = "xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" \
    xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" \
    xmlns:p=\"http://schemas.openxmlformats.org/presentationml/2006/main\"";

fn place(r: Rect, tag: &str) -> String {
    format!(
        "<{tag}><a:off x=\"{:.0}\" y=\"{:.0}\"/><a:ext cx=\"{:.0}\" cy=\"{:.0}\"/></{tag}>",
        r.x * EMU,
        r.y * EMU,
        r.w * EMU,
        r.h * EMU
    )
}

fn fill(colour: &str) -> String {
    format!("<a:solidFill><a:schemeClr val=\"{colour}\"/></a:solidFill>")
}

fn run(text: &str, size: f64, more: &str) -> String {
    format!(
        "<a:r><a:rPr sz=\"{:.0}\"{more}/><a:t>{}</a:t></a:r>",
        size * 100.0,
        escape(text)
    )
}

const TREE: &str = "<p:nvGrpSpPr><p:cNvPr id=\"1\" name=\"\"/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr><a:xfrm><a:off x=\"0\" y=\"0\"/>\
    <a:ext cx=\"0\" cy=\"0\"/><a:chOff x=\"0\" y=\"0\"/><a:chExt cx=\"0\" cy=\"0\"/></a:xfrm></p:grpSpPr>";

/// The presentation itself.
pub fn presentation(slides: &[String], lang: Lang) -> String {
    let list: String = slides
        .iter()
        .enumerate()
        .map(|(i, id)| format!("<p:sldId id=\"{}\" r:id=\"{id}\"/>", 256 + i))
        .collect();
    let tag = if lang == Lang::Id { "id-ID" } else { "en-GB" };
    format!(
        "{XML}<p:presentation {SPACES} saveSubsetFonts=\"1\"><p:sldMasterIdLst><p:sldMasterId id=\"2147483648\" r:id=\"rId1\"/></p:sldMasterIdLst>\
         <p:notesMasterIdLst><p:notesMasterId r:id=\"rId2\"/></p:notesMasterIdLst><p:sldIdLst>{list}</p:sldIdLst>\
         <p:sldSz cx=\"{:.0}\" cy=\"{:.0}\"/><p:notesSz cx=\"6858000\" cy=\"9144000\"/><p:defaultTextStyle><a:defPPr><a:defRPr lang=\"{tag}\"/></a:defPPr></p:defaultTextStyle></p:presentation>",
        WIDTH * EMU,
        HEIGHT * EMU
    )
}

/// Colours and faces: what an analyst changes to change the look of all slides.
pub fn theme(colours: &[String; 2]) -> String {
    let rgb = |tag: &str, hex: &str| {
        format!(
            "<a:{tag}><a:srgbClr val=\"{}\"/></a:{tag}>",
            hex.trim_start_matches('#')
        )
    };
    let scheme: String = [
        rgb("dk1", "1F2933"),
        rgb("lt1", "FFFFFF"),
        rgb("dk2", "4A5560"),
        rgb("lt2", "F3F6F9"),
        rgb("accent1", &colours[0]),
        rgb("accent2", &colours[1]),
        rgb("accent3", "A9B0B8"),
        rgb("accent4", "5AA0D8"),
        rgb("accent5", "F2B66D"),
        rgb("accent6", "3D4752"),
        rgb("hlink", "0B4F8A"),
        rgb("folHlink", "4A5560"),
    ]
    .concat();
    let font = "<a:latin typeface=\"Arial\"/><a:ea typeface=\"\"/><a:cs typeface=\"\"/>";
    let flat = "<a:solidFill><a:schemeClr val=\"phClr\"/></a:solidFill>".repeat(3);
    let line =
        "<a:ln w=\"9525\"><a:solidFill><a:schemeClr val=\"phClr\"/></a:solidFill></a:ln>".repeat(3);
    let effect = "<a:effectStyle><a:effectLst/></a:effectStyle>".repeat(3);
    format!(
        "{XML}<a:theme xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" name=\"Kantor\"><a:themeElements><a:clrScheme name=\"Kantor\">{scheme}</a:clrScheme>\
         <a:fontScheme name=\"Kantor\"><a:majorFont>{font}</a:majorFont><a:minorFont>{font}</a:minorFont></a:fontScheme><a:fmtScheme name=\"Kantor\">\
         <a:fillStyleLst>{flat}</a:fillStyleLst><a:lnStyleLst>{line}</a:lnStyleLst><a:effectStyleLst>{effect}</a:effectStyleLst><a:bgFillStyleLst>{flat}</a:bgFillStyleLst>\
         </a:fmtScheme></a:themeElements></a:theme>"
    )
}

#[allow(clippy::too_many_arguments)] // what it is, where, how it looks
fn holder(
    id: usize,
    name: &str,
    kind: &str,
    index: Option<u8>,
    at: Rect,
    anchor: &str,
    style: &str,
    sample: &str,
) -> String {
    let index = index.map_or_else(String::new, |i| format!(" idx=\"{i}\""));
    format!(
        "<p:sp><p:nvSpPr><p:cNvPr id=\"{id}\" name=\"{name}\"/><p:cNvSpPr><a:spLocks noGrp=\"1\"/></p:cNvSpPr><p:nvPr><p:ph type=\"{kind}\"{index}/></p:nvPr></p:nvSpPr>\
         <p:spPr>{}<a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></p:spPr><p:txBody><a:bodyPr lIns=\"0\" tIns=\"0\" rIns=\"0\" bIns=\"0\" anchor=\"{anchor}\"><a:normAutofit/></a:bodyPr>\
         <a:lstStyle>{style}</a:lstStyle><a:p>{sample}</a:p></p:txBody></p:sp>",
        place(at, "a:xfrm")
    )
}

fn level(size: u32, bold: bool, colour: &str, align: &str) -> String {
    let b = if bold { " b=\"1\"" } else { "" };
    format!(
        "<a:lvl1pPr marL=\"0\" indent=\"0\" algn=\"{align}\"><a:buNone/><a:defRPr sz=\"{size}\"{b}>{}<a:latin typeface=\"+mn-lt\"/></a:defRPr></a:lvl1pPr>",
        fill(colour)
    )
}

fn holders() -> String {
    let sample = |text: &str| format!("<a:r><a:rPr/><a:t>{text}</a:t></a:r>");
    [
        holder(2, "Temuan", "title", None, TITLE, "b", &level(2800, true, "tx1", "l"), &sample("Temuan")),
        holder(3, "Keterangan", "body", Some(13), SUBTITLE, "ctr", &level(1400, false, "tx2", "l"), &sample("Penduduk dan periode")),
        holder(4, "Sumber", "ftr", Some(11), FOOT, "ctr", &level(1000, false, "tx2", "l"), &sample("Sumber")),
        holder(
            5,
            "Nomor",
            "sldNum",
            Some(12),
            NUMBER,
            "ctr",
            &level(1000, false, "tx2", "r"),
            "<a:fld id=\"{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}\" type=\"slidenum\"><a:rPr/><a:t>‹#›</a:t></a:fld>",
        ),
    ]
    .concat()
}

/// The master: bar in the office's colour, logo, places of title, subtitle, source and number.
pub fn master(logo: Option<(String, (f64, f64))>, name: &str) -> String {
    let bar = Rect {
        x: 0.0,
        y: 0.0,
        w: 12.0,
        h: HEIGHT,
    };
    let bar = format!(
        "<p:sp><p:nvSpPr><p:cNvPr id=\"6\" name=\"Bilah\"/><p:cNvSpPr/><p:nvPr userDrawn=\"1\"/></p:nvSpPr><p:spPr>{}<a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom>{}\
         <a:ln><a:noFill/></a:ln></p:spPr><p:txBody><a:bodyPr/><a:lstStyle/><a:p><a:endParaRPr/></a:p></p:txBody></p:sp>",
        place(bar, "a:xfrm"),
        fill("accent1")
    );
    let logo = logo.map_or_else(String::new, |(id, (w, h))| {
        let at = Rect { x: WIDTH - 40.0 - w, y: 22.0, w, h };
        format!(
            "<p:pic><p:nvPicPr><p:cNvPr id=\"7\" name=\"Logo\" descr=\"{}\"/><p:cNvPicPr><a:picLocks noChangeAspect=\"1\"/></p:cNvPicPr><p:nvPr userDrawn=\"1\"/></p:nvPicPr>\
             <p:blipFill><a:blip r:embed=\"{id}\"/><a:stretch><a:fillRect/></a:stretch></p:blipFill><p:spPr>{}<a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></p:spPr></p:pic>",
            escape(name),
            place(at, "a:xfrm")
        )
    });
    format!(
        "{XML}<p:sldMaster {SPACES}><p:cSld><p:bg><p:bgPr><a:solidFill><a:schemeClr val=\"bg1\"/></a:solidFill><a:effectLst/></p:bgPr></p:bg><p:spTree>{TREE}{bar}{logo}{}</p:spTree></p:cSld>\
         <p:clrMap bg1=\"lt1\" tx1=\"dk1\" bg2=\"lt2\" tx2=\"dk2\" accent1=\"accent1\" accent2=\"accent2\" accent3=\"accent3\" accent4=\"accent4\" accent5=\"accent5\" accent6=\"accent6\" hlink=\"hlink\" folHlink=\"folHlink\"/>\
         <p:sldLayoutIdLst><p:sldLayoutId id=\"2147483649\" r:id=\"rId1\"/></p:sldLayoutIdLst><p:txStyles><p:titleStyle>{}</p:titleStyle><p:bodyStyle>{}</p:bodyStyle><p:otherStyle/></p:txStyles></p:sldMaster>",
        holders(),
        level(2800, true, "tx1", "l"),
        level(1400, false, "tx1", "l"),
    )
}

/// The one layout: a finding and what shows it.
pub fn layout() -> String {
    format!(
        "{XML}<p:sldLayout {SPACES} preserve=\"1\" userDrawn=\"1\"><p:cSld name=\"Temuan\"><p:spTree>{TREE}{}</p:spTree></p:cSld><p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr></p:sldLayout>",
        holders()
    )
}

/// Text in a place of the layout.
pub fn placeholder(id: usize, kind: &str, index: Option<u8>, text: &str, size: f64) -> String {
    let name = match kind {
        "title" => "Temuan",
        "ftr" => "Sumber",
        _ => "Keterangan",
    };
    let index = index.map_or_else(String::new, |i| format!(" idx=\"{i}\""));
    format!(
        "<p:sp><p:nvSpPr><p:cNvPr id=\"{id}\" name=\"{name}\"/><p:cNvSpPr><a:spLocks noGrp=\"1\"/></p:cNvSpPr><p:nvPr><p:ph type=\"{kind}\"{index}/></p:nvPr></p:nvSpPr><p:spPr/>\
         <p:txBody><a:bodyPr/><a:lstStyle/><a:p>{}</a:p></p:txBody></p:sp>",
        run(text, size, "")
    )
}

/// The slide's number.
pub fn slide_number(id: usize, number: usize) -> String {
    format!(
        "<p:sp><p:nvSpPr><p:cNvPr id=\"{id}\" name=\"Nomor\"/><p:cNvSpPr><a:spLocks noGrp=\"1\"/></p:cNvSpPr><p:nvPr><p:ph type=\"sldNum\" idx=\"12\"/></p:nvPr></p:nvSpPr><p:spPr/>\
         <p:txBody><a:bodyPr/><a:lstStyle/><a:p><a:fld id=\"{{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}}\" type=\"slidenum\"><a:rPr/><a:t>{number}</a:t></a:fld></a:p></p:txBody></p:sp>"
    )
}

/// A slide of shapes.
pub fn slide(shapes: &str) -> String {
    format!(
        "{XML}<p:sld {SPACES}><p:cSld><p:spTree>{TREE}{shapes}</p:spTree></p:cSld><p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr></p:sld>"
    )
}

/// A native chart.
pub fn chart_frame(id: usize, relation: &str, name: &str, alt: &str, at: Rect) -> String {
    format!(
        "<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id=\"{id}\" name=\"{}\" descr=\"{}\"/><p:cNvGraphicFramePr><a:graphicFrameLocks noGrp=\"1\"/></p:cNvGraphicFramePr><p:nvPr/></p:nvGraphicFramePr>\
         {}<a:graphic><a:graphicData uri=\"http://schemas.openxmlformats.org/drawingml/2006/chart\"><c:chart xmlns:c=\"http://schemas.openxmlformats.org/drawingml/2006/chart\" r:id=\"{relation}\"/>\
         </a:graphicData></a:graphic></p:graphicFrame>",
        escape(name),
        escape(alt),
        place(at, "p:xfrm")
    )
}

/// A panel with lines one below the other.
pub fn panel(id: usize, name: &str, at: Rect, lines: &[Face]) -> String {
    let text: String = lines
        .iter()
        .map(|l| {
            let bold = if l.bold { " b=\"1\"" } else { "" };
            format!(
                "<a:p><a:r><a:rPr sz=\"{:.0}\"{bold}>{}</a:rPr><a:t>{}</a:t></a:r></a:p>",
                l.size * 100.0,
                fill(l.colour),
                escape(&l.text)
            )
        })
        .collect();
    let strip = Rect { w: 5.0, ..at };
    format!(
        "<p:sp><p:nvSpPr><p:cNvPr id=\"{id}\" name=\"{}\"/><p:cNvSpPr txBox=\"1\"/><p:nvPr/></p:nvSpPr><p:spPr>{}<a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom>{}</p:spPr>\
         <p:txBody><a:bodyPr wrap=\"square\" lIns=\"254000\" tIns=\"101600\" rIns=\"152400\" bIns=\"101600\" anchor=\"ctr\"/><a:lstStyle/>{text}</p:txBody></p:sp>\
         <p:sp><p:nvSpPr><p:cNvPr id=\"{}\" name=\"Tepi\"/><p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr>{}<a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom>{}<a:ln><a:noFill/></a:ln></p:spPr></p:sp>",
        escape(name),
        place(at, "a:xfrm"),
        fill("bg2"),
        id + 20,
        place(strip, "a:xfrm"),
        fill("accent1")
    )
}

/// Small text below what a slide shows.
pub fn caption(id: usize, text: &Face, at: Rect) -> String {
    format!(
        "<p:sp><p:nvSpPr><p:cNvPr id=\"{id}\" name=\"Catatan\"/><p:cNvSpPr txBox=\"1\"/><p:nvPr/></p:nvSpPr><p:spPr>{}<a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom><a:noFill/></p:spPr>\
         <p:txBody><a:bodyPr wrap=\"square\" lIns=\"0\" tIns=\"0\" rIns=\"0\" bIns=\"0\" anchor=\"b\"/><a:lstStyle/><a:p><a:r><a:rPr sz=\"{:.0}\">{}</a:rPr><a:t>{}</a:t></a:r></a:p></p:txBody></p:sp>",
        place(at, "a:xfrm"),
        text.size * 100.0,
        fill(text.colour),
        escape(&text.text)
    )
}

/// How a table looks: widths of its columns and heights of its rows, the header first, in points; which columns stand
/// right; its type.
pub struct TableLook<'a> {
    /// Widths of the columns.
    pub widths: &'a [f64],
    /// Heights of the rows.
    pub heights: &'a [f64],
    /// Which columns stand right.
    pub right: &'a [bool],
    /// Type size.
    pub size: f64,
}

/// A table with a header.
pub fn table_frame(
    id: usize,
    name: &str,
    at: Rect,
    look: &TableLook,
    heads: &[String],
    rows: &[Vec<String>],
) -> String {
    let size = look.size;
    let line =
        |tag: &str, colour: &str, w: u32| format!("<a:{tag} w=\"{w}\">{}</a:{tag}>", fill(colour));
    let none = |tag: &str| format!("<a:{tag} w=\"0\"><a:noFill/></a:{tag}>");
    let cell = |text: &str, right: bool, head: bool| {
        let bold = if head { " b=\"1\"" } else { "" };
        let align = if right { " algn=\"r\"" } else { "" };
        let body = if text.is_empty() {
            format!("<a:endParaRPr sz=\"{:.0}\"/>", size * 100.0)
        } else {
            format!(
                "<a:r><a:rPr sz=\"{:.0}\"{bold}>{}</a:rPr><a:t>{}</a:t></a:r>",
                size * 100.0,
                fill("tx1"),
                escape(text)
            )
        };
        let (under, shade) = if head {
            (line("lnB", "accent1", 19050), fill("bg2"))
        } else {
            (line("lnB", "accent3", 6350), "<a:noFill/>".into())
        };
        format!(
            "<a:tc><a:txBody><a:bodyPr/><a:lstStyle/><a:p><a:pPr{align}/>{body}</a:p></a:txBody><a:tcPr marL=\"50800\" marR=\"50800\" marT=\"38100\" marB=\"38100\" anchor=\"ctr\">{}{}{}{under}{shade}</a:tcPr></a:tc>",
            none("lnL"),
            none("lnR"),
            none("lnT"),
        )
    };
    let columns: String = (look.widths.iter())
        .map(|w| format!("<a:gridCol w=\"{:.0}\"/>", w * EMU))
        .collect();
    let row = |cells: &[String], high: f64, head: bool| {
        let cells: String = (cells.iter().zip(look.right))
            .map(|(t, r)| cell(t, *r, head))
            .collect();
        format!("<a:tr h=\"{:.0}\">{cells}</a:tr>", high * EMU)
    };
    let mut all = String::new();
    let texts = std::iter::once(heads).chain(rows.iter().map(Vec::as_slice));
    for (i, (cells, high)) in texts.zip(look.heights).enumerate() {
        all.push_str(&row(cells, *high, i == 0));
    }
    format!(
        "<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id=\"{id}\" name=\"{0}\" descr=\"{0}\"/><p:cNvGraphicFramePr><a:graphicFrameLocks noGrp=\"1\"/></p:cNvGraphicFramePr><p:nvPr/></p:nvGraphicFramePr>\
         {1}<a:graphic><a:graphicData uri=\"http://schemas.openxmlformats.org/drawingml/2006/table\"><a:tbl><a:tblPr firstRow=\"1\"/><a:tblGrid>{columns}</a:tblGrid>{all}</a:tbl>\
         </a:graphicData></a:graphic></p:graphicFrame>",
        escape(name),
        place(at, "p:xfrm")
    )
}

/// The master of the notes pages.
pub fn notes_master() -> String {
    format!(
        "{XML}<p:notesMaster {SPACES}><p:cSld><p:bg><p:bgPr><a:solidFill><a:schemeClr val=\"bg1\"/></a:solidFill><a:effectLst/></p:bgPr></p:bg><p:spTree>{TREE}{}</p:spTree></p:cSld>\
         <p:clrMap bg1=\"lt1\" tx1=\"dk1\" bg2=\"lt2\" tx2=\"dk2\" accent1=\"accent1\" accent2=\"accent2\" accent3=\"accent3\" accent4=\"accent4\" accent5=\"accent5\" accent6=\"accent6\" hlink=\"hlink\" folHlink=\"folHlink\"/></p:notesMaster>",
        notes_holders("")
    )
}

fn notes_holders(text: &str) -> String {
    format!(
        "<p:sp><p:nvSpPr><p:cNvPr id=\"2\" name=\"Salindia\"/><p:cNvSpPr><a:spLocks noGrp=\"1\" noRot=\"1\" noChangeAspect=\"1\"/></p:cNvSpPr><p:nvPr><p:ph type=\"sldImg\" idx=\"2\"/></p:nvPr></p:nvSpPr>\
         <p:spPr><a:xfrm><a:off x=\"685800\" y=\"1143000\"/><a:ext cx=\"5486400\" cy=\"3086100\"/></a:xfrm><a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom><a:ln w=\"12700\"><a:solidFill><a:prstClr val=\"black\"/></a:solidFill></a:ln></p:spPr></p:sp>\
         <p:sp><p:nvSpPr><p:cNvPr id=\"3\" name=\"Catatan\"/><p:cNvSpPr><a:spLocks noGrp=\"1\"/></p:cNvSpPr><p:nvPr><p:ph type=\"body\" sz=\"quarter\" idx=\"3\"/></p:nvPr></p:nvSpPr>\
         <p:spPr><a:xfrm><a:off x=\"685800\" y=\"4400550\"/><a:ext cx=\"5486400\" cy=\"3600450\"/></a:xfrm><a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></p:spPr>\
         <p:txBody><a:bodyPr/><a:lstStyle/>{}</p:txBody></p:sp>",
        if text.is_empty() {
            "<a:p><a:r><a:rPr/><a:t>Catatan</a:t></a:r></a:p>"
        } else {
            text
        }
    )
}

/// What the speaker reads, a paragraph a line.
pub fn notes(lines: &[String]) -> String {
    let text: String = lines
        .iter()
        .map(|l| format!("<a:p><a:r><a:rPr/><a:t>{}</a:t></a:r></a:p>", escape(l)))
        .collect();
    format!(
        "{XML}<p:notes {SPACES}><p:cSld><p:spTree>{TREE}{}</p:spTree></p:cSld><p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr></p:notes>",
        notes_holders(&text)
    )
}
