//! Invented ledgers of any length, as a county office would keep them: what benches read, check and import.

use jiff::civil::{Date, date};
use kernel::division::{Division, Level};
use kernel::gazetteer::{Entry, Gazetteer};

use super::chance::Chance;
use super::names::{self, Generation};
use super::numbers::Numbers;

/// The headings of an invented ledger.
pub const LEDGER_HEADINGS: [&str; 14] = [
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

/// The day that invented ledgers state.
pub const LEDGER_DAY: Date = date(2021, 10, 31);

const BORN: (Date, Date) = (date(2006, 1, 1), date(2021, 6, 30));
/// Rows of a hundred whose phone lacks a digit: ledgers without a fault do not exist.
const FAULTY: usize = 1;
const CATEGORIES: &[(&str, usize)] = &[
    ("社会散居孤儿", 9),
    ("事实无人抚养儿童", 22),
    ("重点困境儿童", 24),
    ("农村留守儿童", 45),
];
const GUARDIANS: &[(&str, usize)] = &[("祖父", 50), ("祖母", 30), ("外祖父", 10), ("外祖母", 10)];

/// A row of an invented ledger.
#[derive(Debug, Clone)]
pub struct LedgerRow {
    /// The village the child lives in.
    pub village: Division,
    /// The cells under [`LEDGER_HEADINGS`].
    pub cells: [String; 14],
}

/// Invents ledgers one after the other; no number is given out twice, whatever the ledger.
#[derive(Debug)]
pub struct Ledgers<'g> {
    gazetteer: &'g Gazetteer,
    chance: Chance,
    numbers: Numbers,
}

impl<'g> Ledgers<'g> {
    /// Ledgers that the seed determines.
    #[must_use]
    pub fn new(seed: u64, gazetteer: &'g Gazetteer) -> Self {
        Self {
            gazetteer,
            chance: Chance::stream(seed, "ledgers"),
            numbers: Numbers::default(),
        }
    }

    /// So many rows of a county, village after village; none for a place without villages.
    pub fn of(&mut self, county: Division, rows: usize) -> Vec<LedgerRow> {
        let villages: Vec<&Entry> = self
            .gazetteer
            .within(county)
            .filter(|entry| entry.level == Level::Village)
            .collect();
        let each = rows.div_ceil(villages.len().max(1));
        villages
            .iter()
            .flat_map(|village| std::iter::repeat_n(*village, each))
            .take(rows)
            .enumerate()
            .filter_map(|(at, village)| self.row(at + 1, village))
            .collect()
    }

    fn row(&mut self, number: usize, village: &Entry) -> Option<LedgerRow> {
        let chance = &self.chance;
        let town = self.gazetteer.get(village.parent?)?;
        let (birth, sex) = (chance.day(BORN.0, BORN.1), names::sex(chance));
        let id = self.numbers.resident_id(chance, birth, sex)?;
        let surname = names::surname(chance);
        let relation = chance.weighted(GUARDIANS);
        let elder = if relation.ends_with('母') {
            kernel::resident_id::Sex::Female
        } else {
            kernel::resident_id::Sex::Male
        };
        let mut phone = self.numbers.phone(chance).reveal().to_owned();
        if chance.percent(FAULTY) {
            phone.pop();
        }
        let cells = [
            number.to_string(),
            names::with_surname(chance, surname, Generation::Children, sex),
            sex.zh().to_owned(),
            birth.to_string(),
            id.reveal().to_owned(),
            town.name.to_string(),
            village.name.to_string(),
            names::with_surname(chance, surname, Generation::Grandparents, elder),
            relation.to_owned(),
            phone,
            chance.weighted(CATEGORIES).to_owned(),
            "枣庄农村商业银行".to_owned(),
            self.numbers.card(chance).reveal().to_owned(),
            String::new(),
        ];
        Some(LedgerRow {
            village: village.division,
            cells,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn ledgers_repeat_themselves_and_share_no_number() {
        let county = Division::parse("370481").expect("a code");
        let draw = || {
            let mut ledgers = Ledgers::new(1, Gazetteer::builtin());
            [ledgers.of(county, 3_000), ledgers.of(county, 2_000)].concat()
        };
        let rows = draw();
        assert_eq!(rows.len(), 5_000);
        let ids: HashSet<&str> = rows.iter().map(|row| row.cells[4].as_str()).collect();
        assert_eq!(ids.len(), rows.len());
        assert!(rows.iter().all(|row| county.contains(row.village)));
        let again = draw();
        assert!(rows.iter().zip(&again).all(|(a, b)| a.cells == b.cells));
    }
}
