//! The gateway's keys as a process. See the crate's README.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Result;
use clap::Parser;
use gateway_keys::{Folder, Follower};
use serde_json::json;
use tokio::signal::unix::{SignalKind, signal};

/// While there are no keys at all, the gateway cannot start: that is no time to wait long.
const FIRST_RETRY: Duration = Duration::from_secs(1);

/// Keeps the keys that the gateway verifies tokens with as identity publishes them
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// Where identity publishes them
    #[arg(
        long,
        env = "GATEWAY_KEYS_URL",
        default_value = "http://identity:8101/.well-known/jwks.json"
    )]
    url: String,
    /// The folder that the gateway reads
    #[arg(long, env = "GATEWAY_KEYS", default_value = "/run/gateway")]
    folder: PathBuf,
    /// The socket of HAProxy's master process
    #[arg(long, env = "GATEWAY_MASTER_SOCKET", default_value = "/run/gateway/master.sock")]
    master: PathBuf,
    /// How often to look, in seconds
    #[arg(long, env = "GATEWAY_KEYS_EVERY_S", default_value_t = 60)]
    every: u64,
    /// Writes the keys and ends
    #[arg(long)]
    once: bool,
    /// Ends well when the keys are there
    #[arg(long)]
    check: bool,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<ExitCode> {
    let arguments = Arguments::parse();
    let folder = Folder::new(arguments.folder);
    if arguments.check {
        return Ok(if folder.is_complete() { ExitCode::SUCCESS } else { ExitCode::FAILURE });
    }
    // The first process of a container is not ended by a signal that it does not ask for.
    let mut terminate = signal(SignalKind::terminate())?;
    let every = Duration::from_secs(arguments.every.max(1));
    let mut follower = Follower::new(arguments.url, folder.clone(), arguments.master)?;
    loop {
        let wait = match follower.look().await {
            Ok(changed) => {
                if changed {
                    say("INFO", "the keys have changed");
                }
                if arguments.once {
                    return Ok(ExitCode::SUCCESS);
                }
                every
            }
            Err(error) => {
                say("WARN", &format!("the keys stay as they are: {error:#}"));
                if folder.is_complete() { every } else { FIRST_RETRY }
            }
        };
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            _ = terminate.recv() => return Ok(ExitCode::SUCCESS),
            _ = tokio::signal::ctrl_c() => return Ok(ExitCode::SUCCESS),
        }
    }
}

/// A line as the services write theirs.
fn say(level: &str, message: &str) {
    let line = json!({ "level": level, "service": "gateway-keys", "message": message });
    // A log that cannot be written has nowhere to say so.
    drop(writeln!(std::io::stdout().lock(), "{line}"));
}
