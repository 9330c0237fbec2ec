//! Which key signs when, and until when each is published.

use chrono::{DateTime, TimeDelta, Utc};

/// A new key is published for so long before it signs. Verifiers fetch the keys every five minutes,
/// so each has it by then, even if identity is away when its first token is used.
pub const ANNOUNCED_BEFORE: TimeDelta = TimeDelta::minutes(6);
/// The longest-lived token is a guest's: thirty days, and an hour for clocks that differ.
const PUBLISHED_AFTER: TimeDelta = TimeDelta::hours(30 * 24 + 1);

/// A key with its times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Scheduled<K> {
    pub(super) key: K,
    pub(super) generation: i32,
    pub(super) signs_from: DateTime<Utc>,
}

/// The keys, newest first.
#[derive(Debug)]
pub(super) struct Ring<K>(Vec<Scheduled<K>>);

impl<K> Default for Ring<K> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<K> Ring<K> {
    pub(super) fn new(mut keys: Vec<Scheduled<K>>) -> Self {
        keys.sort_by_key(|key| std::cmp::Reverse(key.generation));
        Self(keys)
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn newest(&self) -> Option<&Scheduled<K>> {
        self.0.first()
    }

    /// The newest key whose time has come; the oldest there is when a clock runs behind.
    pub(super) fn signing(&self, now: DateTime<Utc>) -> Option<&Scheduled<K>> {
        self.0.iter().find(|key| key.signs_from <= now).or(self.0.last())
    }

    /// Every key a living token may be signed with, or will be.
    pub(super) fn published(&self, now: DateTime<Utc>) -> impl Iterator<Item = &Scheduled<K>> {
        self.0.iter().take(self.wanted(now))
    }

    /// The ring without the keys nothing needs any more, and the generations of those.
    pub(super) fn without_withdrawn(mut self, now: DateTime<Utc>) -> (Self, Vec<i32>) {
        let withdrawn = self.0.split_off(self.wanted(now));
        (self, withdrawn.iter().map(|key| key.generation).collect())
    }

    /// A key is needed until its successor has signed for as long as a token lives.
    fn wanted(&self, now: DateTime<Utc>) -> usize {
        let needed = self.0.iter().take_while(|key| key.signs_from + PUBLISHED_AFTER > now).count();
        // The one after the last of those signed until then.
        (needed + 1).min(self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minutes: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::minutes(minutes)
    }

    fn ring(signs_from: &[i64]) -> Ring<i32> {
        let keys = signs_from.iter().zip(1..).map(|(minutes, generation)| Scheduled {
            key: generation,
            generation,
            signs_from: at(*minutes),
        });
        Ring::new(keys.collect())
    }

    fn published(ring: &Ring<i32>, now: DateTime<Utc>) -> Vec<i32> {
        ring.published(now).map(|key| key.key).collect()
    }

    #[test]
    fn a_new_key_is_published_at_once_and_signs_when_its_time_comes() {
        let ring = ring(&[0, 106]);

        for (now, signing) in [(at(0), 1), (at(105), 1), (at(106), 2), (at(9_999), 2)] {
            assert_eq!(ring.signing(now).unwrap().key, signing, "at {now}");
        }
        assert_eq!(published(&ring, at(100)), [2, 1]);
    }

    #[test]
    fn an_old_key_stays_published_while_a_token_of_its_may_live() {
        let ring = ring(&[0, 106]);
        let end = at(106) + PUBLISHED_AFTER;

        assert_eq!(published(&ring, end - TimeDelta::seconds(1)), [2, 1]);
        assert_eq!(published(&ring, end), [2]);
    }

    #[test]
    fn the_last_key_is_never_withdrawn() {
        let (ring, withdrawn) = ring(&[0, 106]).without_withdrawn(at(10_000_000));

        assert_eq!((ring.len(), withdrawn), (1, vec![1]));
        assert_eq!(ring.signing(at(10_000_000)).unwrap().key, 2);
    }

    #[test]
    fn a_clock_that_runs_behind_still_signs() {
        assert_eq!(ring(&[50]).signing(at(0)).unwrap().key, 1);
    }
}
