//! Who calls: the address, and whether the way from there is encrypted.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::http::{Extensions, HeaderMap};

use super::network::Network;

/// Who calls, as an extension of every request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Client {
    /// The caller's address; behind a trusted proxy the one that the proxy saw.
    pub address: IpAddr,
    /// Whether the way from the caller is encrypted, here or at the trusted proxy.
    pub encrypted: bool,
}

const FORWARDED_FOR: &str = "x-forwarded-for";
const FORWARDED_PROTO: &str = "x-forwarded-proto";
/// Headers that speak of the caller in a proxy's name.
const CLAIMS: [&str; 5] = [
    FORWARDED_FOR,
    FORWARDED_PROTO,
    "x-forwarded-host",
    "x-real-ip",
    "forwarded",
];

impl Client {
    /// Who sent the request with these extensions; a request that came through no listener, as in a test of the
    /// router, counts as this machine's own.
    #[must_use]
    pub fn of(extensions: &Extensions) -> Self {
        extensions.get().copied().unwrap_or(Self {
            address: IpAddr::V4(Ipv4Addr::LOCALHOST),
            encrypted: false,
        })
    }

    /// Who is behind this connection and these headers. The claims of anybody but a trusted proxy are removed.
    pub(super) fn behind(
        peer: SocketAddr,
        tls: bool,
        proxies: &[Network],
        headers: &mut HeaderMap,
    ) -> Self {
        let address = peer.ip().to_canonical();
        if !trusted(proxies, address) {
            for claim in CLAIMS {
                headers.remove(claim);
            }
            return Self {
                address,
                encrypted: tls,
            };
        }
        let proto = headers.get_all(FORWARDED_PROTO).iter().next_back();
        Self {
            address: forwarded(headers, proxies, address),
            encrypted: tls || proto.is_some_and(|proto| proto.as_bytes() == b"https"),
        }
    }
}

fn trusted(proxies: &[Network], address: IpAddr) -> bool {
    proxies.iter().any(|proxy| proxy.contains(address))
}

/// The nearest address on the way that is no trusted proxy's. What stands further left anybody may have written.
fn forwarded(headers: &HeaderMap, proxies: &[Network], peer: IpAddr) -> IpAddr {
    let mut nearest = peer;
    let lines: Vec<&str> = headers
        .get_all(FORWARDED_FOR)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .collect();
    for hop in lines.iter().rev().flat_map(|line| line.rsplit(',')) {
        let Some(address) = address(hop.trim()) else {
            return nearest;
        };
        nearest = address;
        if !trusted(proxies, address) {
            return nearest;
        }
    }
    nearest
}

/// `203.0.113.9`, `203.0.113.9:4711`, `2001:db8::1` or `[2001:db8::1]:4711`.
fn address(hop: &str) -> Option<IpAddr> {
    let bare = hop.parse().ok();
    let with_port = || hop.parse::<SocketAddr>().ok().map(|hop| hop.ip());
    bare.or_else(with_port)
        .map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn behind(peer: &str, tls: bool, lines: &[(&'static str, &'static str)]) -> (Client, usize) {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(*name, value.parse().unwrap());
        }
        let proxies = ["10.0.0.0/24".parse().unwrap()];
        let client = Client::behind(peer.parse().unwrap(), tls, &proxies, &mut headers);
        (client, headers.len())
    }

    fn client(address: &str, encrypted: bool) -> Client {
        Client {
            address: address.parse().unwrap(),
            encrypted,
        }
    }

    #[test]
    fn a_stranger_is_believed_nothing() {
        let lines = [
            (FORWARDED_FOR, "203.0.113.1"),
            (FORWARDED_PROTO, "https"),
            ("forwarded", "for=203.0.113.1"),
        ];
        let seen = behind("198.51.100.7:99", false, &lines);
        assert_eq!(seen, (client("198.51.100.7", false), 0));
        assert_eq!(
            behind("198.51.100.7:99", true, &[]).0,
            client("198.51.100.7", true)
        );
    }

    #[test]
    fn a_proxy_is_believed_as_far_as_it_saw() {
        let via = |lines: &[_]| behind("10.0.0.2:99", false, lines).0;
        assert_eq!(via(&[]), client("10.0.0.2", false));
        let forged = (FORWARDED_FOR, "127.0.0.1, 203.0.113.9, 10.0.0.3");
        let https = (FORWARDED_PROTO, "https");
        assert_eq!(via(&[forged, https]), client("203.0.113.9", true));
        let two_lines = [(FORWARDED_FOR, "192.0.2.1"), (FORWARDED_FOR, "203.0.113.9")];
        assert_eq!(via(&two_lines), client("203.0.113.9", false));
        let with_port = [(FORWARDED_FOR, "[2001:db8::1]:4711")];
        assert_eq!(via(&with_port), client("2001:db8::1", false));
        assert_eq!(
            via(&[(FORWARDED_FOR, "unknown")]),
            client("10.0.0.2", false)
        );
        let doubtful = [(FORWARDED_PROTO, "https"), (FORWARDED_PROTO, "http")];
        assert_eq!(via(&doubtful), client("10.0.0.2", false));
    }
}
