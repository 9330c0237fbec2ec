//! The shell learns at run time what its fragments are.

use serde_json::json;

use crate::support::{Server, deliver, fragment, shell, write};

/// Two fragments and a shell that knows their addresses alone.
async fn two() -> (Server, [Server; 2], [tempfile::TempDir; 3]) {
    let folders = [fragment("cart-ui", "1"), fragment("orders-ui", "1"), shell()];
    let cart = Server::start(&folders[0], &[("ui.fragment", "cart-ui")]).await;
    let orders = Server::start(&folders[1], &[("ui.fragment", "orders-ui")]).await;
    let list = format!("cart-ui={},orders-ui={}", cart.url, orders.url);
    let shell = Server::start(&folders[2], &[("ui.fragments", &list)]).await;
    (shell, [cart, orders], folders)
}

#[tokio::test]
async fn the_manifest_is_put_together_of_the_parts() {
    let (shell, _fragments, _folders) = two().await;

    let manifest = shell.manifest().await;

    assert_eq!(manifest["shell"]["js"]["url"], "/assets/shell.js");
    let cart = &manifest["fragments"]["shop-cart"];
    assert_eq!(cart["js"], json!({ "url": "/assets/cart-ui-1.js", "integrity": "sha384-abc" }));
    assert_eq!(
        (&cart["attributes"], &cart["routes"]),
        (&json!(["path"]), &json!({ "/cart": "cart" }))
    );
    assert!(manifest["fragments"]["shop-orders"].is_object(), "{manifest}");
    assert!(cart.get("skeletons").is_none(), "a browser has no use for {cart}");
}

#[tokio::test]
async fn the_first_html_has_the_fragments_skeleton_title_and_files() {
    let (shell, _fragments, _folders) = two().await;

    let (status, html) = shell.get("/cart").await;

    assert_eq!(status, 200, "{html}");
    assert!(html.contains("<title>cart 1</title>"), "{html}");
    assert!(html.contains("<p>Soon</p></shop-cart>"), "{html}");
    assert!(html.contains(r#"href="/assets/cart-ui-1.js" integrity="sha384-abc""#), "{html}");
    assert_eq!(shell.get("/nowhere").await.0, 404);
}

#[tokio::test]
async fn a_fragment_is_replaced_without_touching_the_shell() {
    let (shell, _fragments, folders) = two().await;

    deliver(&folders[0], "cart-ui", "2");

    shell.lists("/fragments/shop-cart/js/url", &json!("/assets/cart-ui-2.js")).await;
    let manifest = shell.manifest().await;
    assert_eq!(manifest["fragments"]["shop-orders"]["js"]["url"], "/assets/orders-ui-1.js");
    assert!(shell.get("/cart").await.1.contains("<title>cart 2</title>"));
}

#[tokio::test]
async fn a_fragment_that_is_away_keeps_the_part_it_had() {
    let (shell, [cart, _orders], folders) = two().await;

    drop(cart);
    // Long enough to be asked, by the other's next build.
    deliver(&folders[1], "orders-ui", "2");
    shell.lists("/fragments/shop-orders/js/url", &json!("/assets/orders-ui-2.js")).await;

    assert_eq!(
        shell.manifest().await["fragments"]["shop-cart"]["js"]["url"],
        "/assets/cart-ui-1.js"
    );
    assert_eq!(shell.get("/cart").await.0, 200);
    assert_eq!(shell.get("/health/ready").await.0, 200);
}

#[tokio::test]
async fn what_says_nonsense_keeps_the_part_it_had() {
    let (shell, _fragments, folders) = two().await;

    let stolen =
        crate::support::part("orders-ui", "3").to_string().replace("shop-orders", "shop-cart");
    write(folders[0].path(), "fragment.json", &stolen);
    deliver(&folders[1], "orders-ui", "2");
    shell.lists("/fragments/shop-orders/js/url", &json!("/assets/orders-ui-2.js")).await;

    assert_eq!(
        shell.manifest().await["fragments"]["shop-cart"]["js"]["url"],
        "/assets/cart-ui-1.js"
    );
}

#[tokio::test]
async fn a_page_that_may_be_of_a_fragment_never_heard_of_is_not_denied() {
    let closed = "http://127.0.0.1:9";
    let home = shell();
    let shell = Server::start(&home, &[("ui.fragments", &format!("cart-ui={closed}"))]).await;

    assert_eq!(shell.get("/cart").await.0, 503);
    let (status, readiness) = shell.get("/health/ready").await;
    assert_eq!(status, 200);
    assert!(readiness.contains(r#""fragments":false"#), "{readiness}");
}

#[tokio::test]
async fn without_a_gateway_the_shell_fetches_a_fragments_files() {
    let (shell, _fragments, _folders) = two().await;

    assert_eq!(shell.get("/assets/cart-ui-1.js").await, (200, "1".to_owned()));
    assert_eq!(shell.get("/assets/cart-ui-9.js").await.0, 404);
}
