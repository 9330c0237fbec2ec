//! The storefront's server as a process. See the crate's README.

use storefront::{Application, Config, SERVICE};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let Some(config) = chassis::cli::read::<Config>(&SERVICE)? else { return Ok(()) };
    let service = config.service();
    let _telemetry = chassis::telemetry::start(&service, &config.telemetry)?;
    Application::build(service, config).await?.run().await
}
