//! `cargo shop bench` as a program. See the crate's README.

use std::process::ExitCode;

use bench::{EXIT_FAILED, EXIT_GOAL_MISSED, Options};
use clap::Parser as _;
use xtask::{console, stop};

fn main() -> ExitCode {
    let options = Options::parse();
    let outcome = stop::on_signals().map_err(Into::into).and_then(|()| bench::run(&options));
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(EXIT_GOAL_MISSED),
        Err(error) if error.is::<stop::Interrupted>() => {
            console::progress("bench", "interrupted; everything it started is stopped");
            ExitCode::from(stop::EXIT_INTERRUPTED)
        }
        Err(error) => {
            console::progress("bench", format!("{error:#}"));
            ExitCode::from(EXIT_FAILED)
        }
    }
}
