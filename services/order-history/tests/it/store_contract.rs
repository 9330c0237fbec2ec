//! What a history store owes its callers: one suite, both adapters.

use std::sync::Arc;
use std::time::Duration;

use chassis::auth::TokenSigner;
use order_history::document::Document;
use order_history::fact::Fact;
use order_history::project::Projector;
use order_history::receipt::Heard;
use order_history::store::{
    Change, Generation, Generations, HistoryStore, ListQuery, Period, StoreError,
};
use order_history::view::Status;
use shop_contracts::order::CancelReason;
use shop_kernel::{Currency, CustomerId, OrderId};
use testkit::eventually;
use uuid::Uuid;

use crate::place::Place;
use crate::story::{Story, blue_mug};

const ONE: Generation = Generation::FIRST;
const BOUND: Duration = Duration::from_secs(20);

/// Declares each fact of the suite as a test of both adapters.
macro_rules! contract {
    ($($fact:ident),* $(,)?) => {
        mod sqlite {
            $(#[tokio::test]
            async fn $fact() {
                let place = super::Place::sqlite();
                super::$fact(place.open().await).await;
            })*
        }

        mod mongodb {
            $(#[tokio::test]
            async fn $fact() {
                let Some(place) = super::Place::mongodb() else { return };
                super::$fact(place.open().await).await;
                place.remove().await;
            })*
        }
    };
}

contract!(
    a_document_reads_back_as_it_was_saved,
    a_stale_writer_is_refused,
    of_two_who_write_a_first_document_one_is_refused,
    writers_who_race_lose_no_fact,
    a_list_shows_one_customers_orders_newest_first,
    a_list_goes_on_where_the_page_before_ended,
    a_list_can_be_narrowed_to_a_status,
    a_document_without_its_placing_is_kept_but_not_listed,
    sales_count_confirmed_orders_by_day_and_currency,
    sales_count_pieces_by_product,
    an_order_cancelled_after_its_confirmation_is_no_sale,
    generations_do_not_see_each_other,
    a_discarded_generation_is_gone,
    a_new_store_serves_its_first_generation,
    a_stale_change_of_generations_is_refused,
    a_save_is_announced,
    a_live_fact_goes_to_the_generation_being_filled_too,
    a_page_of_documents_goes_on_where_the_one_before_ended,
    many_documents_are_written_and_found_at_once,
    a_stale_writer_of_many_is_refused,
    filling_over_live_facts_loses_none,
    keys_are_kept,
    receipts_are_kept_with_their_facts,
);

type Store = Arc<dyn HistoryStore>;

/// One document at a time.
#[async_trait::async_trait]
trait SaveOne {
    async fn save(
        &self,
        generation: Generation,
        document: &Document,
        read: u64,
    ) -> Result<(), StoreError>;
}

#[async_trait::async_trait]
impl SaveOne for Store {
    async fn save(
        &self,
        generation: Generation,
        document: &Document,
        read: u64,
    ) -> Result<(), StoreError> {
        self.save_all(generation, &[(document.clone(), read)]).await
    }
}

async fn a_document_reads_back_as_it_was_saved(store: Store) {
    for story in [
        Story::of_someone().all_well().cancelled(CancelReason::ByCustomer).refunded().released(),
        Story::of_someone().placed().declined().rejected().cancelled(CancelReason::PaymentFailed),
        Story::of_someone().all_well().cancelled(CancelReason::ByCustomer).refund_parked(),
    ] {
        store.save(ONE, &story.document(), 0).await.unwrap();

        let found = store.find(ONE, story.order).await.unwrap();

        assert_eq!(found, Some(story.document()));
    }
    assert_eq!(store.count(ONE).await.unwrap(), 3);
    assert_eq!(store.find(ONE, OrderId::generate()).await.unwrap(), None);
}

