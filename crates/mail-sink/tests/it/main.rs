//! The sink seen from outside: through lettre, through a raw socket and over HTTP.

mod delivery;
mod listing;
mod protocol;
#[cfg(test)]
mod support;
