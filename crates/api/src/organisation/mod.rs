//! Units, officers, accounts and appointments over HTTP.

mod appointments;
mod confirm;
mod devices;
mod divisions;
mod end;
mod invite;
mod lock;
mod officers;
mod page;
mod problem;
mod proposals;
mod propose;
mod refuse;
mod reset;
mod unit;
mod units;

use crate::operation::Operation;

/// The organisation's operations.
pub(crate) fn operations() -> Vec<Operation> {
    let mut all = divisions::operations();
    all.extend([
        units::operation(),
        unit::operation(),
        invite::operation(),
        reset::operation(),
        lock::operation(),
        appointments::operation(),
        end::operation(),
        proposals::operation(),
        propose::operation(),
        confirm::operation(),
    ]);
    all.extend(officers::operations());
    all.extend(refuse::operations());
    all.extend(devices::operations());
    all
}
