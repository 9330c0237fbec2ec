//! The routes every service has.

use actix_web::web::{self, Json};
use actix_web::{HttpResponse, get};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::OpenApi;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::health::{Health, Readiness};
use crate::{Process, Service, telemetry};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(health_live)
        .service(health_ready)
        .service(read_metrics)
        .service(read_info)
        .service(read_openapi);
}

/// Which service answers, and which version of it.
#[derive(Debug, Serialize, ToSchema)]
struct Info {
    service: &'static str,
    version: &'static str,
    /// What it was built from, or `unknown`.
    commit: &'static str,
}

/// Tells that the process is alive.
#[utoipa::path(tag = "operations", responses((status = 200, description = "alive")))]
#[get("/health/live")]
async fn health_live() -> HttpResponse {
    HttpResponse::Ok().json(serde_json::json!({ "status": "live" }))
}

/// Tells whether requests should be sent here.
#[utoipa::path(tag = "operations", responses(
    (status = 200, body = Readiness, description = "ready"),
    (status = 503, body = Readiness, description = "not ready"),
))]
#[get("/health/ready")]
async fn health_ready(health: web::Data<Health>) -> HttpResponse {
    let readiness = health.check().await;
    if readiness.is_ready() {
        HttpResponse::Ok().json(readiness)
    } else {
        HttpResponse::ServiceUnavailable().json(readiness)
    }
}

/// The figures of this service, for Prometheus.
#[utoipa::path(tag = "operations", responses((status = 200, body = String, content_type = "text/plain")))]
#[get("/metrics")]
async fn read_metrics(service: web::Data<Service>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/plain; version=0.0.4")
        .body(telemetry::metrics_page(service.name))
}

/// Which service this is.
#[utoipa::path(tag = "operations", responses((status = 200, body = Info)))]
#[get("/info")]
async fn read_info(service: web::Data<Service>) -> Json<Info> {
    let Process { name, version, commit } = service.process();
    Json(Info { service: name, version, commit })
}

/// This document.
#[utoipa::path(tag = "operations", responses((status = 200, description = "OpenAPI 3.1")))]
#[get("/openapi.json")]
async fn read_openapi(document: web::Data<OpenApi>) -> Json<web::Data<OpenApi>> {
    Json(document)
}
