//! A run from its beginning to its verdict.

mod findings;

use std::fs;
use std::io;
use std::path::Path;
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result};
use xtask::local_shop::{LocalShop, Plan};
use xtask::workspace::{self, Profile};
use xtask::{console, servers, stop};

use crate::api::Api;
use crate::figure::Figure;
use crate::histogram::Histogram;
use crate::lighthouse;
use crate::machine::{Machine, broker_version};
use crate::options::{Options, Scale};
use crate::report::Report;
use crate::rounds::{self, Round};
use crate::statistics::Sample;
use crate::yardstick::Yardstick;
use crate::{memory, ready, warm};
use findings::Findings;

/// Everything but the starts; several times of what a slow machine needs.
const BOUND: Duration = Duration::from_secs(30 * 60);
/// What a start has begun is over by then, and memory is at rest.
const REST: Duration = Duration::from_secs(3);

/// Measures a shop, tells what came out, and whether all goals are met.
///
/// # Errors
/// When something could not be measured; the logs then stay.
pub fn run(options: &Options) -> Result<bool> {
    let folder = workspace::root().join(".shop/bench");
    let (machine, findings, pages) = match measure(&folder, options.scale()) {
        Ok(measured) => measured,
        Err(error) if error.is::<stop::Interrupted>() => {
            clear(&folder)?;
            return Err(error);
        }
        Err(error) => {
            let logs = folder.join("services").display().to_string();
            return Err(error.context(format!("the services' logs are in {logs}")));
        }
    };
    clear(&folder)?;

    let mut figures = findings.figures()?;
    figures.extend(pages);
    let report = Report { machine, command: options.command(), figures };
    tell(&report, &findings.rounds);
    if let Some(file) = &options.json {
        report.write(file)?;
    }
    Ok(report.is_met())
}

fn measure(folder: &Path, scale: Scale) -> Result<(Machine, Findings, Vec<Figure>)> {
    let (profile, built) = profile();
    let mut machine = Machine { profile: built, ..Machine::look() };
    let mut shop = LocalShop::start(&plan(folder, profile))?;
    let yardstick = Yardstick::create(shop.servers())?;
    machine.rabbitmq = broker_version(&shop.servers().amqp_url())?;
    let measured = findings(&shop, yardstick, scale, &mut machine).and_then(|findings| {
        let pages = lighthouse::figures(&shop.url(), scale.rounds)?;
        Ok((machine, findings, pages))
    });
    // Also after an error, and in the right order.
    shop.stop();
    let (machine, findings, mut figures) = measured?;
    // Alone, as its user starts it.
    figures.push(warm::figure(folder, scale.starts)?);
    Ok((machine, findings, figures))
}

/// Programs that were built like this one: a trial takes no release build.
fn profile() -> (Profile, &'static str) {
    if cfg!(debug_assertions) { (Profile::Dev, "dev") } else { (Profile::Release, "release") }
}

fn plan(folder: &Path, profile: Profile) -> Plan {
    let settings = [
        // All customers come from one address here, and within minutes.
        ("identity", "SHOP_LIMITS__REGISTRATIONS_PER_HOUR", "1000000"),
        // As in production: a burst may take longer than the half minute that suits a demo.
        ("order", "SHOP_SAGA__TIMEOUT_S", "900"),
    ];
    let settings = settings.map(|(service, variable, value)| {
        (service.to_owned(), variable.to_owned(), value.to_owned())
    });
    Plan { fresh: true, profile, settings: settings.to_vec(), ..Plan::new(folder) }
}

fn findings(
    shop: &LocalShop,
    yardstick: Yardstick,
    scale: Scale,
    machine: &mut Machine,
) -> Result<Findings> {
    thread::sleep(REST);
    let idle = memory::of(shop)?;
    let api = Api::of(shop)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    machine.postgres = Some(runtime.block_on(yardstick.server_version())?);
    let work = rounds::run(shop, &api, scale, yardstick);
    let rounds = runtime.block_on(rounds::bounded(BOUND, work))?;
    thread::sleep(REST);
    let loaded = memory::of(shop)?;
    let starts = ready::measure(shop, scale.starts)?;
    Ok(Findings { rounds, idle, loaded, starts })
}

fn tell(report: &Report, rounds: &[Round]) {
    let all = |of: fn(&Round) -> &Sample| {
        let sample = rounds.iter().map(of).fold(Sample::default(), |all, one| all.and(one));
        Histogram::of(&sample).line()
    };
    console::answer(format!("accepted to confirmed  {}", all(|round| &round.paced.confirmed_in)));
    console::answer(format!("accepted to visible    {}\n", all(|round| &round.paced.visible_in)));
    console::answer(report.table());
}

fn clear(folder: &Path) -> Result<()> {
    servers::wipe(&folder.join("servers"))?;
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed.with_context(|| format!("could not delete {}", folder.display())),
    }
}
