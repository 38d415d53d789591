//! `GET /api/organisation/devices`

use app::organisation::devices;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::operation::{Answer, Caller, Operation};
use crate::problem::Problem;

pub(super) fn operation() -> Operation {
    Operation::get("organisation.devices", "/api/organisation/devices")
        .any_signed_in()
        .summary("The devices the officer is signed in on")
        .handled_by(handle)
}

/// An open session of the officer.
#[derive(Serialize, ToSchema)]
pub(crate) struct DeviceView {
    id: Uuid,
    device: String,
    opened_at: Timestamp,
    /// To the minute.
    last_seen_at: Timestamp,
    /// Whether it is the one asking.
    this: bool,
}

/// The officer's open sessions, the newest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct DevicesView {
    items: Vec<DeviceView>,
}

impl DevicesView {
    pub(crate) fn of(devices: Vec<store::accounts::Device>) -> Self {
        let view = |device: store::accounts::Device| DeviceView {
            id: device.id.uuid(),
            device: device.device,
            opened_at: device.opened_at,
            last_seen_at: device.last_seen_at,
            this: device.this,
        };
        Self {
            items: devices.into_iter().map(view).collect(),
        }
    }
}

async fn handle(caller: Caller) -> Result<Answer<DevicesView>, Problem> {
    let mut work = caller.work().await?;
    Ok(Answer(DevicesView::of(devices(&mut work).await?)))
}
