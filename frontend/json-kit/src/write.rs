//! Values out of types, and text out of values.

use std::fmt;

use crate::value::Json;

/// What can be said in JSON.
pub trait ToJson {
    /// Says it.
    fn to_json(&self) -> Json;
}

/// An object: `json!({ "id": id, "input": json!({ "name": name }) })`.
#[macro_export]
macro_rules! json {
    ({ $($name:literal : $value:expr),* $(,)? }) => {
        $crate::Json::object(::std::vec![$(($name, $crate::ToJson::to_json(&$value))),*])
    };
}

impl ToJson for Json {
    fn to_json(&self) -> Json {
        self.clone()
    }
}

impl ToJson for str {
    fn to_json(&self) -> Json {
        Json::Text(self.to_owned())
    }
}

impl ToJson for String {
    fn to_json(&self) -> Json {
        self.as_str().to_json()
    }
}

impl ToJson for bool {
    fn to_json(&self) -> Json {
        Json::Bool(*self)
    }
}

impl ToJson for i64 {
    fn to_json(&self) -> Json {
        Json::Number(self.to_string())
    }
}

impl ToJson for u32 {
    fn to_json(&self) -> Json {
        i64::from(*self).to_json()
    }
}

impl<T: ToJson + ?Sized> ToJson for &T {
    fn to_json(&self) -> Json {
        (**self).to_json()
    }
}

impl<T: ToJson> ToJson for Option<T> {
    fn to_json(&self) -> Json {
        self.as_ref().map_or(Json::Null, T::to_json)
    }
}

impl<T: ToJson> ToJson for Vec<T> {
    fn to_json(&self) -> Json {
        Json::Array(self.iter().map(T::to_json).collect())
    }
}

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        write(self, &mut text);
        f.write_str(&text)
    }
}

fn write(value: &Json, out: &mut String) {
    match value {
        Json::Null => out.push_str("null"),
        Json::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Json::Number(digits) => out.push_str(digits),
        Json::Text(text) => quote(text, out),
        Json::Array(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write(item, out);
            }
            out.push(']');
        }
        Json::Object(members) => {
            out.push('{');
            for (at, (name, value)) in members.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                quote(name, out);
                out.push(':');
                write(value, out);
            }
            out.push('}');
        }
    }
}

fn quote(text: &str, out: &mut String) {
    const HEX: [char; 16] =
        ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    out.push('"');
    for char in text.chars() {
        match char {
            '"' | '\\' => out.extend(['\\', char]),
            '\0'..='\x1f' => {
                let code = char as usize;
                let digit = |at: usize| HEX.get(at).copied().unwrap_or('0');
                out.push_str("\\u00");
                out.extend([digit(code >> 4), digit(code & 15)]);
            }
            char => out.push(char),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use crate::Json;

    #[test]
    fn what_is_written_is_what_serde_reads() {
        let written = json!({
            "text": "a \"quoted\" \\ line\nand 한국어 \u{1}",
            "number": -7_i64,
            "count": 3_u32,
            "yes": true,
            "none": None::<&str>,
            "inner": json!({ "list": vec!["a", "b"], "empty": Vec::<String>::new() }),
        });

        let read: serde_json::Value = serde_json::from_str(&written.to_string()).unwrap();

        let expected = serde_json::json!({
            "text": "a \"quoted\" \\ line\nand 한국어 \u{1}", "number": -7, "count": 3, "yes": true,
            "none": null, "inner": {"list": ["a", "b"], "empty": []},
        });
        assert_eq!(read, expected);
    }

    #[test]
    fn an_empty_object_is_one() {
        assert_eq!(json!({}).to_string(), "{}");
        assert_eq!(Json::default().to_string(), "null");
    }
}
