//! The indexes of a collection of documents.

use bson::{Document as Bson, doc};
use mongodb::IndexModel;
use mongodb::options::IndexOptions;

/// Every query here is answered by one of these, without sorting in memory.
pub(super) fn indexes() -> [IndexModel; 3] {
    let index = |name: &str, keys: Bson, partial: Option<Bson>| {
        let options = IndexOptions::builder().name(name.to_owned());
        let options = options.partial_filter_expression(partial).build();
        IndexModel::builder().keys(keys).options(options).build()
    };
    [
        index("of_customer", doc! { "customer": 1, "_id": -1 }, None),
        index("of_customer_by_status", doc! { "customer": 1, "status": 1, "_id": -1 }, None),
        index(
            "sold_on",
            doc! { "sale.day": 1 },
            // What is not confirmed is no sale and needs no entry.
            Some(doc! { "sale.day": { "$exists": true } }),
        ),
    ]
}
