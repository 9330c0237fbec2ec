//! MongoDB's wire protocol (`OP_MSG`), as much of it as a handful of admin commands takes.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpStream};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

const OP_MSG: i32 = 2013;
const PATIENCE: Duration = Duration::from_secs(10);
/// No reply to an admin command comes near; a length beyond it means another protocol.
const MAX_REPLY_BYTES: usize = 1 << 20;

/// A BSON value to send.
#[derive(Debug, Clone)]
pub(super) enum Value {
    Int(i32),
    Bool(bool),
    Text(String),
    Document(Vec<(&'static str, Value)>),
    Array(Vec<Value>),
}

/// What came back: the fields at its top that hold text, numbers or truth.
#[derive(Debug, Default)]
pub(super) struct Reply {
    texts: Vec<(String, String)>,
    truths: Vec<(String, bool)>,
}

impl Reply {
    /// Whether the server did what it was told.
    pub(super) fn is_ok(&self) -> bool {
        self.is_true("ok")
    }

    pub(super) fn is_true(&self, name: &str) -> bool {
        self.truths.iter().any(|(key, truth)| key == name && *truth)
    }

    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.texts.iter().find(|(key, _)| key == name).map(|(_, text)| text.as_str())
    }
}

/// Runs one command on the server at this loopback port.
pub(super) fn ask(port: u16, database: &str, command: &[(&'static str, Value)]) -> Result<Reply> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let mut fields = command.to_vec();
    fields.push(("$db", Value::Text(database.to_owned())));
    stream.write_all(&message(&document(&fields)?)?)?;

    let mut head = [0; 4];
    stream.read_exact(&mut head)?;
    let length = usize::try_from(i32::from_le_bytes(head)).unwrap_or(0);
    if !(26..=MAX_REPLY_BYTES).contains(&length) {
        bail!("the server on port {port} does not speak MongoDB's protocol");
    }
    let mut reply = vec![0; length - head.len()];
    stream.read_exact(&mut reply)?;
    // Request id, response id, opcode, flags, section kind, then the document's own length.
    let body = reply.get(12 + 4 + 1 + 4..).context("the reply is cut short")?;
    parse(body).context("the reply is not BSON")
}

fn message(body: &[u8]) -> Result<Vec<u8>> {
    let mut message = Vec::new();
    // Length, request id, response id, opcode, flags; then a section of kind 0, the body.
    let length = i32::try_from(16 + 4 + 1 + body.len())?;
    for number in [length, 1, 0, OP_MSG, 0] {
        message.extend(number.to_le_bytes());
    }
    message.push(0);
    message.extend(body);
    Ok(message)
}

fn document(fields: &[(&'static str, Value)]) -> Result<Vec<u8>> {
    elements(&mut fields.iter().map(|(name, value)| ((*name).to_owned(), value)))
}

fn elements(fields: &mut dyn Iterator<Item = (String, &Value)>) -> Result<Vec<u8>> {
    let mut body = Vec::new();
    for (name, value) in fields {
        let (kind, bytes) = match value {
            Value::Int(number) => (0x10, number.to_le_bytes().to_vec()),
            Value::Bool(truth) => (0x08, vec![u8::from(*truth)]),
            Value::Text(text) => (0x02, sized_text(text)?),
            Value::Document(fields) => (0x03, document(fields)?),
            Value::Array(values) => {
                let values = values.iter().enumerate();
                (0x04, elements(&mut values.map(|(at, value)| (at.to_string(), value)))?)
            }
        };
        body.push(kind);
        body.extend(name.as_bytes());
        body.push(0);
        body.extend(bytes);
    }
    let length = i32::try_from(4 + body.len() + 1)?;
    Ok([&length.to_le_bytes()[..], &body, &[0]].concat())
}

fn sized_text(text: &str) -> Result<Vec<u8>> {
    let length = i32::try_from(text.len() + 1)?;
    Ok([&length.to_le_bytes()[..], text.as_bytes(), &[0]].concat())
}

/// Reads the elements of a document, whose length has been read already.
fn parse(mut rest: &[u8]) -> Option<Reply> {
    let mut reply = Reply::default();
    loop {
        let (kind, after) = rest.split_first()?;
        if *kind == 0 {
            return Some(reply);
        }
        let end = after.iter().position(|byte| *byte == 0)?;
        let name = String::from_utf8_lossy(after.get(..end)?).into_owned();
        let value = after.get(end + 1..)?;
        let length = size_of_value(*kind, value)?;
        let bytes = value.get(..length)?;
        match kind {
            0x01 => reply.truths.push((name, bytes.iter().any(|byte| *byte != 0))),
            0x02 => {
                let text = bytes.get(4..length.checked_sub(1)?)?;
                reply.texts.push((name, String::from_utf8_lossy(text).into_owned()));
            }
            0x08 | 0x10 | 0x12 => {
                reply.truths.push((name, bytes.iter().any(|byte| *byte != 0)));
            }
            _ => {}
        }
        rest = value.get(length..)?;
    }
}

/// How many bytes a value of this BSON type takes.
fn size_of_value(kind: u8, value: &[u8]) -> Option<usize> {
    let prefix = || {
        let length = i32::from_le_bytes(value.get(..4)?.try_into().ok()?);
        usize::try_from(length).ok()
    };
    match kind {
        0x01 | 0x09 | 0x11 | 0x12 => Some(8),
        0x02 => prefix()?.checked_add(4),
        0x03 | 0x04 => prefix(),
        0x05 => prefix()?.checked_add(5),
        0x07 => Some(12),
        0x08 => Some(1),
        0x0A => Some(0),
        0x10 => Some(4),
        0x13 => Some(16),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Value, document, message, parse};

    #[test]
    fn a_document_is_written_as_bson() {
        let fields = [("a", Value::Text("b".into())), ("c", Value::Array(vec![Value::Int(1)]))];

        let bytes = document(&fields).unwrap();

        let expected = b"\x1d\0\0\0\x02a\0\x02\0\0\0b\0\x04c\0\x0c\0\0\0\x100\0\x01\0\0\0\0\0";
        assert_eq!(bytes, expected);
    }

    #[test]
    fn a_message_begins_with_its_own_length() {
        let bytes = message(&document(&[]).unwrap()).unwrap();

        assert_eq!(bytes.len(), 26);
        assert_eq!(bytes[..4], 26_i32.to_le_bytes());
    }

    #[test]
    fn a_reply_is_read_by_name_whatever_else_it_holds() {
        let sent = document(&[
            ("nested", Value::Document(vec![("ok", Value::Bool(false))])),
            ("ok", Value::Int(1)),
            ("errmsg", Value::Text("why".into())),
            ("isWritablePrimary", Value::Bool(false)),
        ]);

        let reply = parse(&sent.unwrap()[4..]).unwrap();

        assert!(reply.is_ok());
        assert!(!reply.is_true("isWritablePrimary"));
        assert_eq!(reply.text("errmsg"), Some("why"));
    }

    #[test]
    fn a_reply_cut_short_is_refused() {
        let sent = document(&[("errmsg", Value::Text("why".into()))]).unwrap();

        for length in 4..sent.len() {
            assert!(parse(&sent[4..length]).is_none(), "{length}");
        }
    }
}
