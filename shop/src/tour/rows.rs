//! The rows of the saga's table, each as one or more scenes.

use std::time::Duration;

use shop_kernel::{Currency, OrderId};

use super::Outcome;
use super::expected::Expected;
use super::follow::Follower;
use super::stage::Stage;
use crate::customer::{DECLINED, GOOD, INSUFFICIENT, NO_REFUND, PaidBy, Pay, SLOW};

/// Anything that does not wait for something on purpose.
const SOON: Duration = Duration::from_secs(30);
/// Until an order gives up (30 s here), and what follows from it.
const TIMEOUT: Duration = Duration::from_secs(75);

/// Something to do to an order or to the world around it.
#[derive(Clone, Copy)]
enum Act {
    /// Nothing: only watch.
    Watch,
    /// Cancel at once, while the order is provisional or about to be decided.
    CancelAtOnce,
    /// Cancel when it is confirmed.
    CancelConfirmed,
    /// The provider is down when the order is placed, and comes back in time.
    ProviderBack,
    /// The provider is down until the order has given up.
    ProviderGone,
}

/// One scene of a row.
struct Scene {
    row: u8,
    title: &'static str,
    goods: Goods,
    pay: Pay,
    act: Act,
    expected: Expected,
}

enum Goods {
    InStock,
    SoldOut,
    Dear,
}

const CONFIRMED: Expected = Expected {
    is_settled: true,
    order: &["confirmed"],
    money: &["charged"],
    stock: &["held"],
    mails: &["confirmation", "receipt"],
    maybe: &[],
};

const PAYMENT_FAILED: Expected = Expected {
    is_settled: true,
    order: &["cancelled: payment-failed"],
    money: &["failed"],
    // Rejected is not among them: this row has stock.
    stock: &["released", "pending"],
    mails: &["cancellation"],
    maybe: &[],
};

const OUT_OF_STOCK: Expected = Expected {
    is_settled: true,
    order: &["cancelled: out-of-stock"],
    money: &["refunded", "pending"],
    stock: &["rejected"],
    mails: &["cancellation"],
    maybe: &["receipt", "refund"],
};

const BOTH_FAILED: Expected = Expected {
    is_settled: true,
    order: &["cancelled: payment-failed", "cancelled: out-of-stock"],
    money: &["failed", "pending"],
    stock: &["rejected", "pending"],
    mails: &["cancellation"],
    maybe: &[],
};

const TIMED_OUT: Expected = Expected {
    is_settled: true,
    order: &["cancelled: timed-out"],
    money: &["pending", "failed", "refunded"],
    stock: &["released"],
    mails: &["cancellation"],
    maybe: &["receipt", "refund"],
};

const CANCELLED_PROVISIONAL: Expected = Expected {
    is_settled: true,
    order: &["cancelled: by-customer"],
    money: &["pending", "refunded"],
    stock: &["released", "pending"],
    mails: &["cancellation"],
    maybe: &["receipt", "refund"],
};

const CANCELLED_CONFIRMED: Expected = Expected {
    is_settled: true,
    order: &["cancelled: by-customer"],
    money: &["refunded"],
    stock: &["released"],
    mails: &["cancellation", "receipt", "refund"],
    // Skipped when it had not left yet.
    maybe: &["confirmation"],
};

const RACED: Expected = Expected {
    is_settled: true,
    order: &["cancelled: by-customer"],
    money: &["pending", "refunded"],
    stock: &["released", "pending"],
    mails: &["cancellation"],
    maybe: &["receipt", "confirmation", "refund"],
};

const PARKED: Expected = Expected {
    is_settled: true,
    order: &["cancelled: by-customer"],
    money: &["refund-parked"],
    stock: &["released"],
    mails: &["cancellation", "receipt"],
    maybe: &["confirmation"],
};

/// Everything has happened that can without the provider.
const HELD: Expected = Expected {
    is_settled: false,
    order: &["placed"],
    money: &["pending"],
    stock: &["held"],
    mails: &[],
    maybe: &[],
};

