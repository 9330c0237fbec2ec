//! The rounds: every round measures everything once, so that a slow minute slows all alike.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use tokio::time::sleep;
use xtask::local_shop::LocalShop;
use xtask::{console, stop};

use crate::api::Api;
use crate::burst::{self, Burst, CLIENTS};
use crate::customers::{self, Customer};
use crate::options::Scale;
use crate::orders::Accepted;
use crate::paced::{self, LIGHT_RATE, RATE};
use crate::statistics::Sample;
use crate::storefront::{self, Reads};
use crate::watch::Watch;
use crate::yardstick::Yardstick;
use crate::{checkout, orders, processor, quiet, shelf};

/// Those that hear of an order; while they rest, `order` has the processors for itself.
const HEARERS: [&str; 4] = ["payment", "catalog", "email", "order-history"];

/// What one round measured.
#[derive(Debug, Clone)]
pub struct Round {
    /// Orders accepted per second at [`CLIENTS`] clients.
    pub accepted_per_second: f64,
    /// Transactions of the yardstick per second, right after.
    pub yardstick: f64,
    /// Orders accepted per second at [`CLIENTS`] clients while those that hear of them rest.
    pub accepted_alone_per_second: f64,
    /// Milliseconds of processor time of each program for one order, from the first request of
    /// the bursts until nothing was left to do.
    pub processor_ms: BTreeMap<String, f64>,
    /// From the start of the first burst, orders per second until the last one was confirmed.
    pub confirmed_per_second: f64,
    /// From request to 202 in the bursts.
    pub burst_answered_in: Sample,
    /// Checkouts accepted per second through the web BFF, at [`CLIENTS`] clients.
    pub storefront_per_second: f64,
    /// An order read through the web BFF, and directly.
    pub reads: Reads,
    /// What was seen at [`RATE`].
    pub paced: Delays,
    /// What was seen at [`LIGHT_RATE`].
    pub light: Delays,
}

/// How long orders took that arrived at a steady rate.
#[derive(Debug, Clone, Default)]
pub struct Delays {
    /// From arrival to 202.
    pub accepted_in: Sample,
    /// From 202 to the confirmation.
    pub confirmed_in: Sample,
    /// From 202 to being seen as confirmed.
    pub visible_in: Sample,
}

/// Prepares everything and runs the rounds.
///
/// # Errors
/// When the shop refuses something, or loses an order.
pub async fn run(
    shop: &LocalShop,
    api: &Api,
    scale: Scale,
    mut yardstick: Yardstick,
) -> Result<Vec<Round>> {
    let products = shelf::fill(api).await?;
    let many = scale.customers;
    console::progress("bench", format!("registering {many} customers"));
    let customers = customers::register(api, many).await?;
    let first = customers.first().context("no customers")?;
    shelf::wait_for_prices(api, &products, first).await?;
    let mut stage = Stage { shop, api, scale, products, customers };

    console::progress("bench", "warming up");
    let warm_up = stage.burst().await?;
    let some = warm_up.accepted.first().context("no order")?;
    yardstick = yardstick.writing(orders::placed(api, &some.order).await?);
    yardstick.measure(Duration::from_millis(300)).await?;
    quiet::wait(api).await?;

    let mut rounds = Vec::new();
    for number in 1..=scale.rounds {
        let round = stage.round(&yardstick).await.with_context(|| format!("round {number}"))?;
        console::progress(
            "bench",
            format!("round {number} of {}: {}", scale.rounds, round.in_short()),
        );
        rounds.push(round);
    }
    Ok(rounds)
}

