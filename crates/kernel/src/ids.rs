//! One id type per kind of thing, so that a child's id can never be passed for an officer's.
//!
//! **Invariant.** An id is a version 7 UUID made from the injected clock and entropy: ids made later sort
//! later (to the millisecond), and the same clock and seed give the same ids.

use jiff::Timestamp;
use uuid::{Builder, Uuid};

use crate::clock::Entropy;
use crate::explain::{Explain, Lang};

/// A text that is no id.
///
/// ```
/// use kernel::ids::{ChildId, IdError};
/// assert_eq!("child 7".parse::<ChildId>(), Err(IdError { kind: "ChildId" }));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a {kind}")]
pub struct IdError {
    /// The type that was asked for.
    pub kind: &'static str,
}

impl Explain for IdError {
    fn code(&self) -> &'static str {
        "key.invalid"
    }

    fn explain(&self, lang: Lang) -> String {
        match lang {
            Lang::Zh => "系统编号格式不正确，请从列表中重新打开该记录。".to_owned(),
            Lang::En => {
                "This is not a valid record id. Open the record again from its list.".to_owned()
            }
        }
    }
}

fn version7(at: Timestamp, entropy: &dyn Entropy) -> Uuid {
    let mut random = [0; 10];
    entropy.fill(&mut random);
    // Before 1970 there are no version 7 ids; nothing is recorded then either.
    let millis = u64::try_from(at.as_millisecond()).unwrap_or(0);
    Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
}

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        ///
        /// ```
        /// use jiff::Timestamp;
        /// use kernel::clock::SeededEntropy;
        #[doc = concat!("use kernel::ids::", stringify!($name), ";")]
        #[doc = concat!("let id = ", stringify!($name), "::generate(Timestamp::UNIX_EPOCH, &SeededEntropy::new(1));")]
        #[doc = concat!("assert_eq!(id.to_string().parse::<", stringify!($name), ">()?, id);")]
        /// # Ok::<(), kernel::ids::IdError>(())
        /// ```
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// A new id, made at `at`.
            #[must_use]
            pub fn generate(at: Timestamp, entropy: &dyn Entropy) -> Self {
                Self(version7(at, entropy))
            }

            /// The id that `uuid`, read from the database, stands for.
            #[must_use]
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The bare UUID, for the database.
            #[must_use]
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(&self.0, f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                Uuid::try_parse(text).map(Self).map_err(|_| IdError { kind: stringify!($name) })
            }
        }
    )+};
}

id! {
    /// A person: a child, a guardian, an officer, anyone with a name.
    PersonId;
    /// A child's file.
    ChildId;
    /// An officer: a person with an account.
    OfficerId;
    /// A unit of the organisation: a bureau, a town office, a village, a home.
    UnitId;
    /// An officer's appointment to a role in a unit.
    AppointmentId;
    /// A guardianship of a child.
    GuardianId;
    /// A status span: a child's category from one day to another.
    SpanId;
    /// A placement of a child with a unit.
    PlacementId;
    /// A dated grant that lets a foreign unit see one child.
    GrantId;
    /// A document kept sealed.
    DocumentId;
    /// A decision on a child.
    DecisionId;
    /// An application for recognition.
    ApplicationId;
    /// A step of an application.
    StepId;
    /// A paper of an application.
    PaperId;
    /// A case of an applicant without an account, from what is filled in to the application it becomes.
    TicketId;
    /// A limit that a child reaches.
    LimitId;
    /// A work item: something an officer must clear.
    WorkItemId;
    /// A proposal that a second person confirms.
    ProposalId;
    /// A one-time code for an officer.
    InvitationId;
    /// A session, as its officer's list of devices names it.
    SessionId;
    /// An imported ledger file.
    LedgerId;
    /// A doubled file joined to another.
    MergeId;
    /// A job that a worker does later.
    JobId;
    /// A batch of allowances: what a unit pays in a month.
    BatchId;
    /// A fact about a child's allowance that no other part of the file holds.
    AllowanceFactId;
    /// A confirmation that a child is still one of its class, for a quarter.
    ConfirmationId;
    /// An account that a payee's money goes to.
    AccountId;
    /// A negative line that an officer confirmed as to be recovered.
    RecoveryId;
    /// What of a released batch is to be transferred to a payee.
    ClaimId;
    /// A file that the bank gets.
    BankFileId;
    /// The bank's answer to a file.
    ReturnId;
    /// A dated rate that an officer proposed.
    StandardId;
    /// Another installation with which this one exchanges packages.
    PeerId;
    /// A package from one installation to another.
    PackageId;
    /// A request over the network.
    RequestId;
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::clock::SeededEntropy;

    #[test]
    fn an_id_is_a_version_7_uuid() {
        let at = "2021-11-04T09:00:00+08:00".parse().unwrap();
        let uuid = ChildId::generate(at, &SeededEntropy::new(3)).uuid();
        assert_eq!(uuid.get_version_num(), 7);
        assert_eq!(uuid.get_variant(), uuid::Variant::RFC4122);
    }

    #[test]
    fn an_id_travels_as_its_plain_text() {
        let id = UnitId::generate(Timestamp::UNIX_EPOCH, &SeededEntropy::new(9));
        let json = serde_json::to_string(&id).unwrap();
        assert_eq!(json, format!("\"{id}\""));
        assert_eq!(serde_json::from_str::<UnitId>(&json).unwrap(), id);
    }

    #[test]
    fn a_time_before_1970_makes_an_id_all_the_same() {
        let at = "1969-12-31T00:00:00Z".parse().unwrap();
        assert_eq!(
            PersonId::generate(at, &SeededEntropy::new(1))
                .uuid()
                .get_version_num(),
            7
        );
    }

    proptest! {
        #[test]
        fn later_ids_sort_later(first in 0i64..4_000_000_000_000, gap in 1i64..1_000_000, seed: u64) {
            let entropy = SeededEntropy::new(seed);
            let early = WorkItemId::generate(Timestamp::from_millisecond(first).unwrap(), &entropy);
            let late = WorkItemId::generate(Timestamp::from_millisecond(first + gap).unwrap(), &entropy);
            prop_assert!(early < late);
        }
    }
}
