//! The fold: from any arrival of the facts to one view.

use chrono::TimeDelta;
use order_history::document::Document;
use order_history::fact::Fact;
use order_history::view::{MoneyState, MovementKind, OrderView, Status, StockState};
use proptest::prelude::*;
use shop_contracts::order::CancelReason;

use crate::story::{Story, TRACE};

/// One story for each way an order can end (domain.md), and some that are not over.
fn stories() -> Vec<(&'static str, Story, Status, MoneyState, StockState)> {
    use CancelReason::{ByCustomer, OutOfStock, PaymentFailed, TimedOut};
    use MoneyState::{Charged, Failed, Pending, RefundParked, Refunded};
    use Status::{Cancelled, Confirmed, Placed};
    use StockState::{Held, Rejected, Released};
    let new = Story::of_someone;
    vec![
        ("only placed", new().placed(), Placed, Pending, StockState::Pending),
        ("charged so far", new().placed().charged(), Placed, Charged, StockState::Pending),
        ("all well", new().all_well(), Confirmed, Charged, Held),
        (
            "declined",
            new().placed().reserved().declined().cancelled(PaymentFailed).released(),
            Cancelled,
            Failed,
            Released,
        ),
        (
            "stock gone",
            new().placed().charged().rejected().cancelled(OutOfStock).refunded(),
            Cancelled,
            Refunded,
            Rejected,
        ),
        (
            "both fail",
            new().placed().declined().rejected().cancelled(PaymentFailed),
            Cancelled,
            Failed,
            Rejected,
        ),
        (
            "timed out, charged late",
            new().placed().reserved().cancelled(TimedOut).released().charged().refunded(),
            Cancelled,
            Refunded,
            Released,
        ),
        (
            "cancelled after the confirmation",
            new().all_well().cancelled(ByCustomer).refunded().released(),
            Cancelled,
            Refunded,
            Released,
        ),
        (
            "refund parked",
            new().all_well().cancelled(ByCustomer).released().refund_parked(),
            Cancelled,
            RefundParked,
            Released,
        ),
        (
            "parked refund settled",
            new().all_well().cancelled(ByCustomer).released().refund_parked().refunded(),
            Cancelled,
            Refunded,
            Released,
        ),
    ]
}

#[test]
fn every_end_of_an_order_is_shown_as_it_is() {
    for (name, story, status, money, stock) in stories() {
        let view = story.document().view().unwrap();

        assert_eq!(
            (view.status, view.money.state, view.stock.state),
            (status, money, stock),
            "{name}"
        );
        assert_eq!(view.reason.is_some(), status == Status::Cancelled, "{name}");
        assert_eq!(view.timeline.len(), story.said.len(), "{name}");
    }
}

#[test]
fn a_view_tells_what_was_placed() {
    let bought_before = Story::of_someone().order;
    let story = Story::of_someone().replacing(bought_before).placed();

    let view = story.document().view().unwrap();

    assert_eq!((view.order, view.customer), (story.order, story.customer));
    assert_eq!(view.total, story.total());
    assert_eq!(view.lines[0].name.ko, "파란 머그");
    assert_eq!(view.ship_to.name, "Ada");
    assert_eq!(view.replaces, Some(bought_before));
}

#[test]
fn the_mail_address_of_a_customer_is_not_kept() {
    let story = Story::of_someone().placed();

    let kept = serde_json::to_string(&story.facts()).unwrap();

    assert!(!kept.contains("ada@example.org"), "{kept}");
}

#[test]
fn an_order_whose_placing_has_not_arrived_is_not_shown() {
    let story = Story::of_someone().all_well();
    let all_but_the_first = story.facts().split_off(1);

    let document = Document::of(story.order, all_but_the_first);

    assert_eq!(document.revision(), 3);
    assert_eq!(document.view(), None);
}

#[test]
fn an_undecided_order_can_be_cancelled_until_it_expires_and_a_confirmed_one_in_its_window() {
    let placed = Story::of_someone().placed();
    let confirmed = placed.clone().charged().reserved().confirmed();
    let cancelled = confirmed.clone().cancelled(CancelReason::ByCustomer);

    let until = |story: &Story| story.document().view().unwrap().cancellable_until;

    let placed_at = placed.document().view().unwrap().placed_at;
    assert_eq!(until(&placed), Some(placed_at + TimeDelta::minutes(15)));
    assert_eq!(until(&confirmed), Some(placed_at + TimeDelta::seconds(3 + 30 * 60)));
    assert_eq!(until(&cancelled), None);
}

