use super::{Relay, Site};
use actix_web::body::to_bytes;
use actix_web::http::{Method, header};
use actix_web::test::{TestRequest, call_service, init_service};
use actix_web::{App, HttpResponse, HttpServer, web};
use serde_json::{Value, json};
use std::fs;
use tempfile::TempDir;

/// A folder as the packager writes one.
fn built() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    let link = |name: &str| format!(r#"{{"url": "/assets/{name}", "integrity": "sha384-{name}"}}"#);
    let bundle = |name: &str, routes: &str| {
        let (js, wasm) = (link(&format!("{name}.js")), link(&format!("{name}.wasm")));
        format!(r#"{{"js": {js}, "wasm": {wasm}, "attributes": [], "routes": {routes}}}"#)
    };
    let routes = r#"{"/": "home", "/products": "products", "/products/{slug}": "product"}"#;
    let manifest = format!(
        r#"{{"page": {{"css": {}, "loader": {}, "boot": {}}}, "shell": {}, "fragments": {{"shop-catalog": {}}}}}"#,
        link("shop.css"),
        link("loader.js"),
        link("boot.js"),
        bundle("shell", "{}"),
        bundle("catalog", routes),
    );
    write("manifest.json", &manifest);
    write("assets/shop.css", "plain");
    write("assets/shop.css.br", "brotli");
    write("assets/shop.css.gz", "gzip");
    write(
        "host/index.html",
        "<html lang={{lang}}><title>{{title}}</title>{{hints}}<main>{{main}}</main>",
    );
    write("host/alone.html", "<main>{{main}}</main>");
    write("host/not-found.html", "{{t:lost}}");
    write("host/skeletons/default.html", "<p>{{t:wait}}</p>");
    write("host/text/en.txt", "title.home = Home\nwait = One moment\nlost = Lost\n");
    write("host/text/ko.txt", "title.home = 홈\nwait = 잠시만요\nlost = 없음\n");
    folder
}

/// A shop without a BFF.
fn nobody() -> web::Data<Relay> {
    web::Data::new(Relay::new(None).unwrap())
}

/// A BFF that knows one mug and one category, unless its catalog is away.
async fn bff(is_away: bool) -> (web::Data<Relay>, actix_web::dev::ServerHandle) {
    let answer = move |body: web::Json<Value>| async move {
        let nothing = json!({ "data": { "product": null, "categories": null } });
        HttpResponse::Ok().json(match body["variables"]["id"].as_str() {
            _ if is_away => json!({ "data": nothing["data"], "errors": [{ "message": "away" }] }),
            Some("mug") => json!({ "data": { "product": { "id": "prd_1" } } }),
            Some(_) => nothing,
            None => json!({ "data": { "categories": [{ "slug": "mugs" }] } }),
        })
    };
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let app = move || App::new().route("/graphql", web::post().to(answer));
    let server = HttpServer::new(app).workers(1).listen(listener).unwrap().run();
    let handle = server.handle();
    actix_web::rt::spawn(server);
    let relay = Relay::new(Some(&url)).unwrap();
    (web::Data::new(relay), handle)
}

async fn status(folder: &TempDir, relay: &web::Data<Relay>, path: &str) -> u16 {
    let site = Site::open(folder.path()).unwrap();
    let app = App::new().app_data(relay.clone()).configure(|config| site.configure(config));
    let app = init_service(app).await;
    call_service(&app, TestRequest::get().uri(path).to_request()).await.status().as_u16()
}

async fn get(folder: &TempDir, path: &str, headers: &[(&str, &str)]) -> (u16, String, String) {
    let site = Site::open(folder.path()).unwrap();
    let app = App::new().app_data(nobody()).configure(|config| site.configure(config));
    let app = init_service(app).await;
    let mut request = TestRequest::get().uri(path);
    for (name, value) in headers {
        request = request.insert_header((*name, *value));
    }
    let response = call_service(&app, request.to_request()).await;
    let status = response.status().as_u16();
    let headers: Vec<_> = response
        .headers()
        .iter()
        .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()))
        .collect();
    let body = to_bytes(response.into_body()).await.unwrap();
    (status, headers.join("\n"), String::from_utf8_lossy(&body).into_owned())
}

#[actix_web::test]
async fn the_first_html_has_the_skeleton_in_the_visitors_language_and_hints_for_its_bundles() {
    let folder = built();

    let (status, headers, html) = get(&folder, "/", &[("accept-language", "ko")]).await;

    assert_eq!(status, 200);
    assert!(html.contains("<html lang=ko><title>홈</title>"), "{html}");
    let fragment =
        r#"<shop-catalog locale="ko" currency="KRW" path="/"><p>잠시만요</p></shop-catalog>"#;
    assert!(html.contains(fragment), "{html}");
    for hint in
        ["/assets/loader.js", "/assets/shell.js", "/assets/catalog.js", "/assets/catalog.wasm"]
    {
        assert!(html.contains(&format!("href=\"{hint}\"")), "{hint}");
    }
    assert!(headers.contains("script-src 'self' 'wasm-unsafe-eval';"), "{headers}");
    assert!(!headers.contains("unsafe-inline"), "{headers}");
}

