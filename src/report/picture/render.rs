//! SVG → outlines, PNG, PDF. The only fonts are the two compiled in, so every machine draws the same.

use super::{Drawing, PictureError, outline};
use crate::locale::Lang;
use chrono::{Datelike, NaiveDate};
use krilla::tagging::{ContentTag, Tag, TagGroup, TagTree};
use krilla_svg::{SurfaceExt, SvgSettings};
use resvg::{tiny_skia, usvg};
use rustc_hash::FxHashMap;
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

/// The texts of a drawing, one after the other.
fn words(d: &Drawing) -> String {
    let all: Vec<&str> = d.labels.iter().map(|l| l.text.as_str()).collect();
    all.join(" ")
}

/// A drawing with all text as outlines, laid out once for every format: it looks the same everywhere.
pub struct Outlines {
    tree: usvg::Tree,
    width: f32,
    height: f32,
    /// Every text of it in the order it was drawn, for those who do not see it and for search.
    words: String,
}

impl Outlines {
    /// Lays out a drawing's text.
    pub fn new(d: &Drawing) -> Result<Outlines, PictureError> {
        Ok(Outlines {
            tree: tree(&d.svg)?,
            width: d.width as f32,
            height: d.height as f32,
            words: words(d),
        })
    }

    /// The drawing as SVG without fonts, with its title and its texts as words beside the outlines.
    pub fn svg(&self, title: &str, lang: Lang) -> String {
        let drawn = outline::svg(&self.tree).unwrap_or_else(|| self.whole_svg());
        let (open, rest) = drawn.split_once('>').unwrap_or((&drawn, ""));
        format!(
            "{open} role=\"img\" lang=\"{}\"><title>{}</title><desc>{}</desc>{rest}",
            lang.tag(),
            quick_xml::escape::escape(title),
            quick_xml::escape::escape(&self.words)
        )
    }

    /// The same whatever it holds: every glyph is written out where it stands.
    fn whole_svg(&self) -> String {
        self.tree.to_string(&usvg::WriteOptions {
            preserve_text: false,
            // A hundredth of a pixel is finer than any printer; the factors of transforms need their digits.
            coordinates_precision: 2,
            indent: usvg::Indent::None,
            attributes_indent: usvg::Indent::None,
            ..usvg::WriteOptions::default()
        })
    }

    /// A PNG, `scale` times the drawing's size.
    pub fn png(&self, scale: f32) -> Result<Vec<u8>, PictureError> {
        let map = self.pixels(scale)?;
        encode(&map, scale).map_err(|e| PictureError(e.to_string()))
    }

    pub(super) fn pixels(&self, scale: f32) -> Result<tiny_skia::Pixmap, PictureError> {
        let size = |x: f32| (x * scale).round() as u32;
        let mut map = tiny_skia::Pixmap::new(size(self.width), size(self.height))
            .ok_or_else(|| PictureError("empty picture".into()))?;
        map.fill(tiny_skia::Color::WHITE);
        let by = tiny_skia::Transform::from_scale(scale, scale);
        resvg::render(&self.tree, by, &mut map.as_mut());
        Ok(map)
    }

    /// A one-page PDF with title, language and one tagged figure whose text alternative is all its words; vector, fonts
    /// embedded.
    pub fn pdf(&self, title: &str, lang: Lang, date: NaiveDate) -> Result<Vec<u8>, PictureError> {
        // A4 is 595 points wide; drawings are made at 794 pixels (96 to the inch).
        let (w, h) = (self.width * 0.75, self.height * 0.75);
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
        let drawn = surface.start_tagged(ContentTag::Other);
        surface
            .draw_svg(&self.tree, size, SvgSettings::default())
            .ok_or_else(|| bad("drawing"))?;
        surface.end_tagged();
        surface.finish();
        page.finish();
        let mut figure = TagGroup::new(Tag::Figure(Some(self.words.clone())));
        figure.push(drawn);
        let mut tree = TagTree::new();
        tree.push(figure);
        document.set_tag_tree(tree);
        document.finish().map_err(|e| bad(&format!("{e:?}")))
    }
}

/// An opaque picture as PNG: with a palette where 256 colours do (a chart has about a hundred: a third of the bytes, and
/// quicker to write), else in full colour.
fn encode(map: &tiny_skia::Pixmap, scale: f32) -> Result<Vec<u8>, png::EncodingError> {
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, map.width(), map.height());
    encoder.set_depth(png::BitDepth::Eight);
    // 1600 pixels are to fill 27 cm: 150 dots to the inch at scale 1.
    let per_metre = (150.0 * scale / 0.0254).round() as u32;
    encoder.set_pixel_dims(Some(png::PixelDimensions {
        xppu: per_metre,
        yppu: per_metre,
        unit: png::Unit::Meter,
    }));
    let data = match palette(map) {
        Some((colours, indices)) => {
            encoder.set_color(png::ColorType::Indexed);
            encoder.set_palette(colours);
            // Higher levels take four times as long for less than two thirds of the size.
            encoder.set_deflate_compression(png::DeflateCompression::Level(1));
            encoder.set_filter(png::Filter::NoFilter);
            indices
        }
        None => {
            encoder.set_color(png::ColorType::Rgb);
            encoder.set_compression(png::Compression::Fast);
            let pixels = map.pixels().iter();
            pixels
                .flat_map(|p| [p.red(), p.green(), p.blue()])
                .collect()
        }
    };
    encoder.write_header()?.write_image_data(&data)?;
    Ok(out)
}

/// The colours of a picture in order of appearance, and every pixel's place among them; `None` for more than 256.
fn palette(map: &tiny_skia::Pixmap) -> Option<(Vec<u8>, Vec<u8>)> {
    let width = map.width() as usize;
    let mut place: FxHashMap<[u8; 4], u8> = FxHashMap::default();
    let mut colours: Vec<u8> = Vec::new();
    let mut indices: Vec<u8> = Vec::with_capacity(map.pixels().len());
    let mut above: &[[u8; 4]] = &[];
    let mut last: Option<([u8; 4], u8)> = None;
    let (pixels, _) = map.data().as_chunks::<4>();
    for row in pixels.chunks_exact(width) {
        // Many rows of a chart are those above them.
        if row == above {
            indices.extend_from_within(indices.len() - width..);
            continue;
        }
        above = row;
        for p in row {
            let at = match last {
                Some((pixel, at)) if pixel == *p => at,
                _ => match place.get(p) {
                    Some(at) => *at,
                    None => {
                        let at = u8::try_from(place.len()).ok()?;
                        place.insert(*p, at);
                        colours.extend(&p[..3]);
                        at
                    }
                },
            };
            last = Some((*p, at));
            indices.push(at);
        }
    }
    Some((colours, indices))
}