async fn a_stale_writer_is_refused(store: Store) {
    let placed = Story::of_someone().placed();
    let charged = placed.clone().charged();
    store.save(ONE, &placed.document(), 0).await.unwrap();
    store.save(ONE, &charged.document(), 1).await.unwrap();

    let late = store.save(ONE, &placed.reserved().document(), 1).await;

    assert!(matches!(late, Err(StoreError::Conflict)), "{late:?}");
    assert_eq!(store.find(ONE, charged.order).await.unwrap(), Some(charged.document()));
}

async fn of_two_who_write_a_first_document_one_is_refused(store: Store) {
    let story = Story::of_someone().placed();
    store.save(ONE, &story.document(), 0).await.unwrap();

    let second = store.save(ONE, &story.charged().document(), 0).await;

    assert!(matches!(second, Err(StoreError::Conflict)), "{second:?}");
}

async fn writers_who_race_lose_no_fact(store: Store) {
    let story =
        Story::of_someone().all_well().cancelled(CancelReason::ByCustomer).refunded().released();
    let projectors: Vec<_> = (0..3).map(|_| Projector::new(Arc::clone(&store))).collect();

    let heard = story.heard();
    let writes = projectors.iter().flat_map(|projector| {
        heard.iter().map(|heard| projector.take(std::slice::from_ref(heard)))
    });
    for written in futures::future::join_all(writes).await {
        written.unwrap();
    }

    assert_eq!(store.find(ONE, story.order).await.unwrap(), Some(story.document()));
}

async fn a_list_shows_one_customers_orders_newest_first(store: Store) {
    let (ada, haru) = (CustomerId::generate(), CustomerId::generate());
    let mine = saved(&store, (0..3).map(|_| Story::of(ada).placed())).await;
    saved(&store, [Story::of(haru).placed()]).await;

    let listed = store.list(ONE, &all_of(ada)).await.unwrap();

    assert_eq!(ids(&listed), newest_first(&mine));
}

async fn a_list_goes_on_where_the_page_before_ended(store: Store) {
    let ada = CustomerId::generate();
    let mine = saved(&store, (0..5).map(|_| Story::of(ada).placed())).await;

    let (mut seen, mut before) = (Vec::new(), None);
    loop {
        let page = store.list(ONE, &ListQuery { before, limit: 2, ..all_of(ada) }).await.unwrap();
        let Some(last) = page.last() else { break };
        before = Some(last.order());
        seen.extend(ids(&page));
    }

    assert_eq!(seen, newest_first(&mine));
}

async fn a_list_can_be_narrowed_to_a_status(store: Store) {
    let ada = CustomerId::generate();
    let stories = [
        Story::of(ada).placed(),
        Story::of(ada).all_well(),
        Story::of(ada).placed().declined().cancelled(CancelReason::PaymentFailed),
    ];
    let [placed, confirmed, cancelled] = stories.clone().map(|story| story.order);
    saved(&store, stories).await;

    for (status, order) in
        [(Status::Placed, placed), (Status::Confirmed, confirmed), (Status::Cancelled, cancelled)]
    {
        let query = ListQuery { status: Some(status), ..all_of(ada) };
        let listed = store.list(ONE, &query).await.unwrap();

        assert_eq!(ids(&listed), [order], "{status}");
    }
}

async fn a_document_without_its_placing_is_kept_but_not_listed(store: Store) {
    let ada = CustomerId::generate();
    let story = Story::of(ada).placed().charged();
    let early = Document::of(story.order, story.facts().split_off(1));

    store.save(ONE, &early, 0).await.unwrap();

    assert_eq!(store.find(ONE, story.order).await.unwrap(), Some(early));
    assert_eq!(store.list(ONE, &all_of(ada)).await.unwrap(), []);
    store.save(ONE, &story.document(), 1).await.unwrap();
    assert_eq!(ids(&store.list(ONE, &all_of(ada)).await.unwrap()), [story.order]);
}

