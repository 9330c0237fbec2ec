//! `cargo shop`: the developer's verbs. See the crate's README.

mod verbs;

use std::process::ExitCode;

use clap::Parser as _;
use xtask::{console, stop};

fn main() -> ExitCode {
    let verb = verbs::CommandLine::parse();
    if let Err(error) = stop::on_signals() {
        console::progress("cargo shop", format!("cannot listen to Ctrl-C: {error}"));
        return ExitCode::FAILURE;
    }
    match verb.run() {
        Ok(code) => code,
        Err(error) if error.is::<stop::Interrupted>() => {
            console::progress("cargo shop", "interrupted; everything it started is stopped");
            ExitCode::from(stop::EXIT_INTERRUPTED)
        }
        Err(error) => {
            console::progress("cargo shop", format!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}