#[test]
fn clocks_that_go_wrong_decide_nothing() {
    let story = Story::of_someone().all_well().cancelled(CancelReason::ByCustomer).refunded();
    let backwards: Vec<Fact> = story
        .facts()
        .into_iter()
        .enumerate()
        .map(|(place, fact)| Fact {
            time: fact.time - TimeDelta::hours(i64::try_from(place).unwrap()),
            ..fact
        })
        .collect();

    let view = OrderView::of(story.order, backwards.iter()).unwrap();

    assert_eq!(view.status, Status::Cancelled);
    assert_eq!(view.money.state, MoneyState::Refunded);
    let told: Vec<_> = view.timeline.iter().map(|step| step.message_id).collect();
    assert_eq!(told, story.said.iter().map(|said| said.id).collect::<Vec<_>>());
}

#[test]
fn the_timeline_names_trace_version_and_cause_of_each_fact() {
    let story = Story::of_someone().placed().charged();

    let view = story.document().view().unwrap();

    let step = &view.timeline[1];
    assert_eq!(step.kind, "payment.processed.v1");
    assert_eq!((step.producer.as_str(), step.version), ("payment", 1));
    assert_eq!(step.trace_id.as_deref(), Some(TRACE));
    assert_eq!(step.causation_id, Some(story.said[0].id));
}

#[test]
fn money_moves_in_the_order_payment_says() {
    let story = Story::of_someone()
        .all_well()
        .cancelled(CancelReason::ByCustomer)
        .refund_parked()
        .refunded();

    let view = story.document().view().unwrap();

    let kinds: Vec<_> = view.money.movements.iter().map(|movement| movement.kind).collect();
    assert_eq!(kinds, [MovementKind::Charge, MovementKind::RefundParked, MovementKind::Refund]);
    assert_eq!(view.money.movements[1].reason.as_deref(), Some("account closed"));
}

#[test]
fn facts_that_claim_to_have_caused_each_other_are_shown_nevertheless() {
    let story = Story::of_someone().placed().charged();
    let mut facts = story.facts();
    facts[0].causation = Some(facts[1].id);

    let view = OrderView::of(story.order, facts.iter()).unwrap();

    assert_eq!(view.timeline.len(), 2);
}

#[test]
fn a_fact_of_another_order_does_not_enter_the_document() {
    let (story, other) = (Story::of_someone().placed(), Story::of_someone().placed());

    let mut document = story.document();

    assert!(!document.add(other.facts().remove(0)));
    assert_eq!(document, story.document());
}

#[test]
fn a_fact_reads_back_as_it_was_stored() {
    for (name, story, ..) in stories() {
        let stored = serde_json::to_string(&story.facts()).unwrap();

        let facts: Vec<Fact> = serde_json::from_str(&stored).unwrap();

        assert_eq!(facts, story.facts(), "{name}");
    }
}

/// The facts of a story in any sequence, some of them several times.
fn arrivals() -> impl Strategy<Value = (Story, Vec<Fact>)> {
    let stories: Vec<Story> = stories().into_iter().map(|(_, story, ..)| story).collect();
    prop::sample::select(stories).prop_flat_map(|story| {
        let facts = story.facts();
        let again = prop::collection::vec(prop::sample::select(facts.clone()), 0..12);
        let arrivals = again
            .prop_map(move |again| facts.iter().cloned().chain(again).collect::<Vec<_>>())
            .prop_shuffle();
        (Just(story), arrivals)
    })
}

proptest! {
    #[test]
    fn any_order_of_arrival_and_any_duplication_ends_in_the_same_document(
        (story, arrivals) in arrivals(),
    ) {
        let mut document = Document::new(story.order);
        for fact in arrivals {
            document.add(fact);
        }

        prop_assert_eq!(&document, &story.document());
        prop_assert_eq!(document.view(), story.document().view());
    }

    #[test]
    fn the_fold_does_not_care_for_the_sequence_of_its_facts((story, arrivals) in arrivals()) {
        let mut once = arrivals;
        let mut seen = std::collections::HashSet::new();
        once.retain(|fact| seen.insert(fact.id));

        let view = OrderView::of(story.order, once.iter()).unwrap();

        prop_assert_eq!(view.digest().unwrap(), story.document().view().unwrap().digest().unwrap());
    }

    #[test]
    fn a_document_that_takes_a_fact_grows_by_exactly_one((story, arrivals) in arrivals()) {
        let mut document = Document::new(story.order);
        for fact in arrivals {
            let (before, is_known) =
                (document.revision(), document.facts().any(|known| known.id == fact.id));

            let is_new = document.add(fact);

            prop_assert_eq!(is_new, !is_known);
            prop_assert_eq!(document.revision(), before + u64::from(is_new));
        }
    }

    #[test]
    fn an_effect_is_never_shown_before_its_cause((story, arrivals) in arrivals()) {
        let view = Document::of(story.order, arrivals).view().unwrap();

        let mut told = std::collections::HashSet::new();
        for step in &view.timeline {
            prop_assert!(step.causation_id.is_none_or(|cause| told.contains(&cause)));
            told.insert(step.message_id);
        }
    }
}