fn scenes() -> Vec<Scene> {
    use Act::{CancelAtOnce, CancelConfirmed, ProviderBack, ProviderGone, Watch};
    use Goods::{Dear, InStock, SoldOut};
    let scene =
        |row, title, goods, pay, act, expected| Scene { row, title, goods, pay, act, expected };
    vec![
        scene(1, "all well", InStock, GOOD, Watch, CONFIRMED),
        scene(2, "the card is declined", InStock, DECLINED, Watch, PAYMENT_FAILED),
        scene(2, "too little on the card", InStock, INSUFFICIENT, Watch, PAYMENT_FAILED),
        scene(2, "store credit does not reach", Dear, Pay::StoreCredit, Watch, PAYMENT_FAILED),
        scene(3, "the stock is gone", SoldOut, GOOD, Watch, OUT_OF_STOCK),
        scene(4, "card and stock both fail", SoldOut, DECLINED, Watch, BOTH_FAILED),
        scene(5, "the provider is down, and back in time", InStock, GOOD, ProviderBack, CONFIRMED),
        scene(6, "the provider is down for too long", InStock, GOOD, ProviderGone, TIMED_OUT),
        scene(7, "cancelled while provisional", InStock, SLOW, CancelAtOnce, CANCELLED_PROVISIONAL),
        scene(
            8,
            "cancelled after it was confirmed",
            InStock,
            GOOD,
            CancelConfirmed,
            CANCELLED_CONFIRMED,
        ),
        scene(9, "cancel races with confirm", InStock, GOOD, CancelAtOnce, RACED),
        scene(10, "the refund is refused", InStock, NO_REFUND, CancelConfirmed, PARKED),
    ]
}

/// Plays the rows asked for, or all.
pub(super) async fn play(stage: &Stage<'_>, rows: &[u8]) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    for scene in scenes() {
        if !rows.is_empty() && !rows.contains(&scene.row) {
            continue;
        }
        stage.say(&format!("\n{:>2}. {}", scene.row, scene.title));
        let outcome = scene.play(stage).await.unwrap_or_else(|error| scene.broken_off(&error));
        for problem in &outcome.problems {
            stage.say(&format!("     ✗ {problem}"));
        }
        if outcome.problems.is_empty() {
            stage.say(&format!("     ✓ {}", outcome.ending));
        }
        outcomes.push(outcome);
    }
    outcomes
}

impl Scene {
    async fn play(&self, stage: &Stage<'_>) -> anyhow::Result<Outcome> {
        // Before the provider goes down: it is the one who stores cards.
        let paid_by = stage.customer.method(self.pay).await?;
        if matches!(self.act, Act::ProviderBack | Act::ProviderGone) {
            stage.set_provider_mode("down").await?;
            stage.say("     the payment provider is down");
        }
        // Whatever goes wrong on the way, the provider comes back.
        let played = self.play_on(stage, &paid_by).await;
        if matches!(self.act, Act::ProviderBack | Act::ProviderGone) {
            stage.set_provider_mode("up").await?;
        }
        played
    }

    async fn play_on(&self, stage: &Stage<'_>, paid_by: &PaidBy) -> anyhow::Result<Outcome> {
        let goods = match &self.goods {
            Goods::InStock => vec![(stage.product.as_str(), 1)],
            Goods::SoldOut => vec![(stage.sold_out.as_str(), 1)],
            Goods::Dear => stage.dear.iter().map(|(id, count)| (id.as_str(), *count)).collect(),
        };
        let order = stage.customer.buy(&goods, paid_by, Currency::Usd).await?;
        stage.say(&format!("     accepted: {order}"));
        let mut follower = Follower::of(order, stage);
        self.act(stage, order, &mut follower).await?;

        let seen = follower.until(&self.expected, SOON).await?;
        Ok(Outcome {
            row: self.row,
            scene: self.title,
            order: Some(order),
            ending: seen.ending.map(|ending| ending.in_words()).unwrap_or_default(),
            problems: seen.problems,
            timeline: follower.timeline,
        })
    }

    async fn act(
        &self,
        stage: &Stage<'_>,
        order: OrderId,
        follower: &mut Follower<'_>,
    ) -> anyhow::Result<()> {
        match self.act {
            Act::Watch => {}
            Act::CancelAtOnce => cancel(stage, order).await?,
            Act::CancelConfirmed => {
                follower.until(&CONFIRMED, SOON).await?;
                cancel(stage, order).await?;
            }
            Act::ProviderBack => {
                follower.until(&HELD, SOON).await?;
                stage.set_provider_mode("up").await?;
                stage.say("     the payment provider is back");
            }
            Act::ProviderGone => {
                // The charge may still be in the air: it is settled once the provider is back.
                let given_up = Expected { is_settled: false, ..TIMED_OUT };
                follower.until(&given_up, TIMEOUT).await?;
                stage.set_provider_mode("up").await?;
                stage.say("     the payment provider is back");
            }
        }
        Ok(())
    }

    fn broken_off(&self, error: &anyhow::Error) -> Outcome {
        Outcome {
            row: self.row,
            scene: self.title,
            order: None,
            ending: "broken off".to_owned(),
            problems: vec![format!("{error:#}")],
            timeline: Vec::new(),
        }
    }
}

async fn cancel(stage: &Stage<'_>, order: OrderId) -> anyhow::Result<()> {
    stage.customer.cancel(order).await?.ok()?;
    stage.say("     cancelled by the customer");
    Ok(())
}
