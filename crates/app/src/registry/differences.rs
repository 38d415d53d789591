//! The differences of a list from the children on file as a workbook that says who took it, when and what for.
//!
//! **Invariant.** No resident id stands in it in full.

use std::collections::HashMap;

use jiff::civil::Date;
use kernel::category::Category;
use kernel::gazetteer::Gazetteer;
use kernel::ids::ChildId;
use ledger::record::ChildRecord;
use rust_xlsxwriter::Workbook;
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

/// The rows of a workbook under their headings.
pub(super) struct Sheet<'a> {
    pub(super) name: &'static str,
    pub(super) headings: &'a [(&'static str, u8)],
    pub(super) rows: Vec<Vec<Option<String>>>,
}

/// The workbook; none where nothing differs.
pub(super) async fn write(
    work: &mut Work,
    differences: &[Shown],
    on: Date,
    purpose: &str,
    names: &Gazetteer,
) -> Result<Option<Vec<u8>>, ExportError> {
    let about = differences.iter().filter_map(|shown| shown.found.child);
    let children = children(work, about.collect(), on).await?;
    let rows = (1..).zip(differences).map(|(number, shown)| {
        let child = shown.found.child.and_then(|child| children.get(&child));
        row(number, shown, child, names)
    });
    let sheet = Sheet {
        name: "差异清单",
        headings: &HEADINGS,
        rows: rows.collect(),
    };
    workbook(work, sheet, purpose).await
}

/// A workbook of one sheet that says who took it, when and what for; none without rows.
pub(super) async fn workbook(
    work: &mut Work,
    of: Sheet<'_>,
    purpose: &str,
) -> Result<Option<Vec<u8>>, ExportError> {
    if of.rows.is_empty() {
        return Ok(None);
    }
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet().set_name(of.name)?;
    let columns: Vec<_> = of
        .headings
        .iter()
        .map(|(heading, width)| column(heading, *width, Tells::Room))
        .collect();
    let watermark = watermark(work, purpose).await?;
    head(sheet, &columns, &watermark, ExportForm::List)?;
    for (number, row) in (HEADER + 1..).zip(of.rows) {
        for (place, cell) in (0..).zip(row) {
            // A text is written as a text: what begins with = is no formula.
            if let Some(cell) = cell {
                sheet.write_string(number, place, cell)?;
            }
        }
    }
    Ok(Some(workbook.save_to_buffer()?))
}

/// Those of these children whom the officer may see.
pub(super) async fn children(
    work: &mut Work,
    about: Vec<ChildId>,
    on: Date,
) -> Result<HashMap<ChildId, Listed>, ExportError> {
    let mut children = HashMap::new();
    for page in about.chunks(PAGE.into()) {
        let page = listed(work, page, on).await?;
        children.extend(page.into_iter().map(|child| (child.child, child)));
    }
    Ok(children)
}

fn row(
    number: u32,
    shown: &Shown,
    child: Option<&Listed>,
    names: &Gazetteer,
) -> Vec<Option<String>> {
    let there = shown.row.as_ref();
    let written = |cell: fn(&ChildRecord) -> &str| there.map(|row| cell(row).trim().to_owned());
    let masked_there = || there?.resident_id.value.as_ref().map(ToString::to_string);
    let classes = |child: &Listed| {
        let classes: Vec<&str> = child.categories.iter().map(|c| Category::zh(*c)).collect();
        classes.join("、")
    };
    vec![
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
    ]
}
