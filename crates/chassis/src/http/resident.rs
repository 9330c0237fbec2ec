//! Lets what a request opens and starts live in the service's runtime.

use std::future::poll_fn;
use std::pin::pin;

use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use tokio::runtime::Handle;

/// Answers a request with `home` as the runtime it finds itself in.
///
/// Each HTTP thread has a small runtime of its own, which ends at a stop before the relay and the
/// workers do. A pooled connection opened there would end with it, and fail whoever gets it next.
pub(super) async fn of<B: MessageBody + 'static>(
    home: Handle,
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let mut answer = pin!(next.call(request));
    poll_fn(|context| {
        let _entered = home.enter();
        answer.as_mut().poll(context)
    })
    .await
}
