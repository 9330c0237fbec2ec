//! What was looked at before, kept in this browser alone.

use web_sys::Storage;

const KEY: &str = "recently-viewed";
const MOST: usize = 8;

/// Ids, the latest first; none where the browser keeps nothing.
pub(crate) fn ids() -> Vec<String> {
    let kept = storage().and_then(|storage| storage.get_item(KEY).ok().flatten());
    kept.unwrap_or_default().split(' ').filter(|id| !id.is_empty()).map(str::to_owned).collect()
}

/// Notes that a product was looked at.
pub(crate) fn note(id: &str) {
    if let Some(storage) = storage() {
        // A full or forbidden storage is no reason to bother anybody.
        let _ = storage.set_item(KEY, &with(ids(), id).join(" "));
    }
}

fn with(mut ids: Vec<String>, id: &str) -> Vec<String> {
    ids.retain(|known| known != id);
    ids.insert(0, id.to_owned());
    ids.truncate(MOST);
    ids
}

fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}

#[cfg(test)]
mod tests {
    use super::{MOST, with};

    #[test]
    fn the_latest_comes_first_and_nothing_comes_twice() {
        let seen = ["a", "b", "a"].into_iter().fold(Vec::new(), with);

        assert_eq!(seen, ["a", "b"]);
    }

    #[test]
    fn what_was_seen_long_ago_is_forgotten() {
        let names: Vec<_> = (0..20).map(|n| n.to_string()).collect();

        let seen = names.iter().map(String::as_str).fold(Vec::new(), with);

        assert_eq!(seen.len(), MOST);
        assert_eq!(seen.first().map(String::as_str), Some("19"));
    }
}
