//! Accounts: what officers sign in by, their sessions, and what two people do about appointments.
//!
//! **Invariant.** No secret of an account is stored in plain: passwords are hashed, second factors sealed, codes and
//! login names that failed kept as keyed digests. The program's role reaches them through narrow functions alone.

mod appointing;
mod codes;
mod failures;
mod invitation;
mod keeping;
mod listing;
mod password;
mod second_factor;
mod sessions;

pub use appointing::{
    AppointmentEnded, ProposalConfirmed, ProposalMade, ProposalRefused, Proposed, Term, held,
    is_last_confirmer, open_proposals, proposal, serves_posts, stations, unit_kind,
    unit_of_account,
};
pub(crate) use codes::normal;
pub use codes::{InvitationCode, RecoveryCode, TicketCode};
pub use failures::{Key, Tried, address_key, forget, journal_failure, login_key, try_once};
pub(crate) use invitation::invite_founder;
pub use invitation::{Invited, NewAccount, accept, invitation, offer_second_factor};
pub use keeping::{AccountLocked, Posted, Stored, account_of, posts_of, roles_of};
pub use listing::{
    AccountRow, AccountState, AppointmentFilter, AppointmentRow, OfficerFilter, OfficerRow,
    OfficerTally, UnitRow, accounts, appointments, has_account, officers, tally_officers, units,
};
pub use password::{PasswordHash, hash, matches};
pub use second_factor::{TotpSecret, telephone_time, use_recovery_code, use_step};
pub use sessions::{
    Device, DeviceRevoked, IDLE_MINUTES, SessionEnded, SessionProved, SignedOut, devices,
    devices_of, open_session, own_login, proved_recently,
};
