//! Which address a request really comes from, when a proxy of ours passes it on.

use std::net::IpAddr;
use std::str::FromStr;

use actix_web::HttpRequest;

const FORWARDED_FOR: &str = "x-forwarded-for";

/// The networks whose word on the client's address counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct TrustedProxies(Vec<Network>);

/// A text that names no network.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0} is neither an address nor a network as 10.0.0.0/8")]
pub(crate) struct InvalidNetwork(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Network {
    /// Its bits, aligned to the left.
    bits: u128,
    length: u32,
    is_v4: bool,
}

impl FromStr for TrustedProxies {
    type Err = InvalidNetwork;

    fn from_str(text: &str) -> Result<Self, InvalidNetwork> {
        let names = text.split(',').map(str::trim).filter(|name| !name.is_empty());
        names.map(Network::parse).collect::<Result<_, _>>().map(Self)
    }
}

impl TrustedProxies {
    /// Whom to count this request for: an IPv4 address, or the /64 network of an IPv6 one, since
    /// whoever has one address there has them all.
    #[must_use]
    pub(crate) fn client_of(&self, request: &HttpRequest) -> String {
        let peer = request.peer_addr().map(|address| address.ip());
        let headers = request.headers().get_all(FORWARDED_FOR);
        let claimed: Vec<&str> = headers
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .collect();
        peer.map_or_else(|| "unknown".to_owned(), |peer| counted(self.client(peer, &claimed)))
    }

    /// Walks from the peer towards the client for as long as the one who says so is trusted.
    fn client(&self, peer: IpAddr, claimed: &[&str]) -> IpAddr {
        let mut client = peer;
        for hop in claimed.iter().rev() {
            if !self.trusts(client) {
                break;
            }
            let Ok(before) = hop.trim().parse() else {
                break;
            };
            client = before;
        }
        client
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(address))
    }
}

impl Network {
    fn parse(text: &str) -> Result<Self, InvalidNetwork> {
        let invalid = || InvalidNetwork(text.to_owned());
        let (address, length) = text.split_once('/').map_or((text, None), |(a, l)| (a, Some(l)));
        let address: IpAddr = address.parse().map_err(|_| invalid())?;
        let whole = if address.is_ipv4() { 32 } else { 128 };
        let length = length.map_or(Ok(whole), str::parse).map_err(|_| invalid())?;
        if length > whole {
            return Err(invalid());
        }
        Ok(Self { bits: left_aligned(address), length, is_v4: address.is_ipv4() })
    }

    fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        let differ = left_aligned(address) ^ self.bits;
        address.is_ipv4() == self.is_v4 && differ.leading_zeros() >= self.length
    }
}

fn left_aligned(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => u128::from(address.to_bits()) << 96,
        IpAddr::V6(address) => address.to_bits(),
    }
}

fn counted(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => format!("{:x}", address.to_bits() >> 64),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(trusted: &str, peer: &str, claimed: &[&str]) -> String {
        let trusted: TrustedProxies = trusted.parse().unwrap();
        trusted.client(peer.parse().unwrap(), claimed).to_string()
    }

    #[test]
    fn a_stranger_says_of_itself_what_it_wants() {
        assert_eq!(client("", "203.0.113.9", &["1.1.1.1"]), "203.0.113.9");
        assert_eq!(client("10.0.0.0/8", "203.0.113.9", &["1.1.1.1"]), "203.0.113.9");
    }

    #[test]
    fn a_proxy_of_ours_is_believed_about_the_hop_before_it() {
        let trusted = "10.0.0.0/8, 127.0.0.1";

        assert_eq!(client(trusted, "10.1.2.3", &["203.0.113.9"]), "203.0.113.9");
        assert_eq!(
            client(trusted, "10.1.2.3", &["1.1.1.1", " 203.0.113.9", "127.0.0.1"]),
            "203.0.113.9"
        );
        assert_eq!(client(trusted, "10.1.2.3", &[]), "10.1.2.3");
        assert_eq!(client(trusted, "10.1.2.3", &["nobody"]), "10.1.2.3");
    }

    #[test]
    fn networks_contain_their_addresses_and_no_others() {
        for (network, address, inside) in [
            ("10.0.0.0/8", "10.255.0.1", true),
            ("10.0.0.0/8", "11.0.0.1", false),
            ("10.0.0.0/8", "::ffff:10.0.0.1", true),
            ("192.0.2.7", "192.0.2.7", true),
            ("192.0.2.7", "192.0.2.6", false),
            ("0.0.0.0/0", "8.8.8.8", true),
            ("0.0.0.0/0", "2001:db8::1", false),
            ("2001:db8::/32", "2001:db8:1::1", true),
        ] {
            let network = Network::parse(network).unwrap();
            assert_eq!(network.contains(address.parse().unwrap()), inside, "{address}");
        }
    }

    #[test]
    fn what_names_no_network_is_refused() {
        for text in ["proxy", "10.0.0.0/33", "10.0.0.0/x", "10.0.0/8"] {
            assert!(text.parse::<TrustedProxies>().is_err(), "{text}");
        }
    }

    #[test]
    fn addresses_of_one_ipv6_network_count_as_one() {
        let [first, second, other] = ["2001:db8::1", "2001:db8::2", "2001:db8:0:1::1"]
            .map(|address| counted(address.parse().unwrap()));

        assert_eq!(first, second);
        assert_ne!(first, other);
    }
}
