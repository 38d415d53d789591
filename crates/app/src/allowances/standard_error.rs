//! Why something was not done with a standard.

use domain::allowances::StandardError;
use kernel::explain::{Explain, Lang};
use kernel::money::MoneyError;
use policy::NotInForce;
use store::error::StoreError;

use super::error::MonthError;
use crate::registry::Hindrance;

/// Why it was not done. Nothing was changed then.
#[derive(Debug, thiserror::Error)]
pub enum StandardsError {
    /// The role does not do this: one answer for all.
    #[error("not found within reach")]
    NotFound,
    /// It does not fit, or is not this officer's to do.
    #[error(transparent)]
    Standard(#[from] StandardError),
    /// The scan is of no kind that is kept, or too large.
    #[error("the scan does not fit")]
    Scan(Hindrance),
    /// No rule is in force.
    #[error(transparent)]
    Rule(#[from] NotInForce),
    /// Amounts beyond what can be reckoned with.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// The store's fault.
    #[error(transparent)]
    Store(StoreError),
}

impl From<StoreError> for StandardsError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound => Self::NotFound,
            error => Self::Store(error),
        }
    }
}

impl From<Hindrance> for StandardsError {
    fn from(hindrance: Hindrance) -> Self {
        Self::Scan(hindrance)
    }
}

/// What is asked of a month and of a standard alike.
impl From<MonthError> for StandardsError {
    fn from(error: MonthError) -> Self {
        match error {
            MonthError::Store(error) => error.into(),
            MonthError::Rule(error) => error.into(),
            MonthError::Money(error) => error.into(),
            _ => Self::NotFound,
        }
    }
}

impl Explain for StandardsError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => StoreError::NotFound.code(),
            Self::Standard(error) => error.code(),
            Self::Scan(hindrance) => hindrance.code(),
            Self::Rule(error) => error.code(),
            Self::Money(error) => error.code(),
            Self::Store(error) => error.code(),
        }
    }

    fn explain(&self, lang: Lang) -> String {
        match self {
            Self::NotFound => StoreError::NotFound.explain(lang),
            Self::Standard(error) => error.explain(lang),
            Self::Scan(hindrance) => hindrance.words(lang).into(),
            Self::Rule(error) => error.explain(lang),
            Self::Money(error) => error.explain(lang),
            Self::Store(error) => error.explain(lang),
        }
    }
}
