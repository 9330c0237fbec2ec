//! How much of the processors each program has taken.

use std::collections::BTreeMap;
use std::fs;

/// The kernel's clock ticks per second, the same on every Linux that people run.
const TICKS: f64 = 100.0;

/// Seconds of processor time by program, of this process and all it started: services, servers,
/// and the load generator itself. Empty where there is no `/proc`.
#[must_use]
pub fn seconds() -> BTreeMap<String, f64> {
    let folder = fs::read_dir("/proc").into_iter().flatten();
    let pids = folder.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    let all: Vec<Entry> = pids.filter_map(Entry::read).collect();
    let mut seconds = BTreeMap::new();
    for entry in family(&all, std::process::id()) {
        *seconds.entry(entry.program.clone()).or_default() += entry.ticks as f64 / TICKS;
    }
    seconds
}

/// What was taken between two looks.
#[must_use]
pub fn between(
    before: &BTreeMap<String, f64>,
    after: &BTreeMap<String, f64>,
) -> BTreeMap<String, f64> {
    let taken = |(name, now): (&String, &f64)| {
        (name.clone(), now - before.get(name).copied().unwrap_or_default())
    };
    after.iter().map(taken).collect()
}

struct Entry {
    pid: u32,
    parent: u32,
    program: String,
    /// Its own, and of children that have ended.
    ticks: u64,
}

impl Entry {
    fn read(pid: u32) -> Option<Self> {
        Self::parse(pid, &fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)
    }

    fn parse(pid: u32, stat: &str) -> Option<Self> {
        let (head, fields) = stat.rsplit_once(") ")?;
        let program = head.split_once('(')?.1.to_owned();
        let fields: Vec<&str> = fields.split_ascii_whitespace().collect();
        let times = fields.get(11..15)?.iter().map(|field| field.parse::<u64>().ok());
        let ticks = times.sum::<Option<u64>>()?;
        Some(Self { pid, parent: fields.get(1)?.parse().ok()?, program, ticks })
    }
}

/// A process and all that descend from it.
fn family(all: &[Entry], root: u32) -> Vec<&Entry> {
    let mut family: Vec<&Entry> = all.iter().filter(|entry| entry.pid == root).collect();
    let mut visited = 0;
    while let Some(parent) = family.get(visited).map(|entry| entry.pid) {
        family.extend(all.iter().filter(|entry| entry.parent == parent && entry.pid != root));
        visited += 1;
    }
    family
}

#[cfg(test)]
mod tests {
    use super::{Entry, family};

    #[test]
    fn a_line_of_proc_tells_program_parent_and_time() {
        let stat = "42 (a) (b c) S 7 40 40 0 -1 4194560 1 2 3 4 50 6 70 8 20 0 1 0 987654 9 9";

        let entry = Entry::parse(42, stat).unwrap();

        assert_eq!((entry.program.as_str(), entry.parent, entry.ticks), ("a) (b c", 7, 134));
    }

    #[test]
    fn a_family_is_what_one_process_started() {
        let entry = |pid, parent| Entry { pid, parent, program: String::new(), ticks: 0 };
        let all = [entry(1, 0), entry(12, 11), entry(10, 1), entry(11, 10), entry(13, 1)];

        let mut pids: Vec<u32> = family(&all, 10).iter().map(|entry| entry.pid).collect();
        pids.sort_unstable();

        assert_eq!(pids, [10, 11, 12]);
    }
}
