//! The library against real processes and real servers.

mod layers;
mod processes;
mod servers;
mod supervision;
#[cfg(test)]
mod support;
