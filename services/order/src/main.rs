//! The order service as a process. See the crate's README.

use std::sync::Arc;

use order::{Application, Config, SERVICE};
use shop_kernel::SystemClock;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let Some(config) = chassis::cli::read::<Config>(&SERVICE)? else { return Ok(()) };
    let _telemetry = chassis::telemetry::start(SERVICE.name, &config.telemetry)?;
    let broker = chassis::broker::open(&config.broker, SERVICE.name).await?;
    Application::build(config, broker, Arc::new(SystemClock)).await?.run().await
}
