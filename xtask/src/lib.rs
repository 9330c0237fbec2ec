//! The developer's verbs behind `cargo shop`, and what whole-shop tests use of them.

pub mod console;
pub mod http;
pub mod ports;
pub mod process;
pub mod run_folder;
pub mod secret;
pub mod servers;
pub mod stop;
pub mod url;
pub mod wait;
