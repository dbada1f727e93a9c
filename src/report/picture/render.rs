//! SVG → outlines, PNG, PDF. The only fonts are the two compiled in, so every machine draws the same.

use super::{Drawing, PictureError};
use crate::locale::Lang;
use chrono::{Datelike, NaiveDate};
use krilla_svg::{SurfaceExt, SvgSettings};
use resvg::{tiny_skia, usvg};
use std::sync::{Arc, OnceLock};

/// IBM Plex Sans, SIL Open Font License 1.1.
pub(super) const REGULAR: &[u8] =
    include_bytes!("../../../report-templates/fonts/IBMPlexSans-Regular.ttf");
pub(super) const BOLD: &[u8] =
    include_bytes!("../../../report-templates/fonts/IBMPlexSans-SemiBold.ttf");

fn options() -> usvg::Options<'static> {
    static FONTS: OnceLock<Arc<usvg::fontdb::Database>> = OnceLock::new();
    let fonts = FONTS.get_or_init(|| {
        let mut db = usvg::fontdb::Database::new();
        db.load_font_data(REGULAR.to_vec());
        db.load_font_data(BOLD.to_vec());
        Arc::new(db)
    });
    usvg::Options {
        fontdb: fonts.clone(),
        font_family: "IBM Plex Sans".into(),
        ..usvg::Options::default()
    }
}

pub(super) fn tree(svg: &str) -> Result<usvg::Tree, PictureError> {
    usvg::Tree::from_str(svg, &options()).map_err(|e| PictureError(e.to_string()))
}

/// The drawing with all text as outlines: it looks the same everywhere.
pub fn svg(d: &Drawing) -> Result<String, PictureError> {
    Ok(tree(&d.svg)?.to_string(&usvg::WriteOptions {
        preserve_text: false,
        ..usvg::WriteOptions::default()
    }))
}

/// A PNG, `scale` times the drawing's size.
pub fn png(d: &Drawing, scale: f32) -> Result<Vec<u8>, PictureError> {
    let tree = tree(&d.svg)?;
    let (w, h) = (
        (d.width as f32 * scale).round() as u32,
        (d.height as f32 * scale).round() as u32,
    );
    let mut map =
        tiny_skia::Pixmap::new(w, h).ok_or_else(|| PictureError("empty picture".into()))?;
    map.fill(tiny_skia::Color::WHITE);
    resvg::render(
        &tree,
        tiny_skia::Transform::from_scale(scale, scale),
        &mut map.as_mut(),
    );
    map.encode_png().map_err(|e| PictureError(e.to_string()))
}

/// A one-page PDF with title and language; vector, fonts embedded.
pub fn pdf(d: &Drawing, title: &str, lang: Lang, date: NaiveDate) -> Result<Vec<u8>, PictureError> {
    let tree = tree(&d.svg)?;
    // A4 is 595 points wide; drawings are made at 794 pixels (96 to the inch).
    let (w, h) = (d.width as f32 * 0.75, d.height as f32 * 0.75);
    let bad = |what: &str| PictureError(format!("pdf: {what}"));
    let mut document = krilla::Document::new();
    let stamp = krilla::metadata::DateTime::new(date.year() as u16)
        .month(date.month() as u8)
        .day(date.day() as u8);
    let meta = krilla::metadata::Metadata::new()
        .title(title.to_owned())
        .language(lang.tag().to_owned())
        .creation_date(stamp);
    document.set_metadata(meta);
    let settings = krilla::page::PageSettings::from_wh(w, h).ok_or_else(|| bad("page size"))?;
    let mut page = document.start_page_with(settings);
    let mut surface = page.surface();
    let size = krilla::geom::Size::from_wh(w, h).ok_or_else(|| bad("size"))?;
    surface
        .draw_svg(&tree, size, SvgSettings::default())
        .ok_or_else(|| bad("drawing"))?;
    surface.finish();
    page.finish();
    document.finish().map_err(|e| bad(&format!("{e:?}")))
}
