//! Which pattern an event shows, and where it is in the code.

use super::state::Event;

/// Where the code is published, as the manifest has it; empty where it is nowhere.
pub(super) const REPOSITORY: &str = env!("CARGO_PKG_REPOSITORY");

const OUTBOX: &str = "docs/patterns/transactional-outbox.md";
const SAGA: &str = "docs/patterns/saga.md";
const INBOX: &str = "docs/patterns/idempotent-consumer.md";
const COMPENSATION: &str = "docs/patterns/compensation.md";

/// Patterns that every row shows, by what they are called.
pub(super) const ALWAYS: [(&str, &str); 3] = [
    ("Idempotent consumer", INBOX),
    ("CQRS", "docs/patterns/cqrs.md"),
    ("Distributed tracing", "docs/patterns/distributed-tracing.md"),
];

/// The pattern's page and the file in which the event is made; none for events we do not know.
pub(super) fn of(event: &Event) -> Option<(&'static str, &'static str)> {
    Some(match event.kind.as_str() {
        "order.placed.v1" => (OUTBOX, "services/order/core/src/app/place.rs"),
        "payment.processed.v1" | "payment.failed.v1" => {
            (SAGA, "services/payment/core/src/app/charge.rs")
        }
        "stock.reserved.v1" | "stock.rejected.v1" => {
            (SAGA, "services/catalog/src/catalog/reserve.rs")
        }
        "order.confirmed.v1" => (SAGA, "services/order/core/src/app/record_reply.rs"),
        "order.cancelled.v1" => (
            SAGA,
            match event.reason.as_deref() {
                Some("by-customer") => "services/order/core/src/app/cancel.rs",
                Some("timed-out") => "services/order/core/src/app/time_out.rs",
                _ => "services/order/core/src/app/record_reply.rs",
            },
        ),
        "payment.refunded.v1" | "payment.refund-parked.v1" => {
            (COMPENSATION, "services/payment/core/src/app/refund.rs")
        }
        "stock.released.v1" => (COMPENSATION, "services/catalog/src/catalog/release.rs"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{ALWAYS, of};
    use crate::hood::state::tests::event;
    use std::fs;
    use std::path::{Path, PathBuf};

    fn repository() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
    }

    #[test]
    fn every_event_leads_to_a_page_and_a_file_that_are_there() {
        let produced = [
            ("order", "placed confirmed cancelled"),
            ("payment", "processed failed refunded refund-parked"),
            ("stock", "reserved rejected released"),
        ];
        let kinds = produced
            .iter()
            .flat_map(|(of, facts)| facts.split(' ').map(move |fact| format!("{of}.{fact}.v1")));
        for kind in kinds {
            for reason in [None, Some("by-customer"), Some("timed-out"), Some("declined")] {
                let mut event = event(&kind, "order", &[]);
                event.reason = reason.map(str::to_owned);
                let (page, source) = of(&event).unwrap_or_else(|| panic!("{kind}"));

                assert!(repository().join(page).is_file(), "{page}");
                assert!(repository().join(source).is_file(), "{source}");
            }
        }
        assert!(ALWAYS.iter().all(|(_, page)| repository().join(page).is_file()));
        assert_eq!(of(&event("order.lost.v1", "order", &[])), None);
    }

    #[test]
    fn the_pages_are_short_and_name_functions_that_are_there() {
        let folder = repository().join("docs/patterns");
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let page = fs::read_to_string(&path).unwrap();
            assert!(page.lines().count() <= 40, "{} is too long", path.display());

            // `[name](../../file)` (`function`); of what is no Rust, a line as it stands there
            for place in page.split("](../../").skip(1) {
                let (file, after) = place.split_once(')').unwrap();
                let source = fs::read_to_string(repository().join(file));
                let source = source.unwrap_or_else(|_| panic!("{}: {file}", path.display()));
                let named = after.strip_prefix(" (`").and_then(|named| named.split_once("`)"));
                if let Some((function, _)) = named {
                    let name = function.rsplit("::").next().unwrap();
                    let name =
                        if file.ends_with(".rs") { format!("fn {name}") } else { name.to_owned() };
                    assert!(source.contains(&name), "{file} has no {name}");
                }
            }
        }
    }
}
