//! What goes wrong inside a reader, before the file's name is added.

use crate::error::{Bound, Foreign, LedgerError, Unopenable};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Trouble {
    Unopenable(Unopenable),
    Empty,
    Damaged(String),
    TooLarge(Bound, u64),
    Encrypted,
    Foreign(Foreign),
}

impl Trouble {
    pub(super) fn damaged(what: impl Into<String>) -> Self {
        Self::Damaged(what.into())
    }

    /// The error for the person, naming the file.
    pub(super) fn of(self, file: &str) -> LedgerError {
        let file = file.to_owned();
        match self {
            Self::Unopenable(reason) => LedgerError::Unopenable { file, reason },
            Self::Empty => LedgerError::Empty { file },
            Self::Damaged(what) => LedgerError::Damaged { file, what },
            Self::TooLarge(bound, limit) => LedgerError::TooLarge { file, bound, limit },
            Self::Encrypted => LedgerError::Encrypted { file },
            Self::Foreign(kind) => LedgerError::NotAWorkbook { file, kind },
        }
    }
}

impl From<std::io::Error> for Trouble {
    fn from(error: std::io::Error) -> Self {
        use std::io::ErrorKind;
        match error.kind() {
            ErrorKind::NotFound => Self::Unopenable(Unopenable::NotFound),
            ErrorKind::PermissionDenied => Self::Unopenable(Unopenable::Denied),
            ErrorKind::IsADirectory => Self::Unopenable(Unopenable::NotAFile),
            _ => Self::Unopenable(Unopenable::Failed),
        }
    }
}
