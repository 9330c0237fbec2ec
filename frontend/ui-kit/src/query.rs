//! Paths and queries of addresses, read and written without the browser.

/// The path of an address, without its query.
#[must_use]
pub fn path_of(address: &str) -> &str {
    address.split(['?', '#']).next().unwrap_or_default()
}

/// One value of an address' query, decoded; empty ones count as absent.
#[must_use]
pub fn value_of(address: &str, name: &str) -> Option<String> {
    let query = address.split_once('?')?.1.split('#').next()?;
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let found = pairs.into_iter().find(|(key, _)| *key == name);
    found.and_then(|(_, value)| decode(value)).filter(|value| !value.is_empty())
}

/// An address of a path and those values that are there.
#[must_use]
pub fn address(path: &str, values: &[(&str, Option<&str>)]) -> String {
    let mut address = path.to_owned();
    let mut separator = '?';
    for (name, value) in values {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            address.push(separator);
            address.push_str(name);
            address.push('=');
            encode(value, &mut address);
            separator = '&';
        }
    }
    address
}

/// Percent-encodes everything but what needs it nowhere.
fn encode(text: &str, into: &mut String) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            into.push(char::from(byte));
        } else {
            into.push('%');
            for half in [byte >> 4, byte & 15] {
                into.push(char::from(*HEX.get(usize::from(half)).unwrap_or(&b'0')));
            }
        }
    }
}

/// `None` where it is no text.
fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, others @ ..] = rest {
        rest = others;
        match (first, others) {
            (b'+', _) => bytes.push(b' '),
            (b'%', [high, low, after @ ..]) => {
                match (char::from(*high).to_digit(16), char::from(*low).to_digit(16)) {
                    (Some(high), Some(low)) => {
                        bytes.push(u8::try_from(high * 16 + low).unwrap_or(b'?'));
                        rest = after;
                    }
                    _ => bytes.push(b'%'),
                }
            }
            (byte, _) => bytes.push(*byte),
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::{address, path_of, value_of};

    #[test]
    fn what_is_written_into_an_address_is_read_back() {
        for text in ["머그", "a&b=c d", "100%", "+", "é/?#"] {
            let at = address("/products", &[("q", Some(text)), ("none", None)]);

            assert_eq!(value_of(&at, "q").as_deref(), Some(text), "{at}");
            assert_eq!(path_of(&at), "/products");
            assert_eq!(value_of(&at, "none"), None);
        }
    }

    #[test]
    fn forms_write_blanks_as_plus() {
        assert_eq!(value_of("/products?q=tea+pot&x=", "q").as_deref(), Some("tea pot"));
        assert_eq!(value_of("/products?q=tea+pot&x=", "x"), None);
    }

    #[test]
    fn what_is_cut_off_is_not_lost() {
        assert_eq!(value_of("/?q=%4", "q").as_deref(), Some("%4"));
        assert_eq!(value_of("/?q=%zz", "q").as_deref(), Some("%zz"));
    }
}
