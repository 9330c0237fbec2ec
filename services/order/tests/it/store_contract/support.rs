//! Stores to hold against the contract, and changes to write into them.

use chassis_messaging::{Wake, outbox};
use order::outbound::store::Store;
use order_core::app::announce::announce;
use order_core::domain::cart::Cart;
use order_core::domain::cart_event::{CartEvent, CartOwner};
use order_core::domain::history::{Aggregate, StreamId};
use order_core::domain::lines::{Line, Lines};
use order_core::domain::order::Order;
use order_core::domain::order_event::{OrderEvent, Placed};
use order_core::domain::stored::StoredEvent;
use order_core::ports::{
    Append, Cause, Change, Entry, EventStore as _, Operation, Received, Reply, RequestKey,
};
use sea_orm::DatabaseConnection;
use shop_contracts::order::PaymentMethod;
use shop_contracts::routing::ORDER_REPLIES;
use shop_contracts::{Envelope, RawEnvelope};
use shop_kernel::{CartId, Locale, OrderId};
use testkit::TestDb;

use crate::fixtures::*;

/// A store on one of the databases, kept as long as the test looks at it.
pub(super) struct Bench {
    pub(super) store: Store,
    pub(super) db: DatabaseConnection,
    _database: TestDb,
}

/// A store on each database this run offers.
pub(super) async fn benches() -> Vec<Bench> {
    let mut benches = Vec::new();
    for database in testkit::databases().await {
        let db = database.open(order::outbound::migration::migrations).await;
        let store = Store::new(db.clone(), Wake::default());
        benches.push(Bench { store, db, _database: database });
    }
    benches
}

impl Bench {
    pub(super) async fn cart(&self, cart: CartId) -> (Option<Cart>, u64) {
        let stored = self.store.load(StreamId::Cart(cart), Cart::SNAPSHOT_SCHEMA).await.unwrap();
        let present = stored.rebuild().unwrap();
        (present.state, present.version)
    }

    pub(super) async fn pending_messages(&self) -> u64 {
        outbox::backlog(&self.db).await.unwrap().pending
    }
}

pub(super) fn change(appends: Vec<Append>) -> Change {
    Change {
        appends,
        messages: Vec::new(),
        reply: None,
        received: None,
        at: at(0),
        cause: Cause::default(),
    }
}

pub(super) fn cart_append(cart: CartId, expected: u64, events: &[CartEvent]) -> Append {
    Append {
        stream: StreamId::Cart(cart),
        expected,
        events: events.iter().map(|event| StoredEvent::encode(event).unwrap()).collect(),
        snapshot: None,
        entry: Entry::Same,
    }
}

pub(super) fn order_append(order: OrderId, expected: u64, events: &[OrderEvent]) -> Append {
    Append {
        stream: StreamId::Order(order),
        expected,
        events: events.iter().map(|event| StoredEvent::encode(event).unwrap()).collect(),
        snapshot: None,
        entry: Entry::Same,
    }
}

/// Ada opens this cart and puts two blue mugs in.
pub(super) fn opening(cart: CartId) -> Change {
    let owner = CartOwner::Customer(ADA);
    let events = [Cart::open(cart, owner, at(0)), mugs(2)];
    let append = cart_append(cart, 0, &events);
    change(vec![Append { entry: Entry::CartOpened(owner), ..append }])
}

pub(super) fn mugs(count: u32) -> CartEvent {
    CartEvent::QuantitySet { product: BLUE_MUG, quantity: quantity(count) }
}

pub(super) fn placed(order: OrderId) -> Placed {
    let line = Line::new(BLUE_MUG, named("Blue mug"), quantity(2), usd(1_250)).unwrap();
    Placed {
        order,
        customer: ADA,
        cart: None,
        replaces: None,
        contact: contact(),
        locale: Locale::Ko,
        lines: Lines::new(vec![line]).unwrap(),
        payment_method: PaymentMethod::StoreCredit,
        placed_at: at(0),
        expires_at: at(15),
    }
}

/// Ada's order of two blue mugs, with its message.
pub(super) fn placing(order: OrderId) -> Change {
    let event = Order::place(placed(order));
    let state = Order::replay([&event]).unwrap().unwrap();
    let message = announce(&state, 1, &event, &Cause::default()).unwrap();
    let entry = Entry::OrderPlaced { customer: ADA, total: state.total(), expires_at: at(15) };
    let append = Append { entry, ..order_append(order, 0, &[event]) };
    Change { messages: message.into_iter().collect(), ..change(vec![append]) }
}

pub(super) fn key(key: &str) -> RequestKey {
    RequestKey {
        customer: ADA,
        operation: Operation::Checkout,
        key: key.to_owned(),
        fingerprint: "f00d".to_owned(),
    }
}

pub(super) fn replied(order: OrderId) -> Reply {
    // Spaces and order of fields must come back as they are.
    let body = format!("{{\"status\": \"provisional\",\"id\":\"{order}\"}}");
    Reply { fingerprint: "f00d".to_owned(), order, body }
}

pub(super) fn delivery(order: OrderId) -> Received {
    let data = shop_contracts::catalog::StockReserved { order, customer: ADA, lines: vec![] };
    let envelope: RawEnvelope =
        Envelope::new("/catalog", order, 1, at(1), data).correlated(order).into_raw().unwrap();
    Received { queue: ORDER_REPLIES, attempt: 1, received_at: at(1), envelope }
}
