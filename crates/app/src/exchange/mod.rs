//! The use cases of the exchange with other installations: peers, packages that go out, packages that come in.

mod carry;
mod deliver;
mod error;
mod hear;
mod peers;
mod receive;
mod report;
mod take;

pub use carry::{carry_out, may_carry_in, packages};
pub use deliver::{Carrier, UNREACHABLE, Undelivered, deliver_next, run_deliveries};
pub use error::ExchangeError;
pub use peers::{Proposal, card, confirm, fingerprint, list, propose, revoke};
pub use receive::{receive, receive_at};
pub(crate) use report::exchanged;
pub use report::renew;
