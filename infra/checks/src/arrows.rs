//! Who may call whom, as ARCHITECTURE.md draws it.

use std::collections::BTreeSet;

use anyhow::{Context as _, Result};

/// A caller and whom it calls, by the names the cluster knows them by.
pub type Arrow = (String, String);

/// Services that have a page of their own in the drawing's "every service".
const SERVICES: [&str; 6] =
    ["catalog", "order", "payment", "email", "order-history", "sandbox-provider"];

/// The drawing's "fragments".
const FRAGMENTS: [&str; 4] = ["catalog-ui", "checkout-ui", "orders-ui", "account-ui"];

/// The arrows in a text.
///
/// # Errors
/// When there is no drawing in it.
pub fn read(text: &str) -> Result<BTreeSet<Arrow>> {
    let drawing = text
        .split("```")
        .find(|block| block.contains("──▶"))
        .context("there is no drawing with arrows")?;
    let mut arrows = BTreeSet::new();
    // Two arrows may share a line, with a gap between.
    for drawn in drawing.lines().flat_map(|line| line.split("   ")) {
        let Some((from, to)) = drawn.split_once("──▶") else { continue };
        for from in callers(from.trim()) {
            for to in without_notes(to).split(',').map(str::trim).filter(|to| !to.is_empty()) {
                arrows.extend(called(to).into_iter().map(|to| (from.clone(), to)));
            }
        }
    }
    Ok(arrows)
}

fn callers(drawn: &str) -> Vec<String> {
    if drawn == "every service" {
        SERVICES.map(str::to_owned).to_vec()
    } else {
        vec![known_as(drawn)]
    }
}

fn called(drawn: &str) -> Vec<String> {
    if drawn == "fragments" { FRAGMENTS.map(str::to_owned).to_vec() } else { vec![known_as(drawn)] }
}

/// `bff/web` is the service web-bff; the gateway's keys come to it by a process in its own pods.
fn known_as(drawn: &str) -> String {
    match (drawn, drawn.strip_prefix("bff/")) {
        ("gateway-keys", _) => "gateway".to_owned(),
        (_, Some(client)) => format!("{client}-bff"),
        _ => drawn.replace(' ', "-"),
    }
}

/// What is in brackets says why, not whom.
fn without_notes(text: &str) -> String {
    let mut depth = 0_u32;
    let kept = text.chars().filter(|letter| {
        match letter {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => return depth == 0,
        }
        false
    });
    kept.collect()
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn lines_brackets_and_folders_are_read() {
        let arrows = read(
            "```\norder ──▶ catalog (its feed, at start)     payment ──▶ sandbox provider\n\
             bff/web ──▶ identity, order\nemail ──▶ SMTP\n```",
        )
        .unwrap();

        let drawn: Vec<String> = arrows.iter().map(|(from, to)| format!("{from} {to}")).collect();
        assert_eq!(
            drawn,
            [
                "email SMTP",
                "order catalog",
                "payment sandbox-provider",
                "web-bff identity",
                "web-bff order"
            ]
        );
    }
}
