//! `cargo shop changelog`: what changed, from the subjects of commits.

use std::process::{Command, ExitCode};

use anyhow::{Context as _, Result};
use clap::Args;
use xtask::changelog::{self, Commit};
use xtask::process::output_of;
use xtask::{console, workspace};

const HELP: &str = "\
Writes the whole changelog, or that of a range, to standard output; merges are left out.
    cargo shop changelog > CHANGELOG.md
    cargo shop changelog v0.1.0..v0.2.0
    cargo shop changelog --check main..HEAD

Exit code: 1 when --check found a subject that does not keep to the form.";

const HEAD: &str = "\
# Changelog

Written by `cargo shop changelog` from the subjects of commits (CONTRIBUTING.md says how they look).
";

/// Which commits, and what to do with them.
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub(crate) struct Arguments {
    /// Commits as git names them [default: all]
    #[arg(value_name = "FROM..TO")]
    range: Option<String>,
    /// Names subjects that do not keep to the form, and writes nothing else
    #[arg(long)]
    check: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let commits = commits(arguments.range.as_deref())?;
    if arguments.check {
        return Ok(check(&commits));
    }
    if arguments.range.is_none() {
        console::answer(HEAD);
    }
    console::answer(changelog::write(&commits).trim_end());
    Ok(ExitCode::SUCCESS)
}

fn check(commits: &[Commit]) -> ExitCode {
    let mut code = ExitCode::SUCCESS;
    for commit in commits {
        if let Some(complaint) = changelog::complaint(&commit.subject) {
            console::answer(format!("{}\n    {complaint}", commit.subject));
            code = ExitCode::FAILURE;
        }
    }
    code
}

fn commits(range: Option<&str>) -> Result<Vec<Commit>> {
    let mut git = Command::new("git");
    git.args(["log", "--no-merges", "--decorate=short", "--decorate-refs=refs/tags/"]);
    git.arg(format!("--format={}", Commit::FORMAT));
    // After this git takes nothing for an option.
    git.args(["--end-of-options", range.unwrap_or("HEAD")]).current_dir(workspace::root());
    let log = output_of(&mut git, None).context("git does not know these commits")?;
    Ok(log.lines().filter_map(Commit::parse).collect())
}
