//! The steps a rebuild may take, as rules.

use chrono::{DateTime, TimeDelta, Utc};
use order_history::rebuild::Phase;
use order_history::store::{Generation, Generations};
use uuid::Uuid;

const LEASE: TimeDelta = TimeDelta::seconds(10);

fn noon() -> DateTime<Utc> {
    "2026-11-20T12:00:00Z".parse().unwrap()
}

#[test]
fn a_rebuild_fills_the_next_generation_while_the_old_one_serves() {
    let begun = Generations::START.begin(Uuid::now_v7(), noon(), LEASE).unwrap();

    assert_eq!(begun.current, Generation::FIRST);
    assert_eq!(begun.live().collect::<Vec<_>>(), [Generation::FIRST, Generation::new(2)]);
}

#[test]
fn a_rebuild_that_ends_well_serves_alone() {
    let id = Uuid::now_v7();
    let begun = Generations::START.begin(id, noon(), LEASE).unwrap();

    let switched = begun.switch(id, noon()).unwrap();

    assert_eq!(switched.live().collect::<Vec<_>>(), [Generation::new(2)]);
    assert_eq!(switched.rebuild.unwrap().phase, Phase::Done);
}

#[test]
fn there_is_one_rebuild_at_a_time() {
    let begun = Generations::START.begin(Uuid::now_v7(), noon(), LEASE).unwrap();

    let second = begun.begin(Uuid::now_v7(), noon() + TimeDelta::seconds(9), LEASE);

    assert_eq!(second.unwrap_err().since, noon());
}

#[test]
fn a_rebuild_whose_process_died_makes_room_for_a_new_one_in_a_new_generation() {
    let (dead, new) = (Uuid::now_v7(), Uuid::now_v7());
    let begun = Generations::START.begin(dead, noon(), LEASE).unwrap();

    let second = begun.begin(new, noon() + LEASE, LEASE).unwrap();

    assert_eq!(second.live().collect::<Vec<_>>(), [Generation::FIRST, Generation::new(3)]);
    assert_eq!(second.switch(dead, noon()), None);
    assert_eq!(second.renew(dead, Phase::Reading, &[], noon()), None);
    assert_eq!(second.give_up(dead, noon(), "late"), None);
}

#[test]
fn a_rebuild_given_up_leaves_the_old_generation_serving_and_says_why() {
    let id = Uuid::now_v7();
    let begun = Generations::START.begin(id, noon(), LEASE).unwrap();

    let given_up = begun.give_up(id, noon(), "a feed did not answer").unwrap();

    assert_eq!(given_up.live().collect::<Vec<_>>(), [Generation::FIRST]);
    let rebuild = given_up.rebuild.clone().unwrap();
    assert_eq!(
        (rebuild.phase, rebuild.failure.as_deref()),
        (Phase::Failed, Some("a feed did not answer"))
    );
    let next = given_up.begin(Uuid::now_v7(), noon(), LEASE).unwrap();
    assert_eq!(next.filling, Some(Generation::new(3)));
}
