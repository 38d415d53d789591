//! Writing children into a workbook that says who took it, when and what for.
//!
//! **Invariant.** Nobody is written whom the officer may not see, and no secret in full.

use jiff::tz::{Offset, TimeZone};
use kernel::category::Category;
use kernel::division::Division;
use kernel::gazetteer::Gazetteer;
use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};
use store::registry::{ListFilter, Listed, PAGE, files, list, own_name};
use store::work::Work;

use super::case_error::{CaseError, Hindrance};

/// The most children of one export.
pub const MOST_EXPORTED: usize = 50_000;

const HEADINGS: [&str; 10] = [
    "序号",
    "档案编号",
    "姓名",
    "性别",
    "出生日期",
    "身份证号",
    "户籍地",
    "居住地",
    "类别",
    "监护人",
];
/// The row of the headings; the watermark stands above.
const HEADER: u32 = 1;

/// Why there is no workbook.
#[derive(Debug, thiserror::Error)]
pub(super) enum ExportError {
    #[error(transparent)]
    Case(#[from] CaseError),
    #[error("the workbook was not written")]
    Workbook(#[from] XlsxError),
    #[error("the program ended while the workbook was packed")]
    Broken,
}

impl From<store::error::StoreError> for ExportError {
    fn from(error: store::error::StoreError) -> Self {
        Self::Case(error.into())
    }
}

/// Writes the children of a filter, and answers how many and the bytes.
pub(super) async fn write(
    work: &mut Work,
    filter: &ListFilter,
    purpose: &str,
    names: &Gazetteer,
    progress: impl Fn(u64),
) -> Result<(usize, Vec<u8>), ExportError> {
    let watermark = watermark(work, purpose).await?;
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    head(sheet, &watermark)?;
    let (mut after, mut written) = (None, 0);
    loop {
        let page = list(work, filter, after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = Some(last.cursor());
        let guardians = guardians_of(work, &page).await?;
        for (child, guardian) in page.iter().zip(guardians) {
            if written == MOST_EXPORTED {
                return Err(CaseError::from(Hindrance::TooMany).into());
            }
            row(sheet, written, child, guardian.as_deref(), names)?;
            written += 1;
        }
        progress(written as u64);
    }
    let foot = u32::try_from(written)
        .unwrap_or(u32::MAX)
        .saturating_add(HEADER + 2);
    sheet.write(foot, 0, &watermark)?;
    // Packing tens of thousands of rows takes a second or two, in which other requests want to be answered.
    let packed = tokio::task::spawn_blocking(move || workbook.save_to_buffer()).await;
    let bytes = packed.map_err(|_| ExportError::Broken)??;
    Ok((written, bytes))
}

async fn watermark(work: &mut Work, purpose: &str) -> Result<String, CaseError> {
    let name = own_name(work).await?;
    // Civil time is Asia/Shanghai whatever the machine's zone.
    let at = work.now().to_zoned(TimeZone::fixed(Offset::constant(8)));
    let at = at.strftime("%Y-%m-%d %H:%M");
    Ok(format!(
        "导出人：{name}　导出时间：{at}　用途：{purpose}　内部资料，不得外传"
    ))
}

fn head(sheet: &mut Worksheet, watermark: &str) -> Result<(), XlsxError> {
    // A header holds 255 characters, and an ampersand begins a code in it unless it is doubled.
    let printed: String = watermark.chars().take(120).collect();
    let printed = printed.replace('&', "&&");
    sheet.set_header(format!("&L{printed}"));
    sheet.set_footer(format!("&L{printed}&R&P/&N"));
    sheet.write(0, 0, watermark)?;
    let bold = Format::new().set_bold();
    for (column, heading) in (0..).zip(HEADINGS) {
        sheet.write_with_format(HEADER, column, heading, &bold)?;
    }
    sheet.set_freeze_panes(HEADER + 1, 0)?;
    Ok(())
}

/// The name of each child's guardian, in the order of the page.
async fn guardians_of(work: &mut Work, page: &[Listed]) -> Result<Vec<Option<String>>, CaseError> {
    let ids: Vec<_> = page.iter().map(|child| child.child).collect();
    let files = files(work, &ids).await?;
    let guardian = |child: &Listed| {
        let file = files.iter().find(|file| file.child == child.child)?;
        file.facts.guardian_name.clone()
    };
    Ok(page.iter().map(guardian).collect())
}

fn row(
    sheet: &mut Worksheet,
    number: usize,
    child: &Listed,
    guardian: Option<&str>,
    names: &Gazetteer,
) -> Result<(), XlsxError> {
    let row = u32::try_from(number)
        .unwrap_or(u32::MAX)
        .saturating_add(HEADER + 1);
    let place = |division: Division| {
        names
            .get(division)
            .map_or_else(|| division.to_string(), |_| names.path(division))
    };
    let classes: Vec<&str> = child.categories.iter().map(|c| Category::zh(*c)).collect();
    sheet.write(row, 0, (number + 1) as u32)?;
    let cells = [
        Some(child.file_number.clone()),
        Some(child.name.clone()),
        child.sex.map(|sex| sex.zh().to_owned()),
        child.birth.map(|day| day.to_string()),
        child.masked_id.clone(),
        Some(place(child.household)),
        child.residence.map(place),
        Some(classes.join("、")),
        guardian.map(str::to_owned),
    ];
    for (column, cell) in (1..).zip(cells) {
        if let Some(text) = cell {
            // A text is written as a text: what begins with = is no formula.
            sheet.write_string(row, column, text)?;
        }
    }
    Ok(())
}
