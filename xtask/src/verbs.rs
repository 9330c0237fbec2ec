//! What one can ask of `cargo shop`.

mod bench;
mod changelog;
mod check;
mod cluster_secrets;
mod compose_check;
mod doctor;
mod passed_on;
mod steps;
mod test;
mod ui;
mod up;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

/// Runs, tests and examines Saga Shop.
#[derive(Debug, Parser)]
#[command(name = "cargo shop", bin_name = "cargo shop", disable_help_subcommand = true)]
pub(crate) struct CommandLine {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Runs the whole shop in one process: SQLite, embedded broker, nothing to install
    #[command(disable_help_flag = true)]
    Demo(passed_on::Arguments),
    /// Runs the shop as one process per service on PostgreSQL, RabbitMQ and MongoDB
    Up(up::Arguments),
    /// Plays the ways an order can end against a running shop
    #[command(disable_help_flag = true)]
    Tour(passed_on::Arguments),
    /// Checks the invariants of a running shop
    #[command(disable_help_flag = true)]
    Audit(passed_on::Arguments),
    /// Sends dead letters of a running shop back to their queues
    #[command(disable_help_flag = true)]
    Replay(passed_on::Arguments),
    /// Rebuilds the read model of a running shop from the feeds
    #[command(disable_help_flag = true)]
    Rebuild(passed_on::Arguments),
    /// Takes snapshots of the long event streams of a running shop
    #[command(disable_help_flag = true)]
    Snapshot(passed_on::Arguments),
    /// Measures throughput, delay and memory on the real servers
    #[command(disable_help_flag = true)]
    Bench(passed_on::Arguments),
    /// Builds the storefront's bundles into target/ui
    Ui(ui::Arguments),
    /// Writes the secrets that the local overlay of infra/k8s needs, those that are missing
    ClusterSecrets,
    /// Tells what is installed, what is missing, and what to do about it
    Doctor,
    /// Checks form: formatting, lints, docs, licences, layers
    Check(check::Arguments),
    /// Writes the changelog from the subjects of commits
    Changelog(changelog::Arguments),
    /// Builds the images, runs the shop in containers, uses it and kills its parts
    ComposeCheck(compose_check::Arguments),
    /// Runs every test, on real servers that it finds or installs, starts and stops
    Test(test::Arguments),
}

impl CommandLine {
    pub(crate) fn run(self) -> Result<ExitCode> {
        match self.verb {
            Verb::Demo(arguments) => passed_on::run("demo", arguments),
            Verb::Tour(arguments) => passed_on::run("tour", arguments),
            Verb::Audit(arguments) => passed_on::run("audit", arguments),
            Verb::Replay(arguments) => passed_on::run("replay", arguments),
            Verb::Rebuild(arguments) => passed_on::run("rebuild", arguments),
            Verb::Snapshot(arguments) => passed_on::run("snapshot", arguments),
            Verb::Up(arguments) => up::run(arguments),
            Verb::Bench(arguments) => bench::run(arguments),
            Verb::Ui(arguments) => ui::run(&arguments),
            Verb::ClusterSecrets => cluster_secrets::run(),
            Verb::Doctor => Ok(doctor::run()),
            Verb::Check(arguments) => check::run(arguments),
            Verb::Changelog(arguments) => changelog::run(&arguments),
            Verb::Test(arguments) => test::run(&arguments),
            Verb::ComposeCheck(arguments) => compose_check::run(&arguments),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::CommandLine;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_well_formed() {
        CommandLine::command().debug_assert();
    }
}
