//! Holding stock for an order: every line or none.

use chassis_messaging::outbox;
use sea_orm::{ConnectionTrait, DbErr};
use shop_contracts::RawEnvelope;
use shop_contracts::catalog::{ShortLine, StockLine};
use shop_contracts::order::OrderPlaced;
use shop_kernel::{CustomerId, OrderId};
use uuid::Uuid;

use super::{Catalog, Fault};
use crate::announce::{self, About};
use crate::checkpoint::Step;
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
    /// Holds what a placed order asks for, or nothing when a line is short, and says which; `cause`
    /// is the message that placed it. Does nothing when the order is decided already.
    ///
    /// # Errors
    /// When the store fails.
    pub(crate) async fn reserve(
        &self,
        tx: &impl ConnectionTrait,
        cause: Uuid,
        demand: &Demand,
    ) -> Result<(), Fault> {
        self.reached(Step::InboxWritten).await;
        let Demand { order, customer, .. } = *demand;
        let now = self.clock.now();
        if reservation::decide(tx, order, customer, State::Reserved, now).await? {
            self.reached(Step::Decided).await;
            let about = About { order, customer, cause, at: now };
            let answer = self.hold_or_reject(tx, about, &demand.lines).await?;
            outbox::append(tx, &[answer]).await?;
            self.reached(Step::OutboxWritten).await;
        }
        Ok(())
    }

    async fn hold_or_reject(
        &self,
        tx: &impl ConnectionTrait,
        about: About,
        lines: &[StockLine],
    ) -> Result<RawEnvelope, Fault> {
        reservation_line::write(tx, about.order, lines).await?;
        self.reached(Step::LinesWritten).await;
        let short = short_lines(tx, lines).await?;
        self.reached(Step::StockLocked).await;
        if !short.is_empty() {
            let (from, to) = (State::Reserved, State::Rejected);
            reservation::turn(tx, about.order, from, to, about.at).await?;
            return Ok(announce::rejected(about, short)?);
        }
        let held = stock::hold(tx, lines).await?;
        self.reached(Step::StockMoved).await;
        if held != lines.len() as u64 {
            // The rows were locked when they were read, so only a bug gets here.
            return Err(DbErr::RecordNotUpdated.into());
        }
        Ok(announce::reserved(about, lines)?)
    }
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
