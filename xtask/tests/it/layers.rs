//! The layer check on this very workspace: a plain `cargo test` fails when a layer is broken.

use xtask::{layers, workspace};

#[test]
fn the_workspace_keeps_its_layers() {
    let broken = layers::check(workspace::root()).unwrap();

    assert_eq!(broken, Vec::<String>::new());
}