async fn sales_count_confirmed_orders_by_day_and_currency(store: Store) {
    let on = |day: &str| Story::of_someone().starting(&format!("{day}T12:00:00Z"));
    saved(
        &store,
        [
            on("2026-11-01").all_well(),
            on("2026-11-02").all_well(),
            on("2026-11-02").with_mugs(3, Currency::Usd).all_well(),
            on("2026-11-02").with_mugs(1, Currency::Krw).all_well(),
            on("2026-11-02").placed(),
            on("2026-11-03").all_well(),
        ],
    )
    .await;

    let sales = store.sales_by_day(ONE, period("2026-11-01", "2026-11-02")).await.unwrap();

    let figures: Vec<_> = sales
        .iter()
        .map(|day| (day.day.to_string(), day.orders, day.quantity, day.total.to_string()))
        .collect();
    assert_eq!(
        figures,
        [
            ("2026-11-01".to_owned(), 1, 2, "38.10 USD".to_owned()),
            ("2026-11-02".to_owned(), 1, 1, "1905 KRW".to_owned()),
            ("2026-11-02".to_owned(), 2, 5, "95.25 USD".to_owned()),
        ]
    );
}

async fn sales_count_pieces_by_product(store: Store) {
    let on = |day: &str| Story::of_someone().starting(&format!("{day}T12:00:00Z"));
    saved(
        &store,
        [
            on("2026-11-01").all_well(),
            on("2026-11-02").with_mugs(3, Currency::Usd).all_well(),
            on("2026-11-02").with_mugs(1, Currency::Krw).all_well(),
            on("2026-11-09").all_well(),
        ],
    )
    .await;

    let sales = store.sales_by_product(ONE, period("2026-11-01", "2026-11-02"), 10).await.unwrap();

    let figures: Vec<_> = sales
        .iter()
        .map(|line| (line.product, line.orders, line.quantity, line.total.to_string()))
        .collect();
    assert_eq!(
        figures,
        [(blue_mug(), 1, 1, "1905 KRW".to_owned()), (blue_mug(), 2, 5, "95.25 USD".to_owned()),]
    );
    assert_eq!(sales[0].name.en, "Blue mug");
}

async fn an_order_cancelled_after_its_confirmation_is_no_sale(store: Store) {
    let confirmed = Story::of_someone().starting("2026-11-01T12:00:00Z").all_well();
    saved(&store, [confirmed.clone()]).await;

    let cancelled = confirmed.cancelled(CancelReason::ByCustomer);
    store.save(ONE, &cancelled.document(), 4).await.unwrap();

    let day = period("2026-11-01", "2026-11-01");
    assert_eq!(store.sales_by_day(ONE, day).await.unwrap(), []);
    assert_eq!(store.sales_by_product(ONE, day, 10).await.unwrap(), []);
}

async fn generations_do_not_see_each_other(store: Store) {
    let (ada, two) = (CustomerId::generate(), Generation::new(2));
    let story = Story::of(ada).placed();
    store.prepare(two).await.unwrap();

    store.save(two, &story.document(), 0).await.unwrap();

    assert_eq!(store.find(ONE, story.order).await.unwrap(), None);
    assert_eq!(store.list(ONE, &all_of(ada)).await.unwrap(), []);
    assert_eq!(store.count(two).await.unwrap(), 1);
}

async fn a_discarded_generation_is_gone(store: Store) {
    let two = Generation::new(2);
    store.prepare(two).await.unwrap();
    let story = Story::of_someone().placed();
    store.save(two, &story.document(), 0).await.unwrap();
    store.save(ONE, &story.document(), 0).await.unwrap();

    store.discard(two).await.unwrap();
    store.discard(two).await.unwrap();

    assert_eq!(store.stored_generations().await.unwrap(), [ONE]);
    assert_eq!(store.count(ONE).await.unwrap(), 1);
}

async fn a_new_store_serves_its_first_generation(store: Store) {
    assert_eq!(store.generations().await.unwrap(), Generations::START);
    assert!(store.is_up().await);
}

