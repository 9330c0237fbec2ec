//! The processes of this machine, read from `/proc`.
//!
//! Empty where there is no `/proc` (macOS): there only a process's own group is reached.

use std::fs;

/// One process as `/proc/PID/stat` tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) pid: u32,
    pub(crate) parent: u32,
    pub(crate) group: u32,
    /// Clock ticks from boot to its start: with the pid it names a process for good.
    pub(crate) started: u64,
}

#[derive(Debug, Default)]
pub(crate) struct Table(Vec<Entry>);

impl Table {
    pub(crate) fn read() -> Self {
        let Ok(folder) = fs::read_dir("/proc") else {
            return Self::default();
        };
        let pids = folder.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
        Self(pids.filter_map(Entry::of).collect())
    }

    /// The process, its descendants, and everybody in its group.
    pub(crate) fn family_of(&self, pid: u32) -> Vec<Entry> {
        let is_root = |entry: &&Entry| entry.pid == pid || entry.group == pid;
        let mut family: Vec<Entry> = self.0.iter().filter(is_root).copied().collect();
        let mut visited = 0;
        while let Some(parent) = family.get(visited).copied() {
            let children = self.0.iter().filter(|entry| entry.parent == parent.pid);
            let new: Vec<Entry> =
                children.filter(|child| !family.contains(child)).copied().collect();
            family.extend(new);
            visited += 1;
        }
        family
    }
}

impl Entry {
    /// `None` when it is gone, or dead and only not yet collected by its parent.
    pub(crate) fn of(pid: u32) -> Option<Self> {
        Self::parse(pid, &fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)
    }

    pub(crate) fn is_alive(self) -> bool {
        Self::of(self.pid).is_some_and(|now| now.started == self.started)
    }

    /// Whether its command line mentions this text.
    pub(crate) fn mentions(self, text: &str) -> bool {
        fs::read(format!("/proc/{}/cmdline", self.pid))
            .is_ok_and(|line| String::from_utf8_lossy(&line).contains(text))
    }

    fn parse(pid: u32, stat: &str) -> Option<Self> {
        // The name in parentheses may hold anything, parentheses included.
        let (_, fields) = stat.rsplit_once(") ")?;
        let mut fields = fields.split_ascii_whitespace();
        let state = fields.next()?;
        let (parent, group) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
        let started = fields.nth(16)?.parse().ok()?;
        (!matches!(state, "Z" | "X")).then_some(Self { pid, parent, group, started })
    }
}

#[cfg(test)]
mod tests {
    use super::{Entry, Table};

    #[test]
    fn a_line_of_proc_is_read_whatever_the_program_calls_itself() {
        let stat = "42 (a) (b c) S 7 40 40 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 987654 9 9";

        let entry = Entry::parse(42, stat);

        assert_eq!(entry, Some(Entry { pid: 42, parent: 7, group: 40, started: 987_654 }));
    }

    #[test]
    fn a_family_is_the_group_and_all_descendants() {
        let entry = |pid, parent, group| Entry { pid, parent, group, started: 1 };
        let table = Table(vec![
            entry(1, 0, 1),
            entry(12, 11, 12),
            entry(10, 1, 10),
            entry(11, 10, 11),
            entry(13, 1, 10),
            entry(20, 1, 20),
        ]);

        let mut pids: Vec<u32> = table.family_of(10).iter().map(|entry| entry.pid).collect();
        pids.sort_unstable();

        assert_eq!(pids, [10, 11, 12, 13]);
    }
}
