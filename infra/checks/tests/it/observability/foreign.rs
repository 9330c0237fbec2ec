//! Metrics of programs that are not ours, and whether those programs really have them.

use std::collections::BTreeSet;
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::process::{Child, Command};
use std::time::Duration;

use infra_checks::watched;
use xtask::ports;
use xtask::servers::RabbitMq;
use xtask::tool::HAPROXY;

use super::Metrics;

/// What of them is watched, with the labels they have.
const WATCHED: [(&str, &[&str]); 11] = [
    ("haproxy_backend_active_servers", &["proxy"]),
    ("haproxy_backend_http_responses_total", &["proxy", "code"]),
    ("haproxy_frontend_http_responses_total", &["proxy", "code"]),
    ("rabbitmq_alarms_free_disk_space_watermark", &[]),
    ("rabbitmq_alarms_memory_used_watermark", &[]),
    ("rabbitmq_channels", &[]),
    ("rabbitmq_connections", &[]),
    ("rabbitmq_disk_space_available_bytes", &[]),
    ("rabbitmq_process_resident_memory_bytes", &[]),
    ("rabbitmq_queue_messages_unacked", &[]),
    ("rabbitmq_resident_memory_limit_bytes", &[]),
];

pub(super) fn metrics() -> Metrics {
    let owned = |labels: &[&str]| labels.iter().map(|&label| label.to_owned()).collect();
    WATCHED.iter().map(|(name, labels)| ((*name).to_owned(), owned(labels))).collect()
}

#[tokio::test]
async fn haproxy_exports_what_is_watched() {
    let folder = tempfile::tempdir().unwrap();
    let port = ports::free().unwrap();
    let file = folder.path().join("haproxy.cfg");
    let config = format!(
        "defaults\n mode http\n timeout connect 1s\n timeout client 1s\n timeout server 1s\n\
         frontend public\n bind 127.0.0.1:{port}\n http-request use-service prometheus-exporter\n default_backend shop\n\
         backend shop\n server one 127.0.0.1:1\n"
    );
    fs::write(&file, config).unwrap();
    let mut command = Command::new(HAPROXY.ensure().unwrap());
    let _haproxy = Started(command.arg("-db").arg("-f").arg(&file).spawn().unwrap());

    let page = page(&format!("http://127.0.0.1:{port}/metrics")).await;

    assert_has(&page, "haproxy_");
}

#[tokio::test]
async fn rabbitmq_exports_what_is_watched() {
    let folder = tempfile::tempdir().unwrap();
    let mut rabbitmq = RabbitMq::start(folder.path()).unwrap();
    let plugins = folder.path().join("enabled_plugins");
    if !plugins.exists() {
        eprintln!("skipped: RabbitMQ runs in a container here, and its page is out of reach");
        return;
    }
    let port = ports::free().unwrap();
    // Ours runs without plugins; what it reads at its next start may say otherwise.
    fs::write(plugins, "[rabbitmq_prometheus].\n").unwrap();
    let mut conf =
        OpenOptions::new().append(true).open(folder.path().join("rabbitmq.conf")).unwrap();
    writeln!(conf, "prometheus.tcp.ip = 127.0.0.1\nprometheus.tcp.port = {port}").unwrap();
    rabbitmq.kill9().unwrap();
    rabbitmq.restart().unwrap();

    let page = page(&format!("http://127.0.0.1:{port}/metrics")).await;

    assert_has(&page, "rabbitmq_");
}

#[test]
fn nothing_of_others_is_watched_that_is_not_on_the_list() {
    let (asked, listed) = (watched::metrics().unwrap(), metrics());
    let foreign = |name: &&String| name.starts_with("haproxy_") || name.starts_with("rabbitmq_");
    let unknown: Vec<_> =
        asked.keys().filter(foreign).filter(|it| !listed.contains_key(*it)).collect();

    assert!(unknown.is_empty(), "{unknown:?}");
}

/// Every metric on the list that begins so, with all of its labels.
fn assert_has(page: &str, prefix: &str) {
    for (name, labels) in WATCHED.iter().filter(|(name, _)| name.starts_with(prefix)) {
        let is_of =
            |line: &&str| line.strip_prefix(name).is_some_and(|it| it.starts_with(['{', ' ']));
        let samples: Vec<_> = page.lines().filter(is_of).collect();
        assert!(!samples.is_empty(), "it does not export {name}");
        let has = |label: &&&str| samples.iter().any(|line| line.contains(&format!("{label}=\"")));
        let missing: BTreeSet<_> = labels.iter().filter(|label| !has(label)).collect();
        assert!(missing.is_empty(), "{name} has no {missing:?}: {samples:?}");
    }
}

async fn page(url: &str) -> String {
    for _ in 0..100 {
        if let Ok(answer) = reqwest::get(url).await {
            return answer.text().await.unwrap();
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("nobody answers at {url}");
}

/// A process that ends with the test.
struct Started(Child);

impl Drop for Started {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
