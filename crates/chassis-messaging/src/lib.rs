#![doc = include_str!("../README.md")]

mod amqp;
mod backoff;
mod broker;
mod consumer;
pub mod due;
mod embedded;
pub mod feed;
mod idempotent;
pub mod inbox;
mod lease;
mod micros;
mod migration;
pub mod outbox;
mod relay;
pub mod trace;
mod wake;
mod worker;

pub use amqp::{AmqpBroker, AmqpOptions};
pub use backoff::Backoff;
pub use broker::{Broker, BrokerError, DeadLetter, Delivery, Depth, Settle, Subscription};
pub use consumer::{Consumer, Dependency, HandleError, Handler, Outcome, Received, RetryPolicy};
pub use embedded::{EmbeddedBroker, EmbeddedOptions};
pub use idempotent::{Effect, Idempotent};
pub use migration::migrations;
pub use relay::Relay;
pub use wake::Wake;
pub use worker::{Progress, Work, WorkError, Worker};
