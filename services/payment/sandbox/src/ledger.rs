//! The ledger: an append-only file of JSON lines, read once at start and written before any answer.

#[cfg(test)]
mod tests;

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::bank::Entry;

/// One line of the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Line {
    /// Counts the lines, from 1.
    pub no: u64,
    /// When it was written.
    pub at: DateTime<Utc>,
    /// What happened.
    #[serde(flatten)]
    pub entry: Entry,
}

/// Why the ledger could not be read or written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LedgerError {
    /// The file system refused.
    #[error("could not use the ledger file {0}")]
    File(PathBuf, #[source] io::Error),
    /// A line in the middle is broken, which no crash explains.
    #[error("line {line} of the ledger file {path} is broken")]
    Broken {
        /// The file.
        path: PathBuf,
        /// Which line, from 1.
        line: usize,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// An entry has no JSON form.
    #[error("could not write a ledger entry as JSON")]
    Unwritable(#[source] serde_json::Error),
}

/// The ledger of one process; two processes must not share a file.
#[derive(Debug)]
pub(crate) struct Ledger {
    path: PathBuf,
    file: File,
    /// The file's length up to its last whole line.
    length: u64,
    lines: Vec<Line>,
}

impl Ledger {
    /// Opens the ledger in `dir`, which is made if it is not there.
    ///
    /// A last line that a kill cut off is removed: it was never answered, so it never happened.
    ///
    /// # Errors
    /// When the file cannot be used or is broken in the middle.
    pub(crate) fn open(dir: &Path) -> Result<Self, LedgerError> {
        let path = dir.join("ledger.jsonl");
        let refused = |error| LedgerError::File(path.clone(), error);
        std::fs::create_dir_all(dir).map_err(refused)?;
        let mut file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(&path)
            .map_err(refused)?;
        let mut text = Vec::new();
        file.read_to_end(&mut text).map_err(refused)?;
        let whole = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last + 1);
        let lines = read(&path, text.get(..whole).unwrap_or_default())?;
        let length = whole as u64;
        file.set_len(length).map_err(refused)?;
        Ok(Self { path, file, length, lines })
    }

    /// Everything written so far.
    #[must_use]
    pub(crate) fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// Writes an entry; when this returns, a kill of the process no longer loses it.
    ///
    /// # Errors
    /// When the file system refuses; then nothing was written.
    pub(crate) fn append(&mut self, at: DateTime<Utc>, entry: Entry) -> Result<(), LedgerError> {
        let line = Line { no: self.lines.len() as u64 + 1, at, entry };
        let mut text = serde_json::to_vec(&line).map_err(LedgerError::Unwritable)?;
        text.push(b'\n');
        let written = self
            .file
            // Over whatever a write that failed half-way has left.
            .seek(SeekFrom::Start(self.length))
            .and_then(|_| self.file.write_all(&text))
            .and_then(|()| self.file.flush());
        written.map_err(|error| LedgerError::File(self.path.clone(), error))?;
        self.length += text.len() as u64;
        self.lines.push(line);
        Ok(())
    }
}

fn read(path: &Path, text: &[u8]) -> Result<Vec<Line>, LedgerError> {
    text.split(|byte| *byte == b'\n')
        .enumerate()
        .filter(|(_, line)| !line.is_empty())
        .map(|(index, line)| {
            serde_json::from_slice(line).map_err(|source| LedgerError::Broken {
                path: path.to_owned(),
                line: index + 1,
                source,
            })
        })
        .collect()
}
