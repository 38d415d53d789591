//! What is kept of an uploaded document: pictures are taken anew, so that nothing comes with them that nobody sees, such
//! as where a photograph was taken; a PDF is looked at whether it is one.
//!
//! **Invariant.** No byte of an uploaded picture is kept: what is stored is encoded here from its pixels.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};

/// The most pixels of an edge, and the most bytes a picture may take in memory: 48 million pixels in colour and as many
/// again while it is turned.
const LONGEST_EDGE: u32 = 16_000;
const MOST_BYTES: u64 = 320 << 20;
/// How much of a photograph is kept, of 100: small print stays legible.
const QUALITY: u8 = 88;
/// Where the end of a PDF is looked for, in bytes.
const END_OF_PDF: usize = 2048;

/// A document as it is kept.
#[derive(Debug)]
pub(crate) struct Paper {
    pub(crate) media_type: &'static str,
    pub(crate) content: Vec<u8>,
}

/// What is kept of these bytes; nothing if they are of no kind that is kept, or not what they begin as. A large photograph
/// takes a second or two, in which other requests are answered.
pub(crate) async fn kept_paper(content: &[u8]) -> Option<Paper> {
    let sent = content.to_vec();
    let kept = tokio::task::spawn_blocking(move || kept_of(&sent));
    kept.await.ok().flatten()
}

fn kept_of(content: &[u8]) -> Option<Paper> {
    if content.starts_with(b"%PDF-") {
        return is_pdf(content).then(|| Paper {
            media_type: "application/pdf",
            content: content.to_vec(),
        });
    }
    let format = image::guess_format(content).ok()?;
    match format {
        ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP => taken_anew(content, format),
        _ => None,
    }
}

/// Whether a file that begins as a PDF has a version, a table of its parts, and an end.
fn is_pdf(content: &[u8]) -> bool {
    let version = content.get(5..8).unwrap_or_default();
    let end = &content[content.len().saturating_sub(END_OF_PDF)..];
    let has = |mark: &[u8]| end.windows(mark.len()).any(|part| part == mark);
    matches!(version, [b'1' | b'2', b'.', b'0'..=b'9']) && has(b"startxref") && has(b"%%EOF")
}

/// A picture as its pixels are, upright: what a camera wrote about how it was held is applied and then gone.
fn taken_anew(content: &[u8], format: ImageFormat) -> Option<Paper> {
    let mut limits = Limits::default();
    limits.max_image_width = Some(LONGEST_EDGE);
    limits.max_image_height = Some(LONGEST_EDGE);
    limits.max_alloc = Some(MOST_BYTES);
    let mut reader = ImageReader::with_format(Cursor::new(content), format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().ok()?;
    let turned = decoder.orientation().ok()?;
    let mut picture = DynamicImage::from_decoder(decoder).ok()?;
    picture.apply_orientation(turned);
    let mut bytes = Vec::new();
    // A drawing keeps its edges and its transparency; what is a photograph, as most WebP files are, stays small.
    if format == ImageFormat::Png || picture.color().has_alpha() {
        let out = &mut Cursor::new(&mut bytes);
        picture.write_to(out, ImageFormat::Png).ok()?;
        return Some(Paper {
            media_type: "image/png",
            content: bytes,
        });
    }
    let plain = DynamicImage::ImageRgb8(picture.into_rgb8());
    let encoder = JpegEncoder::new_with_quality(&mut bytes, QUALITY);
    plain.write_with_encoder(encoder).ok()?;
    Some(Paper {
        media_type: "image/jpeg",
        content: bytes,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture() -> DynamicImage {
        let mut picture = image::RgbImage::new(6, 4);
        picture.put_pixel(0, 0, image::Rgb([250, 10, 10]));
        DynamicImage::ImageRgb8(picture)
    }

    /// A JPEG that says where it was taken and that the camera lay on its side.
    fn photograph() -> Vec<u8> {
        let mut bytes = Vec::new();
        let encoder = JpegEncoder::new_with_quality(&mut bytes, 90);
        picture().write_with_encoder(encoder).unwrap();
        // Orientation 6 in a directory of one entry, and a text that must not come through.
        let exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0GPS 34.81N 117.32E";
        let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
        let mut marked = bytes[..2].to_vec();
        marked.extend([0xFF, 0xE1]);
        marked.extend(length);
        marked.extend(exif);
        marked.extend(&bytes[2..]);
        marked
    }

    #[test]
    fn a_photograph_stands_upright_and_no_longer_says_where_it_was_taken() {
        let taken = photograph();
        assert!(taken.windows(3).any(|part| part == b"GPS"));
        let kept = kept_of(&taken).unwrap();
        assert_eq!(kept.media_type, "image/jpeg");
        for mark in [&b"Exif"[..], b"GPS", b"117.32"] {
            assert!(!kept.content.windows(mark.len()).any(|part| part == mark));
        }
        let upright = image::load_from_memory(&kept.content).unwrap();
        assert_eq!((upright.width(), upright.height()), (4, 6));
    }

    #[test]
    fn a_picture_is_one_to_its_last_pixel() {
        let whole = photograph();
        assert!(kept_of(&whole[..whole.len() / 3]).is_none());
        assert!(kept_of(b"\x89PNG\r\n\x1a\n a picture").is_none());
        assert!(kept_of(b"RIFF\x04\0\0\0WAVE").is_none());
        assert!(kept_of(b"GIF89a").is_none() && kept_of(b"<svg/>").is_none());
    }

    #[test]
    fn a_picture_of_many_pixels_is_refused_before_it_is_drawn() {
        let mut bytes = Vec::new();
        let wide = DynamicImage::new_luma8(LONGEST_EDGE + 1, 1);
        let out = &mut Cursor::new(&mut bytes);
        wide.write_to(out, ImageFormat::Png).unwrap();
        assert!(kept_of(&bytes).is_none());
    }

    #[test]
    fn what_only_begins_as_a_pdf_is_none() {
        let whole = b"%PDF-1.7\n1 0 obj <<>> endobj\nstartxref\n9\n%%EOF\n";
        assert_eq!(kept_of(whole).unwrap().content, whole);
        for broken in [
            &b"%PDF-1.7"[..],
            b"%PDF-9.9 startxref %%EOF",
            b"%PDF-<script> startxref %%EOF",
        ] {
            assert!(kept_of(broken).is_none());
        }
    }
}
