//! Writing children into a workbook that says who took it, when and what for.
//!
//! **Invariant.** Nobody is written whom the officer may not see, and no secret in full.

use jiff::tz::{Offset, TimeZone};
use kernel::gazetteer::Gazetteer;
use kernel::ids::ChildId;
use rust_xlsxwriter::{Format, FormatBorder, Workbook, Worksheet, XlsxError};
use store::registry::{Listed, PAGE, files, last_ledger, list, listed, own_name};
use store::work::Work;

use super::case_error::{CaseError, Hindrance};
use super::forms::{self, Column, ExportForm, Told};
use super::order::ExportOrder;

/// The most children of one export.
pub const MOST_EXPORTED: usize = 50_000;

/// The row of the headings; the watermark stands above.
pub(super) const HEADER: u32 = 1;
/// A4, as spreadsheets number papers.
const A4: u8 = 9;
/// The height of a row that somebody signs in, in points.
const SIGNING: u16 = 26;

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

/// Writes the children that were chosen, or those of the order's filter, and answers how many and the bytes.
pub(super) async fn write(
    work: &mut Work,
    order: &ExportOrder,
    purpose: &str,
    names: &Gazetteer,
    progress: impl Fn(u64),
) -> Result<(usize, Vec<u8>), ExportError> {
    let columns = columns(work, order).await?;
    let watermark = watermark(work, purpose).await?;
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet().set_name("名册")?;
    head(sheet, &columns, &watermark, order.form)?;
    let (mut pages, mut written) = (Pages::of(order), 0);
    while let Some(page) = pages.next(work).await? {
        let ids: Vec<ChildId> = page.iter().map(|child| child.child).collect();
        let files = files(work, &ids).await?;
        for child in &page {
            if written == MOST_EXPORTED {
                return Err(CaseError::from(Hindrance::TooMany).into());
            }
            let told = Told {
                number: written + 1,
                child,
                file: files.iter().find(|file| file.child == child.child),
                names,
            };
            row(sheet, &columns, &told, order.form)?;
            written += 1;
        }
        progress(written as u64);
    }
    let foot = at(written).saturating_add(1);
    sheet.write(foot, 0, &watermark)?;
    // Packing tens of thousands of rows takes a second or two, in which other requests want to be answered.
    let packed = tokio::task::spawn_blocking(move || workbook.save_to_buffer()).await;
    let bytes = packed.map_err(|_| ExportError::Broken)??;
    Ok((written, bytes))
}

async fn columns(work: &mut Work, order: &ExportOrder) -> Result<Vec<Column>, CaseError> {
    match order.form {
        ExportForm::List => Ok(forms::list()),
        ExportForm::Roster => Ok(forms::roster()),
        ExportForm::Ledger => {
            let last = last_ledger(work, order.within).await?;
            let (name, content) = last.ok_or(Hindrance::NoLedger)?;
            Ok(forms::like_ledger(&name, content).ok_or(Hindrance::NoLedger)?)
        }
    }
}

/// The children of an order, page by page.
struct Pages<'a> {
    order: &'a ExportOrder,
    chosen: std::slice::Chunks<'a, ChildId>,
    after: Option<store::registry::ListedUpTo>,
}

impl<'a> Pages<'a> {
    fn of(order: &'a ExportOrder) -> Self {
        Self {
            order,
            chosen: order.chosen.chunks(PAGE.into()),
            after: None,
        }
    }

    /// The next page; of those chosen it may be empty where none of them is in sight any more.
    async fn next(&mut self, work: &mut Work) -> Result<Option<Vec<Listed>>, CaseError> {
        if let Some(part) = self.chosen.next() {
            return Ok(Some(listed(work, part, self.order.on).await?));
        }
        if !self.order.chosen.is_empty() {
            return Ok(None);
        }
        let page = list(work, &self.order.filter(), self.after, PAGE).await?;
        self.after = page.last().map(Listed::cursor);
        Ok(Some(page).filter(|page| !page.is_empty()))
    }
}

pub(super) async fn watermark(work: &mut Work, purpose: &str) -> Result<String, CaseError> {
    let name = own_name(work).await?;
    // Civil time is Asia/Shanghai whatever the machine's zone.
    let at = work.now().to_zoned(TimeZone::fixed(Offset::constant(8)));
    let at = at.strftime("%Y-%m-%d %H:%M");
    Ok(format!(
        "导出人：{name}　导出时间：{at}　用途：{purpose}　内部资料，不得外传"
    ))
}

/// The watermark, the headings, and how the sheet comes out on paper.
pub(super) fn head(
    sheet: &mut Worksheet,
    columns: &[Column],
    watermark: &str,
    form: ExportForm,
) -> Result<(), XlsxError> {
    // A header holds 255 characters, and an ampersand begins a code in it unless it is doubled.
    let printed: String = watermark.chars().take(120).collect();
    let printed = printed.replace('&', "&&");
    sheet.set_header(format!("&L{printed}"));
    sheet.set_footer(format!("&L{printed}&R&P/&N"));
    sheet.set_paper_size(A4);
    sheet.set_landscape();
    sheet.set_print_fit_to_pages(1, 0);
    sheet.set_repeat_rows(HEADER, HEADER)?;
    sheet.write(0, 0, watermark)?;
    let heading = ruled(form).set_bold();
    for (place, column) in (0..).zip(columns) {
        sheet.set_column_width(place, column.width)?;
        sheet.write_string_with_format(HEADER, place, &column.heading, &heading)?;
    }
    sheet.set_freeze_panes(HEADER + 1, 0)?;
    Ok(())
}

/// A cell's look: what is signed on paper has lines.
fn ruled(form: ExportForm) -> Format {
    match form {
        ExportForm::Roster => Format::new().set_border(FormatBorder::Thin).set_text_wrap(),
        ExportForm::List | ExportForm::Ledger => Format::new(),
    }
}

/// The row that the child of this number, counted from one, stands in; the last one's row where there is none.
fn at(number: usize) -> u32 {
    u32::try_from(number)
        .unwrap_or(u32::MAX)
        .saturating_add(HEADER)
}

fn row(
    sheet: &mut Worksheet,
    columns: &[Column],
    told: &Told<'_>,
    form: ExportForm,
) -> Result<(), XlsxError> {
    let (row, look) = (at(told.number), ruled(form));
    if form == ExportForm::Roster {
        sheet.set_row_height(row, SIGNING)?;
    }
    for (place, column) in (0..).zip(columns) {
        match told.text(column.tells) {
            // A text is written as a text: what begins with = is no formula.
            Some(text) => sheet.write_string_with_format(row, place, text, &look)?,
            None if form == ExportForm::Roster => sheet.write_blank(row, place, &look)?,
            None => continue,
        };
    }
    Ok(())
}
