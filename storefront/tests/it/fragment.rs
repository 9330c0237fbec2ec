//! The server of one fragment.

use chassis::config::load_from;
use storefront::{Application, Config, SERVICE};

use crate::support::{Server, fragment};

#[tokio::test]
async fn a_fragment_serves_its_part_its_files_and_nothing_else() {
    let folder = fragment("cart-ui", "1");
    let server = Server::start(&folder, &[("ui.fragment", "cart-ui")]).await;

    let (status, part) = server.get("/fragment.json").await;
    assert!(status == 200 && part.contains("shop-cart"), "{part}");
    assert_eq!(server.get("/assets/cart-ui-1.js").await, (200, "1".to_owned()));
    assert_eq!(server.get("/health/ready").await.0, 200);
    assert!(server.get("/info").await.1.contains("cart-ui"));
    for path in ["/", "/manifest.json", "/assets/..%2Ffragment.json", "/host/text/en.txt"] {
        assert_eq!(server.get(path).await.0, 404, "{path}");
    }
}

#[tokio::test]
async fn what_may_be_kept_says_so_and_what_changes_does_not() {
    let folder = fragment("cart-ui", "1");
    let server = Server::start(&folder, &[("ui.fragment", "cart-ui")]).await;
    let kept = async |path: &str| {
        let answer = reqwest::get(format!("{}{path}", server.url)).await.unwrap();
        answer.headers()["cache-control"].to_str().unwrap().to_owned()
    };

    assert!(kept("/assets/cart-ui-1.js").await.contains("immutable"));
    assert_eq!(kept("/fragment.json").await, "no-cache");
}

#[tokio::test]
async fn a_server_of_another_fragments_folder_does_not_start() {
    let folder = fragment("cart-ui", "1");
    let dir = folder.path().display().to_string();
    let settings = [("http.bind", "127.0.0.1:0"), ("ui.dir", &dir), ("ui.fragment", "orders-ui")];
    let config: Config = load_from(SERVICE.defaults, &settings).unwrap();

    let refused = Application::build(config.service(), config).await.unwrap_err();

    assert!(
        refused.to_string().contains("of the fragment cart-ui, not of orders-ui"),
        "{refused:#}"
    );
}
