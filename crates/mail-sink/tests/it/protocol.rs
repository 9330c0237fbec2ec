//! What a client may and may not say.

use crate::support::{ANY_PORT, Telnet};
use mail_sink::Sink;

#[tokio::test]
async fn commands_sent_ahead_are_answered_in_order() {
    let sink = Sink::start(ANY_PORT, None).await.unwrap();
    let mut client = Telnet::to(&sink).await;

    client
        .say("HELO me\r\nMAIL FROM:<a@b.c>\r\nRCPT TO:<d@e.f>\r\nDATA\r\nSubject: x\r\n\r\nhi\r\n.\r\nQUIT\r\n")
        .await;
    let mut codes = Vec::new();
    for _ in 0..6 {
        codes.push(client.hear().await);
    }

    assert_eq!(codes, ["250", "250", "250", "354", "250", "221"]);
    assert_eq!(sink.mails()[0].raw, "Subject: x\r\n\r\nhi\r\n");
}

#[tokio::test]
async fn commands_out_of_order_are_refused() {
    let sink = Sink::start(ANY_PORT, None).await.unwrap();
    let mut client = Telnet::to(&sink).await;

    assert_eq!(client.ask("RCPT TO:<d@e.f>").await, "503");
    assert_eq!(client.ask("MAIL FROM:<a@b.c>").await, "250");
    assert_eq!(client.ask("DATA").await, "503");
    assert_eq!(client.ask("RCPT TO:<d@e.f>").await, "250");
    assert_eq!(client.ask("RSET").await, "250");
    assert_eq!(client.ask("DATA").await, "503");
    assert_eq!(client.ask("AUTH PLAIN AAAA").await, "502");
    assert_eq!(client.ask("NOOP").await, "250");
}

#[tokio::test]
async fn too_much_is_refused_and_the_conversation_goes_on() {
    let sink = Sink::start(ANY_PORT, None).await.unwrap();
    let mut client = Telnet::to(&sink).await;

    assert_eq!(client.ask(&"x".repeat(5_000)).await, "500");
    assert_eq!(client.ask("MAIL FROM:<a@b.c> SIZE=99999999").await, "552");
    assert_eq!(client.ask("MAIL FROM:<a@b.c>").await, "250");
    assert_eq!(client.ask("RCPT TO:<d@e.f>").await, "250");
    assert_eq!(client.ask("DATA").await, "354");
    let line = format!("{}\r\n", "x".repeat(1_000_000));
    client.say(&line.repeat(11)).await;
    assert_eq!(client.ask(".").await, "552");
    assert_eq!(client.ask("NOOP").await, "250");

    assert_eq!(sink.mails(), []);
}

#[tokio::test]
async fn a_dropped_sink_hangs_up() {
    let sink = Sink::start(ANY_PORT, None).await.unwrap();
    let mut client = Telnet::to(&sink).await;

    drop(sink);

    assert_eq!(client.hear().await, "");
}
