//! Letting a colleague know of a sealed child.

use kernel::ids::{ChildId, OfficerId};
use kernel::roles::Action;
use store::registry::{FileConfided, confide as let_know, named_officers};
use store::work::Work;

use super::case_error::{CaseError, Hindrance, file_for};

/// Names a colleague of the own unit for a sealed child: what it is paid is approved by another than who prepares it, and
/// nobody else knows of it. Who is named already stays so, and nothing is written.
///
/// # Errors
/// [`Hindrance::NotAColleague`] where the colleague is of another unit or a post that sees nothing sealed; the same where the
/// child is not sealed or the officer is not named for it, so that the answer does not tell the one from the other.
pub async fn confide(
    work: &mut Work,
    child: ChildId,
    colleague: OfficerId,
) -> Result<(), CaseError> {
    let file = file_for(work, Action::SeeSealed, child).await?;
    let named = named_officers(work, child).await?;
    if named.iter().any(|one| one.officer == colleague) {
        return Ok(());
    }
    if !let_know(work, child, colleague).await? {
        return Err(Hindrance::NotAColleague.into());
    }
    let confided = FileConfided {
        file: &file,
        colleague,
    };
    Ok(work.apply(&confided).await?)
}
