//! The command line every service has.

mod probe;

use std::ffi::OsString;
use std::io::Write as _;
use std::path::PathBuf;

use anyhow::Context as _;
use clap::{Args as _, Command, FromArgMatches as _};
use serde::de::DeserializeOwned;

use crate::Service;
use crate::config::Settings;
use probe::Probe;

#[derive(Debug, clap::Args)]
struct Arguments {
    /// A TOML file with settings; it wins over the defaults, the environment wins over it
    #[arg(long, value_name = "FILE", env = "SHOP_CONFIG")]
    config: Option<OsString>,
    /// Prints the settings in effect, without secrets, and exits
    #[arg(long)]
    print_config: bool,
    /// Prints the OpenAPI document and exits
    #[arg(long)]
    print_openapi: bool,
    /// Asks the process at `http.bind` whether it is well, and exits with 0 when it is
    #[arg(long, value_name = "WHAT", num_args = 0..=1, default_missing_value = "ready")]
    probe: Option<Probe>,
}

#[derive(Debug, clap::Args)]
struct StoreArguments {
    /// Brings the store up to date, with what is to be planted in it, and exits
    #[arg(long)]
    migrate: bool,
}

/// What a service with a store of its own was started for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Job {
    /// To serve.
    Serve,
    /// To bring its store up to date, and end.
    Migrate,
}

impl Arguments {
    /// Set and empty means not set, as for every other variable.
    fn file(&self) -> Option<PathBuf> {
        self.config.as_ref().filter(|path| !path.is_empty()).map(PathBuf::from)
    }
}

/// Reads command line, file and environment; `None` when all that was asked for is done.
///
/// `--help`, `--version` and a wrong argument end the process, as people expect.
///
/// # Errors
/// When a setting is missing, unknown or of the wrong kind, and the message names it; when a
/// process that was to be probed is not well.
pub fn read<T: DeserializeOwned>(service: &Service) -> anyhow::Result<Option<T>> {
    let mut matches = Arguments::augment_args(command(service)).get_matches();
    settings(service, Arguments::from_arg_matches_mut(&mut matches)?)
}

/// Like [`read`], for a service that may be told to bring its store up to date only.
///
/// # Errors
/// See [`read`].
pub fn read_job<T: DeserializeOwned>(service: &Service) -> anyhow::Result<Option<(T, Job)>> {
    let command = StoreArguments::augment_args(Arguments::augment_args(command(service)));
    let mut matches = command.get_matches();
    let arguments = Arguments::from_arg_matches_mut(&mut matches)?;
    let store = StoreArguments::from_arg_matches_mut(&mut matches)?;
    let job = if store.migrate { Job::Migrate } else { Job::Serve };
    Ok(settings(service, arguments)?.map(|settings| (settings, job)))
}

fn command(service: &Service) -> Command {
    Command::new(service.name)
        .version(service.version)
        .about(service.summary)
        .after_help("Every setting can come from the environment: http.bind is SHOP_HTTP__BIND.")
}

fn settings<T: DeserializeOwned>(
    service: &Service,
    arguments: Arguments,
) -> anyhow::Result<Option<T>> {
    if arguments.print_openapi {
        print(&service.openapi().to_pretty_json()?)?;
        return Ok(None);
    }
    let file = arguments.file();
    let settings = Settings::from_environment(service.defaults, file.as_deref())?;
    if arguments.print_config {
        print(&settings.shown())?;
        return Ok(None);
    }
    if let Some(probe) = arguments.probe {
        probe.ask(&settings.text("http.bind")?)?;
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

#[cfg(test)]
mod tests {
    use clap::{Args as _, Command, FromArgMatches as _};

    use super::Arguments;

    #[test]
    fn a_file_without_a_name_is_none() {
        let command = Arguments::augment_args(Command::new("example"));

        let matches = command.try_get_matches_from(["example", "--config", ""]).unwrap();
        let arguments = Arguments::from_arg_matches(&matches).unwrap();

        assert_eq!(arguments.file(), None);
    }
}
