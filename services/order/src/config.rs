//! The settings of this service; `config/default.toml` says what each means.

use std::time::Duration;

use chassis::config::{
    AuthConfig, BrokerConfig, DatabaseConfig, HttpConfig, PeersConfig, TelemetryConfig,
};
use chrono::TimeDelta;
use order_core::app::Rules;
use serde::Deserialize;

/// Everything that can be set.
#[derive(Debug, Clone, Deserialize)]
pub struct Config {
    pub http: HttpConfig,
    pub database: DatabaseConfig,
    pub broker: BrokerConfig,
    pub peers: PeersConfig,
    pub auth: AuthConfig,
    pub telemetry: TelemetryConfig,
    pub saga: SagaConfig,
    pub order: OrderConfig,
    pub snapshot: SnapshotConfig,
    pub idempotency: IdempotencyConfig,
    pub prices: PricesConfig,
    pub watchdog: WatchdogConfig,
    pub housekeeping: HousekeepingConfig,
    pub outbox: OutboxConfig,
}

/// `[saga]`: how long an order waits.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct SagaConfig {
    /// Until it is cancelled.
    pub timeout_s: u32,
}

/// `[order]`: what customers may do.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct OrderConfig {
    /// After the confirmation.
    pub cancel_window_s: u32,
}

/// `[snapshot]`: how streams stay fast to load.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct SnapshotConfig {
    /// Events between two snapshots.
    pub every: u64,
}

/// `[idempotency]`: how long the same key gets the same answer.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct IdempotencyConfig {
    /// In hours.
    pub keep_h: u32,
}

/// `[prices]`: how the price list stays fresh.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct PricesConfig {
    /// Between two looks at the feed.
    pub check_s: u32,
}

/// `[watchdog]`: how overdue orders are found.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct WatchdogConfig {
    /// Between two looks.
    pub every_ms: u32,
    /// Orders at a time.
    pub batch: u32,
}

/// `[housekeeping]`: how old things are forgotten.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct HousekeepingConfig {
    /// Between two rounds.
    pub every_s: u32,
}

/// `[outbox]`: how long published messages are kept.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct OutboxConfig {
    /// In days; 0 is for ever.
    pub keep_days: u32,
}

impl Config {
    /// The numbers the rules take.
    #[must_use]
    pub fn rules(&self) -> Rules {
        Rules {
            saga_timeout: TimeDelta::seconds(self.saga.timeout_s.into()),
            cancel_window: TimeDelta::seconds(self.order.cancel_window_s.into()),
            snapshot_every: self.snapshot.every,
        }
    }

    /// How long the same key gets the same answer.
    #[must_use]
    pub fn keep_replies(&self) -> TimeDelta {
        TimeDelta::hours(self.idempotency.keep_h.into())
    }

    /// How long published messages are kept; `None` is for ever.
    #[must_use]
    pub fn keep_messages(&self) -> Option<TimeDelta> {
        let days = self.outbox.keep_days;
        (days > 0).then(|| TimeDelta::days(days.into()))
    }
}

impl WatchdogConfig {
    /// Between two looks.
    #[must_use]
    pub fn every(&self) -> Duration {
        Duration::from_millis(self.every_ms.into())
    }
}
