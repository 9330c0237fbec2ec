//! Reads what was sent, and refuses what is too much before any of it is looked at.

use async_graphql::parser::types::OperationType;
use async_graphql::{BatchRequest, Request};
use chassis::Problem;

use crate::config::GraphqlConfig;

/// The operations of a body; at least one.
///
/// # Errors
/// When it is no GraphQL request, or more than is taken at once.
pub(super) fn read(bytes: &[u8], limits: &GraphqlConfig) -> Result<BatchRequest, Problem> {
    let malformed = |_| Problem::bad_request("malformed-json", "this is no GraphQL request");
    let batch: BatchRequest = serde_json::from_slice(bytes).map_err(malformed)?;
    let requests: &[Request] = match &batch {
        BatchRequest::Single(request) => std::slice::from_ref(request),
        BatchRequest::Batch(requests) => requests,
    };
    if requests.len() > limits.max_batch {
        let detail = format!("at most {} operations at once", limits.max_batch);
        return Err(Problem::bad_request("batch-too-large", detail));
    }
    requests.iter().try_for_each(|request| check_length(request, limits))?;
    Ok(batch)
}

/// # Errors
/// When the document is longer than any of the shop's.
pub(super) fn check_length(request: &Request, limits: &GraphqlConfig) -> Result<(), Problem> {
    if request.query.len() > limits.max_query_bytes {
        let detail = format!("a document has at most {} bytes", limits.max_query_bytes);
        return Err(Problem::bad_request("query-too-long", detail));
    }
    Ok(())
}

/// Whether every operation in the document is of this kind; an unreadable document is of none.
pub(super) fn is_only(request: &mut Request, wanted: OperationType) -> bool {
    request.parsed_query().is_ok_and(|document| {
        document.operations.iter().all(|(_, operation)| operation.node.ty == wanted)
    })
}
