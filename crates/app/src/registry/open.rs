//! Opening a child's file.

use kernel::explain::{Explain, Lang};
use kernel::ids::ChildId;
use kernel::journal::Subject;
use kernel::roles::{Action, can};
use store::error::StoreError;
use store::registry::{
    ChildFile, Document, FileOpened, Grant, Guardian, NamedOfficer, Placement, Span, documents,
    files, grants, guardians, named_officers, placements, spans,
};
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

/// A child's file as an officer opens it: what stands today, and what was before.
#[derive(Debug)]
pub struct OpenedFile {
    /// What is on file today.
    pub file: ChildFile,
    /// The statuses past and present, the latest first.
    pub statuses: Vec<Span>,
    /// The guardians past and present, the latest first.
    pub guardians: Vec<Guardian>,
    /// The placements past and present, the latest first.
    pub placements: Vec<Placement>,
    /// The units that are or were granted a look at it.
    pub grants: Vec<Grant>,
    /// The documents, the latest first.
    pub documents: Vec<Document>,
    /// Who knows of its sealed status, where the officer does.
    pub named: Vec<NamedOfficer>,
}

/// The journal's name for a file that was asked for and not opened.
const REFUSED: &str = "registry.file_refused";

/// Opens a child's file for the purpose of the work; the journal has it before the officer does, and a refusal too.
///
/// # Errors
/// [`OpenError::NotFound`] for a child that does not exist or is not the officer's to see.
pub async fn open(work: &mut Work, child: ChildId) -> Result<OpenedFile, OpenError> {
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
    Ok(OpenedFile {
        statuses: spans(work, child).await?,
        guardians: guardians(work, child).await?,
        placements: placements(work, child).await?,
        grants: grants(work, child).await?,
        documents: documents(work, child).await?,
        named: named_officers(work, child).await?,
        file,
    })
}

#[cfg(test)]
mod tests {
    use testkit::Office;
    use testkit::builders::Child;
    use testkit::office::{JINGHE_VILLAGE, Persona};

    use super::*;

    #[tokio::test]
    async fn opening_is_journalled_and_so_is_a_refusal() {
        let office = Office::found().await;
        let child = Child::named("虚构甲", JINGHE_VILLAGE);
        let child = office.register(Persona::TengzhouOfficer, &[child]).await[0];
        let mut work = office.work(Persona::JingheSupervisor).await;
        assert_eq!(open(&mut work, child).await.unwrap().file.child, child);
        work.commit().await.unwrap();
        for persona in [Persona::ShantingOfficer, Persona::Admin] {
            let mut work = office.work(persona).await;
            let refused = open(&mut work, child).await;
            assert!(matches!(refused, Err(OpenError::NotFound)), "{persona:?}");
        }
        let expected = [
            "registry.child_registered",
            "registry.file_opened",
            "registry.file_refused (refused)",
            "registry.file_refused (refused)",
        ];
        assert_eq!(office.journal_of(child.uuid()).await, expected);
        office.close().await;
    }
}
