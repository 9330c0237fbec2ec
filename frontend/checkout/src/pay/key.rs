//! Idempotency keys: the same deed with the same input has the same key, however often it is sent.

use json_kit::Json;

/// Of FNV-1a.
const BASIS: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0100_0000_01b3;

/// Keys of what was sent from this page. Of the inputs only a hash is kept: one has a card in it.
#[derive(Debug, Default)]
pub(super) struct Keys(Vec<(u64, String)>);

impl Keys {
    /// The key of a deed with this input; a new one for an input that was not sent before.
    pub(super) fn of(&mut self, deed: &'static str, input: &Json) -> String {
        self.find(deed, &input.to_string(), random)
    }

    fn find(&mut self, deed: &'static str, input: &str, new: impl FnOnce() -> String) -> String {
        let hash = [deed, input]
            .iter()
            .flat_map(|text| text.bytes())
            .fold(BASIS, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(PRIME));
        let known = self.0.iter().find(|(of, _)| *of == hash);
        if let Some((_, key)) = known {
            return key.clone();
        }
        let key = new();
        self.0.push((hash, key.clone()));
        key
    }
}

/// Not `randomUUID`, which browsers have on HTTPS and localhost only.
fn random() -> String {
    let mut bytes = [0; 16];
    if let Some(crypto) = web_sys::window().and_then(|window| window.crypto().ok()) {
        // Refused for more than 64 KB.
        let _ = crypto.get_random_values_with_u8_array(&mut bytes);
    }
    let halves = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    halves.filter_map(|half| char::from_digit(u32::from(half), 16)).collect()
}

#[cfg(test)]
mod tests {
    use super::Keys;

    #[test]
    fn the_same_input_keeps_its_key_and_another_gets_its_own() {
        let mut keys = Keys::default();

        let first = keys.find("checkout", "a", || "1".to_owned());
        let again = keys.find("checkout", "a", || "2".to_owned());
        let other = keys.find("checkout", "b", || "3".to_owned());
        let deed = keys.find("card", "a", || "4".to_owned());

        assert_eq!([first, again, other, deed], ["1", "1", "3", "4"]);
    }

    #[test]
    fn no_card_number_stays_in_memory() {
        let mut keys = Keys::default();

        keys.find("card", "4242 4242 4242 4242", || "1".to_owned());

        assert!(!format!("{keys:?}").contains("4242"));
    }
}
