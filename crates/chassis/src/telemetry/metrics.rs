//! The Prometheus recorder of this process, and one service's part of its page.

use std::sync::OnceLock;
use std::time::Duration;

use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};

use crate::service::Process;

/// From a row read in memory to a provider that has to be waited for.
const SECONDS: [f64; 12] =
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];
/// From an order that is paid at once to one that waited for a service to come back.
const MINUTES: [f64; 14] =
    [0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0];
/// What is measured from one service to another, and may take as long as an outage.
const LONG: [&str; 2] = ["order_saga_duration_seconds", "order_history_projection_lag_seconds"];
/// Histograms keep raw samples until then; at this pace a busy service holds some thousands.
const UPKEEP_EVERY: Duration = Duration::from_secs(5);

static RECORDER: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

/// Makes sure that what is measured is kept; safe to call again.
pub fn install() {
    RECORDER.get_or_init(|| {
        let handle = builder()
            .and_then(PrometheusBuilder::install_recorder)
            .inspect_err(|error| tracing::error!(%error, "metrics are not recorded"))
            .ok()?;
        let upkeep = handle.clone();
        // A thread, because the recorder outlives every runtime of a process with several.
        let thread = std::thread::Builder::new().name("metrics".to_owned()).spawn(move || {
            loop {
                std::thread::sleep(UPKEEP_EVERY);
                upkeep.run_upkeep();
            }
        });
        if let Err(error) = thread {
            tracing::error!(%error, "metrics are not compacted");
        }
        Some(handle)
    });
}

fn builder() -> Result<PrometheusBuilder, BuildError> {
    let seconds = Matcher::Suffix("_seconds".to_owned());
    let builder = PrometheusBuilder::new().set_buckets_for_metric(seconds, &SECONDS)?;
    LONG.into_iter().try_fold(builder, |builder, metric| {
        builder.set_buckets_for_metric(Matcher::Full(metric.to_owned()), &MINUTES)
    })
}

/// Says which build of `service` this is.
pub(crate) fn tell_build(process: Process) {
    let Process { name, version, commit } = process;
    metrics::gauge!(
        "shop_build_info", "service" => name, "version" => version, "commit" => commit,
    )
    .set(1);
}

/// The page of `service`: its own samples, and those that name no service.
pub(crate) fn page(service: &str) -> String {
    install();
    let text = RECORDER.get().and_then(Option::as_ref).map(PrometheusHandle::render);
    only(service, &text.unwrap_or_default())
}

fn only(service: &str, text: &str) -> String {
    let own = format!("service=\"{service}\"");
    let mut page = String::with_capacity(text.len());
    // What is said about a metric is kept back until one of its samples is taken.
    let (mut metric, mut about) = ("", String::new());
    for line in text.lines().filter(|line| !line.is_empty()) {
        if let Some(comment) = line.strip_prefix("# ") {
            let name = comment.split(' ').nth(1).unwrap_or_default();
            if name != metric {
                about.clear();
                metric = name;
            }
            about.push_str(line);
            about.push('\n');
        } else if line.contains(&own) || !line.contains("service=\"") {
            page.push_str(&std::mem::take(&mut about));
            page.push_str(line);
            page.push('\n');
        }
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_only_the_samples_of_its_service() {
        let text = "# HELP a First.\n# TYPE a counter\na{service=\"order\"} 1\na{service=\"email\"} 2\n\n\
                    # HELP b Second.\n# TYPE b counter\nb{service=\"email\"} 3\n\n# TYPE c gauge\nc 4\n";

        let page = only("order", text);

        assert_eq!(
            page,
            "# HELP a First.\n# TYPE a counter\na{service=\"order\"} 1\n# TYPE c gauge\nc 4\n"
        );
    }
}
