//! The differences from the national system as a workbook that says who took it, when and what for.
//!
//! **Invariant.** No resident id stands in it in full.

use std::collections::HashMap;

use jiff::civil::Date;
use kernel::category::Category;
use kernel::gazetteer::Gazetteer;
use kernel::ids::ChildId;
use ledger::record::ChildRecord;
use rust_xlsxwriter::{Workbook, Worksheet, XlsxError};
use store::registry::{Listed, PAGE, listed};
use store::work::Work;

use super::export::{ExportError, HEADER, head, watermark};
use super::forms::{ExportForm, Tells, column};
use super::national::Shown;

const HEADINGS: [(&str, u8); 10] = [
    ("序号", 6),
    ("差异", 22),
    ("姓名", 12),
    ("身份证号", 22),
    ("户籍地", 36),
    ("本系统类别", 24),
    ("全国系统编号", 18),
    ("全国系统类别", 20),
    ("全国系统状态", 14),
    ("名单行号", 10),
];

/// The workbook; none where nothing differs.
pub(super) async fn write(
    work: &mut Work,
    differences: &[Shown],
    on: Date,
    purpose: &str,
    names: &Gazetteer,
) -> Result<Option<Vec<u8>>, ExportError> {
    if differences.is_empty() {
        return Ok(None);
    }
    let children = children(work, differences, on).await?;
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let columns = HEADINGS.map(|(heading, width)| column(heading, width, Tells::Room));
    let watermark = watermark(work, purpose).await?;
    head(sheet, &columns, &watermark, ExportForm::List)?;
    for (number, shown) in (1..).zip(differences) {
        let child = shown.found.child.and_then(|child| children.get(&child));
        row(sheet, number, shown, child, names)?;
    }
    Ok(Some(workbook.save_to_buffer()?))
}

/// Those on file that a difference is about.
async fn children(
    work: &mut Work,
    differences: &[Shown],
    on: Date,
) -> Result<HashMap<ChildId, Listed>, ExportError> {
    let about: Vec<ChildId> = differences
        .iter()
        .filter_map(|shown| shown.found.child)
        .collect();
    let mut children = HashMap::new();
    for page in about.chunks(PAGE.into()) {
        let page = listed(work, page, on).await?;
        children.extend(page.into_iter().map(|child| (child.child, child)));
    }
    Ok(children)
}

fn row(
    sheet: &mut Worksheet,
    number: u32,
    shown: &Shown,
    child: Option<&Listed>,
    names: &Gazetteer,
) -> Result<(), XlsxError> {
    let there = shown.row.as_ref();
    let written = |cell: fn(&ChildRecord) -> &str| there.map(|row| cell(row).trim().to_owned());
    let masked_there = || there?.resident_id.value.as_ref().map(ToString::to_string);
    let classes = |child: &Listed| {
        let classes: Vec<&str> = child.categories.iter().map(|c| Category::zh(*c)).collect();
        classes.join("、")
    };
    let cells = [
        Some(number.to_string()),
        Some(shown.found.difference.zh().to_owned()),
        child
            .map(|child| child.name.clone())
            .or_else(|| written(|row| &row.name.raw)),
        child
            .and_then(|child| child.masked_id.clone())
            .or_else(masked_there),
        child.map(|child| names.path(child.household)),
        child.map(classes),
        written(|row| &row.national_number.raw),
        written(|row| &row.category.raw),
        written(|row| &row.state.raw),
        shown.found.row.map(|row| row.to_string()),
    ];
    for (place, cell) in (0..).zip(cells) {
        // A text is written as a text: what begins with = is no formula.
        if let Some(cell) = cell {
            sheet.write_string(HEADER + number, place, cell)?;
        }
    }
    Ok(())
}
