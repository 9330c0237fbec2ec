//! A shop in memory with verbs.

use std::future::Future;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use chrono::TimeDelta;
use shop_contracts::Message;
use shop_contracts::order::PaymentMethod;
use shop_contracts::routing::ORDER_REPLIES;
use shop_contracts::{Envelope, RawEnvelope};
use shop_kernel::{CartId, Clock as _, Currency, Locale, ManualClock, Money, OrderId, ProductId};

use crate::app::change_cart::{CartAct, ChangeCart, ChangeCartError};
use crate::app::memory::Memory;
use crate::app::place::{Accepted, Details, PlaceOrder, PlaceOrderError};
use crate::app::record_reply::{RecordReply, RecordReplyError, SagaReply};
use crate::app::view_cart::CartView;
use crate::app::{Carts, Orders, Ports, Rules, SeenPrice};
use crate::domain::cart_event::CartOwner;
use crate::domain::order::Order;
use crate::fixtures::*;
use crate::ports::{Cause, ListedProduct, Operation, Received, RequestKey, Until};

pub(super) struct Shop {
    pub(super) store: Arc<Memory>,
    pub(super) clock: Arc<ManualClock>,
    pub(super) orders: Orders,
    pub(super) carts: Carts,
}

/// The store in memory never waits, so one poll is enough.
pub(super) fn now<T>(future: impl Future<Output = T>) -> T {
    match std::pin::pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => unreachable!("the store in memory never waits"),
    }
}

/// A shop whose price list is loaded, with mugs at 12.50 and bowls at 18.00.
pub(super) fn shop() -> Shop {
    let store = Arc::new(Memory::default());
    let clock = Arc::new(ManualClock::starting_at(at(0)));
    let ports = Ports {
        events: store.clone(),
        desk: store.clone(),
        prices: store.clone(),
        book: store.clone(),
        clock: clock.clone(),
    };
    let rules = Rules {
        saga_timeout: TimeDelta::minutes(15),
        cancel_window: CANCEL_WINDOW,
        snapshot_every: 5,
    };
    let orders = Orders::new(ports.clone(), rules);
    let shop = Shop { store, clock, orders, carts: Carts::new(ports, rules) };
    shop.lists([listed(BLUE_MUG, "Blue mug", 1_250, 3), listed(RED_BOWL, "Red bowl", 1_800, 1)]);
    shop
}

pub(super) fn listed(product: ProductId, name: &str, cents: i64, version: u64) -> ListedProduct {
    let prices = vec![usd(cents), Money::new(cents * 13, Currency::Krw)];
    ListedProduct { product, version, name: named(name), prices, on_sale: true }
}

pub(super) fn key(key: &str, fingerprint: &str) -> RequestKey {
    RequestKey {
        customer: ADA,
        operation: Operation::Checkout,
        key: key.to_owned(),
        fingerprint: fingerprint.to_owned(),
    }
}

pub(super) fn details() -> Details {
    let payment_method = PaymentMethod::StoreCredit;
    Details { contact: contact(), locale: Locale::En, payment_method }
}

pub(super) fn seen(prices: &[(ProductId, i64)]) -> Vec<SeenPrice> {
    prices
        .iter()
        .map(|(product, cents)| SeenPrice { product: *product, unit_price: usd(*cents) })
        .collect()
}

impl Shop {
    pub(super) fn lists(&self, products: impl IntoIterator<Item = ListedProduct>) {
        self.store.kept().listed = Some(products.into_iter().collect());
    }

    pub(super) fn puts(
        &self,
        owner: CartOwner,
        product: ProductId,
        act: CartAct,
    ) -> Result<(), ChangeCartError> {
        let cause = Cause::default();
        now(self.carts.change(&ChangeCart { owner, product, act, cause }))
    }

    pub(super) fn cart_of(&self, owner: CartOwner) -> CartView {
        now(self.carts.view(owner)).unwrap()
    }

    /// Ada's cart with two blue mugs and a red bowl.
    pub(super) fn adas_cart(&self) -> CartId {
        let owner = CartOwner::Customer(ADA);
        self.puts(owner, BLUE_MUG, CartAct::Set(quantity(2))).unwrap();
        self.puts(owner, RED_BOWL, CartAct::Set(quantity(1))).unwrap();
        self.cart_of(owner).cart.unwrap()
    }

    pub(super) fn checkout(&self, cart: CartId) -> PlaceOrder {
        PlaceOrder {
            key: key("key-1", "body-1"),
            cart,
            cart_version: 3,
            currency: Currency::Usd,
            seen: seen(&[(BLUE_MUG, 1_250), (RED_BOWL, 1_800)]),
            details: details(),
            cause: Cause::default(),
        }
    }

    pub(super) fn place(&self, command: &PlaceOrder) -> Result<Accepted, PlaceOrderError> {
        now(self.orders.place(command))
    }

    /// Ada's order of two blue mugs and a red bowl.
    pub(super) fn adas_order(&self) -> OrderId {
        self.place(&self.checkout(self.adas_cart())).unwrap().order
    }

    pub(super) fn order(&self, order: OrderId) -> Order {
        now(self.orders.find(order, crate::app::find::Viewer::Staff, Until::Now)).unwrap().order
    }

    pub(super) fn hears(&self, order: OrderId, reply: SagaReply) -> Result<(), RecordReplyError> {
        self.receives(order, reply, delivery(order))
    }

    pub(super) fn receives(
        &self,
        order: OrderId,
        reply: SagaReply,
        received: Received,
    ) -> Result<(), RecordReplyError> {
        let traceparent = received.envelope.traceparent.clone();
        now(self.orders.record_reply(&RecordReply { order, reply, received, traceparent }))
    }

    pub(super) fn minutes_pass(&self, minutes: i64) {
        self.clock.advance(TimeDelta::minutes(minutes));
    }

    pub(super) fn published<M: Message>(&self) -> Vec<Envelope<M>> {
        let kept = self.store.kept();
        kept.messages.iter().filter_map(|message: &RawEnvelope| message.decode().ok()).collect()
    }
}

/// A delivery of some answer to an order.
pub(super) fn delivery(order: OrderId) -> Received {
    let clock = ManualClock::starting_at(at(0));
    let data = shop_contracts::catalog::StockReserved { order, customer: ADA, lines: vec![] };
    let envelope = Envelope::new("/catalog", order, 1, clock.now(), data).into_raw().unwrap();
    let traceparent = Some("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".to_owned());
    let envelope = envelope.correlated(order).traced(traceparent);
    Received { queue: ORDER_REPLIES, attempt: 1, received_at: clock.now(), envelope }
}

pub(super) fn paid(amount: Money) -> SagaReply {
    SagaReply::PaymentProcessed { payment: PAYMENT, amount }
}
