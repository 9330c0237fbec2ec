//! Whether a request comes from the shop's own pages. Four locks, each enough by itself: the
//! cookie is `SameSite`, a form can send neither JSON nor the header, and browsers name the origin.

use actix_web::HttpRequest;
use actix_web::http::{StatusCode, header};
use chassis::Problem;

/// Forms cannot send it, and scripts of other origins may not.
pub(crate) const HEADER: &str = "x-csrf";

/// Refuses what another site could have made a browser send.
///
/// # Errors
/// When the media type, the header or the origin is not that of the shop's pages.
pub(super) fn check(request: &HttpRequest, own: Option<&str>) -> Result<(), Problem> {
    if !is_json(request) {
        let detail = "send application/json";
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not-json", detail));
    }
    if !request.headers().contains_key(HEADER) {
        let detail = format!("send the header {HEADER} with any value");
        return Err(Problem::forbidden("csrf-header-missing", detail));
    }
    check_origin(request, own)
}

/// Refuses requests of other sites' pages.
///
/// # Errors
/// When the browser names another origin.
pub(super) fn check_origin(request: &HttpRequest, own: Option<&str>) -> Result<(), Problem> {
    let foreign = || Problem::forbidden("origin-not-allowed", "this is for the shop's own pages");
    if let Some(site) = text(request, "sec-fetch-site")
        && site != "same-origin"
    {
        return Err(foreign());
    }
    // More than one is no browser's.
    let mut origins = request.headers().get_all(header::ORIGIN);
    let Some(origin) = origins.next() else {
        return Ok(());
    };
    let origin = origin.to_str().map_err(|_| foreign())?;
    let host = text(request, header::HOST.as_str());
    let same = match own {
        Some(own) => origin == own,
        None => authority(origin).is_some_and(|named| Some(named) == host),
    };
    if same && origins.next().is_none() { Ok(()) } else { Err(foreign()) }
}

fn is_json(request: &HttpRequest) -> bool {
    let media = text(request, header::CONTENT_TYPE.as_str()).unwrap_or_default();
    let essence = media.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
}

fn authority(origin: &str) -> Option<&str> {
    origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"))
}

fn text<'r>(request: &'r HttpRequest, name: &str) -> Option<&'r str> {
    request.headers().get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn code(own: Option<&str>, headers: &[(&str, &str)]) -> Option<String> {
        let request = headers
            .iter()
            .fold(TestRequest::post(), |request, header| request.append_header(*header))
            .to_http_request();
        check(&request, own).err().map(|problem| problem.code().to_owned())
    }

    const JSON: (&str, &str) = ("content-type", "application/json; charset=utf-8");
    const CSRF: (&str, &str) = (HEADER, "1");
    const HOST: (&str, &str) = ("host", "shop.example");

    #[test]
    fn the_shops_own_pages_may() {
        let origin = ("origin", "https://shop.example");

        assert_eq!(code(None, &[JSON, CSRF, HOST]), None);
        assert_eq!(code(None, &[JSON, CSRF, HOST, origin]), None);
        assert_eq!(
            code(None, &[JSON, CSRF, HOST, origin, ("sec-fetch-site", "same-origin")]),
            None
        );
        let behind = ("host", "10.0.0.7:8110");
        assert_eq!(code(Some("https://shop.example"), &[JSON, CSRF, behind, origin]), None);
    }

    #[test]
    fn no_other_page_may() {
        let foreign = Some("origin-not-allowed".to_owned());
        for origin in
            ["https://evil.example", "null", "https://shop.example.evil.example", "", "file://"]
        {
            assert_eq!(code(None, &[JSON, CSRF, HOST, ("origin", origin)]), foreign, "{origin}");
        }
        for site in ["cross-site", "same-site", "none"] {
            assert_eq!(
                code(None, &[JSON, CSRF, HOST, ("sec-fetch-site", site)]),
                foreign,
                "{site}"
            );
        }
        let twice = [
            JSON,
            CSRF,
            HOST,
            ("origin", "https://shop.example"),
            ("origin", "https://evil.example"),
        ];
        assert_eq!(code(None, &twice), foreign);
        let other = [JSON, CSRF, HOST, ("origin", "http://shop.example")];
        assert_eq!(code(Some("https://shop.example"), &other), foreign);
    }

    #[test]
    fn what_a_form_can_send_is_not_enough() {
        for media in
            ["text/plain", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded"]
        {
            let refused = code(None, &[("content-type", media), CSRF, HOST]);
            assert_eq!(refused.as_deref(), Some("not-json"), "{media}");
        }
        assert_eq!(code(None, &[CSRF, HOST]).as_deref(), Some("not-json"));
        assert_eq!(code(None, &[JSON, HOST]).as_deref(), Some("csrf-header-missing"));
    }
}
