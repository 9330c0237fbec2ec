use std::cell::Cell;
use std::sync::Arc;

use super::*;

const SECOND: Duration = Duration::from_secs(1);
const POLICY: BreakerPolicy = BreakerPolicy {
    window: Duration::from_secs(10),
    minimum_calls: 4,
    failure_percent: 50,
    open_for: Duration::from_secs(5),
    probes: 2,
};

/// A breaker, the time as it goes, and what the breaker told of itself.
struct Scene {
    breaker: Breaker,
    clock: Cell<Instant>,
    told: Arc<Mutex<Vec<State>>>,
}

impl Scene {
    fn begin() -> Self {
        let told = Arc::new(Mutex::new(Vec::new()));
        let (now, telling) = (Instant::now(), Arc::clone(&told));
        let breaker = Breaker::new(POLICY, now, move |state| telling.lock().unwrap().push(state));
        Self { breaker, clock: Cell::new(now), told }
    }

    fn open() -> Self {
        let scene = Self::begin();
        scene.calls(4, true);
        assert_eq!(scene.breaker.state(), State::Open);
        scene
    }

    fn half_open() -> Self {
        let scene = Self::open();
        scene.pass(5 * SECOND);
        scene
    }

    fn call(&self, failed: bool) -> Result<(), Rejected> {
        self.breaker.permit(self.now()).map(|permit| permit.record(failed, self.now()))
    }

    fn calls(&self, count: u32, failed: bool) {
        for _ in 0..count {
            self.call(failed).unwrap();
        }
    }

    fn now(&self) -> Instant {
        self.clock.get()
    }

    fn pass(&self, time: Duration) {
        self.clock.set(self.now() + time);
    }
}

#[test]
fn it_opens_when_half_of_enough_calls_failed() {
    let scene = Scene::begin();

    scene.calls(2, false);
    scene.calls(1, true);
    assert_eq!(scene.breaker.state(), State::Closed);
    scene.calls(1, true);

    assert_eq!(scene.breaker.state(), State::Open);
}

#[test]
fn it_stays_closed_while_there_were_too_few_calls_to_tell() {
    let scene = Scene::begin();

    scene.calls(3, true);

    assert_eq!(scene.breaker.state(), State::Closed);
}

#[test]
fn a_success_does_not_open_it_however_many_failed_before() {
    let scene = Scene::begin();

    scene.calls(3, true);
    scene.calls(1, false);

    assert_eq!(scene.breaker.state(), State::Closed);
}

#[test]
fn a_long_healthy_past_does_not_keep_it_closed() {
    let scene = Scene::begin();

    scene.calls(1000, false);
    scene.pass(10 * SECOND);
    scene.calls(4, true);

    assert_eq!(scene.breaker.state(), State::Open);
}

#[test]
fn failures_that_are_long_over_do_not_open_it() {
    let scene = Scene::begin();

    scene.calls(3, true);
    scene.pass(10 * SECOND);
    scene.calls(1, true);

    assert_eq!(scene.breaker.state(), State::Closed);
}

#[test]
fn it_stays_open_for_its_time_and_says_how_long_that_is() {
    let scene = Scene::open();

    scene.pass(2 * SECOND);
    let early = scene.call(false);
    scene.pass(3 * SECOND);
    let in_time = scene.call(false);

    assert_eq!(early, Err(Rejected { retry_after: 3 * SECOND }));
    assert_eq!(in_time, Ok(()));
}

#[test]
fn it_closes_when_every_probe_succeeds_and_then_forgets() {
    let scene = Scene::half_open();

    scene.calls(1, false);
    assert_eq!(scene.breaker.state(), State::HalfOpen);
    scene.calls(1, false);
    scene.calls(3, true);

    assert_eq!(scene.breaker.state(), State::Closed);
}

#[test]
fn a_probe_that_fails_opens_it_for_its_whole_time_again() {
    let scene = Scene::half_open();

    scene.calls(1, false);
    scene.calls(1, true);
    scene.pass(4 * SECOND);

    assert_eq!(scene.breaker.state(), State::Open);
    assert_eq!(scene.call(false), Err(Rejected { retry_after: SECOND }));
}

#[test]
fn no_more_probes_are_out_than_are_wanted() {
    let scene = Scene::half_open();

    let probes = [(); 3].map(|()| scene.breaker.permit(scene.now()));

    assert_eq!(probes.map(|probe| probe.is_ok()), [true, true, false]);
}

#[test]
fn a_probe_nobody_waits_for_makes_room_for_another() {
    let scene = Scene::half_open();

    for _ in 0..10 {
        drop(scene.breaker.permit(scene.now()).unwrap());
    }
    scene.calls(2, false);

    assert_eq!(scene.breaker.state(), State::Closed);
}

#[test]
fn a_call_from_before_does_not_speak_for_now() {
    let scene = Scene::begin();
    let slow = scene.breaker.permit(scene.now()).unwrap();
    let slower = scene.breaker.permit(scene.now()).unwrap();

    scene.calls(4, true);
    scene.pass(5 * SECOND);
    scene.calls(1, false);
    slow.record(true, scene.now());
    let during_probes = scene.breaker.state();
    scene.calls(1, false);
    slower.record(true, scene.now());

    assert_eq!((during_probes, scene.breaker.state()), (State::HalfOpen, State::Closed));
}

#[test]
fn every_change_is_told_in_order() {
    let scene = Scene::half_open();

    scene.calls(1, true);
    scene.pass(5 * SECOND);
    scene.calls(2, false);

    use State::{Closed, HalfOpen, Open};
    assert_eq!(*scene.told.lock().unwrap(), [Open, HalfOpen, Open, HalfOpen, Closed]);
}

#[test]
fn many_threads_open_it_once() {
    let scene = Scene::begin();
    let (breaker, now) = (&scene.breaker, scene.now());
    let call = || {
        breaker.permit(now).is_ok_and(|permit| {
            permit.record(true, now);
            true
        })
    };

    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| (0..100).filter(|_| call()).count());
        }
    });

    assert_eq!(*scene.told.lock().unwrap(), [State::Open]);
}
