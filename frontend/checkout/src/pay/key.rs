//! Idempotency keys: the same deed with the same input has the same key, however often it is sent.

use json_kit::Json;

/// Keys of what was sent from this page.
#[derive(Debug, Default)]
pub(super) struct Keys(Vec<(&'static str, String, String)>);

impl Keys {
    /// The key of a deed with this input; a new one for an input that was not sent before.
    pub(super) fn of(&mut self, deed: &'static str, input: &Json) -> String {
        self.find(deed, &input.to_string(), random)
    }

    fn find(&mut self, deed: &'static str, input: &str, new: impl FnOnce() -> String) -> String {
        let known = self.0.iter().find(|(of, with, _)| *of == deed && with == input);
        if let Some((.., key)) = known {
            return key.clone();
        }
        let key = new();
        self.0.push((deed, input.to_owned(), key.clone()));
        key
    }
}

fn random() -> String {
    let crypto = web_sys::window().and_then(|window| window.crypto().ok());
    // Without it, which only pages outside HTTPS and localhost are: random enough for one shopper.
    crypto.map_or_else(|| js_sys::Math::random().to_string(), |crypto| crypto.random_uuid())
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
}
