//! Times that are compared inside SQL, as microseconds since 1970.
//!
//! SQLite has no time type, and its texts compare only as long as everyone prints them alike.

use std::time::Duration;

use chrono::{DateTime, Utc};

pub(crate) fn of(time: DateTime<Utc>) -> i64 {
    time.timestamp_micros()
}

pub(crate) fn after(time: DateTime<Utc>, delay: Duration) -> i64 {
    of(time).saturating_add(i64::try_from(delay.as_micros()).unwrap_or(i64::MAX))
}
