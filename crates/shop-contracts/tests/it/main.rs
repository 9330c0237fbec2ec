//! Every published message has its golden file, and every golden file its message.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that fails may panic")]

use std::collections::BTreeSet;
use std::path::Path;

use shop_contracts::catalog::{ProductChanged, StockRejected, StockReleased, StockReserved};
use shop_contracts::order::{OrderCancelled, OrderConfirmed, OrderPlaced};
use shop_contracts::payment::{PaymentFailed, PaymentProcessed, PaymentRefunded, RefundParked};
use shop_contracts::routing::QUEUES;
use shop_contracts::{Message, RawEnvelope};

fn golden() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden");
    let mut files = Vec::new();
    for producer in std::fs::read_dir(root).unwrap() {
        for file in std::fs::read_dir(producer.unwrap().path()).unwrap() {
            let path = file.unwrap().path();
            let kind = path.file_stem().unwrap().to_string_lossy().into_owned();
            files.push((kind, std::fs::read_to_string(&path).unwrap()));
        }
    }
    files
}

#[test]
fn every_routed_type_has_a_golden_file_and_every_golden_file_is_routed() {
    let files: BTreeSet<_> = golden().into_iter().map(|(kind, _)| kind).collect();

    let routed: BTreeSet<_> =
        QUEUES.iter().flat_map(|queue| queue.types).map(|kind| (*kind).to_owned()).collect();

    assert_eq!(files, routed);
}

#[test]
fn a_consumer_reads_every_golden_file_and_ignores_fields_it_does_not_know() {
    for (kind, text) in golden() {
        let mut message: serde_json::Value = serde_json::from_str(&text).unwrap();
        message["colour"] = "blue".into();
        message["data"]["colour"] = "blue".into();

        let message: RawEnvelope = serde_json::from_value(message).unwrap();

        assert_eq!(message.kind, kind);
        decoded(&message);
    }
}

fn decoded(message: &RawEnvelope) {
    fn read<T: Message>(message: &RawEnvelope) {
        let read = message.decode::<T>().unwrap().into_raw().unwrap();
        let known = read.data.as_object().unwrap();
        let given = message.data.as_object().unwrap();
        let lost: Vec<_> = given.keys().filter(|key| !known.contains_key(*key)).collect();
        assert_eq!(lost, ["colour"], "{}: fields the type does not have", message.kind);
    }
    match message.kind.as_str() {
        OrderPlaced::TYPE => read::<OrderPlaced>(message),
        OrderConfirmed::TYPE => read::<OrderConfirmed>(message),
        OrderCancelled::TYPE => read::<OrderCancelled>(message),
        PaymentProcessed::TYPE => read::<PaymentProcessed>(message),
        PaymentFailed::TYPE => read::<PaymentFailed>(message),
        PaymentRefunded::TYPE => read::<PaymentRefunded>(message),
        RefundParked::TYPE => read::<RefundParked>(message),
        StockReserved::TYPE => read::<StockReserved>(message),
        StockRejected::TYPE => read::<StockRejected>(message),
        StockReleased::TYPE => read::<StockReleased>(message),
        ProductChanged::TYPE => read::<ProductChanged>(message),
        other => panic!("no type reads {other}"),
    }
}
