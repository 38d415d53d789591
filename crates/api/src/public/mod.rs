//! The public pages: operations for people without an account, and the pages themselves.
//!
//! **Invariant.** None of it is answered at the office's listener, and nothing of the office's at this one. Whatever is
//! wrong with a code or what comes with it, the answer is one, byte for byte.

mod case;
mod entitlement;
mod files;
mod pages;
mod photo;
mod places;
mod problem;
mod status;
mod submit;

pub(crate) use pages::pages;

use crate::operation::Operation;

/// The operations of the public pages.
pub(crate) fn operations() -> Vec<Operation> {
    let mut all = vec![
        places::operation(),
        entitlement::operation(),
        submit::operation(),
        status::operation(),
    ];
    all.extend(case::operations());
    all.extend(photo::operations());
    all
}
