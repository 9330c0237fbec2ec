//! Values out of text.

use crate::value::Json;

/// Deeper than any answer: what goes further was not written by the shop.
const DEEPEST: u32 = 64;

/// The value of a whole text; `None` where it is no JSON.
pub(crate) fn parse(text: &str) -> Option<Json> {
    let mut parser = Parser { rest: text.as_bytes(), depth: 0 };
    let value = parser.value()?;
    parser.blanks();
    parser.rest.is_empty().then_some(value)
}

struct Parser<'a> {
    rest: &'a [u8],
    depth: u32,
}

impl Parser<'_> {
    fn value(&mut self) -> Option<Json> {
        match self.peek()? {
            b'"' => self.text().map(Json::Text),
            b'[' => self.inside(Self::array),
            b'{' => self.inside(Self::object),
            b't' => self.word(b"true", Json::Bool(true)),
            b'f' => self.word(b"false", Json::Bool(false)),
            b'n' => self.word(b"null", Json::Null),
            _ => self.number(),
        }
    }

    fn inside(&mut self, read: fn(&mut Self) -> Option<Json>) -> Option<Json> {
        self.next()?;
        self.depth += 1;
        let value = if self.depth > DEEPEST { None } else { read(self) };
        self.depth -= 1;
        value
    }

    fn array(&mut self) -> Option<Json> {
        let mut items = Vec::new();
        if self.took(b']') {
            return Some(Json::Array(items));
        }
        loop {
            items.push(self.value()?);
            if self.took(b']') {
                return Some(Json::Array(items));
            }
            self.must(b',')?;
        }
    }

    fn object(&mut self) -> Option<Json> {
        let mut members = Vec::new();
        if self.took(b'}') {
            return Some(Json::Object(members));
        }
        loop {
            self.blanks();
            let name = self.text()?;
            self.must(b':')?;
            members.push((name, self.value()?));
            if self.took(b'}') {
                return Some(Json::Object(members));
            }
            self.must(b',')?;
        }
    }

    fn word(&mut self, word: &[u8], value: Json) -> Option<Json> {
        self.rest = self.rest.strip_prefix(word)?;
        Some(value)
    }

    /// Its characters; whether they make a number is seen when it is wanted as one.
    fn number(&mut self) -> Option<Json> {
        let is_part = |byte: &u8| byte.is_ascii_digit() || b"+-.eE".contains(byte);
        let length = self.rest.iter().take_while(|byte| is_part(byte)).count();
        let (digits, rest) = self.rest.split_at_checked(length).filter(|_| length > 0)?;
        self.rest = rest;
        String::from_utf8(digits.to_vec()).ok().map(Json::Number)
    }

    fn text(&mut self) -> Option<String> {
        if self.next()? != b'"' {
            return None;
        }
        let mut bytes = Vec::new();
        loop {
            match self.next()? {
                b'"' => return String::from_utf8(bytes).ok(),
                b'\\' => {
                    let char = self.escaped()?;
                    bytes.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes());
                }
                0..=0x1f => return None,
                byte => bytes.push(byte),
            }
        }
    }

    fn escaped(&mut self) -> Option<char> {
        Some(match self.next()? {
            b'n' => '\n',
            b't' => '\t',
            b'r' => '\r',
            b'b' => '\x08',
            b'f' => '\x0c',
            b'u' => return self.unicode(),
            byte @ (b'"' | b'\\' | b'/') => char::from(byte),
            _ => return None,
        })
    }

    /// Four digits, or twice four for what needs a surrogate pair.
    fn unicode(&mut self) -> Option<char> {
        let first = self.hex()?;
        if !(0xd800..0xdc00).contains(&first) {
            return char::from_u32(first);
        }
        self.rest = self.rest.strip_prefix(b"\\u")?;
        let second = self.hex()?.checked_sub(0xdc00).filter(|low| *low < 0x400)?;
        char::from_u32(0x10000 + ((first - 0xd800) << 10) + second)
    }

    fn hex(&mut self) -> Option<u32> {
        let mut code = 0;
        for _ in 0..4 {
            code = code * 16 + char::from(self.next()?).to_digit(16)?;
        }
        Some(code)
    }

    fn blanks(&mut self) {
        while let [b' ' | b'\n' | b'\r' | b'\t', rest @ ..] = self.rest {
            self.rest = rest;
        }
    }

    /// The next byte that is no blank, left where it is.
    fn peek(&mut self) -> Option<u8> {
        self.blanks();
        self.rest.first().copied()
    }

    fn next(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    fn took(&mut self, byte: u8) -> bool {
        let is_next = self.peek() == Some(byte);
        if is_next {
            self.next();
        }
        is_next
    }

    fn must(&mut self, byte: u8) -> Option<()> {
        self.took(byte).then_some(())
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn what_is_json_is_read_as_serde_reads_it() {
        for text in [
            "null",
            " [ 1 , -2.5e3, true ,false, null ] ",
            r#"{"a":{"b":[{},[],""]},"c":"x"}"#,
            r#"{ "tab": "a\tb\n\r\b\f\/\\\"", "한": "글 é 😀", "u": "\u0041\ud83d\ude00\uac00" }"#,
            "9007199254740993",
        ] {
            let read = parse(text).unwrap();

            let ours: serde_json::Value = serde_json::from_str(&read.to_string()).unwrap();
            let serdes: serde_json::Value = serde_json::from_str(text).unwrap();
            assert_eq!(ours, serdes, "{text}");
        }
    }

    #[test]
    fn what_is_none_is_refused() {
        for text in [
            "",
            " ",
            "nul",
            "[1",
            "[1,]",
            "{\"a\"}",
            "{\"a\":1,}",
            "{a:1}",
            "\"a",
            "\"\\x\"",
            "\"\\ud83d\"",
            "\"\\ud83d\\u0041\"",
            "\"a\nb\"",
            "1 2",
            "<html>",
            "]",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn depth_has_an_end() {
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);

        assert!(parse(&nested(64)).is_some());
        assert!(parse(&nested(65)).is_none());
        assert!(parse(&nested(1_000_000)).is_none());
    }
}
