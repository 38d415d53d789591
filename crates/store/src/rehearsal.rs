//! Work on trial: everything it needs and does is one transaction that nobody commits.
//!
//! **Invariant.** A rehearsal leaves nothing behind, not even the post and the session it worked under.

use kernel::division::Division;
use kernel::gazetteer::Gazetteer;
use kernel::roles::Role;

use crate::error::StoreError;
use crate::organisation::{Founder, load_divisions, operator_in};
use crate::session;
use crate::work::{Store, Work};

impl Store {
    /// Begins work of the machine's operator at `place` on trial: the operator's post, the session, these further
    /// divisions and the work are one transaction, which the caller drops and never commits.
    ///
    /// The owner opens it and then works as the program's role, so that every policy answers as it would in earnest.
    ///
    /// # Errors
    /// When the place is no known division, the owner may not act as the program's role, or the database does not
    /// answer.
    pub async fn rehearse(
        &self,
        founder: &Founder<'_>,
        divisions: &Gazetteer,
        place: Division,
        role: Role,
        purpose: &str,
    ) -> Result<Work, StoreError> {
        let mut tx = founder.owner.begin().await?;
        load_divisions(&mut *tx, divisions).await?;
        let appointment = operator_in(&mut tx, founder, place, role).await?;
        let token = session::open(&mut *tx, appointment, founder.entropy).await?;
        sqlx::query!("SET LOCAL ROLE hutong_app")
            .execute(&mut *tx)
            .await?;
        self.begin_in(tx, &token, purpose).await
    }
}
