//! A subscription as server-sent events, opened again when it is lost.

mod pause;
mod timer;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use json_kit::{FromJson, json};
use wasm_bindgen::JsCast as _;
use web_sys::{Event, EventSource, MessageEvent};
use yew::prelude::{hook, use_effect_with};

use crate::event::Listener;
use crate::graphql::{self, Answer, ENDPOINT, Failure};
use crate::query::address;
use crate::time;
use pause::Pause;

pub use timer::Timer;

/// What is told of the one thing that is followed.
#[derive(Debug)]
pub enum Heard<T> {
    /// How it is now.
    Next(Result<Answer<T>, Failure>),
    /// There is no connection any more, or none could be made. Another is on its way, unless no
    /// more news is expected.
    Interrupted,
}

/// Hears of every change of one thing until there can be no more, in milliseconds since 1970: a
/// browser has but a few connections for all of its tabs.
#[hook]
pub fn use_updates<T: FromJson + 'static>(
    document: &'static str,
    id: &str,
    until: i64,
    hear: impl Fn(Heard<T>) + 'static,
) {
    use_effect_with((id.to_owned(), until), move |(id, until)| {
        let left = until.saturating_sub(time::now());
        let line = (left > 0).then(|| {
            Line::open(document, id, move |text| {
                hear(text.map_or(Heard::Interrupted, |text| Heard::Next(graphql::read(&text))));
            })
        });
        // No browser waits for more than 25 days.
        let end = line.clone().zip(i32::try_from(left).ok());
        let end = end.and_then(|(line, left)| Timer::after(left, move || line.hang_up()));
        move || drop((line, end))
    });
}

/// One subscription through all its connections.
struct Line {
    address: String,
    /// Takes the text of an answer; none is an interruption.
    hear: Box<dyn Fn(Option<String>)>,
    pause: Cell<Pause>,
    connection: RefCell<Option<Connection>>,
    redial: RefCell<Option<Timer>>,
}

struct Connection {
    source: EventSource,
    _listeners: [Listener; 3],
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.source.close();
    }
}

impl Line {
    fn open(document: &str, id: &str, hear: impl Fn(Option<String>) + 'static) -> Rc<Self> {
        let variables = json!({ "id": id }).to_string();
        let values = [("query", Some(document)), ("variables", Some(variables.as_str()))];
        let line = Rc::new(Self {
            address: address(ENDPOINT, &values),
            hear: Box::new(hear),
            pause: Cell::default(),
            connection: RefCell::default(),
            redial: RefCell::default(),
        });
        line.connect();
        line
    }

    fn connect(self: &Rc<Self>) {
        // Fails only for an address that is none.
        let Ok(source) = EventSource::new(&self.address) else { return };
        let on = |name, act: fn(&Rc<Self>, &EventSource, &Event)| {
            let (line, from) = (Rc::downgrade(self), source.clone());
            Listener::new(source.clone().into(), name, move |event| {
                if let Some(line) = line.upgrade() {
                    act(&line, &from, &event);
                }
            })
        };
        let listeners =
            [on("next", Self::next), on("error", Self::lost), on("complete", Self::complete)];
        *self.connection.borrow_mut() = Some(Connection { source, _listeners: listeners });
    }

    fn next(self: &Rc<Self>, _: &EventSource, event: &Event) {
        self.pause.take();
        let text = event.unchecked_ref::<MessageEvent>().data().as_string();
        (self.hear)(Some(text.unwrap_or_default()));
    }

    /// A lost connection the browser opens again by itself; one that was refused, as while the BFF
    /// starts, it gives up.
    fn lost(self: &Rc<Self>, source: &EventSource, _: &Event) {
        if source.ready_state() == EventSource::CLOSED {
            let pause = self.pause.get();
            self.pause.set(pause.longer());
            let line = Rc::downgrade(self);
            *self.redial.borrow_mut() = Timer::after(pause.millis(), move || {
                if let Some(line) = line.upgrade() {
                    line.connect();
                }
            });
        }
        (self.hear)(None);
    }

    /// Listens no longer, and lets the page find out how it ended.
    fn hang_up(&self) {
        self.redial.take();
        self.connection.take();
        (self.hear)(None);
    }

    /// Or the browser would take the end for a loss.
    fn complete(self: &Rc<Self>, source: &EventSource, _: &Event) {
        source.close();
    }
}
