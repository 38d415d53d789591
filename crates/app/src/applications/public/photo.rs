//! Photographs of papers, taken anew from their pixels as the console's are.

use std::sync::LazyLock;

use store::accounts::TicketCode;
use store::applications::public::{PublicStore, drop_photo as drop_kept, keep_photo as keep};
use tokio::sync::Semaphore;

use super::case::known;
use super::error::{PublicError, PublicObstacle};
use super::patience::{Visit, visit};
use crate::registry::kept_paper;

/// The largest photograph, in bytes.
pub const LARGEST_PHOTO: usize = 8 << 20;

/// How many photographs are in hand at once: each may take 320 MB while it is drawn.
static IN_HAND: LazyLock<Semaphore> = LazyLock::new(|| Semaphore::new(2));

/// Keeps the photograph of a paper, in place of an earlier one.
///
/// # Errors
/// [`PublicObstacle::PhotoSize`], [`PublicObstacle::PhotoKind`], [`PublicObstacle::NoRoom`],
/// [`PublicObstacle::Submitted`]; [`PublicError::NoSuchCase`], [`PublicError::Wait`].
pub async fn keep_photo(
    store: &PublicStore,
    address: &str,
    (code, number): (&TicketCode, &str),
    paper: &str,
    pixels: &[u8],
) -> Result<(), PublicError> {
    if !is_paper(paper) {
        return Err(PublicError::Misfit("paper"));
    }
    if pixels.is_empty() || pixels.len() > LARGEST_PHOTO {
        return Err(PublicObstacle::PhotoSize.into());
    }
    let (case, proof) = known(store, address, code, number).await?;
    if case.form.is_none() {
        return Err(PublicObstacle::Submitted.into());
    }
    visit(store, address, Visit::Saves).await?;
    let _turn = IN_HAND.acquire().await;
    let kept = kept_paper(pixels).await.ok_or(PublicObstacle::PhotoKind)?;
    if !kept.media_type.starts_with("image/") {
        return Err(PublicObstacle::PhotoKind.into());
    }
    match keep(store, &proof, paper, kept.media_type, &kept.content).await? {
        Some(true) => Ok(()),
        Some(false) => Err(PublicObstacle::NoRoom.into()),
        None => Err(PublicObstacle::Submitted.into()),
    }
}

/// Takes the photograph of a paper out again.
///
/// # Errors
/// [`PublicError::NoSuchCase`], [`PublicError::Wait`].
pub async fn drop_photo(
    store: &PublicStore,
    address: &str,
    (code, number): (&TicketCode, &str),
    paper: &str,
) -> Result<(), PublicError> {
    let (_, proof) = known(store, address, code, number).await?;
    visit(store, address, Visit::Saves).await?;
    drop_kept(store, &proof, paper).await?;
    Ok(())
}

/// A paper's code, and a number behind it for its further pages: `household_register.2`.
fn is_paper(code: &str) -> bool {
    let (paper, page) = code.split_once('.').unwrap_or((code, "2"));
    let letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    (1..=50).contains(&paper.len()) && paper.chars().all(letter) && matches!(page, "2" | "3" | "4")
}

#[cfg(test)]
mod tests {
    use super::is_paper;

    #[test]
    fn a_paper_may_have_four_pages() {
        for code in [
            "household_register",
            "household_register.2",
            "death_proof.4",
        ] {
            assert!(is_paper(code), "{code}");
        }
        for code in ["", "a.1", "a.5", "A", "a b", "a.2.3", "身份证"] {
            assert!(!is_paper(code), "{code}");
        }
    }
}
