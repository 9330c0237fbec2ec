//! The developer's verbs behind `cargo shop`, and what whole-shop tests use of them.

pub mod browser;
pub mod changelog;
pub mod cluster_secrets;
pub mod console;
pub mod frontend;
pub mod http;
pub mod layers;
pub mod local_shop;
pub mod ports;
pub mod process;
pub mod run_folder;
pub mod secret;
pub mod servers;
pub mod shop_env;
pub mod stack;
pub mod stop;
pub mod supervise;
pub mod tool;
pub mod url;
pub mod wait;
pub mod workspace;

pub use servers::in_path;
