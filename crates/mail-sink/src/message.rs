//! One accepted mail.

use serde::Serialize;

use crate::header;

/// A mail as it was accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Message {
    /// Counts up from 1 in the order of arrival, also over restarts when there is a folder.
    pub number: u64,
    /// Who sent it, as told in `MAIL FROM`; empty for a bounce.
    pub from: String,
    /// Who gets it, as told in `RCPT TO`.
    pub to: Vec<String>,
    /// The subject, decoded.
    pub subject: String,
    /// The `Message-ID` header with its angle brackets; empty when there is none.
    pub message_id: String,
    /// Headers and body as received, line ends and transfer encoding included.
    pub raw: String,
}

impl Message {
    pub(crate) fn new(number: u64, from: String, to: Vec<String>, raw: &[u8]) -> Self {
        let raw = String::from_utf8_lossy(raw).into_owned();
        let header = |name| header::find(&raw, name).unwrap_or_default();
        Self {
            number,
            from,
            to,
            subject: header::decode(&header("subject")),
            message_id: header("message-id"),
            raw,
        }
    }

    /// The file that keeps it: the two headers a delivering server adds, then the mail.
    pub(crate) fn to_file(&self) -> String {
        let to: String = self.to.iter().map(|to| format!("Delivered-To: {to}\r\n")).collect();
        format!("Return-Path: <{}>\r\n{to}{}", self.from, self.raw)
    }

    /// Undoes [`Message::to_file`]; a file from elsewhere is taken as it is.
    pub(crate) fn from_file(number: u64, file: &[u8]) -> Self {
        let text = String::from_utf8_lossy(file);
        let (mut rest, mut from, mut to) = (text.as_ref(), String::new(), Vec::new());
        while let Some((line, after)) = rest.split_once("\r\n") {
            if let Some(path) = line.strip_prefix("Return-Path: ") {
                from = path.trim_matches(['<', '>']).to_owned();
            } else if let Some(recipient) = line.strip_prefix("Delivered-To: ") {
                to.push(recipient.to_owned());
            } else {
                break;
            }
            rest = after;
        }
        Self::new(number, from, to, rest.as_bytes())
    }
}
