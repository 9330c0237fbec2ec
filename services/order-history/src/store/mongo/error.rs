//! What an error of the driver means.

use mongodb::error::{Error, ErrorKind, RETRYABLE_WRITE_ERROR, WriteFailure};

use crate::store::StoreError;

/// The primary changes or the server starts or stops: the codes drivers retry reads after.
/// <https://github.com/mongodb/specifications/blob/master/source/retryable-reads/retryable-reads.md>
const RETRYABLE: [i32; 13] =
    [6, 7, 89, 91, 134, 189, 262, 9_001, 10_107, 11_600, 11_602, 13_435, 13_436];
/// A write met another with that key.
const DUPLICATE_KEY: i32 = 11_000;

pub(super) fn failed(error: Error) -> StoreError {
    match &*error.kind {
        ErrorKind::BsonDeserialization(_) | ErrorKind::BsonSerialization(_) => {
            StoreError::Corrupt(error.into())
        }
        _ if is_unavailable(&error) => StoreError::Unavailable(error.into()),
        _ => StoreError::Refused(error.into()),
    }
}

pub(super) fn is_duplicate(error: &Error) -> bool {
    matches!(&*error.kind, ErrorKind::Write(WriteFailure::WriteError(error)) if error.code == DUPLICATE_KEY)
}

fn is_unavailable(error: &Error) -> bool {
    match &*error.kind {
        ErrorKind::Io(_)
        | ErrorKind::ConnectionPoolCleared { .. }
        | ErrorKind::ServerSelection { .. }
        | ErrorKind::DnsResolve { .. }
        // The primary took the write and then lost its followers: repeated, it does no harm.
        | ErrorKind::Write(WriteFailure::WriteConcernError(_)) => true,
        ErrorKind::Command(refusal) => RETRYABLE.contains(&refusal.code),
        _ => error.contains_label(RETRYABLE_WRITE_ERROR),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a server answers.
    fn refused(code: i32) -> StoreError {
        let answer = serde_json::json!({ "code": code, "codeName": "", "errmsg": "" });
        let answer = serde_json::from_value(answer).unwrap();
        failed(ErrorKind::Command(answer).into())
    }

    #[test]
    fn a_server_that_recovers_is_away() {
        assert!(refused(13_436).is_unavailable());
    }

    #[test]
    fn a_command_it_does_not_allow_is_refused() {
        assert!(!refused(13).is_unavailable());
    }
}
