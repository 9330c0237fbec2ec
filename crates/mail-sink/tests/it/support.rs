//! Mail clients to test with.

use lettre::message::header::ContentType;
use lettre::transport::smtp::Error;
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use mail_sink::Sink;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

pub(crate) const ANY_PORT: std::net::SocketAddr =
    std::net::SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 0);

pub(crate) async fn send(sink: &Sink, subject: &str, body: &str) -> Result<(), Error> {
    let mail = lettre::Message::builder()
        .from("Saga Shop <shop@example.test>".parse().unwrap())
        .to("Ada <ada@example.test>".parse().unwrap())
        .message_id(Some("<confirmation.1@example.test>".to_owned()))
        .subject(subject)
        .header(ContentType::TEXT_PLAIN)
        .body(body.to_owned())
        .unwrap();
    AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(sink.addr().ip().to_string())
        .port(sink.addr().port())
        .build()
        .send(mail)
        .await
        .map(|_| ())
}

/// A client that says exactly what it is told to.
pub(crate) struct Telnet(BufReader<TcpStream>);

impl Telnet {
    pub(crate) async fn to(sink: &Sink) -> Self {
        let mut telnet = Self(BufReader::new(TcpStream::connect(sink.addr()).await.unwrap()));
        telnet.hear().await;
        telnet
    }

    pub(crate) async fn say(&mut self, text: &str) {
        self.0.write_all(text.as_bytes()).await.unwrap();
    }

    /// The code of the next answer of one line.
    pub(crate) async fn hear(&mut self) -> String {
        let mut line = String::new();
        self.0.read_line(&mut line).await.unwrap();
        line.split(' ').next().unwrap_or_default().to_owned()
    }

    pub(crate) async fn ask(&mut self, line: &str) -> String {
        self.say(&format!("{line}\r\n")).await;
        self.hear().await
    }
}

/// The whole HTTP answer, head and body.
pub(crate) async fn get(addr: std::net::SocketAddr, path: &str) -> String {
    let mut stream = TcpStream::connect(addr).await.unwrap();
    stream.write_all(format!("GET {path} HTTP/1.1\r\nhost: x\r\n\r\n").as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}
