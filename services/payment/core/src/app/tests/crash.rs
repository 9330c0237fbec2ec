//! The process dies between any two steps, the work is begun again, and the effect happens once.

use super::world::*;
use crate::domain::*;

/// More polls than any use case here takes.
const LONGEST: usize = 20;

/// Does the due work with the process dying after `polls` polls of every attempt but the last.
fn work_dying_after(shop: &World, polls: usize) {
    for _ in 0..4 {
        if let Some(work) = shop.work_due() {
            drop(run_for(shop.attempt(work), polls));
        }
    }
    shop.work();
}

#[test]
fn a_charge_stopped_anywhere_takes_the_money_once_and_is_told_once() {
    for polls in 1..LONGEST {
        let shop = World::by_card(ChargeAnswer::Approved, RefundAnswer::Refunded);
        shop.place().unwrap();

        work_dying_after(&shop, polls);

        assert_eq!((shop.told(), shop.moves()), (vec!["charged"], (1, 0)), "after {polls}");
    }
}

#[test]
fn a_refund_stopped_anywhere_gives_the_money_back_once() {
    for polls in 1..LONGEST {
        let shop = World::by_card(ChargeAnswer::Approved, RefundAnswer::Refunded);
        shop.place().unwrap();
        shop.work();
        shop.cancel().unwrap();

        work_dying_after(&shop, polls);

        let expected = (vec!["charged", "refunded"], (1, 1));
        assert_eq!((shop.told(), shop.moves()), expected, "after {polls}");
    }
}

#[test]
fn store_credit_stopped_anywhere_is_used_once_and_given_back_once() {
    for polls in 1..LONGEST {
        let shop = World::on_credit();
        shop.place().unwrap();
        work_dying_after(&shop, polls);
        let used = shop.credit_used();
        shop.cancel().unwrap();

        work_dying_after(&shop, polls);

        assert_eq!((used, shop.credit_used()), (1_950, 0), "after {polls}");
        assert_eq!(shop.told(), ["charged", "refunded"], "after {polls}");
    }
}

#[test]
fn a_cancellation_at_any_moment_of_a_charge_leaves_nothing_kept() {
    for polls in 0..LONGEST {
        let shop = World::by_card(ChargeAnswer::Approved, RefundAnswer::Refunded);
        shop.place().unwrap();
        drop(run_for(shop.attempt(Work::Charge), polls));

        shop.cancel().unwrap();
        shop.work();

        let (charged, refunded) = shop.moves();
        assert_eq!(charged, refunded, "after {polls}");
        assert_eq!(shop.work_due(), None, "after {polls}");
    }
}

#[test]
fn a_cancellation_while_the_worker_goes_on_leaves_nothing_kept() {
    for polls in 0..LONGEST {
        let shop = World::by_card(ChargeAnswer::Approved, RefundAnswer::Refunded);
        shop.place().unwrap();
        let mut cancelled = false;

        // The worker's own future goes on after the cancellation has come in between.
        let mut charging = std::pin::pin!(shop.attempt(Work::Charge));
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        for poll in 0..LONGEST {
            if poll == polls {
                shop.cancel().unwrap();
                cancelled = true;
            }
            if charging.as_mut().poll(&mut context).is_ready() {
                break;
            }
        }
        if !cancelled {
            shop.cancel().unwrap();
        }
        shop.work();

        let (charged, refunded) = shop.moves();
        assert_eq!(charged, refunded, "after {polls}");
        assert_eq!(shop.work_due(), None, "after {polls}");
    }
}

#[test]
fn two_workers_at_once_charge_once() {
    for lead in 0..LONGEST {
        let shop = World::by_card(ChargeAnswer::Approved, RefundAnswer::Refunded);
        shop.place().unwrap();
        let mut first = std::pin::pin!(shop.attempt(Work::Charge));
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        let is_over = (0..lead).any(|_| first.as_mut().poll(&mut context).is_ready());

        complete(shop.attempt(Work::Charge)).unwrap();
        if !is_over {
            complete(first).unwrap();
        }

        assert_eq!((shop.told(), shop.moves()), (vec!["charged"], (1, 0)), "lead of {lead}");
    }
}