/// Ends `work` with an error when somebody asks to stop, or when it takes longer than `bound`.
///
/// # Errors
/// Those of `work`, and these two.
pub async fn bounded<T>(bound: Duration, work: impl Future<Output = Result<T>>) -> Result<T> {
    let asked = async {
        while !stop::requested() {
            sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::select! {
        done = work => done,
        () = asked => Err(stop::Interrupted.into()),
        () = sleep(bound) => bail!("gave up after {}", console::spoken(bound)),
    }
}

/// What every round needs.
struct Stage<'a> {
    shop: &'a LocalShop,
    api: &'a Api,
    scale: Scale,
    products: Vec<String>,
    customers: Vec<Customer>,
}

impl Stage<'_> {
    async fn round(&mut self, yardstick: &Yardstick) -> Result<Round> {
        let mut bursts = Vec::new();
        let mut processor_ms = BTreeMap::new();
        for _ in 0..self.scale.bursts {
            let (burst, taken) = self.whole_burst().await?;
            for (program, seconds) in taken {
                let orders = burst.accepted.len() * usize::from(self.scale.bursts);
                *processor_ms.entry(program).or_default() += seconds * 1e3 / orders as f64;
            }
            bursts.push(burst);
        }
        let yardstick = yardstick.measure(self.scale.yardstick).await?;
        let alone = self.burst_alone().await?;
        quiet::wait(self.api).await?;

        let (storefront_per_second, reads) = self.storefront().await?;
        let light = self.delays(LIGHT_RATE, self.scale.light).await?;
        let paced = self.delays(RATE, self.scale.paced).await?;

        Ok(Round {
            accepted_per_second: per_second(&bursts),
            accepted_alone_per_second: per_second(&[alone]),
            processor_ms,
            yardstick,
            confirmed_per_second: self.confirmed_per_second(&bursts).await?,
            burst_answered_in: bursts
                .iter()
                .fold(Sample::default(), |all, burst| all.and(&burst.answered_in)),
            storefront_per_second,
            reads,
            paced,
            light,
        })
    }

    async fn delays(&mut self, rate: u32, count: usize) -> Result<Delays> {
        let checkouts = self.checkouts(count).await?;
        quiet::wait(self.api).await?;
        let watch = Watch::of(self.api)?;
        let paced = paced::run(self.api.url("order")?, rate, checkouts, &watch).await?;
        quiet::wait(self.api).await?;
        let confirmed = orders::confirmed_at(self.api, &paced.accepted).await?;
        let waits = confirmed.iter().zip(&paced.accepted).map(|(at, accepted)| at - accepted.at);
        Ok(Delays {
            accepted_in: paced.accepted_in,
            confirmed_in: Sample::of(waits),
            visible_in: paced.visible_in,
        })
    }

    /// Fills every cart, and lets all customers check out.
    async fn burst(&mut self) -> Result<Burst> {
        let requests = self.requests().await?;
        burst::run(self.api.url("order")?, requests, Accepted::from).await
    }

    /// Fills every cart, and writes what checks all of them out.
    async fn requests(&mut self) -> Result<Vec<Vec<u8>>> {
        let checkouts = self.checkouts(self.scale.customers).await?;
        Ok(checkouts.into_iter().map(|checkout| checkout.request).collect())
    }

    /// A burst and all that comes of it, with the seconds of processor time that took.
    async fn whole_burst(&mut self) -> Result<(Burst, BTreeMap<String, f64>)> {
        let requests = self.requests().await?;
        quiet::wait(self.api).await?;
        let before = processor::seconds();
        let burst = burst::run(self.api.url("order")?, requests, Accepted::from).await?;
        quiet::wait(self.api).await?;
        Ok((burst, processor::between(&before, &processor::seconds())))
    }

    /// The same while those that would hear of the orders have no processor.
    async fn burst_alone(&mut self) -> Result<Burst> {
        let requests = self.requests().await?;
        quiet::wait(self.api).await?;
        let resting = Resting::begin(self.shop)?;
        let burst = burst::run(self.api.url("order")?, requests, Accepted::from).await;
        drop(resting);
        burst
    }

    /// Lets some customers check out at the storefront, and read what came of it.
    async fn storefront(&mut self) -> Result<(f64, Reads)> {
        self.customers = customers::refresh(self.api, std::mem::take(&mut self.customers)).await?;
        let some = self.customers.get(..self.scale.shoppers).context("too few customers")?;
        let shoppers = storefront::sign_in(self.api, some).await?;
        let carts = checkout::fill(self.api, some, &self.products).await?;
        quiet::wait(self.api).await?;
        let requests = shoppers.iter().zip(&carts).map(|(one, cart)| one.checkout(self.api, cart));
        let requests = requests.collect::<Result<_>>()?;
        let url = self.api.url("web-bff")?;
        let burst = burst::run(url, requests, storefront::accepted).await?;
        quiet::wait(self.api).await?;
        let time = self.scale.yardstick;
        let reads = storefront::reads(self.api, &shoppers, &burst.accepted, time).await?;
        Ok((per_second(&[burst]), reads))
    }

    async fn checkouts(&mut self, count: usize) -> Result<Vec<checkout::Checkout>> {
        self.customers = customers::refresh(self.api, std::mem::take(&mut self.customers)).await?;
        let some = self.customers.get(..count).context("too few customers")?;
        checkout::prepare(self.api, some, &self.products).await
    }

    async fn confirmed_per_second(&self, bursts: &[Burst]) -> Result<f64> {
        let began = bursts.iter().map(|burst| burst.began_at).min();
        let accepted: Vec<_> = bursts.iter().flat_map(|burst| burst.accepted.clone()).collect();
        let confirmed = orders::confirmed_at(self.api, &accepted).await?;
        let (began, ended) = began.zip(confirmed.iter().copied().max()).context("no burst")?;
        Ok(confirmed.len() as f64 * 1e6 / (ended - began) as f64)
    }
}

/// Services without a processor, which they get back however this ends.
struct Resting<'a>(&'a LocalShop);

impl<'a> Resting<'a> {
    fn begin(shop: &'a LocalShop) -> Result<Self> {
        let resting = Self(shop);
        HEARERS.iter().try_for_each(|name| shop.services().pause(name))?;
        Ok(resting)
    }
}

impl Drop for Resting<'_> {
    fn drop(&mut self) {
        for name in HEARERS {
            if let Err(error) = self.0.services().resume(name) {
                console::progress("bench", format!("{error:#}"));
            }
        }
    }
}

impl Round {
    fn in_short(&self) -> String {
        let p50 = |sample: &Sample| sample.percentile(50).unwrap_or_default();
        format!(
            "{:.0} orders/s at {CLIENTS} clients ({:.0} while others rest), yardstick {:.0}; {:.0} through the BFF; p50 to confirmed and to visible: \
             {:.1} and {:.1} ms at {LIGHT_RATE}/s, {:.1} and {:.1} ms at {RATE}/s",
            self.accepted_per_second,
            self.accepted_alone_per_second,
            self.yardstick,
            self.storefront_per_second,
            p50(&self.light.confirmed_in),
            p50(&self.light.visible_in),
            p50(&self.paced.confirmed_in),
            p50(&self.paced.visible_in),
        )
    }
}

fn per_second(bursts: &[Burst]) -> f64 {
    let orders: usize = bursts.iter().map(|burst| burst.accepted.len()).sum();
    let took: Duration = bursts.iter().map(|burst| burst.took).sum();
    orders as f64 / took.as_secs_f64()
}
