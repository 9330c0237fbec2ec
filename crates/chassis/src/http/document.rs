//! The OpenAPI document of a service, and what it knows about its paths.

use actix_web::App;
use actix_web::dev::ResourceDef;
use actix_web::http::Method;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{InfoBuilder, License, OpenApi, PathItem};
use utoipa_actix_web::AppExt as _;

use super::standard;
use crate::Service;

/// Describes the API of `service`: its own routes and those every service has.
#[must_use]
pub fn document(service: &Service) -> OpenApi {
    let (_, mut document) = App::new()
        .into_utoipa_app()
        .configure(service.routes)
        .configure(standard::routes)
        .split_for_parts();
    document.info = InfoBuilder::new()
        .title(service.name)
        .version(service.version)
        .description(Some(service.summary))
        .license(Some(License::new("MIT OR Apache-2.0")))
        .build();
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
    document
        .components
        .get_or_insert_default()
        .add_security_scheme("bearer", SecurityScheme::Http(bearer));
    document
}

/// The documented paths with their methods: tells a wrong method from a wrong address.
#[derive(Debug)]
pub(super) struct Paths(Vec<(ResourceDef, Vec<Method>)>);

impl Paths {
    pub(super) fn of(document: &OpenApi) -> Self {
        let paths = &document.paths.paths;
        Self(
            paths
                .iter()
                .map(|(path, item)| (ResourceDef::new(path.as_str()), methods(item)))
                .collect(),
        )
    }

    /// The methods of whatever is at `path`; empty when nothing is.
    pub(super) fn methods(&self, path: &str) -> Vec<Method> {
        let here = self.0.iter().filter(|(pattern, _)| pattern.is_match(path));
        here.flat_map(|(_, methods)| methods.clone()).collect()
    }
}

fn methods(item: &PathItem) -> Vec<Method> {
    let all = [
        (Method::GET, &item.get),
        (Method::POST, &item.post),
        (Method::PUT, &item.put),
        (Method::PATCH, &item.patch),
        (Method::DELETE, &item.delete),
        (Method::HEAD, &item.head),
        (Method::OPTIONS, &item.options),
    ];
    all.into_iter().filter_map(|(method, operation)| operation.as_ref().map(|_| method)).collect()
}
