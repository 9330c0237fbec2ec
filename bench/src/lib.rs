#![doc = include_str!("../README.md")]
#![expect(clippy::float_arithmetic, reason = "rates and durations; no money is computed here")]

pub mod api;
pub mod burst;
pub mod checkout;
pub mod customers;
pub mod figure;
pub mod histogram;
pub mod lighthouse;
pub mod machine;
pub mod memory;
pub mod options;
pub mod orders;
pub mod paced;
pub mod processor;
pub mod quiet;
pub mod ready;
pub mod report;
pub mod rounds;
pub mod run;
pub mod shelf;
pub mod statistics;
pub mod storefront;
pub mod warm;
pub mod watch;
pub mod wire;
pub mod yardstick;

pub use options::Options;
pub use run::run;

/// A goal was missed; everything was measured.
pub const EXIT_GOAL_MISSED: u8 = 1;
/// Something could not be measured.
pub const EXIT_FAILED: u8 = 2;
