//! Where a request comes from, for counting failures and naming devices.

use std::net::{IpAddr, Ipv6Addr};

use axum::extract::FromRequestParts;
use axum::http::header::USER_AGENT;
use axum::http::request::Parts;

use crate::operation::{Described, Description};
use crate::problem::Problem;
use crate::serve::Client;
use crate::state::ApiState;

/// The caller's network address and what the device calls itself.
pub(crate) struct Whence {
    pub(crate) address: String,
    pub(super) device: String,
}

impl FromRequestParts<ApiState> for Whence {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &ApiState) -> Result<Self, Problem> {
        let device = parts
            .headers
            .get(USER_AGENT)
            .and_then(|text| text.to_str().ok());
        Ok(Self {
            address: line(Client::of(&parts.extensions).address),
            device: device.unwrap_or_default().to_owned(),
        })
    }
}

impl Described for Whence {
    fn describe(_: &mut Description) {}
}

/// The address that failures are counted under. Of IPv6 its network: one line has 2⁶⁴ addresses, and a guesser would
/// take another for each guess.
fn line(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{}/64", Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_one_address_however_many_it_uses() {
        for (address, counted) in [
            ("192.0.2.7", "192.0.2.7"),
            ("::ffff:192.0.2.7", "192.0.2.7"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
            ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
            ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ] {
            assert_eq!(line(address.parse().unwrap()), counted);
        }
    }
}
