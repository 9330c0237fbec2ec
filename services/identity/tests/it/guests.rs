use reqwest::Method;
use serde_json::json;
use testkit::TestDb;

use crate::support::TestApp;

#[tokio::test]
async fn a_visitor_gets_a_token_of_their_own_for_thirty_days() {
    let shop = TestApp::start(TestDb::sqlite()).await;

    let one = shop.post("/guests", json!({})).await;
    let other = shop.send(Method::POST, "/guests", None, None).await;

    assert_eq!((one.status, other.status), (201, 201));
    assert!(one.text("guest").starts_with("gst_"));
    assert_ne!(one.text("guest"), other.text("guest"));
    assert_eq!(one.body["expires_in"], 30 * 24 * 60 * 60);
}

#[tokio::test]
async fn a_guest_is_no_customer_and_has_no_session() {
    let shop = TestApp::start(TestDb::sqlite()).await;
    let token = shop.post("/guests", json!({})).await.text("access_token");

    let me = shop.get("/customers/me", &token).await;
    let signed_out = shop.send(Method::DELETE, "/sessions/current", Some(&token), None).await;

    assert_eq!((me.status, me.code()), (403, "not-allowed"));
    assert_eq!((signed_out.status, signed_out.code()), (403, "no-session"));
}
