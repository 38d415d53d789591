//! Ledgers as offices keep them, made for tests and benches: big ones, odd ones, hostile ones.
//!
//! Every child in them is invented: names are drawn from a short list, ids are
//! computed for villages, days and running numbers.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use kernel::division::{Division, Level};
use kernel::gazetteer::Gazetteer;
use rust_xlsxwriter::{Workbook, XlsxError};
use zip::write::SimpleFileOptions;

/// The headings of a usual ledger.
pub const HEADINGS: [&str; 14] = [
    "序号",
    "姓名",
    "性别",
    "出生日期",
    "身份证号",
    "镇（街）",
    "村（居）",
    "监护人姓名",
    "与儿童关系",
    "联系电话",
    "类别",
    "开户行",
    "银行账号",
    "备注",
];

/// A ledger of so many children of 滕州市 without a fault, as rows under [`HEADINGS`].
///
/// The same number always gives the same children; `first` tells files apart.
pub fn children(first: u32, count: u32) -> impl Iterator<Item = [String; 14]> {
    let homes = homes();
    (first..first + count).map(move |number| {
        let (town, village) = &homes[number as usize % homes.len()];
        child(number, town, village)
    })
}

fn homes() -> Vec<(String, String)> {
    let gazetteer = Gazetteer::builtin();
    let county = Division::parse("370481").unwrap_or(Division::COUNTRY);
    let villages = gazetteer
        .within(county)
        .filter(|entry| entry.level == Level::Village);
    villages
        .filter_map(|village| {
            Some((
                gazetteer.get(village.parent?)?.name.to_string(),
                village.name.to_string(),
            ))
        })
        .collect()
}

fn child(number: u32, town: &str, village: &str) -> [String; 14] {
    const SURNAMES: [char; 12] = [
        '孔', '孟', '颜', '曾', '种', '褚', '渠', '满', '龙', '殷', '史', '薛',
    ];
    const GIVEN: [char; 16] = [
        '安', '宁', '嘉', '禾', '沐', '言', '知', '远', '若', '溪', '明', '澜', '景', '初', '念',
        '舒',
    ];
    let (year, month, day) = (
        2006 + number % 15,
        number / 15 % 12 + 1,
        number / 180 % 28 + 1,
    );
    let is_girl = number.is_multiple_of(2);
    // 15 × 12 × 28 days with 1 000 numbers each.
    let order = number / 5040 % 500 * 2 + u32::from(!is_girl);
    // Children born on one day differ in name, so none looks like another's second entry.
    let given = |index: u32| GIVEN[index as usize % GIVEN.len()];
    let round = number / 5040;
    [
        number.to_string(),
        format!(
            "{}{}{}",
            SURNAMES[number as usize % SURNAMES.len()],
            given(number / 3 + round / 16),
            given(round)
        ),
        if is_girl { "女" } else { "男" }.to_owned(),
        format!("{year}-{month:02}-{day:02}"),
        with_check_digit(&format!("370481{year}{month:02}{day:02}{order:03}")),
        town.to_owned(),
        village.to_owned(),
        format!(
            "{}{}",
            SURNAMES[number as usize % SURNAMES.len()],
            given(number / 7)
        ),
        "祖母".to_owned(),
        format!("139{:08}", number),
        "社会散居孤儿".to_owned(),
        "枣庄农村商业银行".to_owned(),
        with_luhn_digit(&format!("62166180{number:010}")),
        String::new(),
    ]
}

/// The 17 digits with the check digit of GB 11643.
#[must_use]
pub fn with_check_digit(digits: &str) -> String {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = digits
        .bytes()
        .zip(WEIGHTS)
        .map(|(digit, weight)| u32::from(digit - b'0') * weight)
        .sum();
    let check = b"10X98765432"[sum as usize % 11];
    format!("{digits}{}", char::from(check))
}

/// The digits with the check digit of a bank card.
#[must_use]
pub fn with_luhn_digit(digits: &str) -> String {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let digit = u32::from(digit - b'0');
            if place % 2 == 1 {
                digit
            } else if digit > 4 {
                digit * 2 - 9
            } else {
                digit * 2
            }
        })
        .sum();
    format!("{digits}{}", (10 - sum % 10) % 10)
}

/// The children as a workbook of Excel 2007 and later, under a title.
///
/// # Errors
/// Only if memory or temporary files fail.
pub fn xlsx(first: u32, count: u32) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    // Texts in the shared table, as spreadsheet programs write them.
    let sheet = workbook.add_worksheet();
    sheet.write_string(0, 0, "滕州市孤儿基本生活保障台账")?;
    for (column, heading) in (0..).zip(HEADINGS) {
        sheet.write_string(1, column, heading)?;
    }
    for (row, child) in (2..).zip(children(first, count)) {
        for (column, value) in (0..).zip(&child) {
            sheet.write_string(row, column, value)?;
        }
    }
    workbook.save_to_buffer()
}

/// The children as comma-separated text, a tab before each id as offices do.
#[must_use]
pub fn csv(first: u32, count: u32) -> String {
    let mut text = HEADINGS.join(",") + "\n";
    for mut child in children(first, count) {
        child[4].insert(0, '\t');
        let _ = writeln!(text, "{}", child.join(","));
    }
    text
}

/// A zip archive of these parts.
///
/// # Errors
/// Only if memory fails.
pub fn zip(parts: &[(&str, &[u8])]) -> Result<Vec<u8>, zip::result::ZipError> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        archive.start_file(*name, SimpleFileOptions::default())?;
        archive.write_all(bytes)?;
    }
    Ok(archive.finish()?.into_inner())
}

/// A workbook with this XML as its sheet and its table of texts.
///
/// # Errors
/// Only if memory fails.
pub fn raw_xlsx(sheet: &[u8], texts: &[u8]) -> Result<Vec<u8>, zip::result::ZipError> {
    const TYPES: &[u8] = br#"<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>"#;
    const PACKAGE: &[u8] = br#"<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
    const WORKBOOK: &[u8] = br#"<?xml version="1.0" encoding="UTF-8"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
    const RELATIONS: &[u8] = br#"<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;
    zip(&[
        ("[Content_Types].xml", TYPES),
        ("_rels/.rels", PACKAGE),
        ("xl/workbook.xml", WORKBOOK),
        ("xl/_rels/workbook.xml.rels", RELATIONS),
        ("xl/sharedStrings.xml", texts),
        ("xl/worksheets/sheet1.xml", sheet),
    ])
}

/// An old workbook whose stream is these records, each a kind and its bytes.
///
/// # Errors
/// Only if memory fails.
pub fn raw_xls(records: &[(u16, Vec<u8>)]) -> std::io::Result<Vec<u8>> {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new()))?;
    let mut stream = file.create_stream("/Workbook")?;
    for (kind, data) in records {
        stream.write_all(&kind.to_le_bytes())?;
        stream.write_all(&u16::try_from(data.len()).unwrap_or(u16::MAX).to_le_bytes())?;
        stream.write_all(data)?;
    }
    stream.flush()?;
    drop(stream);
    Ok(file.into_inner().into_inner())
}
