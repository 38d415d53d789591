//! Opening a child's file.

use kernel::explain::{Explain, Lang};
use kernel::ids::ChildId;
use kernel::journal::Subject;
use kernel::roles::{Action, can};
use store::error::StoreError;
use store::registry::{ChildFile, FileOpened, files};
use store::work::Work;

/// Why a file was not opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The role opens no files, or there is none within reach: one answer for both.
    #[error("not found within reach")]
    NotFound,
    /// The store's fault.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Explain for OpenError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => StoreError::NotFound.code(),
            Self::Store(error) => error.code(),
        }
    }

    fn explain(&self, lang: Lang) -> String {
        match self {
            Self::NotFound => StoreError::NotFound.explain(lang),
            Self::Store(error) => error.explain(lang),
        }
    }
}

/// The journal's name for a file that was asked for and not opened.
const REFUSED: &str = "registry.file_refused";

/// Opens a child's file for the purpose of the work; the journal has it before the officer does, and a refusal too.
///
/// # Errors
/// [`OpenError::NotFound`] for a child that does not exist or is not the officer's to see.
pub async fn open(work: &mut Work, child: ChildId) -> Result<ChildFile, OpenError> {
    let found = match can(work.role(), Action::OpenChild) {
        true => files(work, &[child]).await?.pop(),
        false => None,
    };
    let Some(file) = found else {
        work.refuse(REFUSED, Subject::new("child", child.uuid()))
            .await?;
        return Err(OpenError::NotFound);
    };
    work.apply(&FileOpened {
        child,
        household: file.facts.household,
        sealed: file.sealed,
    })
    .await?;
    Ok(file)
}
