//! The command line every service has.

use std::io::Write as _;
use std::path::PathBuf;

use anyhow::Context as _;
use clap::{Args as _, Command, FromArgMatches as _};
use serde::de::DeserializeOwned;

use crate::Service;
use crate::config::Settings;

#[derive(Debug, clap::Args)]
struct Arguments {
    /// A TOML file with settings; it wins over the defaults, the environment wins over it
    #[arg(long, value_name = "FILE", env = "SHOP_CONFIG")]
    config: Option<PathBuf>,
    /// Prints the settings in effect, without secrets, and exits
    #[arg(long)]
    print_config: bool,
    /// Prints the OpenAPI document and exits
    #[arg(long)]
    print_openapi: bool,
}

/// Reads command line, file and environment; `None` when all that was asked for is printed.
///
/// `--help`, `--version` and a wrong argument end the process, as people expect.
///
/// # Errors
/// When a setting is missing, unknown or of the wrong kind; the message names it.
pub fn read<T: DeserializeOwned>(service: &Service) -> anyhow::Result<Option<T>> {
    let command = Command::new(service.name)
        .version(service.version)
        .about(service.summary)
        .after_help("Every setting can come from the environment: http.bind is SHOP_HTTP__BIND.");
    let mut matches = Arguments::augment_args(command).get_matches();
    let arguments = Arguments::from_arg_matches_mut(&mut matches)?;

    if arguments.print_openapi {
        print(&service.openapi().to_pretty_json()?)?;
        return Ok(None);
    }
    // Set and empty means not set, as for every other variable.
    let file = arguments.config.filter(|path| !path.as_os_str().is_empty());
    let settings = Settings::from_environment(service.defaults, file.as_deref())?;
    if arguments.print_config {
        print(&settings.shown())?;
        return Ok(None);
    }
    Ok(Some(settings.read()?))
}

fn print(text: &str) -> anyhow::Result<()> {
    match writeln!(std::io::stdout().lock(), "{}", text.trim_end()) {
        // Whoever read it, as `head`, has seen enough.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        outcome => outcome.context("could not write to standard output"),
    }
}
