//! A subscription as server-sent events, opened again when it is lost.

mod pause;
mod timer;

use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::Rc;

use json_kit::{FromJson, Json};
use wasm_bindgen::JsCast as _;
use web_sys::{Event, EventSource, MessageEvent};

use crate::event::Listener;
use crate::graphql::{self, Answer, ENDPOINT, Failure};
use crate::query::address;
use pause::Pause;

pub use timer::Timer;

/// A stream of answers; dropping it ends it.
pub struct Stream<T> {
    _line: Rc<Line<T>>,
}

/// What a stream tells.
#[derive(Debug)]
pub enum Heard<T> {
    /// The next answer.
    Next(Result<Answer<T>, Failure>),
    /// The connection is gone, or could not be made; another is on its way.
    Interrupted,
    /// Nothing more will come.
    Ended,
}

impl<T: FromJson + 'static> Stream<T> {
    /// Subscribes.
    ///
    /// # Errors
    /// When the browser refuses to connect at all.
    pub fn open(
        document: &'static str,
        variables: &Json,
        hear: impl Fn(Heard<T>) + 'static,
    ) -> Result<Self, Failure> {
        let variables = variables.to_string();
        let values = [("query", Some(document)), ("variables", Some(variables.as_str()))];
        let line = Rc::new(Line {
            address: address(ENDPOINT, &values),
            hear: Box::new(hear),
            pause: Cell::default(),
            connection: RefCell::default(),
            redial: RefCell::default(),
        });
        line.connect()?;
        Ok(Self { _line: line })
    }
}

impl<T> fmt::Debug for Stream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stream").finish_non_exhaustive()
    }
}

/// One subscription through all its connections.
struct Line<T> {
    address: String,
    hear: Box<dyn Fn(Heard<T>)>,
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

impl<T: FromJson + 'static> Line<T> {
    fn connect(self: &Rc<Self>) -> Result<(), Failure> {
        let source = EventSource::new(&self.address).map_err(|_| Failure::Offline)?;
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
        Ok(())
    }

    fn next(self: &Rc<Self>, _: &EventSource, event: &Event) {
        self.pause.take();
        let text = event.unchecked_ref::<MessageEvent>().data().as_string();
        (self.hear)(Heard::Next(graphql::read(&text.unwrap_or_default())));
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
                    // Fails only for an address that is none, and this one was taken before.
                    let _ = line.connect();
                }
            });
        }
        (self.hear)(Heard::Interrupted);
    }

    fn complete(self: &Rc<Self>, source: &EventSource, _: &Event) {
        source.close();
        (self.hear)(Heard::Ended);
    }
}
