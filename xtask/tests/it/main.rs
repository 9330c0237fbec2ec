//! The library against real processes and real servers.

mod processes;
mod servers;
#[cfg(test)]
mod support;
