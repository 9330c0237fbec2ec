//! A subscription as server-sent events: the browser opens the stream again by itself.

use serde::de::DeserializeOwned;
use serde_json::Value;
use wasm_bindgen::JsCast as _;
use web_sys::{EventSource, MessageEvent};

use crate::event::Listener;
use crate::graphql::{self, Answer, ENDPOINT, Failure};
use crate::query::address;

/// A stream of answers; dropping it ends it.
#[derive(Debug)]
pub struct Stream {
    source: EventSource,
    _listeners: [Listener; 3],
}

/// What a stream tells.
#[derive(Debug)]
pub enum Heard<T> {
    /// The next answer.
    Next(Result<Answer<T>, Failure>),
    /// The connection is gone; the browser is opening another.
    Interrupted,
    /// Nothing more will come.
    Ended,
}

impl Stream {
    /// Subscribes.
    ///
    /// # Errors
    /// When the browser refuses to connect at all.
    pub fn open<T: DeserializeOwned>(
        document: &'static str,
        variables: &Value,
        hear: impl Fn(Heard<T>) + Clone + 'static,
    ) -> Result<Self, Failure> {
        let variables = variables.to_string();
        let values = [("query", Some(document)), ("variables", Some(variables.as_str()))];
        let source = EventSource::new(&address(ENDPOINT, &values)).map_err(|_| Failure::Offline)?;
        let target = || source.clone().into();
        let next = {
            let hear = hear.clone();
            Listener::new(target(), "next", move |event| {
                let text = event.unchecked_ref::<MessageEvent>().data().as_string();
                hear(Heard::Next(graphql::read(&text.unwrap_or_default())));
            })
        };
        let lost = {
            let hear = hear.clone();
            Listener::new(target(), "error", move |_| hear(Heard::Interrupted))
        };
        let complete = {
            let source = source.clone();
            Listener::new(target(), "complete", move |_| {
                source.close();
                hear(Heard::Ended);
            })
        };
        Ok(Self { source, _listeners: [next, lost, complete] })
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.source.close();
    }
}
