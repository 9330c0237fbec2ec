//! Reads mail headers: unfolds them and decodes RFC 2047 words (`=?utf-8?b?…?=`).

/// The value of the first header of this name, unfolded; names compare without case.
pub(crate) fn find(mail: &str, name: &str) -> Option<String> {
    let mut lines = mail.lines().take_while(|line| !line.is_empty());
    let first = lines.by_ref().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        key.eq_ignore_ascii_case(name).then_some(value)
    })?;
    let folded = lines.take_while(|line| line.starts_with([' ', '\t']));
    let value = folded.fold(first.to_owned(), |value, line| value + line);
    Some(value.trim().to_owned())
}

/// Replaces encoded words by what they say; anything malformed stays as it is.
pub(crate) fn decode(value: &str) -> String {
    let mut decoded = Vec::new();
    let mut rest = value;
    let mut after_word = false;
    while let Some((before, word, after)) = next_word(rest) {
        // White space between two encoded words only separates them.
        if !(after_word && before.trim().is_empty()) {
            decoded.extend_from_slice(before.as_bytes());
        }
        decoded.extend_from_slice(&word);
        (rest, after_word) = (after, true);
    }
    decoded.extend_from_slice(rest.as_bytes());
    // Decoded once at the end: an encoder may split a letter over two words.
    String::from_utf8_lossy(&decoded).into_owned()
}

fn next_word(text: &str) -> Option<(&str, Vec<u8>, &str)> {
    let mut from = 0;
    while let Some(start) = text.get(from..)?.find("=?").map(|at| from + at) {
        let inner = text.get(start + 2..)?;
        let mut parts = inner.splitn(4, '?');
        if let (Some(charset), Some(encoding), Some(payload), Some(tail)) =
            (parts.next(), parts.next(), parts.next(), parts.next())
            && let Some(after) = tail.strip_prefix('=')
            && let Some(word) = decode_word(charset, encoding, payload)
        {
            return Some((text.get(..start)?, word, after));
        }
        from = start + 2;
    }
    None
}

fn decode_word(charset: &str, encoding: &str, payload: &str) -> Option<Vec<u8>> {
    let known = ["utf-8", "us-ascii"].iter().any(|name| charset.eq_ignore_ascii_case(name));
    match encoding {
        "b" | "B" if known => base64(payload),
        "q" | "Q" if known => quoted(payload),
        _ => None,
    }
}

fn quoted(payload: &str) -> Option<Vec<u8>> {
    let mut bytes = payload.bytes();
    let mut decoded = Vec::with_capacity(payload.len());
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'_' => b' ',
            b'=' => {
                let hex = [bytes.next()?, bytes.next()?];
                u8::from_str_radix(std::str::from_utf8(&hex).ok()?, 16).ok()?
            }
            plain => plain,
        });
    }
    Some(decoded)
}

fn base64(payload: &str) -> Option<Vec<u8>> {
    let mut decoded = Vec::with_capacity(payload.len());
    let (mut bits, mut count) = (0_u32, 0_u32);
    for byte in payload.trim_end_matches('=').bytes() {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = (bits << 6) | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            decoded.push(u8::try_from((bits >> count) & 0xFF).ok()?);
        }
    }
    Some(decoded)
}

#[cfg(test)]
mod tests {
    use super::{decode, find};

    #[test]
    fn a_folded_header_is_one_value() {
        let mail = "To: a@b.c\r\nSUBJECT: one\r\n two\r\nX: y\r\n\r\nSubject: body\r\n";

        assert_eq!(find(mail, "subject").as_deref(), Some("one two"));
        assert_eq!(find(mail, "x").as_deref(), Some("y"));
        assert_eq!(find(mail, "cc"), None);
    }

    #[test]
    fn a_header_is_not_looked_for_in_the_body() {
        assert_eq!(find("To: a@b.c\r\n\r\nSubject: body\r\n", "subject"), None);
    }

    #[test]
    fn encoded_words_are_decoded_and_joined() {
        assert_eq!(decode("=?utf-8?b?7KO866y4?= =?UTF-8?Q?_=ed=99=95=ec=9d=B8?="), "주문 확인");
        assert_eq!(decode("Re: =?utf-8?b?7KO866y4?= now"), "Re: 주문 now");
    }

    #[test]
    fn what_is_not_an_encoded_word_stays() {
        for plain in ["a =? b", "=?utf-8?b?*?=", "=?koi8-r?b?AAAA?=", "=?x", "=?utf-8?q?=4?="] {
            assert_eq!(decode(plain), plain, "{plain}");
        }
    }
}
