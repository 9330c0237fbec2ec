//! Whom an order is had from: the read model, else `order` and `payment`.

use chassis::peer::PeerError;
use reqwest::StatusCode;
use shop_kernel::OrderId;

use super::{MoneyPart, OrderScreen};
use crate::http::taste::Taste;
use crate::screen::Gaps;
use crate::upstream::order::Order;
use crate::upstream::{Answer, Token, Upstream};

impl OrderScreen {
    /// An order of the bearer's. Whoever is asked refuses another's as one there is not.
    pub(crate) async fn compose(
        upstream: &Upstream,
        token: &Token,
        order: OrderId,
        taste: Taste,
    ) -> Answer<Self> {
        let mut gaps = Gaps::default();
        match upstream.shown(token, order).await {
            Ok(shown) => {
                let products = upstream.products(shown.lines.iter().map(|line| line.product)).await;
                let products = gaps.without("pictures", products).unwrap_or_default();
                return Ok(Self::from_history(shown, &products, taste, gaps.degraded()));
            }
            // Placed a moment ago, perhaps: `order` knows before its facts have travelled.
            Err(error) if is_unknown(&error) => {}
            Err(error) if error.is_outage() => gaps.note("order-history", &error),
            Err(error) => return Err(error),
        }
        let found = upstream.order(token, order).await?;
        Ok(Self::beside_payment(upstream, token, found, taste, gaps).await)
    }

    /// An order as `order` has just told it, with its money and its pictures.
    pub(crate) async fn beside_payment(
        upstream: &Upstream,
        token: &Token,
        order: Order,
        taste: Taste,
        mut gaps: Gaps,
    ) -> Self {
        let (payment, products) = tokio::join!(
            upstream.payment(token, order.id),
            upstream.products(order.lines.iter().map(|line| line.product)),
        );
        let money = match payment {
            Ok(payment) => Some(payment.into()),
            // It has not heard of the order yet.
            Err(error) if is_unknown(&error) => Some(MoneyPart::pending()),
            Err(error) => {
                gaps.note("payment", &error);
                None
            }
        };
        let products = gaps.without("pictures", products).unwrap_or_default();
        Self::from_order(order, money, &products, taste, gaps.degraded())
    }
}

fn is_unknown(error: &PeerError) -> bool {
    error.status().is_some_and(|status| status.as_u16() == StatusCode::NOT_FOUND.as_u16())
}
