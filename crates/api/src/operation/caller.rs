//! The officer who calls, as the guard has found.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use press::Press;
use store::SignedIn;
use store::accounts::proved_recently;
use store::session::SessionToken;
use store::work::{Store, Work};

use super::describe::{Described, Description};
use crate::problem::{Kind, Problem};
use crate::state::ApiState;

/// The officer who calls. There is one in every operation that is not public.
#[derive(Clone)]
pub struct Caller {
    /// The session's token.
    pub token: SessionToken,
    /// Officer, appointment, unit and role.
    pub who: SignedIn,
    pub(super) store: Store,
    pub(super) press: Arc<Press>,
    pub(super) operation: &'static str,
}

impl Caller {
    /// Begins work for a stated purpose.
    ///
    /// # Errors
    /// [`Kind::NoSession`] when the session has ended meanwhile, [`Kind::DatabaseAway`].
    pub async fn begin(&self, purpose: &str) -> Result<Work, Problem> {
        Ok(self.store.begin(&self.token, purpose).await?)
    }

    /// Begins work whose purpose is the operation itself: the journal shows its id.
    ///
    /// # Errors
    /// As [`Caller::begin`].
    pub async fn work(&self) -> Result<Work, Problem> {
        self.begin(self.operation).await
    }

    /// This work, if the officer gave the password again a moment ago: for what leaves the house, secrets and money.
    ///
    /// # Errors
    /// [`Kind::Reauthenticate`], whatever the work is about.
    pub async fn proved(&self, mut work: Work) -> Result<Work, Problem> {
        match proved_recently(&mut work).await? {
            true => Ok(work),
            false => Err(Kind::Reauthenticate.into()),
        }
    }

    /// What prints.
    #[must_use]
    pub fn press(&self) -> &Arc<Press> {
        &self.press
    }

    /// The store, for what is no officer's work.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }
}

impl FromRequestParts<ApiState> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &ApiState) -> Result<Self, Problem> {
        let caller = parts.extensions.get::<Self>().cloned();
        caller.ok_or(Kind::NoSession.into())
    }
}

impl Described for Caller {
    fn describe(description: &mut Description) {
        description.asks_caller = true;
    }
}
