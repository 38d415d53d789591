//! The table of a month that a bureau publishes (公示表), as a workbook for A4.
//!
//! **Invariant.** It tells of no child: whatever is of one or two children is left out of every sum, small towns stand
//! together, and the sealed batch is not in it.

use std::collections::BTreeMap;

use domain::allowances::{
    BatchStage, Counted, Disclosure, FEWEST_DISCLOSED, Figure, LineKind, disclosure,
};
use kernel::category::Category;
use kernel::ids::BatchId;
use kernel::money::{Money, MoneyError};
use policy::Funding;
use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};
use store::allowances::{Batch, BatchPart, Published};
use store::work::Work;

use super::error::MonthError;
use super::funding::Funded;
use super::look::look;

/// A4, as spreadsheets number papers.
const A4: u8 = 9;
/// The rows above the towns: the title, and headings in two.
const HEAD: u32 = 3;

/// The table of a batch that was approved, and the name of its file.
///
/// # Errors
/// [`MonthError::NotFound`]; [`MonthError::Unpublished`] before the approval and for a sealed batch,
/// [`MonthError::TooFew`] where the month is of one or two children.
pub async fn publish(work: &mut Work, id: BatchId) -> Result<(String, Vec<u8>), MonthError> {
    let look = look(work, id).await?;
    let batch = &look.batch;
    if batch.sealed || batch.stage < BatchStage::Approved {
        return Err(MonthError::Unpublished);
    }
    let counted: Vec<Counted> = look.parts.iter().filter_map(counted).collect();
    let table = disclosure(&counted)?.ok_or(MonthError::TooFew)?;
    let extras = [LineKind::Arrears, LineKind::Recovery].map(|kind| beside(&look.parts, kind));
    let [arrears, recoveries] = extras;
    let extras = [("补发", arrears?), ("追回", recoveries?)];
    let notes = notes(&table, &extras, look.funding.as_ref())?;
    let bytes = write(batch, &table, &notes).map_err(|_| MonthError::Workbook)?;
    work.apply(&Published(batch)).await?;
    Ok((format!("{}-gongshi.xlsx", batch.month), bytes))
}

fn counted(part: &BatchPart) -> Option<Counted> {
    let (_, town) = part.place.as_ref()?;
    let figure = Figure {
        heads: part.children,
        amount: part.amount,
    };
    Some(Counted {
        town: town.clone(),
        class: part.class?,
        figure,
    })
    .filter(|_| part.kind == LineKind::Regular)
}

/// The money of a batch beside the regular payments; none where it is of too few children to be told of. Of one class there
/// have to be enough: who has lines of two classes is counted in both.
fn beside(parts: &[BatchPart], kind: LineKind) -> Result<Option<Money>, MoneyError> {
    let parts = || parts.iter().filter(|part| part.kind == kind);
    let mut heads: BTreeMap<Option<Category>, i64> = BTreeMap::new();
    for part in parts() {
        *heads.entry(part.class).or_default() += part.children;
    }
    let is_told = heads.values().any(|heads| *heads >= FEWEST_DISCLOSED);
    let amount = Money::sum(parts().map(|part| part.amount))?;
    Ok(is_told.then_some(amount))
}

