//! Measures a zipped workbook before it is parsed: inflates every part once, keeping nothing.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use super::trouble::Trouble;
use super::xml_scan::{Scan, Tally};
use crate::error::{Bound, Foreign};
use crate::limits::Limits;

/// Checks all bounds of a zipped workbook, and that it is one.
pub(super) fn check(bytes: &[u8], limits: &Limits) -> Result<(), Trouble> {
    check_directory(bytes, limits)?;
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Trouble::damaged("zip"))?;
    check_is_workbook(&archive)?;
    let mut tally = Tally::default();
    let mut inflated = 0;
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).map_err(part_trouble)?;
        let name = part.name().map_err(part_trouble)?.to_ascii_lowercase();
        let is_xml = has_suffix(&name, &[".xml", ".rels"]);
        let is_sheet = is_xml && name.contains("sheet");
        let mut scan = is_xml.then(|| Scan::new(limits, &mut tally));
        let mut size = 0;
        let mut chunk = [0; 32 << 10];
        loop {
            let count = part.read(&mut chunk).map_err(|_| Trouble::damaged("zip"))?;
            if count == 0 {
                break;
            }
            size += count as u64;
            inflated += count as u64;
            if inflated > limits.inflated_bytes {
                return Err(Trouble::TooLarge(
                    Bound::InflatedBytes,
                    limits.inflated_bytes,
                ));
            }
            if let Some(scan) = &mut scan {
                scan.feed(&chunk[..count])?;
            }
            let is_bulky = is_sheet || scan.as_ref().is_some_and(Scan::is_shared_texts);
            if size > limits.part_bytes && !is_bulky {
                return Err(Trouble::TooLarge(Bound::PartBytes, limits.part_bytes));
            }
        }
    }
    Ok(())
}

fn has_suffix(name: &str, suffixes: &[&str]) -> bool {
    suffixes.iter().any(|suffix| name.ends_with(suffix))
}

fn part_trouble(error: zip::result::ZipError) -> Trouble {
    match error {
        zip::result::ZipError::UnsupportedArchive(what)
            if what == zip::result::ZipError::PASSWORD_REQUIRED =>
        {
            Trouble::Encrypted
        }
        _ => Trouble::damaged("zip"),
    }
}

/// The zip reader reserves memory for as many entries as the archive claims:
/// the claims and the entries themselves are counted on the raw bytes first.
fn check_directory(bytes: &[u8], limits: &Limits) -> Result<(), Trouble> {
    let too_many = Err(Trouble::TooLarge(Bound::Parts, limits.parts));
    let mut entries = 0;
    for (at, window) in bytes.windows(4).enumerate() {
        if window[0] != b'P' || window[1] != b'K' {
            continue;
        }
        match [window[2], window[3]] {
            [1, 2] => {
                entries += 1;
                if entries > limits.parts {
                    return too_many;
                }
            }
            [6, 6]
                if claimed_entries(&bytes[at..]).is_some_and(|claimed| claimed > limits.parts) =>
            {
                return too_many;
            }
            _ => {}
        }
    }
    Ok(())
}

/// The entries a zip64 end record claims; chance matches inside packed data are told by its size and versions.
fn claimed_entries(record: &[u8]) -> Option<u64> {
    let u64_at = |at: usize| {
        record
            .get(at..at + 8)
            .and_then(|bytes| bytes.try_into().ok())
            .map(u64::from_le_bytes)
    };
    let is_plausible = u64_at(4)? < 1 << 32;
    is_plausible.then(|| u64_at(24).max(u64_at(32))).flatten()
}

fn check_is_workbook(archive: &ZipArchive<Cursor<&[u8]>>) -> Result<(), Trouble> {
    let has = |wanted: &str| {
        archive
            .file_names()
            .flatten()
            .any(|name| name.trim_start_matches('/').eq_ignore_ascii_case(wanted))
    };
    let has_folder = |wanted: &str| {
        archive
            .file_names()
            .flatten()
            .any(|name| name.starts_with(wanted))
    };
    let foreign = |kind| Err(Trouble::Foreign(kind));
    if has("xl/workbook.bin") {
        foreign(Foreign::BinaryWorkbook)
    } else if has("content.xml") && has("mimetype") {
        foreign(Foreign::OpenDocument)
    } else if has_folder("word/") || has_folder("ppt/") {
        foreign(Foreign::Document)
    } else if !has("[Content_Types].xml") && !has("xl/workbook.xml") {
        foreign(Foreign::Archive)
    } else {
        Ok(())
    }
}
