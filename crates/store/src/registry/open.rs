//! Opening a child's file, which the journal always learns of.

use kernel::division::Division;
use kernel::ids::ChildId;
use kernel::journal::{Entry, Subject};

use crate::error::StoreError;
use crate::work::{Change, Pen};

/// An officer opened a child's file for the purpose of the work.
#[derive(Debug, Clone, Copy)]
pub struct FileOpened {
    /// The child.
    pub child: ChildId,
    /// Its household.
    pub household: Division,
    /// Whether the child is known to its named officers alone.
    pub sealed: bool,
}

impl Change for FileOpened {
    async fn write(&self, _: &mut Pen<'_>) -> Result<(), StoreError> {
        Ok(())
    }

    fn entries(&self) -> Vec<Entry> {
        vec![
            Entry::new(
                "registry.file_opened",
                Subject::new("child", self.child.uuid()),
            )
            .at(self.household)
            .sealed(self.sealed),
        ]
    }
}
