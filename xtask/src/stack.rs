//! The shop in containers: images built from `infra/images`, run by `infra/compose.yaml`.

mod engine;
mod figures;

use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use crate::process::output_of;
use crate::{console, wait, workspace};

pub use engine::Docker;
pub use figures::{Memory, compressed_size, memory};

/// Programs that become an image each; the pages' server becomes several.
pub const PROGRAMS: [&str; 10] = [
    "identity",
    "catalog",
    "order",
    "payment",
    "email",
    "order-history",
    "sandbox-provider",
    "web-bff",
    "mobile-bff",
    "gateway-keys",
];
/// The shell.
pub const STOREFRONT: &str = "storefront";
/// Fragments that are delivered alone.
pub const FRAGMENTS: [&str; 4] = ["catalog-ui", "checkout-ui", "orders-ui", "account-ui"];

/// A container that was started or killed is ready by then, on a machine that is busy.
const READY_BOUND: Duration = Duration::from_secs(180);

/// A compose project of its own, beside whatever else runs.
#[derive(Debug)]
pub struct Stack {
    docker: Docker,
    project: &'static str,
    /// Settings for compose, as in `infra/.env.example`.
    settings: Vec<(&'static str, String)>,
}

/// One container of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Container {
    /// What compose calls it.
    pub service: String,
    /// What the engine calls it.
    pub name: String,
}

impl Stack {
    /// Nothing is started yet.
    pub fn new(
        docker: Docker,
        project: &'static str,
        settings: Vec<(&'static str, String)>,
    ) -> Self {
        Self { docker, project, settings }
    }

    /// Builds every image; what did not change is taken from before.
    pub fn build(&self) -> Result<()> {
        for name in PROGRAMS {
            self.build_one(name, "program", &[("BIN", name)])?;
        }
        self.build_one(STOREFRONT, "page", &[])?;
        FRAGMENTS.iter().try_for_each(|name| self.build_one(name, "page", &[("FRAGMENT", name)]))
    }

    fn build_one(&self, name: &str, target: &str, arguments: &[(&str, &str)]) -> Result<()> {
        console::progress("build", name);
        let mut build = self.docker.command();
        build.args(["build", "--quiet", "--file", "infra/images/Dockerfile", "--target", target]);
        for (argument, value) in arguments {
            build.args(["--build-arg", &format!("{argument}={value}")]);
        }
        build.args(["--tag", &image(name), "."]).current_dir(workspace::root());
        if !workspace::run(&mut build)?.success() {
            bail!("the image {name} could not be built");
        }
        Ok(())
    }

    /// Starts everything and waits until all is healthy.
    pub fn up(&self, more: &[&str]) -> Result<()> {
        let up = ["up", "--detach", "--wait", "--no-build"];
        if !workspace::run(self.compose().args(up).args(more))?.success() {
            bail!("compose could not start the shop");
        }
        Ok(())
    }

    /// Takes everything down, data and passwords included.
    pub fn down(&self) -> Result<()> {
        // Not `workspace::run`, which gives up on Ctrl-C: this is what Ctrl-C asks for.
        let down = || {
            output_of(self.compose().args(["down", "--volumes", "--timeout", "30"]), None)
                .context("compose could not take the shop down")
        };
        down()?;
        // podman-compose knows one replica of each, and keeps the volumes that another uses.
        let left = self.containers()?;
        if !left.is_empty() {
            let mut remove = self.docker.command();
            remove.args(["rm", "--force"]).args(left.iter().map(|container| &container.name));
            output_of(&mut remove, None)?;
            down()?;
        }
        Ok(())
    }

    /// The containers that run.
    pub fn containers(&self) -> Result<Vec<Container>> {
        let filter = format!("label=com.docker.compose.project={}", self.project);
        let format = "{{.Label \"com.docker.compose.service\"}} {{.Names}}";
        let mut list = self.docker.command();
        list.args(["ps", "--filter", &filter, "--format"]).arg(self.docker.listing(format));
        let list = output_of(&mut list, None).context("the engine lists no containers")?;
        let mut containers: Vec<Container> = list
            .lines()
            .filter_map(|line| line.trim().split_once(' '))
            .map(|(service, name)| Container { service: service.into(), name: name.into() })
            .collect();
        containers.sort_by(|a, b| (&a.service, &a.name).cmp(&(&b.service, &b.name)));
        Ok(containers)
    }

    /// `kill -9` for what runs in it, and a start: an engine leaves alone what was killed by hand.
    pub fn kill_and_start(&self, container: &Container) -> Result<()> {
        output_of(self.docker.command().args(["kill", &container.name]), None)?;
        output_of(self.docker.command().args(["start", &container.name]), None)?;
        Ok(())
    }

    /// Waits until these are healthy.
    pub fn wait_healthy(&self, containers: &[Container]) -> Result<()> {
        for Container { name, .. } in containers {
            let healthy = wait::until(READY_BOUND, || {
                Ok(self.docker.is_healthy(name).then_some(()).or_else(|| {
                    std::thread::sleep(Duration::from_millis(500));
                    None
                }))
            })?;
            healthy.with_context(|| format!("{name} is not healthy; see `docker logs {name}`"))?;
        }
        Ok(())
    }

    /// The engine it runs on.
    pub fn docker(&self) -> &Docker {
        &self.docker
    }

    fn compose(&self) -> Command {
        let mut command = self.docker.command();
        command.args(["compose", "--project-name", self.project]);
        for file in ["infra/compose.yaml", "infra/compose.check.yaml"] {
            command.args(["--file", file]);
        }
        command.envs(self.settings.iter().map(|(name, value)| (name, value)));
        command.current_dir(workspace::root());
        command
    }
}

/// As compose names it where nobody says otherwise.
pub fn image(name: &str) -> String {
    format!("localhost/saga-shop/{name}:dev")
}
