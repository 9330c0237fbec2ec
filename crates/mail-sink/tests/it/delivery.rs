//! Mails from a real client.

use crate::support::{ANY_PORT, send};
use mail_sink::Sink;

#[tokio::test]
async fn a_mail_is_kept_with_its_subject_decoded() {
    let sink = Sink::start(ANY_PORT, None).await.unwrap();

    send(&sink, "주문이 확인되었습니다: thank you, Ada, for your order of blue mugs", "Hello")
        .await
        .unwrap();

    let mails = sink.mails();
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].from, "shop@example.test");
    assert_eq!(mails[0].to, ["ada@example.test"]);
    assert_eq!(
        mails[0].subject,
        "주문이 확인되었습니다: thank you, Ada, for your order of blue mugs"
    );
    assert_eq!(mails[0].message_id, "<confirmation.1@example.test>");
    assert!(mails[0].raw.ends_with("\r\n\r\nHello\r\n"), "{}", mails[0].raw);
}

#[tokio::test]
async fn a_line_of_one_dot_survives_the_journey() {
    let sink = Sink::start(ANY_PORT, None).await.unwrap();

    send(&sink, "Dots", "one\r\n.\r\n..two").await.unwrap();

    assert!(sink.mails()[0].raw.ends_with("one\r\n.\r\n..two\r\n"), "{}", sink.mails()[0].raw);
}

#[tokio::test]
async fn a_refusing_sink_says_whether_to_try_again() {
    let sink = Sink::start(ANY_PORT, None).await.unwrap();

    sink.set_refusing(Some(450));
    let later = send(&sink, "Later", "x").await.unwrap_err();
    sink.set_refusing(Some(550));
    let never = send(&sink, "Never", "x").await.unwrap_err();
    sink.set_refusing(None);
    send(&sink, "Now", "x").await.unwrap();

    assert!(later.is_transient(), "{later:?}");
    assert!(never.is_permanent(), "{never:?}");
    assert_eq!(sink.mails().len(), 1);
}

#[tokio::test]
async fn mails_in_a_folder_outlive_the_sink() {
    let dir = tempfile::tempdir().unwrap();
    let first = Sink::start(ANY_PORT, Some(dir.path().to_owned())).await.unwrap();
    send(&first, "Kept", "Hello").await.unwrap();
    let before = first.mails();
    drop(first);

    let second = Sink::start(ANY_PORT, Some(dir.path().to_owned())).await.unwrap();
    let reloaded = second.mails();
    send(&second, "Next", "Hello").await.unwrap();

    assert_eq!(reloaded, before);
    assert_eq!(second.mails()[1].number, 2);
}
