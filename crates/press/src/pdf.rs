//! Pages as a PDF.

use jiff::civil::Date;
use krilla::Document as Pdf;
use krilla::color::luma;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::{DateTime, Metadata};
use krilla::page::PageSettings;
use krilla::paint::Stroke;
use krilla::surface::Surface;
use krilla::text::{GlyphId, KrillaGlyph};

use crate::error::PressError;
use crate::font::{Fonts, Glyphs};
use crate::page::{Frame, HEIGHT, Page, Text, WIDTH};

/// Writes pages, as of a day: nothing in the file tells when it was printed.
pub(crate) fn write(
    pages: &[Page],
    title: &str,
    on: Date,
    fonts: &Fonts,
    glyphs: &Glyphs,
) -> Result<Vec<u8>, PressError> {
    let unwritten = |why: &str| PressError::Unwritten(why.to_owned());
    let mut pdf = Pdf::new();
    for page in pages {
        let a4 = PageSettings::from_wh(WIDTH, HEIGHT).ok_or_else(|| unwritten("page"))?;
        let mut sheet = pdf.start_page_with(a4);
        let mut surface = sheet.surface();
        for frame in &page.frames {
            draw(&mut surface, frame);
        }
        for text in &page.texts {
            set(&mut surface, text, fonts, glyphs);
        }
        surface.finish();
        sheet.finish();
    }
    let part = |part: i8| u8::try_from(part).unwrap_or(1);
    let day = DateTime::new(u16::try_from(on.year()).unwrap_or_default())
        .month(part(on.month()))
        .day(part(on.day()));
    pdf.set_metadata(
        Metadata::new()
            .title(title.to_owned())
            .language("zh-CN".to_owned())
            .creator("护童".to_owned())
            .creation_date(day),
    );
    pdf.finish()
        .map_err(|error| unwritten(&format!("{error:?}")))
}

fn draw(surface: &mut Surface<'_>, frame: &Frame) {
    let mut path = PathBuilder::new();
    if let Some(rect) = Rect::from_xywh(frame.x, frame.y, frame.width, frame.height) {
        path.push_rect(rect);
    }
    if let Some(path) = path.finish() {
        surface.set_fill(None);
        surface.set_stroke(Some(Stroke {
            paint: luma::Color::black().into(),
            width: 0.6,
            ..Stroke::default()
        }));
        surface.draw_path(&path);
        surface.set_stroke(None);
    }
}

/// Sets a line, run by run of one font.
fn set(surface: &mut Surface<'_>, text: &Text, fonts: &Fonts, glyphs: &Glyphs) {
    let mut x = text.x;
    let mut run: Vec<KrillaGlyph> = Vec::new();
    let mut begun = (0, text.x);
    let mut flush = |run: &mut Vec<KrillaGlyph>, (face, x): (usize, f32)| {
        if let (Some(face), false) = (fonts.face(face), run.is_empty()) {
            let point = Point::from_xy(x, text.y);
            surface.draw_glyphs(point, run, face.font.clone(), &text.text, text.size, false);
        }
        run.clear();
    };
    for (at, character) in text.text.char_indices() {
        let Some(set) = glyphs.of(character) else {
            continue;
        };
        if set.face != begun.0 || run.is_empty() {
            flush(&mut run, begun);
            begun = (set.face, x);
        }
        let range = at..at + character.len_utf8();
        let glyph = GlyphId::new(set.glyph);
        run.push(KrillaGlyph::new(
            glyph,
            set.advance,
            0.0,
            0.0,
            0.0,
            range,
            None,
        ));
        x += set.advance * text.size;
    }
    flush(&mut run, begun);
}
