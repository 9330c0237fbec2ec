//! The payment under any sequence of acts, against a ledger kept beside it.

use proptest::prelude::*;

use super::fixture::*;
use crate::domain::*;

#[derive(Debug, Clone, Copy)]
enum Act {
    Begin { late: bool },
    Approve,
    Decline,
    Cancel,
    Refund,
    RefuseRefund,
    Retry,
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let act = prop_oneof![
        any::<bool>().prop_map(|late| Act::Begin { late }),
        Just(Act::Approve),
        Just(Act::Decline),
        Just(Act::Cancel),
        Just(Act::Refund),
        Just(Act::RefuseRefund),
        Just(Act::Retry),
    ];
    prop::collection::vec(act, 0..30)
}

fn perform(payment: &mut Payment, act: Act) -> Option<PaymentEvent> {
    match act {
        Act::Begin { late } => {
            let now = if late { after_expiry() } else { noon() };
            match payment.begin_charge(Some(&adas_card()), now).unwrap() {
                Begin::Failed(event) => Some(event),
                Begin::Ask(_) | Begin::Nothing => None,
            }
        }
        Act::Approve => payment.settle_charge(ChargeAnswer::Approved, noon()).ok().flatten(),
        Act::Decline => {
            let answer = ChargeAnswer::Refused(ChargeRefusal::Declined);
            payment.settle_charge(answer, noon()).ok().flatten()
        }
        Act::Cancel => {
            payment.cancel();
            None
        }
        Act::Refund => payment.settle_refund(RefundAnswer::Refunded, 2, noon()).ok().flatten(),
        Act::RefuseRefund => payment.settle_refund(refused(), 2, noon()).ok().flatten(),
        Act::Retry => {
            let _ = payment.retry_refund();
            None
        }
    }
}

proptest! {
    #[test]
    fn whatever_happens_money_moves_once_each_way_and_versions_count_what_was_told(
        acts in acts(),
    ) {
        let mut payment = due();
        let mut told = Vec::new();

        for act in acts {
            told.extend(perform(&mut payment, act));
        }

        let count = |wanted: fn(&PaymentEvent) -> bool| told.iter().filter(|e| wanted(e)).count();
        let charged = count(|e| matches!(e, PaymentEvent::Charged { .. }));
        let failed = count(|e| matches!(e, PaymentEvent::Failed { .. }));
        let refunded = count(|e| matches!(e, PaymentEvent::Refunded { .. }));
        let parked = count(|e| matches!(e, PaymentEvent::RefundParked { .. }));
        prop_assert!(charged + failed <= 1, "charged or failed, once: {:?}", told);
        prop_assert!(refunded <= charged && parked <= charged);
        prop_assert_eq!(payment.version(), told.len() as u64);
        prop_assert_eq!(payment.state().charge().is_some(), charged == 1);
        prop_assert_eq!(matches!(payment.state(), State::Refunded { .. }), refunded == 1);
    }

    #[test]
    fn a_cancelled_payment_ends_with_nothing_kept_once_its_calls_are_answered(
        before in acts(),
        after in acts(),
    ) {
        let mut payment = due();
        for act in before.into_iter().chain([Act::Cancel]).chain(after) {
            perform(&mut payment, act);
        }

        for act in [Act::Begin { late: false }, Act::Approve, Act::Retry, Act::Refund] {
            perform(&mut payment, act);
        }

        prop_assert!(
            matches!(
                payment.state(),
                State::Withdrawn | State::Failed { .. } | State::Refunded { .. }
            ),
            "{:?}",
            payment.state()
        );
    }

    #[test]
    fn every_act_done_twice_is_as_good_as_once(acts in acts()) {
        let (mut once, mut twice) = (due(), due());

        for act in acts {
            perform(&mut once, act);
            perform(&mut twice, act);
            // A refusal is an answer to a question of its own; all else is known by its effect.
            if !matches!(act, Act::RefuseRefund) {
                prop_assert_eq!(perform(&mut twice, act), None);
            }
        }

        prop_assert_eq!(once, twice);
    }
}