async fn a_stale_change_of_generations_is_refused(store: Store) {
    let now = "2026-11-20T12:00:00Z".parse().unwrap();
    let lease = chrono::TimeDelta::seconds(10);
    let read = store.generations().await.unwrap();
    let (mine, theirs) = (Uuid::now_v7(), Uuid::now_v7());

    store.change_generations(&read.begin(mine, now, lease).unwrap()).await.unwrap();
    let late = store.change_generations(&read.begin(theirs, now, lease).unwrap()).await;

    assert!(matches!(late, Err(StoreError::Conflict)), "{late:?}");
    let begun = store.generations().await.unwrap();
    assert_eq!((begun.revision, begun.running().unwrap().id), (1, mine));
    let switched = begun.switch(mine, now).unwrap();
    store.change_generations(&switched).await.unwrap();
    assert_eq!(store.generations().await.unwrap().current, Generation::new(2));
}

async fn a_save_is_announced(store: Store) {
    let story = Story::of_someone().placed();
    let mut changes = store.changes();

    store.save(ONE, &story.document(), 0).await.unwrap();

    let heard = async { while changes.recv().await.unwrap() != Change::Order(story.order) {} };
    tokio::time::timeout(BOUND, heard).await.unwrap();
}

async fn a_live_fact_goes_to_the_generation_being_filled_too(store: Store) {
    let projector = Projector::new(Arc::clone(&store));
    let story = Story::of_someone().placed().charged();
    let (facts, heard) = (story.facts(), story.heard());
    projector.take(&heard[..1]).await.unwrap();
    let read = store.generations().await.unwrap();
    let begun = read.begin(Uuid::now_v7(), facts[0].time, chrono::TimeDelta::seconds(10)).unwrap();
    store.change_generations(&begun).await.unwrap();

    projector.take(&heard[1..2]).await.unwrap();

    let filled = store.find(Generation::new(2), story.order).await.unwrap();
    assert_eq!(filled, Some(Document::of(story.order, [facts[1].clone()])));
    assert_eq!(store.find(ONE, story.order).await.unwrap(), Some(story.document()));
}

async fn a_page_of_documents_goes_on_where_the_one_before_ended(store: Store) {
    let stories = saved(&store, (0..5).map(|_| Story::of_someone().placed())).await;

    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page = store.page(ONE, after, 2).await.unwrap();
        let Some(last) = page.last() else { break };
        after = Some(last.order());
        seen.extend(ids(&page));
    }

    assert_eq!(seen, stories.iter().map(|story| story.order).collect::<Vec<_>>());
}

async fn many_documents_are_written_and_found_at_once(store: Store) {
    let two = Generation::new(2);
    store.prepare(two).await.unwrap();
    let stories: Vec<_> = (0..3).map(|_| Story::of_someone().placed()).collect();
    let first: Vec<_> = stories.iter().map(|story| (story.document(), 0)).collect();
    store.save_all(two, &first).await.unwrap();
    let stories: Vec<_> = stories.into_iter().map(Story::charged).collect();
    let new = Story::of_someone().all_well();
    let mut second: Vec<_> = stories.iter().map(|story| (story.document(), 1)).collect();
    second.push((new.document(), 0));

    store.save_all(two, &second).await.unwrap();
    store.save_all(two, &[]).await.unwrap();

    let mut orders: Vec<_> = stories.iter().map(|story| story.order).collect();
    orders.extend([new.order, OrderId::generate()]);
    let mut found = store.find_all(two, &orders).await.unwrap();
    found.sort_by_key(Document::order);
    assert_eq!(found, second.into_iter().map(|(document, _)| document).collect::<Vec<_>>());
}

async fn a_stale_writer_of_many_is_refused(store: Store) {
    let two = Generation::new(2);
    store.prepare(two).await.unwrap();
    let (known, other) = (Story::of_someone().placed(), Story::of_someone().placed());
    store.save(two, &known.document(), 0).await.unwrap();

    for stale in [(known.document(), 0), (known.clone().charged().document(), 7)] {
        let refused = store.save_all(two, &[(other.document(), 0), stale]).await;

        assert!(matches!(refused, Err(StoreError::Conflict)), "{refused:?}");
        assert_eq!(store.find(two, known.order).await.unwrap(), Some(known.document()));
    }
}

