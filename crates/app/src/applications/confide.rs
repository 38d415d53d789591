//! Letting a colleague know of a sealed application.

use kernel::ids::{ApplicationId, OfficerId};
use kernel::roles::Action;
use store::applications::{Confided, confide as let_know};
use store::work::Work;

use super::error::{ApplicationError, Obstacle, seen};

/// Names a colleague of the own unit for a sealed application: three people take part in a decision, and nobody else
/// knows of it.
///
/// # Errors
/// [`Obstacle::NotAColleague`] where the colleague is of another unit or a post that sees nothing sealed, or the
/// application is not sealed.
pub async fn confide(
    work: &mut Work,
    id: ApplicationId,
    colleague: OfficerId,
) -> Result<(), ApplicationError> {
    let application = seen(work, Action::SeeSealed, id).await?;
    if !application.is_sealed() || !let_know(work, id, colleague).await? {
        return Err(Obstacle::NotAColleague.into());
    }
    let confided = Confided {
        application: id,
        household: application.household,
        colleague,
    };
    Ok(work.apply(&confided).await?)
}
