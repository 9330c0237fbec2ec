//! Commands run as another user, and children that the kernel ends when we are killed.

use std::ffi::OsString;
use std::os::unix::process::CommandExt as _;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use anyhow::{Context as _, Result, bail};

use super::Signal;

/// Runs a command that is expected to end soon, and returns what it printed.
///
/// # Errors
/// When it cannot be started or fails; the error carries what it wrote to stderr.
pub fn output_of(command: &mut Command, user: Option<&str>) -> Result<String> {
    let program = command.get_program().display().to_string();
    let mut plain = Command::new(command.get_program());
    copy(command, &mut plain);
    let mut command = match user {
        Some(user) => as_user(plain, user)?,
        None => plain,
    };
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("could not start {program}"))?;
    if !output.status.success() {
        bail!(
            "{program} failed ({}): {}",
            output.status,
            String::from_utf8_lossy(&output.stderr).trim()
        );
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The command as a group of its own that gets the stop signal when we die, however that happens.
pub(super) fn guarded(command: Command, user: Option<&str>, signal: Signal) -> Result<Command> {
    let mut wrapped = if dies_with_us() {
        let mut wrapper = Command::new("setpriv");
        if let Some(user) = user {
            wrapper.args(user_options(user));
        }
        wrapper.args(["--pdeathsig", signal.name()]).arg(command.get_program());
        copy(&command, &mut wrapper);
        wrapper
    } else {
        match user {
            Some(user) => as_user(command, user)?,
            None => command,
        }
    };
    wrapped.process_group(0);
    Ok(wrapped)
}

fn as_user(command: Command, user: &str) -> Result<Command> {
    if cfg!(not(target_os = "linux")) {
        bail!("running a server as {user} needs Linux's setpriv: do not run this as root");
    }
    let mut wrapper = Command::new("setpriv");
    wrapper.args(user_options(user)).arg(command.get_program());
    copy(&command, &mut wrapper);
    Ok(wrapper)
}

fn user_options(user: &str) -> [OsString; 5] {
    ["--reuid", user, "--regid", user, "--clear-groups"].map(OsString::from)
}

fn copy(from: &Command, to: &mut Command) {
    to.args(from.get_args());
    for (name, value) in from.get_envs() {
        match value {
            Some(value) => to.env(name, value),
            None => to.env_remove(name),
        };
    }
    if let Some(folder) = from.get_current_dir() {
        to.current_dir(folder);
    }
}

/// Whether the kernel ends our children when we are killed.
///
/// It takes util-linux's setpriv; `BusyBox`'s cannot, and other systems have none.
pub fn dies_with_us() -> bool {
    static CAN: OnceLock<bool> = OnceLock::new();
    *CAN.get_or_init(|| {
        Command::new("setpriv")
            .arg("--help")
            .output()
            .is_ok_and(|help| String::from_utf8_lossy(&help.stdout).contains("--pdeathsig"))
    })
}