async fn filling_over_live_facts_loses_none(store: Store) {
    let projector = Projector::new(Arc::clone(&store));
    let stories: Vec<_> = (0..20).map(|_| Story::of_someone().all_well()).collect();
    let all: Vec<_> = stories.iter().flat_map(Story::heard).collect();

    let live = async {
        for heard in all.iter().rev() {
            projector.take(std::slice::from_ref(heard)).await.unwrap();
        }
    };
    let filled = projector.fill(ONE, &all);
    let ((), filled) = futures::future::join(live, filled).await;

    filled.unwrap();
    for story in &stories {
        assert_eq!(store.find(ONE, story.order).await.unwrap(), Some(story.document()));
    }
}

async fn keys_are_kept(store: Store) {
    let (old, new) = (TokenSigner::generate().unwrap(), TokenSigner::generate().unwrap());
    assert_eq!(store.load_keys().await.unwrap().keys, []);

    store.save_keys(&old.jwks()).await.unwrap();
    store.save_keys(&new.jwks()).await.unwrap();

    assert_eq!(store.load_keys().await.unwrap(), new.jwks());
}

async fn receipts_are_kept_with_their_facts(store: Store) {
    let story = Story::of_someone().placed().charged();
    let projector = Projector::new(Arc::clone(&store));
    for heard in story.heard() {
        let again = Heard::from("again", heard.fact.clone(), heard.receipt.received_at);
        projector.take(&[heard]).await.unwrap();
        projector.take(&[again]).await.unwrap();
    }

    let document = store.find(ONE, story.order).await.unwrap().unwrap();

    let consumers: Vec<_> =
        document.inbox().into_iter().map(|(_, receipt)| receipt.consumer.as_str()).collect();
    assert_eq!(consumers, ["order-history.facts"; 2]);
}

/// Another process's write, which only a shared store can have.
#[tokio::test]
async fn a_change_by_another_process_is_announced_on_mongodb() {
    let Some(place) = Place::mongodb() else {
        return;
    };
    let (here, there) = (place.open().await, place.open().await);
    let mut changes = here.changes();
    let story = Story::of_someone().placed();
    let watching = async { here.watch().await };

    let heard = async {
        // The stream says `Everything` once it is open; from then on nothing is missed.
        while changes.recv().await.unwrap() != Change::Everything {}
        there.save(ONE, &story.document(), 0).await.unwrap();
        while changes.recv().await.unwrap() != Change::Order(story.order) {}
    };
    tokio::select! {
        () = watching => unreachable!("it watches for ever"),
        heard = tokio::time::timeout(BOUND, heard) => heard.unwrap(),
    }

    place.remove().await;
}

#[tokio::test]
async fn documents_outlive_the_process() {
    let place = Place::sqlite();
    let story = Story::of_someone().placed();
    place.open().await.save(ONE, &story.document(), 0).await.unwrap();

    let again = place.open().await;

    eventually(BOUND, || async { again.is_up().await }).await;
    assert_eq!(again.find(ONE, story.order).await.unwrap(), Some(story.document()));
}

#[tokio::test]
async fn a_url_that_names_no_adapter_is_refused() {
    let refused = order_history::store::open("postgres://localhost/x", 1).await;

    assert!(refused.is_err());
}

async fn saved(store: &Store, stories: impl IntoIterator<Item = Story>) -> Vec<Story> {
    let stories: Vec<_> = stories.into_iter().collect();
    for story in &stories {
        let facts: Vec<Fact> = story.facts();
        store.save(ONE, &Document::of(story.order, facts), 0).await.unwrap();
    }
    stories
}

fn all_of(customer: CustomerId) -> ListQuery {
    ListQuery { customer, status: None, before: None, limit: 10 }
}

fn period(from: &str, to: &str) -> Period {
    Period { from: from.parse().unwrap(), to: to.parse().unwrap() }
}

fn ids(documents: &[Document]) -> Vec<OrderId> {
    documents.iter().map(Document::order).collect()
}

fn newest_first(stories: &[Story]) -> Vec<OrderId> {
    stories.iter().rev().map(|story| story.order).collect()
}
