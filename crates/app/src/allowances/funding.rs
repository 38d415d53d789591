//! 资金来源: what of a batch each level of government pays.

use kernel::ids::UnitId;
use kernel::money::Money;
use kernel::month::Month;
use policy::{Funding, FundingLevel, Parameter, Rulebook};
use store::allowances::place_of_unit;
use store::error::StoreError;
use store::work::Work;

/// An amount by the levels that pay it.
#[derive(Debug, Clone)]
pub struct Funded {
    /// The rule.
    pub rule: Parameter<Funding>,
    /// What each level pays; the parts add up to the amount.
    pub parts: [(FundingLevel, Money); 3],
}

/// What of an amount that this unit pays in a month each level of government bears; none where the rules do not say.
pub(super) async fn funded(
    work: &mut Work,
    unit: UnitId,
    month: Month,
    amount: Money,
) -> Result<Option<Funded>, StoreError> {
    let place = place_of_unit(work, unit).await?;
    let rule = Rulebook::builtin().funding(month.first(), place).ok();
    Ok(rule.map(|rule| Funded {
        parts: rule.value.split(amount),
        rule: rule.clone(),
    }))
}
