//! Ending an appointment.

use jiff::civil::Date;
use kernel::ids::AppointmentId;
use kernel::roles::{Action, can};
use store::accounts::{AppointmentEnded, held, is_last_confirmer};
use store::work::Work;

use super::appointment_error::AppointmentError;

/// Ends an appointment on its last day: never one's own, and never later than it would end anyway. A last day before the
/// first takes it back: it has never held.
///
/// # Errors
/// [`AppointmentError::NotFound`] when there is none within reach that can be ended so;
/// [`AppointmentError::LastConfirmer`].
pub async fn end_appointment(
    work: &mut Work,
    appointment: AppointmentId,
    last_day: Date,
) -> Result<(), AppointmentError> {
    if !can(work.role(), Action::Appoint) {
        return Err(AppointmentError::NotFound);
    }
    held(work, appointment).await?;
    if is_last_confirmer(work, appointment, last_day).await? {
        return Err(AppointmentError::LastConfirmer);
    }
    let ended = AppointmentEnded {
        appointment,
        last_day,
    };
    Ok(work.apply(&ended).await?)
}
