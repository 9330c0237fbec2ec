//! `cargo shop up`: the shop as it runs in earnest, on this machine.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result};
use clap::Args;
use xtask::local_shop::{LocalShop, Plan};
use xtask::servers::{Given, install};
use xtask::shop_env::KINDS;
use xtask::workspace::{self, Profile};
use xtask::{console, frontend, stop};

const LOOK_EVERY: Duration = Duration::from_millis(100);

/// As identity plants them; naming its crate here would make every verb compile it.
const DEMO_ACCOUNTS: [(&str, &str); 3] = [
    ("ada@example.org", "demo-ada-2026"),
    ("haru@example.org", "demo-haru-2026"),
    ("operator@example.org", "demo-operator-2026"),
];

const HELP: &str = "\
Servers are taken from SHOP_POSTGRES_URL, SHOP_AMQP_URL and SHOP_MONGODB_URL where these are set,
else from programs installed here (private instances in the data folder), else from containers; as
root on Debian missing ones are installed. PostgreSQL gets one database and one role per service.

Ctrl-C stops everything it started and keeps the data. Exit code: 0 after Ctrl-C, 1 when the shop
could not be started.";

/// What to start.
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub(crate) struct Arguments {
    /// How many processes of a service, as order=2; may be repeated
    #[arg(long, value_name = "SERVICE=COUNT", value_delimiter = ',', value_parser = replicas)]
    replicas: Vec<(String, usize)>,
    /// Port of the start page
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Folder that keeps all data, so that a restart continues [default: .shop/up]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Deletes the data of earlier runs first
    #[arg(long)]
    fresh: bool,
}

pub(crate) fn run(arguments: Arguments) -> Result<ExitCode> {
    let plan = Plan {
        fresh: arguments.fresh,
        port: arguments.port,
        replicas: arguments.replicas.into_iter().collect::<BTreeMap<_, _>>(),
        given: Given::from_env("SHOP_"),
        ..Plan::new(arguments.data.unwrap_or_else(|| workspace::root().join(".shop/up")))
    };
    // Before the build: what is missing should not be found out after minutes.
    install::ensure(&plan.given)?;
    frontend::build_if_possible()?;
    let mut packages = KINDS.map(|kind| kind.name).to_vec();
    packages.push("shop");
    workspace::build(Profile::Dev, &packages)?;

    let shop = LocalShop::start(&plan)?;
    introduce(&shop, &plan);
    while !stop::requested() {
        thread::sleep(LOOK_EVERY);
    }
    console::progress("shop", "stopping; the data stays for the next time");
    shop.stop();
    Ok(ExitCode::SUCCESS)
}

fn introduce(shop: &LocalShop, plan: &Plan) {
    let url = shop.url();
    console::answer(format!("\nThe shop is open: {url}\n"));
    for kind in KINDS {
        console::answer(format!("  {:<18}{}", kind.name, shop.addresses(kind.name).join("  ")));
    }
    console::answer("\nDemo accounts");
    for (email, password) in DEMO_ACCOUNTS {
        console::answer(format!("  {email:<22}{password}"));
    }
    console::answer(format!(
        "\nTry this, from another terminal\n  \
         cargo shop tour --url {url}     plays the ways an order can end\n  \
         cargo shop audit --url {url}    checks the books afterwards\n  \
         kill -9 {:<38}    any process you like: it is started again\n\n\
         Mails: {}\nLogs:  {}\nData:  {}\n\nCtrl-C stops everything and keeps the data.",
        shop.services().pid("order").ok().flatten().unwrap_or_default(),
        shop.addresses("mail-sink").join(" "),
        shop.services().log("*").display(),
        plan.data.display(),
    ));
}

fn replicas(text: &str) -> Result<(String, usize)> {
    let (service, count) = text.split_once('=').context("write it as order=2")?;
    Ok((service.to_owned(), count.parse().context("write it as order=2")?))
}

#[cfg(test)]
mod tests {
    use super::{DEMO_ACCOUNTS, replicas};
    use xtask::workspace;

    #[test]
    fn the_accounts_shown_are_those_that_identity_plants() {
        let seed = workspace::root().join("services/identity/src/seed.rs");

        let planted = std::fs::read_to_string(seed).unwrap();

        for (email, password) in DEMO_ACCOUNTS {
            assert!(planted.contains(email) && planted.contains(password), "{email}");
        }
    }

    #[test]
    fn replicas_are_a_service_and_a_count() {
        assert_eq!(replicas("order=2").unwrap(), ("order".to_owned(), 2));
        for wrong in ["order", "order=", "order=two", "=-1"] {
            assert!(replicas(wrong).is_err(), "{wrong}");
        }
    }
}
