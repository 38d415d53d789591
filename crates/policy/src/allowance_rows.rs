//! The rules about allowances as files write them.
//!
//! The comments on the keys are the words of the published schema.

use kernel::category::Category;
use kernel::money::Money;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;

use crate::allowance::{ClassRule, MAJORITY};
use crate::funding::Funding;
use crate::growth::{Growth, Index, Rounding};
use crate::reading::Row;
use crate::schema::category_code;

/// What a class brings in a place in a whole month. Rates are no gapless series: of those announced and in force the most
/// specific place's latest stands, and where there is none nothing is paid.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RateRow {
    /// The class.
    #[schemars(schema_with = "category_code")]
    pub(crate) class: Category,
    /// Yuan a month, with at most two decimals.
    #[schemars(schema_with = "amount")]
    pub(crate) monthly: Money,
}

impl Row for RateRow {
    const KIND: &'static str = "allowance_rate";

    fn fault(&self) -> Option<String> {
        (self.monthly < Money::ZERO).then(|| "monthly: expected 0.00 or more".to_owned())
    }
}

/// What goes for a class beside its rates, in the whole set of rules: it has no `place`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClassRow {
    /// The class.
    #[schemars(schema_with = "category_code")]
    pub(crate) class: Category,
    /// How many months after that of the decision the first month lies; 1 is the month after.
    pub(crate) start_months_after: u8,
    /// The benefits that are taken off the rate, by their codes.
    pub(crate) deducts: Vec<String>,
    /// Whether study on record carries the allowance past the age.
    pub(crate) study_extends: bool,
    /// The birthday in whose month the allowance ends. Left out: 18.
    #[serde(default = "majority")]
    pub(crate) through_birthday: u8,
    /// Months beyond that one. Left out: 0.
    #[serde(default)]
    pub(crate) extra_months: u16,
}

const fn majority() -> u8 {
    MAJORITY
}

impl Row for ClassRow {
    const KIND: &'static str = "allowance_class";
}

impl ClassRow {
    pub(crate) fn split(self) -> (Category, ClassRule) {
        // A benefit listed twice is still drawn once.
        let mut deducts = self.deducts;
        deducts.sort_unstable();
        deducts.dedup();
        let rule = ClassRule {
            start_months_after: self.start_months_after,
            deducts,
            study_extends: self.study_extends,
            through_birthday: self.through_birthday,
            extra_months: self.extra_months,
        };
        (self.class, rule)
    }
}

/// The reasons for which an allowance ends with the month before a stop; for any other it ends with the month of the stop.
/// It has no `place`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct StopRow {
    /// Their codes.
    pub(crate) ends_month_before: Vec<String>,
}

impl Row for StopRow {
    const KIND: &'static str = "allowance_stop";
}

/// How much of what is paid to a payee may be kept back for what it owes. It has no `place`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ShareRow {
    /// Per cent, 0 to 100.
    #[schemars(range(max = 100))]
    pub(crate) percent: u8,
}

impl Row for ShareRow {
    const KIND: &'static str = "recovery_share";

    fn fault(&self) -> Option<String> {
        (self.percent > 100).then(|| "percent: expected 0 to 100".to_owned())
    }
}

/// Whether every child who draws an allowance is confirmed once a quarter (动态管理). It has no `place`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReviewRow {
    /// Whether there is such a confirmation. Who is not confirmed is told of, and paid.
    pub(crate) quarterly: bool,
}

impl Row for ReviewRow {
    const KIND: &'static str = "allowance_review";
}

/// How the rate of a class follows a published index (自然增长机制). It proposes a rate; nothing changes before one is published.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct GrowthRow {
    /// The class.
    #[schemars(schema_with = "category_code")]
    pub(crate) class: Category,
    /// What it follows.
    pub(crate) index: Index,
    /// What the amount is a multiple of, in yuan with at most two decimals, more than 0.
    #[schemars(schema_with = "amount")]
    pub(crate) step: Money,
    /// Where an amount between two steps goes.
    pub(crate) rounding: Rounding,
    /// Whether the rate falls with its index. Left out: false.
    #[serde(default)]
    pub(crate) may_fall: bool,
}

impl Row for GrowthRow {
    const KIND: &'static str = "allowance_growth";

    fn fault(&self) -> Option<String> {
        (self.step <= Money::ZERO).then(|| "step: expected 0.01 or more".to_owned())
    }
}

impl GrowthRow {
    pub(crate) fn split(self) -> (Category, Growth) {
        let growth = Growth {
            index: self.index,
            step: self.step,
            rounding: self.rounding,
            may_fall: self.may_fall,
        };
        (self.class, growth)
    }
}

/// Which level of government pays how much, and under which heading of the budget (预算科目). It changes nothing that is paid.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FundingRow {
    /// Per cent of the country and the province together, 0 to 100.
    #[schemars(range(max = 100))]
    pub(crate) central_and_province: u8,
    /// Per cent of the city, no more than what that leaves; the county pays the rest.
    #[schemars(range(max = 100))]
    pub(crate) city: u8,
    /// The code of the heading, such as `2081001`.
    pub(crate) budget_code: String,
    /// Its name.
    pub(crate) budget_name: String,
}

impl Row for FundingRow {
    const KIND: &'static str = "allowance_funding";

    fn fault(&self) -> Option<String> {
        let together = u16::from(self.central_and_province) + u16::from(self.city);
        if together > 100 {
            return Some("central_and_province and city: expected 100 or less together".to_owned());
        }
        let is_blank = self.budget_code.trim().is_empty() || self.budget_name.trim().is_empty();
        is_blank.then(|| "budget_code and budget_name: expected words".to_owned())
    }
}

impl FundingRow {
    pub(crate) fn split(self) -> ((), Funding) {
        let funding = Funding {
            central_and_province: self.central_and_province,
            city: self.city,
            budget_code: self.budget_code,
            budget_name: self.budget_name,
        };
        ((), funding)
    }
}

/// An amount of yuan as a text.
fn amount(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "string", "pattern": r"^[0-9]+(\.[0-9]{1,2})?$" })
}
