//! Ending an appointment.

use jiff::civil::Date;
use kernel::ids::AppointmentId;
use kernel::roles::{Action, can};
use store::accounts::AppointmentEnded;
use store::work::Work;

use super::appointment_error::AppointmentError;

/// Ends an appointment on its last day: never one's own, and never later than it would end anyway.
///
/// # Errors
/// [`AppointmentError::NotFound`] when there is none within reach that can be ended so.
pub async fn end_appointment(
    work: &mut Work,
    appointment: AppointmentId,
    last_day: Date,
) -> Result<(), AppointmentError> {
    if !can(work.role(), Action::Appoint) {
        return Err(AppointmentError::NotFound);
    }
    let ended = AppointmentEnded {
        appointment,
        last_day,
    };
    Ok(work.apply(&ended).await?)
}
