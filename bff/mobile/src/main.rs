//! The mobile BFF as a process. See the crate's README.

use std::sync::Arc;

use mobile_bff::{Application, Config, SERVICE};
use shop_kernel::SystemClock;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let Some(config) = chassis::cli::read::<Config>(&SERVICE)? else { return Ok(()) };
    let _telemetry = chassis::telemetry::start(&SERVICE, &config.telemetry)?;
    Application::build(config, Arc::new(SystemClock)).await?.run().await
}
