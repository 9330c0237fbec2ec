//! `cargo shop compose-check`: the shop in containers, built, used, hurt and taken down.

use std::process::{Command, ExitCode};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use clap::Args;
use xtask::browser::{self, Tools};
use xtask::stack::{self, Container, Docker, FRAGMENTS, PROGRAMS, STOREFRONT, Stack};
use xtask::workspace::{self, Profile};
use xtask::{console, ports};

use super::steps::Steps;

const HELP: &str = "\
Builds every image, brings infra/compose.yaml up as a project of its own (saga-shop-check), and asks it what a
running shop is asked: tour, audit, and a journey in a browser through the gateway. Then two of order, then a
kill for a container of each kind and an order after each, then the audit again. Prints the images' compressed
sizes, each container's memory, and the time from `up` to the first order that is confirmed. Takes everything
down, also after a failure.

Runs on Docker where it answers; else, as root on Debian 12, on podman with stand-ins for the images
(infra/stand-ins), which it sets up. Half an hour cold, ten minutes warm.

Exit code: 0 when all went well, 130 after Ctrl-C, else 1.";

const PROJECT: &str = "saga-shop-check";
/// Compressed, of our own images.
const LARGEST_MB: u64 = 25;
const MB: u64 = 1_000_000;
/// What it plays: through pages, the gateway, both BFF and broker, to an order that is confirmed.
const JOURNEY: &str = "a guest fills a cart";

/// What to leave out.
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub(crate) struct Arguments {
    /// Takes the images as they are
    #[arg(long)]
    no_build: bool,
    /// Leaves the shop running at the end, for a look
    #[arg(long)]
    keep: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let mut steps = Steps::default();
    let docker = Docker::ensure()?;
    console::progress("engine", docker.describe());
    let tools = Tools::ensure(&browser::journeys())?;
    workspace::build(Profile::Dev, &["shop"])?;

    let port = ports::free()?;
    let settings = vec![
        ("SHOP_PORT", port.to_string()),
        ("SHOP_MAIL_PORT", ports::free()?.to_string()),
        ("SHOP_MANIFEST", "./check/shop.json".to_owned()),
    ];
    let scene = Scene {
        stack: Stack::new(docker, PROJECT, settings),
        tools,
        url: format!("http://127.0.0.1:{port}"),
    };
    if !arguments.no_build && !steps.take("images", || scene.stack.build().map(|()| true))? {
        return Ok(steps.verdict());
    }
    steps.take("sizes", || scene.sizes())?;
    // What a run that was killed left behind.
    scene.stack.down()?;
    let played = scene.play(&mut steps);
    if arguments.keep {
        console::answer(format!("\nThe shop is open: {}", scene.url));
    } else {
        // No step, which Ctrl-C would end before it begins.
        console::progress("down", "taking everything down");
        scene.stack.down()?;
    }
    played?;
    Ok(steps.verdict())
}

struct Scene {
    stack: Stack,
    tools: Tools,
    url: String,
}

impl Scene {
    fn play(&self, steps: &mut Steps) -> Result<()> {
        let began = Instant::now();
        if !steps.take("up", || self.stack.up(&[]).map(|()| true))? {
            return Ok(());
        }
        let healthy = began.elapsed();
        steps.take("first order", || self.order())?;
        console::answer(format!(
            "healthy {} after `up`, the first order confirmed {} after it",
            console::spoken(healthy),
            console::spoken(began.elapsed()),
        ));
        steps.take("tour", || self.shop(&["tour"]))?;
        steps.take("journey", || self.journey())?;
        steps.take("audit", || self.shop(&["audit"]))?;
        steps.take("memory", || self.memory())?;
        steps.take("two of order", || self.scale())?;
        steps.take("kills", || self.kills())?;
        steps.take("audit after", || self.shop(&["audit"]))?;
        Ok(())
    }

