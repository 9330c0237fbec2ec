//! Docker where it answers, else the stand-ins on podman.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;
use std::{env, fs};

use anyhow::{Context as _, Result, bail};

use crate::process::output_of;
use crate::servers::install::can_use_apt;
use crate::{console, in_path, workspace};

/// The `docker` command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Docker {
    program: PathBuf,
    is_stand_in: bool,
}

impl Docker {
    /// An engine that answers, or one that is set up now.
    ///
    /// # Errors
    /// When there is none and none can be set up.
    pub fn ensure() -> Result<Self> {
        if let Some(program) = in_path("docker") {
            let answers = |arguments: &[&str]| {
                output_of(Command::new(&program).args(arguments), None).is_ok()
            };
            if answers(&["info"]) && answers(&["compose", "version"]) {
                return Ok(Self { program, is_stand_in: false });
            }
        }
        if !can_use_apt() {
            bail!("no container engine answers: start Docker with its compose plugin");
        }
        Self::set_up_stand_ins()
    }

    fn set_up_stand_ins() -> Result<Self> {
        let folder = workspace::root().join("infra/stand-ins");
        console::progress("engine", "no Docker answers: podman and local stand-ins for the images");
        for arguments in [vec!["setup".to_owned()], images()?] {
            let mut command = Command::new(folder.join("stand-in-images"));
            if !workspace::run(command.args(&arguments))?.success() {
                bail!("the stand-ins could not be set up; see infra/stand-ins/README.md");
            }
        }
        Ok(Self { program: folder.join("bin/docker"), is_stand_in: true })
    }

    /// Its command line, so far without arguments.
    pub fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        if self.is_stand_in {
            let folder = self.program.parent().map(PathBuf::from).unwrap_or_default();
            let path = env::var_os("PATH").unwrap_or_default();
            let path = env::join_paths([folder].into_iter().chain(env::split_paths(&path)));
            command.env("PATH", path.unwrap_or_else(|_| OsString::new()));
        }
        command
    }

    /// What kind of engine it is.
    pub fn describe(&self) -> &'static str {
        if self.is_stand_in { "podman, with stand-ins for the images of servers" } else { "Docker" }
    }

    /// Whether the health check of a container passes.
    pub(super) fn is_healthy(&self, name: &str) -> bool {
        let mut command = self.command();
        if self.is_stand_in {
            // Nothing runs health checks in the background there.
            return output_of(command.args(["healthcheck", "run", name]), None).is_ok();
        }
        command.args(["inspect", "--format", "{{.State.Health.Status}}", name]);
        output_of(&mut command, None).is_ok_and(|status| status.trim() == "healthy")
    }

    /// A template for `docker ps`, as this engine understands it.
    pub(super) fn listing(&self, template: &str) -> String {
        if self.is_stand_in {
            template.replace(".Label ", "index .Labels ")
        } else {
            template.to_owned()
        }
    }
}

/// `images` and the name of every image that the Dockerfile and compose start from.
fn images() -> Result<Vec<String>> {
    let mut names = vec!["images".to_owned()];
    for file in ["images/Dockerfile", "compose.yaml", "compose.check.yaml"] {
        let path = workspace::root().join("infra").join(file);
        let text = fs::read_to_string(&path).with_context(|| format!("no {}", path.display()))?;
        for line in text.lines() {
            let name = line.trim().strip_prefix("image: ").or_else(|| line.strip_prefix("FROM "));
            let name = name.and_then(|rest| rest.split_ascii_whitespace().next());
            // A stage of the Dockerfile has no dot, and what is built here begins with a variable.
            if let Some(name) = name.filter(|name| name.contains('.') && !name.starts_with('$'))
                && !names.iter().any(|known| known == name)
            {
                names.push(name.to_owned());
            }
        }
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::images;

    #[test]
    fn the_images_that_stand_ins_are_made_of_are_those_that_are_used() {
        let images = images().unwrap();

        for part in
            ["rust:1.95-bookworm", "distroless/cc-debian12:nonroot", "postgres:", "haproxy:"]
        {
            assert!(images.iter().any(|name| name.contains(part)), "no {part} in {images:?}");
        }
        assert!(!images.iter().any(|name| name.contains("saga-shop")), "{images:?}");
    }
}
