//! The mails over HTTP.

use std::sync::Arc;

use mail_sink::{Message, Sink, web};
use tokio::net::TcpListener;

use crate::support::{ANY_PORT, get, send};

#[tokio::test]
async fn the_mails_are_listed_as_json_and_as_a_page() {
    let sink = Arc::new(Sink::start(ANY_PORT, None).await.unwrap());
    let listener = TcpListener::bind(ANY_PORT).await.unwrap();
    let addr = listener.local_addr().unwrap();
    send(&sink, "<b>Bold</b>", "Hello").await.unwrap();

    let asked = async {
        let list = get(addr, "/api/messages?x=1").await;
        let raw = get(addr, "/api/messages/1").await;
        (list, raw, get(addr, "/").await, get(addr, "/api/messages/2").await)
    };
    let (list, raw, page, missing) = tokio::select! {
        _ = web::serve(listener, Arc::clone(&sink)) => unreachable!("serves until dropped"),
        answers = asked => answers,
    };

    let Message { subject, raw: body, .. } = sink.mails().remove(0);
    assert!(list.contains(&format!(r#""subject":"{subject}""#)), "{list}");
    assert!(raw.ends_with(&body), "{raw}");
    assert!(page.contains("&lt;b>Bold"), "{page}");
    assert!(missing.starts_with("HTTP/1.1 404"), "{missing}");
}
