//! The rules of 2020 and the raise of 2021, which tests bring themselves: nobody knows from which day on the former held.

use kernel::category::Category;
use kernel::money::Money;
use policy::Rulebook;
use policy::allowance::AllowanceRules;

const OF_2020: &str = include_str!("../rules/of_2020.toml");
const RAISE: &str = include_str!("../rules/raise_of_2021.toml");

/// The rules of 2020.
pub fn rules_of_2020() -> AllowanceRules {
    rules(OF_2020)
}

/// The rules of 2020 with the rates of 2021, in force since January and announced at the end of August.
pub fn rules_with_the_raise() -> AllowanceRules {
    rules(&[OF_2020, RAISE].concat())
}

/// What each class brings in a month of 2021.
pub fn raised_rates() -> Vec<(Category, Money)> {
    let rates = rules(RAISE);
    let of = rates.rates().iter();
    of.map(|rate| (rate.class, rate.monthly)).collect()
}

fn rules(toml: &str) -> AllowanceRules {
    let rulebook = Rulebook::parse(toml).expect("the rules are read");
    rulebook.allowances().clone()
}
