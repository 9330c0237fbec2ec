//! The changelog, made of the subjects of commits: `<area>: <Imperative summary>`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// What does not keep to the form is listed here.
const ELSEWHERE: &str = "elsewhere";
/// A terminal with 80 columns shows `git log --oneline` of a longer one on two lines.
const LONGEST: usize = 72;

/// A commit, as `git log` tells of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit {
    /// The tags that stand on it, as `v1.2.0`.
    pub tags: Vec<String>,
    /// The day it was committed.
    pub date: String,
    /// Its first line.
    pub subject: String,
}

impl Commit {
    /// What to ask `git log` for.
    pub const FORMAT: &str = "%D%x09%cs%x09%s";

    /// Reads a line of that.
    #[must_use]
    pub fn parse(line: &str) -> Option<Self> {
        let mut parts = line.splitn(3, '\t');
        let (names, date, subject) = (parts.next()?, parts.next()?, parts.next()?);
        let tags = names.split(", ").filter_map(|name| name.strip_prefix("tag: v"));
        let tags = tags.map(|version| format!("v{version}")).collect();
        Some(Self { tags, date: date.to_owned(), subject: subject.to_owned() })
    }
}

/// The changes of these commits, newest first, under the version that has them and by area.
#[must_use]
pub fn write(commits: &[Commit]) -> String {
    let mut text = String::new();
    let mut title = "Unreleased".to_owned();
    let mut areas = Areas::new();
    for commit in commits {
        if let Some(tag) = commit.tags.first() {
            section(&mut text, &title, &areas);
            title = format!("{tag} ({})", commit.date);
            areas.clear();
        }
        let (area, summary) = taken_apart(&commit.subject);
        areas.entry(area).or_default().push(summary);
    }
    section(&mut text, &title, &areas);
    text
}

/// What is wrong with a subject; `None` when it keeps to the form.
#[must_use]
pub fn complaint(subject: &str) -> Option<&'static str> {
    let Some((areas, summary)) = subject.split_once(": ") else {
        return Some("it does not begin with `<area>: `");
    };
    let is_area = |area: &str| {
        !area.is_empty()
            && area.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
    };
    if !areas.split(", ").all(is_area) {
        Some("its area is no package or folder")
    } else if !summary.starts_with(|c: char| c.is_uppercase()) {
        Some("its summary does not begin with a capital letter")
    } else if summary.ends_with('.') {
        Some("it ends with a full stop")
    } else if subject.chars().count() > LONGEST {
        Some("it is longer than 72 characters")
    } else {
        None
    }
}

/// Summaries by area.
type Areas = BTreeMap<String, Vec<String>>;

/// The first area, under which it is listed, and the summary, with the other areas.
fn taken_apart(subject: &str) -> (String, String) {
    let Some((areas, summary)) = subject.split_once(": ") else {
        return (ELSEWHERE.to_owned(), subject.to_owned());
    };
    match areas.split_once(", ") {
        None => (areas.to_owned(), summary.to_owned()),
        Some((first, others)) => (first.to_owned(), format!("{summary} (also {others})")),
    }
}

fn section(text: &mut String, title: &str, areas: &Areas) {
    if areas.is_empty() {
        return;
    }
    let gap = if text.is_empty() { "" } else { "\n" };
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{gap}## {title}");
    for (area, summaries) in areas {
        let _ = writeln!(text, "\n### {area}\n");
        for summary in summaries {
            let _ = writeln!(text, "- {summary}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Commit, complaint, write};

    #[test]
    fn changes_stand_under_their_version_and_area() {
        let log = [
            "HEAD -> main\t2026-12-02\torder: Snapshot long streams",
            "\t2026-12-02\temail, order: Say why an order was cancelled",
            "tag: v0.2.0, origin/main\t2026-12-01\torder: Keep the price list",
            "\t2026-11-30\tmerged something",
        ];
        let commits: Vec<Commit> = log.iter().filter_map(|line| Commit::parse(line)).collect();

        assert_eq!(
            write(&commits),
            "## Unreleased\n\n### email\n\n- Say why an order was cancelled (also order)\n\n\
             ### order\n\n- Snapshot long streams\n\n\
             ## v0.2.0 (2026-12-01)\n\n### elsewhere\n\n- merged something\n\n\
             ### order\n\n- Keep the price list\n"
        );
    }

    #[test]
    fn a_tag_on_the_newest_commit_leaves_nothing_unreleased() {
        let commit = Commit::parse("tag: v1.0.0\t2026-12-01\torder: Begin").unwrap();

        assert_eq!(write(&[commit]), "## v1.0.0 (2026-12-01)\n\n### order\n\n- Begin\n");
    }

    #[test]
    fn a_subject_says_where_and_what() {
        let good = ["order: Refuse a cart without lines", "email, order-core: Tell why"];
        for subject in good {
            assert_eq!(complaint(subject), None, "{subject}");
        }
        let long = format!("order: {}", "Refuse ".repeat(10));
        let bad = ["Fix it", "Order: Refuse", "order: refuse", "order: Refuse.", "order:Refuse"];
        for subject in bad.into_iter().chain([long.trim()]) {
            assert!(complaint(subject).is_some(), "{subject}");
        }
    }
}
