//! Holding stock for an order: every line or none.

use chassis_messaging::{Received, inbox, outbox};
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr};
use shop_contracts::RawEnvelope;
use shop_contracts::catalog::{ShortLine, StockLine};
use shop_contracts::order::OrderPlaced;
use shop_kernel::{CustomerId, OrderId};

use super::retry::retried;
use super::{Catalog, Fault};
use crate::announce::{self, About};
use crate::rows::reservation::{self, State};
use crate::rows::{reservation_line, stock};

/// What an order asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Demand {
    /// The order.
    pub order: OrderId,
    /// Whose it is.
    pub customer: CustomerId,
    /// One line per product, and at least one.
    lines: Vec<StockLine>,
}

/// An order that asks for nothing, or for one product in two lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an order has one line per product, and at least one")]
pub struct InvalidDemand;

impl Demand {
    /// Reads it off a placed order.
    ///
    /// # Errors
    /// When the order has no line, or two for one product.
    pub fn of(placed: &OrderPlaced) -> Result<Self, InvalidDemand> {
        let mut lines: Vec<_> = placed
            .lines
            .iter()
            .map(|line| StockLine { product: line.product, quantity: line.quantity })
            .collect();
        lines.sort_by_key(|line| line.product);
        let is_twice = lines.windows(2).any(|pair| match pair {
            [one, two] => one.product == two.product,
            _ => false,
        });
        if lines.is_empty() || is_twice {
            return Err(InvalidDemand);
        }
        Ok(Self { order: placed.order, customer: placed.customer, lines })
    }
}

impl Catalog {
    /// Holds what a placed order asks for, or nothing when a line is short, and says which.
    ///
    /// Does nothing when the message was taken in before, or the order is decided already.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn reserve(&self, message: &Received, demand: &Demand) -> Result<(), Fault> {
        retried(|| self.try_reserve(message, demand)).await?;
        self.relay.wake();
        Ok(())
    }

    async fn try_reserve(&self, message: &Received, demand: &Demand) -> Result<(), Fault> {
        let now = self.clock.now();
        let tx = chassis_db::begin(&self.db).await?;
        if inbox::first_time(&tx, message, now).await? {
            let Demand { order, customer, .. } = *demand;
            if reservation::decide(&tx, order, customer, State::Reserved, now).await? {
                let answer = answer(&tx, message, demand, now).await?;
                outbox::append(&tx, &[answer]).await?;
            }
        }
        Ok(tx.commit().await?)
    }
}

async fn answer(
    tx: &impl ConnectionTrait,
    message: &Received,
    demand: &Demand,
    at: DateTime<Utc>,
) -> Result<RawEnvelope, Fault> {
    let Demand { order, customer, lines } = demand;
    let about = About { order: *order, customer: *customer, cause: message.envelope.id, at };
    reservation_line::write(tx, *order, lines).await?;
    let short = short_lines(tx, lines).await?;
    if !short.is_empty() {
        reservation::turn(tx, *order, State::Reserved, State::Rejected, at).await?;
        return Ok(announce::rejected(about, short)?);
    }
    let held = stock::hold(tx, lines).await?;
    if held != lines.len() as u64 {
        // The rows were locked when they were read, so only a bug gets here.
        return Err(DbErr::RecordNotUpdated.into());
    }
    Ok(announce::reserved(about, lines)?)
}

async fn short_lines(
    tx: &impl ConnectionTrait,
    lines: &[StockLine],
) -> Result<Vec<ShortLine>, DbErr> {
    let available = stock::lock_available(tx, lines).await?;
    let short = lines.iter().filter_map(|line| {
        let available = available.get(&line.product).copied().unwrap_or_default();
        (available < i64::from(line.quantity.get())).then(|| ShortLine {
            product: line.product,
            requested: line.quantity,
            // Less than a quantity, so it fits.
            available: u32::try_from(available).unwrap_or_default(),
        })
    });
    Ok(short.collect())
}
