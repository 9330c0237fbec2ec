//! The answer where no route takes the request.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};

use super::document::Paths;
use crate::Problem;

/// 405 with the methods there are, where only the method is wrong; else 404.
pub(super) async fn unmatched(
    request: HttpRequest,
    paths: web::Data<Paths>,
) -> Result<HttpResponse, Problem> {
    let methods = paths.methods(request.path());
    if methods.is_empty() {
        return Err(Problem::not_found("not-found", "there is nothing at this address"));
    }
    let allowed: Vec<_> = methods.iter().map(actix_web::http::Method::as_str).collect();
    let problem = Problem::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "method-not-allowed",
        "this address takes other methods",
    );
    Err(match header::HeaderValue::from_str(&allowed.join(", ")) {
        Ok(allowed) => problem.header(header::ALLOW, allowed),
        Err(_) => problem,
    })
}
