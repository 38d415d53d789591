//! Numbers of people who do not exist: resident ids, phones, bank cards.
//!
//! **Invariant.** No number is given out twice in a city. Phones and cards lie in ranges that were never allotted, so
//! nobody is rung and nothing is paid; resident ids begin with a county code that no county ever had.

use std::collections::HashSet;

use domain::registry::Hidden;
use jiff::civil::Date;
use kernel::resident_id::{ResidentId, Sex};

use super::chance::Chance;

/// Mobile ranges that no operator had been given by 2022.
const UNALLOTTED: &[&str] = &["154", "161", "164", "194"];

/// A bank card begins with 62; 6299 is, as far as known, no bank's.
const CARD: &str = "6299";

/// First registered in 枣庄, in a county whose code was never given to any: no living person's id begins so.
const NOBODYS_COUNTY: i64 = 370_499;

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
        birth: Date,
        sex: Sex,
    ) -> Option<ResidentId> {
        let parity = usize::from(sex == Sex::Male);
        let first = chance.below(500);
        (first..first + 500).find_map(|at| {
            let stem = format!(
                "{NOBODYS_COUNTY}{:04}{:02}{:02}{:03}",
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
    use kernel::division::Division;
    use kernel::gazetteer::Gazetteer;

    use super::*;

    #[test]
    fn luhn_agrees_with_the_textbook() {
        assert_eq!(luhn_digit("7992739871"), 3);
        assert_eq!(luhn_digit("0"), 0);
    }

    #[test]
    fn a_day_has_five_hundred_ids_a_sex_and_no_more() {
        let (mut numbers, chance) = (Numbers::default(), Chance::stream(1, "ids"));
        let mut draw = |sex| numbers.resident_id(&chance, date(2012, 3, 4), sex);
        let ids: HashSet<_> = std::iter::from_fn(|| draw(Sex::Female)).collect();
        assert_eq!(ids.len(), 500);
        assert!(ids.iter().all(|id| id.sex() == Sex::Female));
        assert_eq!(draw(Sex::Male).map(|id| id.birth()), Some(date(2012, 3, 4)));
    }

    #[test]
    fn no_id_can_be_a_living_persons() {
        let county = Division::parse(&NOBODYS_COUNTY.to_string()).expect("a code");
        assert!(Gazetteer::builtin().get(county).is_none());
    }
}
