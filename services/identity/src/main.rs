//! Identity as a process. See the crate's README.

use std::sync::Arc;

use chassis::cli::Job;
use shop_kernel::SystemClock;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let Some((config, job)) = chassis::cli::read_job::<identity::Config>(&identity::SERVICE)?
    else {
        return Ok(());
    };
    let _telemetry = chassis::telemetry::start(&identity::SERVICE, &config.telemetry)?;
    if job == Job::Migrate {
        return identity::Application::migrate(config, Arc::new(SystemClock)).await;
    }
    identity::Application::build(config, Arc::new(SystemClock)).await?.run().await
}
