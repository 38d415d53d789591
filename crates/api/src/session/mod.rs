//! Sessions over HTTP: invitations accepted, signing in and out, the officer's own devices.

mod accept_invitation;
mod address;
mod demonstration;
mod devices;
mod me;
mod open_invitation;
mod reauthenticate;
mod revoke_device;
mod second;
mod sign_in;
mod sign_out;

use crate::operation::Operation;

pub(crate) use address::Whence;
pub use demonstration::{DemoOfficerView, DemoView};
pub(crate) use devices::DevicesView;

/// The operations of sessions.
pub(crate) fn operations() -> Vec<Operation> {
    vec![
        demonstration::operation(),
        open_invitation::operation(),
        accept_invitation::operation(),
        sign_in::operation(),
        sign_out::operation(),
        me::operation(),
        reauthenticate::operation(),
        devices::operation(),
        revoke_device::operation(),
    ]
}