    fn sizes(&self) -> Result<bool> {
        let mut all_small = true;
        for name in PROGRAMS.into_iter().chain([STOREFRONT]).chain(FRAGMENTS) {
            let bytes = stack::compressed_size(self.stack.docker(), &stack::image(name))?;
            let is_small = bytes <= LARGEST_MB * MB;
            let verdict = if is_small { "" } else { "  TOO LARGE" };
            console::answer(format!("{name:>18}  {:>5} KB compressed{verdict}", bytes / 1000));
            all_small &= is_small;
        }
        Ok(all_small)
    }

    fn memory(&self) -> Result<bool> {
        let figures = stack::memory(self.stack.docker(), &self.stack.containers()?)?;
        let mut sum = 0;
        for figure in &figures {
            console::answer(format!(
                "{:>18}  {:>5} MB in memory",
                figure.container.service,
                figure.bytes / MB
            ));
            sum += figure.bytes;
        }
        console::answer(format!("{:>18}  {:>5} MB", "all", sum / MB));
        Ok(true)
    }

    /// An order that is paid, reserved and confirmed. The gateway finds what is back a moment after it is back:
    /// asked again until then.
    fn order(&self) -> Result<bool> {
        const TRIES: u32 = 5;
        for _ in 1..TRIES {
            if self.shop(&["tour", "--rows", "1"])? {
                return Ok(true);
            }
            console::progress("order", "not yet; once more");
            thread::sleep(Duration::from_secs(3));
        }
        self.shop(&["tour", "--rows", "1"])
    }

    fn scale(&self) -> Result<bool> {
        self.stack.up(&["--no-recreate", "--scale", "order=2"])?;
        let containers = self.stack.containers()?;
        let orders: Vec<Container> =
            containers.into_iter().filter(|one| one.service == "order").collect();
        ensure!(orders.len() == 2, "there are {} of order, not two", orders.len());
        self.stack.wait_healthy(&orders)?;
        Ok(self.order()? && self.shop(&["audit"])?)
    }

    /// One container of each kind, one after the other, and an order after each.
    fn kills(&self) -> Result<bool> {
        let containers = self.stack.containers()?;
        let mut killed: Vec<&str> = Vec::new();
        for container in &containers {
            if killed.contains(&container.service.as_str()) {
                continue;
            }
            killed.push(&container.service);
            let began = Instant::now();
            self.stack.kill_and_start(container)?;
            self.stack.wait_healthy(&containers)?;
            let healthy = began.elapsed();
            ensure!(self.order()?, "no order goes through after {} was killed", container.service);
            console::progress(
                "kills",
                format!(
                    "{}: all healthy after {}, an order confirmed after {}",
                    container.service,
                    console::spoken(healthy),
                    console::spoken(began.elapsed()),
                ),
            );
        }
        ensure!(killed.len() > PROGRAMS.len(), "only {} were there to be killed", killed.len());
        Ok(true)
    }

    /// Somebody in a browser, who knows nothing but the gateway.
    fn journey(&self) -> Result<bool> {
        let views = workspace::root().join(".shop/compose-check");
        let mut node = Command::new(&self.tools.node);
        node.args(["--test", "--test-reporter=spec"])
            .arg(format!("--test-name-pattern={JOURNEY}"))
            .arg(browser::journeys().join("main.test.mjs"))
            .env("SHOP_URL", &self.url)
            // For journeys that replace a bundle, which this is not.
            .env("SHOP_UI", &views)
            .env("SHOP_CHROMIUM", &self.tools.chromium)
            .env("SHOP_BROWSER_PACKAGES", &self.tools.packages)
            .env("SHOP_BROWSER_VIEWS", &views);
        Ok(workspace::run(&mut node)?.success())
    }

    /// A verb against the running shop.
    fn shop(&self, arguments: &[&str]) -> Result<bool> {
        let mut shop = Command::new(workspace::program(Profile::Dev, "shop"));
        shop.args(arguments).args(["--url", &self.url]);
        Ok(workspace::run(&mut shop)?.success())
    }
}
