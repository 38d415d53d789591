//! Numbers of people who do not exist: resident ids, phones, bank cards.
//!
//! **Invariant.** No number is given out twice in a city. Phones and cards lie in ranges that were never allotted, so
//! nobody is rung and nothing is paid; a resident id has no such range and is merely random.

use std::collections::HashSet;

use domain::registry::Hidden;
use jiff::civil::Date;
use kernel::resident_id::{ResidentId, Sex};

use super::chance::Chance;

/// Mobile ranges that no operator had been given by 2022.
const UNALLOTTED: &[&str] = &["154", "161", "164", "194"];

/// A bank card begins with 62; 6299 is, as far as known, no bank's.
const CARD: &str = "6299";

/// Where people of the city come from if not from it: neighbouring counties and places of work, as a resident id's
/// first six digits.
#[rustfmt::skip]
const ELSEWHERE: &[(i64, usize)] = &[
    (370_826, 5), (370_883, 4), (371_324, 5), (371_326, 3), (320_305, 4), (320_322, 4), (320_382, 4), (370_102, 1),
    (370_203, 1), (310_115, 1), (320_505, 1), (330_782, 1), (341_322, 2), (411_481, 1), (510_722, 1), (522_401, 1),
];

/// 滕县 until 1988, when it became 滕州市: those first registered before keep its code.
const TENGZHOU: i64 = 370_481;
const TENGXIAN: i64 = 370_421;

/// What has been given out so far.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    given_out: HashSet<String>,
}

impl Numbers {
    /// A resident id that agrees with birth and sex; `None` for births before 1900, which no id can hold.
    pub(super) fn resident_id(
        &mut self,
        chance: &Chance,
        place: i64,
        birth: Date,
        sex: Sex,
    ) -> Option<ResidentId> {
        let parity = usize::from(sex == Sex::Male);
        let first = chance.below(500);
        (first..first + 500).find_map(|at| {
            let stem = format!(
                "{place:06}{:04}{:02}{:02}{:03}",
                birth.year(),
                birth.month(),
                birth.day(),
                (at % 500) * 2 + parity
            );
            let id = with_check_character(&stem)?;
            self.given_out.insert(stem).then_some(id)
        })
    }

    /// A mobile number.
    pub(super) fn phone(&mut self, chance: &Chance) -> Hidden {
        Hidden::new(self.fresh(|| {
            let range = chance.pick(UNALLOTTED);
            format!("{range}{:08}", chance.below(100_000_000))
        }))
    }

    /// A bank card of nineteen digits that passes Luhn's check.
    pub(super) fn card(&mut self, chance: &Chance) -> Hidden {
        Hidden::new(self.fresh(|| {
            let stem = format!("{CARD}{:014}", chance.below(100_000_000_000_000));
            let check = luhn_digit(&stem);
            format!("{stem}{check}")
        }))
    }

    /// Draws until the number is new; the ranges are thousands of times larger than the city.
    fn fresh(&mut self, draw: impl Fn() -> String) -> String {
        loop {
            let number = draw();
            if self.given_out.insert(number.clone()) {
                return number;
            }
        }
    }
}

/// Where a person of this county was first registered: mostly there.
pub(super) fn place_of_registration(
    chance: &Chance,
    county: i64,
    birth: Date,
    percent_elsewhere: usize,
) -> i64 {
    if chance.percent(percent_elsewhere) {
        chance.weighted(ELSEWHERE)
    } else if county == TENGZHOU && birth.year() < 1988 {
        TENGXIAN
    } else {
        county
    }
}

/// The one check character that fits, found by asking the type that knows the standard.
fn with_check_character(stem: &str) -> Option<ResidentId> {
    let mut number = stem.as_bytes().to_vec();
    number.push(b'0');
    b"0123456789X".iter().find_map(|check| {
        *number.last_mut()? = *check;
        ResidentId::parse_bytes(&number).ok()
    })
}

/// The last digit that makes Luhn's sum a multiple of ten.
fn luhn_digit(stem: &str) -> u32 {
    let sum: u32 = stem
        .chars()
        .rev()
        .filter_map(|digit| digit.to_digit(10))
        .enumerate()
        .map(|(at, digit)| match digit * 2 {
            _ if at % 2 == 1 => digit,
            doubled => doubled / 10 + doubled % 10,
        })
        .sum();
    (10 - sum % 10) % 10
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn luhn_agrees_with_the_textbook() {
        assert_eq!(luhn_digit("7992739871"), 3);
        assert_eq!(luhn_digit("0"), 0);
    }

    #[test]
    fn a_day_has_five_hundred_ids_a_sex_and_no_more() {
        let (mut numbers, chance) = (Numbers::default(), Chance::stream(1, "ids"));
        let mut draw = |sex| numbers.resident_id(&chance, 370_402, date(2012, 3, 4), sex);
        let ids: HashSet<_> = std::iter::from_fn(|| draw(Sex::Female)).collect();
        assert_eq!(ids.len(), 500);
        assert!(ids.iter().all(|id| id.sex() == Sex::Female));
        assert_eq!(draw(Sex::Male).map(|id| id.birth()), Some(date(2012, 3, 4)));
    }

    #[test]
    fn those_born_before_tengzhou_was_a_city_keep_the_countys_code() {
        let chance = Chance::stream(1, "places");
        let place = |year| place_of_registration(&chance, TENGZHOU, date(year, 5, 1), 0);
        assert_eq!((place(1987), place(1988)), (TENGXIAN, TENGZHOU));
    }
}
