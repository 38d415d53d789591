//! Operations: how a route is declared, guarded and described.
//!
//! **Invariant.** A route exists only as an [`Operation`], and an operation only once it has said who may call it: by
//! an action of `kernel::roles`, or expressly as anyone's. From that one declaration follow the guard before the
//! handler, the line in `docs/permissions.md`, the entry in `openapi.json` and the cells of the authorisation census.

mod answer;
mod asked;
mod caller;
mod cookie;
mod cursor;
mod declare;
mod describe;
mod gate;
mod guard;
mod once;
mod origin;
mod sent;

pub use answer::{Answer, Created, Done, Download};
pub use asked::{Asked, At};
pub use caller::Caller;
pub use cookie::{COOKIE, SessionCookie};
pub use cursor::{Cursor, Page, PageSize};
pub use declare::{Access, Declared, Method, Operation, Undeclared};
pub use describe::{Answers, Described, Describes, Description};
pub(crate) use gate::Gate;
pub(crate) use guard::OperationId;
pub use once::Once;
pub use sent::{Sent, SentFile};
