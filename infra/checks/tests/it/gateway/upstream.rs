//! A part of the shop as the gateway sees it: one replica that says what it was asked.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::json;

/// How a replica behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mood {
    /// Answers with what it was asked.
    Well,
    /// Says that it is ready, and fails at everything else.
    Failing,
    /// Says that it is not ready, and answers all the same.
    Unready,
    /// Takes requests and closes the connection.
    Dying,
}

/// A request that arrived.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) headers: Vec<(String, String)>,
}

struct State {
    name: String,
    mood: Mutex<Mood>,
    seen: Mutex<Vec<Seen>>,
    /// Said instead of what was asked.
    text: Mutex<Option<String>>,
    /// Lets a stream of events go on.
    goes_on: AtomicBool,
    gone: AtomicBool,
}

pub(super) struct Replica {
    address: SocketAddr,
    state: Arc<State>,
}

impl Replica {
    pub(super) fn start(name: String, address: SocketAddr) -> Self {
        let state = Arc::new(State {
            name,
            mood: Mutex::new(Mood::Well),
            seen: Mutex::default(),
            text: Mutex::default(),
            goes_on: AtomicBool::new(false),
            gone: AtomicBool::new(false),
        });
        let replica = Self { address, state };
        replica.listen();
        replica
    }

    fn listen(&self) {
        self.state.gone.store(false, Ordering::SeqCst);
        let listener = TcpListener::bind(self.address).unwrap();
        let state = self.state.clone();
        thread::spawn(move || {
            for stream in listener.incoming() {
                if state.gone.load(Ordering::SeqCst) {
                    return;
                }
                let (Ok(stream), state) = (stream, state.clone()) else { continue };
                thread::spawn(move || state.serve(stream));
            }
        });
    }

    /// Nobody listens there any more.
    pub(super) fn kill(&self) {
        self.state.gone.store(true, Ordering::SeqCst);
        // Wakes the one who accepts; the listener is closed when nobody can connect.
        while TcpStream::connect(self.address).is_ok() {
            thread::yield_now();
        }
    }

    pub(super) fn come_back(&self) {
        self.set(Mood::Well);
        self.listen();
    }

    pub(super) fn set(&self, mood: Mood) {
        *self.state.mood.lock().unwrap() = mood;
    }

    /// Answers with this from now on.
    pub(super) fn say(&self, text: &[u8]) {
        *self.state.text.lock().unwrap() = Some(String::from_utf8(text.to_vec()).unwrap());
    }

    pub(super) fn go_on(&self) {
        self.state.goes_on.store(true, Ordering::SeqCst);
    }

    /// What it was asked, without the questions after its health.
    pub(super) fn seen(&self) -> Vec<Seen> {
        self.state.seen.lock().unwrap().clone()
    }
}

impl State {
    fn serve(&self, stream: TcpStream) {
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        let Some(seen) = head(&mut reader) else { return };
        let mut stream = stream;
        let mood = *self.mood.lock().unwrap();
        if seen.path == "/health/ready" {
            let status = if mood == Mood::Unready { "503 Service Unavailable" } else { "200 OK" };
            reply(&mut stream, status, "{}");
            return;
        }
        let length = seen.header("content-length").and_then(|length| length.parse().ok());
        let mut body = vec![0; length.unwrap_or(0)];
        if reader.read_exact(&mut body).is_err() {
            return;
        }
        self.seen.lock().unwrap().push(seen.clone());
        match mood {
            Mood::Dying => {}
            Mood::Failing => reply(&mut stream, "500 Internal Server Error", "{}"),
            Mood::Well | Mood::Unready if seen.header("upgrade").is_some() => {
                talk(&mut stream, &mut reader);
            }
            Mood::Well | Mood::Unready if seen.header("accept") == Some("text/event-stream") => {
                self.tell(&mut stream);
            }
            Mood::Well | Mood::Unready => {
                if let Some(text) = &*self.text.lock().unwrap() {
                    return reply(&mut stream, "200 OK", text);
                }
                let headers: serde_json::Map<_, _> =
                    seen.headers.iter().map(|(n, v)| (n.clone(), v.as_str().into())).collect();
                let answer = json!({ "by": self.name, "method": seen.method, "path": seen.path,
                    "headers": headers, "bytes": body.len() });
                reply(&mut stream, "200 OK", &answer.to_string());
            }
        }
    }

    /// One event at once, the next when the test says so.
    fn tell(&self, stream: &mut TcpStream) {
        let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\
            transfer-encoding: chunked\r\n\r\n";
        let chunk = |text: &str| format!("{:x}\r\n{text}\r\n", text.len());
        let _ = stream.write_all(format!("{head}{}", chunk("data: one\n\n")).as_bytes());
        while !self.goes_on.load(Ordering::SeqCst) {
            thread::yield_now();
        }
        let _ = stream.write_all(format!("{}0\r\n\r\n", chunk("data: two\n\n")).as_bytes());
    }
}

impl Seen {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

fn head(reader: &mut BufReader<TcpStream>) -> Option<Seen> {
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let mut words = line.split_whitespace();
    let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else {
            return line.trim_end().is_empty().then_some(Seen { method, path, headers });
        };
        headers.push((name.to_lowercase(), value.trim().to_owned()));
    }
}

fn reply(stream: &mut TcpStream, status: &str, body: &str) {
    let text = format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\nserver: secret/1.0\r\n\
         content-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    let _ = stream.write_all(text.as_bytes());
}

/// Switches protocols, and says everything back.
fn talk(stream: &mut TcpStream, reader: &mut BufReader<TcpStream>) {
    let head = "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\
        sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
    let _ = stream.write_all(head.as_bytes());
    let mut bytes = [0; 256];
    while let Ok(length) = reader.read(&mut bytes) {
        if length == 0 || stream.write_all(&bytes[..length]).is_err() {
            return;
        }
    }
}
