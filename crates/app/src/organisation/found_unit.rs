//! Founding a unit under another.

use domain::organisation::UnitPlan;
use kernel::division::Division;
use kernel::ids::UnitId;
use kernel::roles::{Action, can};
use store::accounts::unit_kind;
use store::organisation::{NewUnit, UnitsFounded, division_name};
use store::work::Work;

use super::appointment_error::AppointmentError;

/// Founds the unit that a division has as a matter of course, serving its whole subtree, under `parent`.
///
/// # Errors
/// [`AppointmentError::NotFound`] when the parent or the division is beyond the caller's reach.
pub async fn found_unit(
    work: &mut Work,
    parent: UnitId,
    division: Division,
) -> Result<UnitId, AppointmentError> {
    if !can(work.role(), Action::ManageAccounts) {
        return Err(AppointmentError::NotFound);
    }
    let (_, above) = unit_kind(work, parent).await?;
    if !above.range().contains(&division.code()) {
        return Err(AppointmentError::NotFound);
    }
    let name = division_name(work, division).await?;
    let plan = UnitPlan::of_division(division, &name);
    let id = UnitId::generate(work.now(), work.store().entropy());
    let unit = NewUnit {
        id,
        parent,
        plan: &plan,
    };
    work.apply(&UnitsFounded(&[unit])).await?;
    Ok(id)
}
