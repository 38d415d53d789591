//! The organisation's use cases: appointments that two people make, accounts, and signing in.

mod accept_invitation;
mod appointment_error;
mod confirm_appointment;
mod devices;
mod end_appointment;
mod found_office;
mod found_unit;
mod invite;
mod lock_account;
mod officer_devices;
mod propose_appointment;
mod prove;
mod reauthenticate;
mod refuse_appointment;
mod reset_secrets;
mod revoke_device;
mod sign_in;
mod sign_out;

pub use accept_invitation::{
    Acceptance, Accepted, InvitationError, InvitationOpened, accept_invitation, open_invitation,
};
pub use appointment_error::AppointmentError;
pub use confirm_appointment::{Confirmed, confirm_appointment};
pub use devices::devices;
pub use end_appointment::end_appointment;
pub use found_office::{
    FoundOfficeError, FoundingOfficer, FoundingOfficers, OfficeFounded, found_office,
};
pub use found_unit::found_unit;
pub use invite::invite;
pub use lock_account::lock_account;
pub use officer_devices::{end_officer_session, officer_devices};
pub use propose_appointment::{Appointee, Appointing, ProposedAppointment, propose_appointment};
pub use reauthenticate::reauthenticate;
pub use refuse_appointment::refuse_appointment;
pub use reset_secrets::reset_secrets;
pub use revoke_device::revoke_device;
pub use sign_in::{SecondFactor, SignIn, SignInError, SignedIn, sign_in};
pub use sign_out::sign_out;
