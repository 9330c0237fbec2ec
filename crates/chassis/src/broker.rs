//! The broker a configuration names.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use chassis_messaging::{AmqpBroker, AmqpOptions, Broker, EmbeddedBroker, EmbeddedOptions};

use secrecy::ExposeSecret as _;

use crate::config::BrokerConfig;

/// Opens the broker at `broker.url`: `amqp:` reaches a RabbitMQ, now or whenever it comes up;
/// `embedded:PATH` is a file for this process alone.
///
/// One per process: services that share an embedded broker are handed the same one.
///
/// # Errors
/// When the URL names neither, or the file cannot be opened.
pub async fn open(config: &BrokerConfig, service: &str) -> anyhow::Result<Arc<dyn Broker>> {
    let url = config.url.expose_secret();
    if url.starts_with("amqp://") || url.starts_with("amqps://") {
        return Ok(AmqpBroker::connect(url, AmqpOptions::new(&config.prefix, service)));
    }
    let Some(path) = url.strip_prefix("embedded:") else {
        bail!("broker.url starts with `amqp://` or `embedded:`");
    };
    let broker = EmbeddedBroker::open(Path::new(path), EmbeddedOptions::default()).await;
    Ok(broker.with_context(|| format!("cannot open the embedded broker at {path}"))?)
}
