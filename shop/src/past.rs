//! Three weeks of past orders, so that no page of a new shop starts empty.
//!
//! They are played, not written: the demo's clock is set back, real customers place real orders
//! over the services' own APIs, and the clock moves on. What is in the stores then is what the
//! shop itself made.

use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use chrono::TimeDelta;
use identity::seed::{ADA, DemoAccount, HARU};
use serde_json::Value;
use shop_kernel::{Currency, Locale, ManualClock, OrderId};

use crate::api::{Api, text};
use crate::customer::{Customer, DECLINED, GOOD, INSUFFICIENT, PaidBy, Pay};

/// How long ago the shop began.
pub const BEGAN: TimeDelta = TimeDelta::days(21);

/// A past order may take this long to end; none is left open.
const PATIENCE: Duration = Duration::from_secs(30);
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// How a past order ends.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ends {
    Confirmed,
    Declined,
    Insufficient,
    SoldOut,
    Cancelled,
}

use Ends::{Cancelled, Confirmed, Declined, Insufficient, SoldOut};

/// Who bought how many kinds of things, how long after the order before, and how it ended.
const ORDERS: [(DemoAccount, usize, i64, Ends); 22] = [
    (ADA, 2, 5, Confirmed),
    (HARU, 1, 9, Confirmed),
    (ADA, 1, 21, Declined),
    (ADA, 1, 1, Confirmed),
    (HARU, 3, 30, Confirmed),
    (HARU, 1, 18, SoldOut),
    (ADA, 2, 26, Cancelled),
    (HARU, 2, 33, Confirmed),
    (ADA, 4, 14, Confirmed),
    (HARU, 1, 25, Insufficient),
    (HARU, 1, 1, Confirmed),
    (ADA, 1, 41, Confirmed),
    (ADA, 2, 20, SoldOut),
    (HARU, 2, 17, Confirmed),
    (ADA, 1, 29, Confirmed),
    (HARU, 1, 36, Cancelled),
    (ADA, 3, 23, Confirmed),
    (HARU, 2, 15, Confirmed),
    (ADA, 1, 27, Declined),
    (HARU, 1, 19, Confirmed),
    (ADA, 2, 31, Confirmed),
    (HARU, 3, 22, Confirmed),
];

/// Plays them against the shop at `url`, and leaves the clock at the present.
///
/// # Errors
/// When the shop refuses something that a new shop never refuses.
pub async fn play(url: &str, clock: &ManualClock) -> anyhow::Result<()> {
    let played = play_on(url, clock).await;
    clock.reset();
    played.context("cannot play the past orders")
}

async fn play_on(url: &str, clock: &ManualClock) -> anyhow::Result<()> {
    let api = Api::find(url).await?;
    let page = api.get("catalog", "/products?limit=100", None).await?.ok()?;
    let products = page["items"].as_array().context("a catalog without products")?;
    let plenty = in_state(products, "in_stock")?;
    let gone = in_state(products, "sold_out")?;
    let mut shelf = plenty.iter().cycle();
    let mut wallet: Vec<((&str, Pay), PaidBy)> = Vec::new();
    for (account, kinds, hours, ends) in ORDERS {
        clock.advance(TimeDelta::hours(hours));
        // Signed in anew: the clock has passed the end of any token.
        let customer = customer(&api, &account).await?;
        let mut basket: Vec<(&str, u32)> =
            shelf.by_ref().take(kinds).zip(1..).map(|(id, n)| (id.as_str(), n % 2 + 1)).collect();
        if ends == SoldOut {
            basket.extend(gone.first().map(|id| (id.as_str(), 1)));
        }
        let currency = if account.locale == Locale::Ko { Currency::Krw } else { Currency::Usd };
        // Stored once, as people do: their next checkout shows it among few.
        let card = (account.email, pay(ends));
        let known = wallet.iter().find(|(of, _)| *of == card).map(|(_, card)| card.clone());
        let paid_by = if let Some(known) = known {
            known
        } else {
            let stored = customer.method(card.1).await?;
            wallet.push((card, stored.clone()));
            stored
        };
        let order = customer.buy(&basket, &paid_by, currency).await?;
        let wanted = if matches!(ends, Confirmed | Cancelled) { "confirmed" } else { "cancelled" };
        until(&customer, order, wanted).await?;
        if ends == Cancelled {
            clock.advance(TimeDelta::minutes(12));
            customer_again(&api, &account, order).await?;
        }
    }
    Ok(())
}

fn in_state(products: &[Value], state: &str) -> anyhow::Result<Vec<String>> {
    let found = products.iter().filter(|product| product["stock"]["state"] == state);
    found.map(|product| text(product, "/id").map(str::to_owned)).collect()
}

fn pay(ends: Ends) -> Pay {
    match ends {
        Confirmed | Cancelled | SoldOut => GOOD,
        Declined => DECLINED,
        Insufficient => INSUFFICIENT,
    }
}

async fn customer<'a>(api: &'a Api, account: &DemoAccount) -> anyhow::Result<Customer<'a>> {
    let locale = if account.locale == Locale::Ko { "ko" } else { "en" };
    Customer::sign_in(api, account.name, account.email, account.password, locale).await
}

/// Thinks better of a confirmed order.
async fn customer_again(api: &Api, account: &DemoAccount, order: OrderId) -> anyhow::Result<()> {
    let customer = customer(api, account).await?;
    customer.cancel(order).await?.ok()?;
    until(&customer, order, "cancelled").await
}

async fn until(customer: &Customer<'_>, order: OrderId, status: &str) -> anyhow::Result<()> {
    let began = Instant::now();
    loop {
        let view = customer.view(order).await?;
        if view.as_ref().is_some_and(|view| view["status"] == status) {
            return Ok(());
        }
        if began.elapsed() > PATIENCE {
            bail!("{order} is not {status}: {view:?}");
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}