/// What stands below the table: the rest of the batch's money, what each level of government pays of all that is told, and
/// what the reader has to know.
fn notes(
    table: &Disclosure,
    extras: &[(&str, Option<Money>)],
    funding: Option<&Funded>,
) -> Result<Vec<String>, MoneyError> {
    let mut notes = Vec::new();
    let told = extras
        .iter()
        .filter_map(|(word, amount)| Some((word, (*amount)?)));
    let words: Vec<String> = told
        .clone()
        .map(|(word, amount)| format!("{word} {} 元", amount.grouped()))
        .collect();
    if !words.is_empty() {
        notes.push(format!("另有{}。", words.join("，")));
    }
    if let Some(Funded { rule, .. }) = funding {
        let all = Money::sum(
            told.map(|(_, amount)| amount)
                .chain([table.all.total()?.amount]),
        )?;
        let unverified = if rule.verified { "" } else { "（待核实）" };
        let parts = rule.value.split(all);
        let shares = parts.iter().map(|(level, part)| {
            let (level, percent) = (level.zh(), rule.value.percent(*level));
            format!("{level} {} 元（{percent}%）", part.grouped())
        });
        let shares: Vec<String> = shares.collect();
        notes.push(format!(
            "以上合计 {} 元，资金来源：{}{unverified}。",
            all.grouped(),
            shares.join("，")
        ));
        let Funding {
            budget_code,
            budget_name,
            ..
        } = &rule.value;
        notes.push(format!(
            "预算科目：{budget_code} {budget_name}{unverified}。"
        ));
    }
    notes.push(
        "不足3人的类别、补发和追回不列示，也不计入合计；不足3人的乡镇（街道）合并列示；专项批次不列入本表。"
            .to_owned(),
    );
    Ok(notes)
}

fn write(batch: &Batch, table: &Disclosure, notes: &[String]) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet().set_name("公示表")?;
    let last = u16::try_from(table.columns.len() * 2 + 2).unwrap_or(u16::MAX);
    head(sheet, batch, table, last)?;
    let plain = Format::new().set_border(FormatBorder::Thin);
    let mut row = HEAD;
    for shown in table.rows.iter().chain([&table.all]) {
        let is_all = std::ptr::eq(shown, &table.all);
        let look = match is_all {
            true => plain.clone().set_bold(),
            false => plain.clone(),
        };
        let name = match (&shown.town, is_all) {
            (_, true) => "合计",
            (Some(town), _) => town.as_str(),
            (None, _) => "其他乡镇（街道）",
        };
        sheet.write_string_with_format(row, 0, name, &look)?;
        let total = shown.total().unwrap_or_default();
        for (place, figure) in (0_u16..).zip(shown.figures.iter().chain([&total])) {
            sheet.write_number_with_format(row, place * 2 + 1, heads(figure), &look)?;
            let amount = figure.amount.grouped();
            let right = look.clone().set_align(FormatAlign::Right);
            sheet.write_string_with_format(row, place * 2 + 2, amount, &right)?;
        }
        row += 1;
    }
    for note in notes {
        sheet.write_string(row, 0, note)?;
        row += 1;
    }
    workbook.save_to_buffer()
}

/// Heads as a spreadsheet counts: a month has far fewer children than a number has digits.
fn heads(figure: &Figure) -> u32 {
    u32::try_from(figure.heads).unwrap_or(u32::MAX)
}

fn head(
    sheet: &mut Worksheet,
    batch: &Batch,
    table: &Disclosure,
    last: u16,
) -> Result<(), XlsxError> {
    sheet.set_paper_size(A4);
    sheet.set_landscape();
    sheet.set_print_fit_to_pages(1, 0);
    sheet.set_repeat_rows(1, HEAD - 1)?;
    sheet.set_column_width(0, 20)?;
    sheet.set_column_range_width(1, last, 13)?;
    let title = Format::new()
        .set_bold()
        .set_font_size(16)
        .set_align(FormatAlign::Center);
    let named = format!("{} {}基本生活费发放公示表", batch.month, batch.unit_name);
    sheet.merge_range(0, 0, 0, last, &named, &title)?;
    let heading = Format::new()
        .set_bold()
        .set_border(FormatBorder::Thin)
        .set_align(FormatAlign::Center)
        .set_text_wrap();
    sheet.merge_range(1, 0, 2, 0, "乡镇（街道）", &heading)?;
    let names = table.columns.iter().map(|class| Category::zh(*class));
    for (place, name) in (0_u16..).zip(names.chain(["合计"])) {
        let at = place * 2 + 1;
        sheet.merge_range(1, at, 1, at + 1, name, &heading)?;
        sheet.write_string_with_format(2, at, "人数", &heading)?;
        sheet.write_string_with_format(2, at + 1, "金额（元）", &heading)?;
    }
    Ok(())
}
