//! `cargo shop doctor`: what is installed, what is missing, and what to do about it.

use std::process::{Command, ExitCode};

use xtask::browser;
use xtask::process::output_of;
use xtask::servers::install::{Part, can_use_apt};
use xtask::servers::{Engine, Given, Programs};
use xtask::{console, in_path, ports, workspace};

use super::check;

/// Enough for one debug build of the workspace with its tests.
const NEEDED_GIB: u64 = 12;

/// How something stands.
enum State {
    Fine(String),
    /// Missing, but we see to it, or it is needed by some verbs only.
    Note(String),
    /// The tests cannot run without, and only a person can help.
    Missing(String),
}

pub(crate) fn run() -> ExitCode {
    let mut healthy = true;
    let mut show = |name: &str, state: State| {
        let (mark, text) = match state {
            State::Fine(text) => ("ok", text),
            State::Note(text) => ("note", text),
            State::Missing(text) => {
                healthy = false;
                ("MISSING", text)
            }
        };
        console::answer(format!("{name:>16}  {mark:<8} {text}"));
    };
    show("rust", version("rustc", &["--version"], "install Rust with rustup: https://rustup.rs"));
    show(
        "C compiler",
        version(
            "cc",
            &["--version"],
            "install one (Debian: apt-get install build-essential; macOS: xcode-select --install)",
        ),
    );
    show("container engine", engine());
    let programs = Programs::find();
    for part in Part::ALL {
        show(part.name(), server(part, &programs));
    }
    for part in browser::Part::ALL {
        show(part.name(), of_browser_tests(part));
    }
    show("guard", guard());
    show("cargo-deny", deny());
    show("disk", disk());
    show("port 8080", port());
    if healthy {
        console::answer(
            "\nAll that `cargo shop demo`, `up` and `test` need is here or will be installed.",
        );
        ExitCode::SUCCESS
    } else {
        console::answer("\nSomething is missing that only you can provide: see above.");
        ExitCode::FAILURE
    }
}

fn version(program: &str, arguments: &[&str], advice: &str) -> State {
    match output_of(Command::new(program).args(arguments), None) {
        Ok(text) => State::Fine(text.lines().next().unwrap_or_default().to_owned()),
        Err(_) => State::Missing(advice.to_owned()),
    }
}

fn engine() -> State {
    match Engine::find() {
        Some(engine) => State::Fine(engine.program().display().to_string()),
        None if in_path("docker").is_some() || in_path("podman").is_some() => State::Note(
            "a program is installed, but no engine answers; fine where the servers below are"
                .to_owned(),
        ),
        None => State::Note("none; fine where the servers below are".to_owned()),
    }
}

fn server(part: Part, programs: &Programs) -> State {
    for (verbs, prefix) in [("up", "SHOP_"), ("test", "SHOP_TEST_")] {
        if part.given(&Given::from_env(prefix)).is_some() {
            return State::Fine(format!("given by {prefix}… for `cargo shop {verbs}`"));
        }
    }
    if let Some(program) = part.installed(programs) {
        return State::Fine(program.display().to_string());
    }
    if Engine::find().is_some() {
        return State::Fine("in a container".to_owned());
    }
    if part.can_be_installed() {
        return State::Note("not installed; `up` and `test` will install it".to_owned());
    }
    State::Missing(part.advice().to_owned())
}

fn of_browser_tests(part: browser::Part) -> State {
    match part.installed() {
        Some(program) => State::Fine(program.display().to_string()),
        None if can_use_apt() => State::Note("not installed; `test` will install it".to_owned()),
        None => State::Missing(part.advice().to_owned()),
    }
}

fn guard() -> State {
    if xtask::process::dies_with_us() {
        State::Fine("children end with us, also on kill -9".to_owned())
    } else {
        State::Note(
            "no setpriv of util-linux: what a kill -9 leaves running is ended at the next start"
                .to_owned(),
        )
    }
}

fn deny() -> State {
    match check::cargo_deny() {
        Some(program) => State::Fine(program.display().to_string()),
        None => {
            State::Note("not installed; `check` will build it once, in a few minutes".to_owned())
        }
    }
}

fn disk() -> State {
    let root = workspace::root();
    let free = output_of(Command::new("df").args(["-Pk"]).arg(root), None).ok().and_then(|table| {
        table.lines().nth(1)?.split_ascii_whitespace().nth(3)?.parse::<u64>().ok()
    });
    match free.map(|kib| kib >> 20) {
        Some(gib) if gib >= NEEDED_GIB => State::Fine(format!("{gib} GiB free")),
        Some(gib) => State::Missing(format!(
            "{gib} GiB free at {}: a build with its tests takes {NEEDED_GIB}",
            root.display(),
        )),
        None => State::Note("could not be asked".to_owned()),
    }
}

fn port() -> State {
    if ports::is_free(8080) {
        State::Fine("free for the start page".to_owned())
    } else {
        State::Note("in use; give `demo` and `up` another with --port".to_owned())
    }
}