#[actix_web::test]
async fn a_path_is_no_place_for_markup() {
    let folder = built();

    let (_, _, html) = get(&folder, "/products/%22%3E%3Cscript%3E", &[]).await;

    assert!(!html.contains("<script>"), "{html}");
}

#[actix_web::test]
async fn a_fragment_is_told_the_query_with_the_path_from_the_start() {
    let folder = built();

    for at in ["", "/alone"] {
        let (status, _, html) =
            get(&folder, &format!("{at}/products/mug?q=tea%20pot&sort=price"), &[]).await;

        assert_eq!(status, 200, "{at}");
        assert!(html.contains(r#"path="/products/mug?q=tea%20pot&amp;sort=price""#), "{html}");
    }
}

#[actix_web::test]
async fn a_fragment_can_stand_alone() {
    let folder = built();

    let (status, _, html) = get(&folder, "/alone/products/mug", &[]).await;

    assert_eq!(status, 200);
    assert!(html.starts_with("<main><shop-catalog"), "{html}");
    assert!(html.contains(r#"path="/products/mug""#), "{html}");
}

#[actix_web::test]
async fn a_page_that_no_fragment_claims_is_not_found_and_says_so() {
    let folder = built();

    let (status, _, html) = get(&folder, "/nowhere", &[]).await;

    assert_eq!(status, 404);
    assert!(html.contains("<main>Lost</main>"), "{html}");
}

#[actix_web::test]
async fn what_the_shop_does_not_have_is_not_found() {
    let folder = built();
    let (relay, server) = bff(false).await;

    for (path, expected) in [
        ("/products/mug", 200),
        ("/products/mug/?from=mail", 200),
        ("/products/none", 404),
        ("/alone/products/none", 404),
        ("/products?q=tea&category=mugs", 200),
        ("/products?category=", 200),
        ("/products?category=none", 404),
        ("/products?category=%6Dugs", 200),
        ("/products?q=category%3Dnone&category=mugs", 200),
        ("/products?category=mugs&category=none", 200),
        ("/products?q=none", 200),
    ] {
        assert_eq!(status(&folder, &relay, path).await, expected, "{path}");
    }
    server.stop(false).await;
}

#[actix_web::test]
async fn while_the_catalog_is_away_nothing_is_denied() {
    let folder = built();
    let (relay, server) = bff(true).await;

    for relay in [&relay, &nobody()] {
        assert_eq!(status(&folder, relay, "/products/none").await, 200);
        assert_eq!(status(&folder, relay, "/products?category=none").await, 200);
    }
    server.stop(false).await;
}

#[actix_web::test]
async fn the_code_behind_the_shop_can_be_read_and_nothing_else() {
    let folder = built();
    let (status, headers, text) = get(&folder, "/source/docs/patterns/saga.md", &[]).await;
    assert_eq!(status, 200);
    assert!(headers.contains("text/plain; charset=utf-8"), "{headers}");
    assert!(text.starts_with("# Saga"), "{text}");

    for path in [
        "docs/patterns/none.md",
        "Cargo.lock",
        ".git/config",
        "docs/../Cargo.toml",
        "docs/..%2f..%2f..%2fetc/x.md",
        "services/email/config/default.toml",
        "tests/README.md",
    ] {
        let (status, ..) = get(&folder, &format!("/source/{path}"), &[]).await;
        assert_eq!(status, 404, "{path}");
    }
}

#[actix_web::test]
async fn the_code_may_lie_elsewhere_than_where_it_was_compiled() {
    let folder = built();
    let page = folder.path().join("docs/page.md");
    fs::create_dir_all(page.parent().unwrap()).unwrap();
    fs::write(page, "# Elsewhere").unwrap();
    let site = Site::open(folder.path()).unwrap().with_source(folder.path());
    let app = init_service(App::new().configure(|config| site.configure(config))).await;

    for (path, expected) in [("docs/page.md", 200), ("docs/patterns/saga.md", 404)] {
        let request = TestRequest::with_uri(&format!("/source/{path}")).to_request();
        assert_eq!(call_service(&app, request).await.status(), expected, "{path}");
    }
}

#[actix_web::test]
async fn search_engines_are_told_what_is_not_for_them() {
    let (status, headers, text) = get(&built(), "/robots.txt", &[]).await;

    assert_eq!(status, 200);
    assert!(headers.contains("text/plain"), "{headers}");
    assert!(text.starts_with("User-agent: *\nDisallow: /account\n"), "{text}");
    assert!(!text.contains("Disallow: /\n") && !text.contains("/products"), "{text}");
}

#[actix_web::test]
async fn a_page_that_cannot_be_made_says_so_and_has_a_way_home() {
    let folder = built();
    fs::remove_dir_all(folder.path().join("host")).unwrap();

    let (status, headers, html) = get(&folder, "/", &[]).await;

    assert_eq!(status, 503);
    assert!(headers.contains("cache-control: no-store"), "{headers}");
    assert!(html.contains(r#"<a href="/">"#) && html.contains("lang=\"ko\""), "{html}");
}

#[actix_web::test]
async fn a_file_comes_as_it_was_compressed_and_may_be_kept_for_ever() {
    let folder = built();

    for (accepted, expected) in [("gzip, br", "brotli"), ("gzip", "gzip"), ("", "plain")] {
        let headers = [(header::ACCEPT_ENCODING.as_str(), accepted)];
        let (status, headers, body) = get(&folder, "/assets/shop.css", &headers).await;

        assert_eq!((status, body.as_str()), (200, expected));
        assert!(headers.contains("immutable"), "{headers}");
    }
}

#[actix_web::test]
async fn who_has_the_manifest_is_not_sent_it_again_until_it_changes() {
    let folder = built();
    let (status, headers, _) = get(&folder, "/manifest.json", &[]).await;
    assert_eq!(status, 200);
    let tag = headers.lines().find_map(|line| line.strip_prefix("etag: ")).unwrap().to_owned();

    let known = [(header::IF_NONE_MATCH.as_str(), tag.as_str())];
    let (status, _, body) = get(&folder, "/manifest.json", &known).await;
    assert_eq!((status, body.as_str()), (304, ""));

    let manifest = folder.path().join("manifest.json");
    fs::write(&manifest, fs::read_to_string(&manifest).unwrap().replace("catalog.js", "next.js"))
        .unwrap();
    let (status, _, body) = get(&folder, "/manifest.json", &known).await;
    assert!(status == 200 && body.contains("next.js"), "{status} {body}");
}

#[actix_web::test]
async fn a_file_can_be_asked_about_without_being_sent() {
    let folder = built();
    let site = Site::open(folder.path()).unwrap();
    let app = init_service(App::new().configure(|config| site.configure(config))).await;

    for path in ["/manifest.json", "/assets/shop.css"] {
        let asked = TestRequest::default().method(Method::HEAD).uri(path).to_request();
        assert_eq!(call_service(&app, asked).await.status(), 200, "{path}");
    }
}

#[actix_web::test]
async fn nothing_beside_the_built_files_can_be_had() {
    let folder = built();

    for path in [
        "/assets/none.css",
        "/assets/..%2Fmanifest.json",
        "/assets/shop.css.br",
        "/pictures/.hidden",
        "/pictures/a/../../manifest.json",
        "/pictures/%2e%2e/manifest.json",
    ] {
        let (status, ..) = get(&folder, path, &[]).await;
        assert_eq!(status, 404, "{path}");
    }
}

#[actix_web::test]
async fn another_build_is_served_without_a_restart() {
    let folder = built();
    let site = Site::open(folder.path()).unwrap();
    let app = App::new().app_data(nobody()).configure(|config| site.configure(config));
    let app = init_service(app).await;
    let path = folder.path().join("manifest.json");
    let newer = fs::read_to_string(&path).unwrap().replace("catalog.js", "catalog-2.js");
    fs::write(&path, newer).unwrap();
    let file = fs::File::options().write(true).open(&path).unwrap();
    file.set_modified(std::time::SystemTime::now() + std::time::Duration::from_secs(5)).unwrap();

    let response = call_service(&app, TestRequest::get().uri("/").to_request()).await;

    let html = to_bytes(response.into_body()).await.unwrap();
    assert!(String::from_utf8_lossy(&html).contains("/assets/catalog-2.js"));
}

#[actix_web::test]
async fn without_a_bff_the_page_is_told() {
    let folder = built();
    let site = Site::open(folder.path()).unwrap();
    let app = App::new().app_data(nobody());
    let app = init_service(app.configure(|config| site.configure(config))).await;

    let response = call_service(&app, TestRequest::post().uri("/graphql").to_request()).await;

    assert_eq!(response.status(), 503);
}

#[test]
fn where_nothing_was_built_there_is_no_storefront() {
    let folder = tempfile::tempdir().unwrap();

    assert!(Site::open(folder.path()).is_none());
}
