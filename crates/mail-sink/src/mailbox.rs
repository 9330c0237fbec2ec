//! Where accepted mails go: memory, and a folder if one was given.

use std::collections::VecDeque;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::message::Message;

/// Enough to look back on a bench run, little enough to stay in memory.
const KEPT: usize = 2_000;

#[derive(Debug)]
pub(crate) struct Mailbox {
    dir: Option<PathBuf>,
    shelf: Mutex<Shelf>,
}

#[derive(Debug, Default)]
struct Shelf {
    mails: VecDeque<Message>,
    last_number: u64,
}

impl Mailbox {
    pub(crate) fn open(dir: Option<PathBuf>) -> io::Result<Self> {
        let mut shelf = Shelf::default();
        if let Some(dir) = &dir {
            fs::create_dir_all(dir)?;
            for (number, path) in saved_in(dir)? {
                shelf.put(Message::from_file(number, &fs::read(path)?));
            }
        }
        Ok(Self { dir, shelf: Mutex::new(shelf) })
    }

    /// Keeps a mail; once this returns, it is in the folder too.
    pub(crate) fn keep(&self, from: String, to: Vec<String>, raw: &[u8]) -> io::Result<()> {
        let mut shelf = self.shelf();
        let message = Message::new(shelf.last_number + 1, from, to, raw);
        if let Some(dir) = &self.dir {
            fs::write(dir.join(format!("{:06}.eml", message.number)), message.to_file())?;
        }
        shelf.put(message);
        Ok(())
    }

    pub(crate) fn all(&self) -> Vec<Message> {
        self.shelf().mails.iter().cloned().collect()
    }

    pub(crate) fn find(&self, number: u64) -> Option<Message> {
        self.shelf().mails.iter().find(|mail| mail.number == number).cloned()
    }

    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        // Nothing in a critical section leaves the shelf half changed.
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shelf {
    fn put(&mut self, message: Message) {
        self.last_number = message.number;
        self.mails.push_back(message);
        if self.mails.len() > KEPT {
            self.mails.pop_front();
        }
    }
}

/// The newest saved mails with their numbers, in order.
fn saved_in(dir: &Path) -> io::Result<Vec<(u64, PathBuf)>> {
    let mut saved = Vec::new();
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        let number = path.file_stem().and_then(|stem| stem.to_str()?.parse().ok());
        if let (Some(number), Some("eml")) = (number, path.extension().and_then(|e| e.to_str())) {
            saved.push((number, path));
        }
    }
    saved.sort_unstable();
    let surplus = saved.len().saturating_sub(KEPT);
    Ok(saved.split_off(surplus))
}
