//! What is known of a visitor before any script runs: cookies of the shell, and the browser's language.

use actix_web::HttpRequest;
use actix_web::http::header;

/// How the first HTML should look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Visitor {
    /// `en` or `ko`.
    pub(crate) locale: &'static str,
    /// `USD` or `KRW`.
    pub(crate) currency: &'static str,
    /// `auto`, `light` or `dark`.
    pub(crate) theme: &'static str,
}

impl Visitor {
    /// Chosen before, else guessed.
    pub(crate) fn of(request: &HttpRequest) -> Self {
        let cookie = |name: &str, known: &[&'static str]| {
            let value = request.cookie(name)?;
            known.iter().find(|known| **known == value.value()).copied()
        };
        let accepted = request.headers().get(header::ACCEPT_LANGUAGE);
        let accepted = accepted.and_then(|value| value.to_str().ok()).unwrap_or_default();
        let locale = cookie("locale", &["en", "ko"]).unwrap_or_else(|| spoken(accepted));
        let currency = if locale == "ko" { "KRW" } else { "USD" };
        Self {
            locale,
            currency: cookie("currency", &["USD", "KRW"]).unwrap_or(currency),
            theme: cookie("theme", &["auto", "light", "dark"]).unwrap_or("auto"),
        }
    }
}

/// The language we speak that comes first. Browsers list them in order of preference.
fn spoken(accepted: &str) -> &'static str {
    let languages =
        accepted.split(',').map(|part| part.split([';', '-']).next().unwrap_or_default());
    let known = languages.filter_map(|language| match language.trim() {
        "ko" => Some("ko"),
        "en" => Some("en"),
        _ => None,
    });
    known.into_iter().next().unwrap_or("en")
}

#[cfg(test)]
mod tests {
    use super::{Visitor, spoken};
    use actix_web::cookie::Cookie;
    use actix_web::test::TestRequest;

    #[test]
    fn the_first_language_that_we_speak_is_taken() {
        assert_eq!(spoken("de-DE,ko;q=0.8,en;q=0.5"), "ko");
        assert_eq!(spoken("fr, en-GB;q=0.7"), "en");
        assert_eq!(spoken(""), "en");
    }

    #[test]
    fn what_was_chosen_wins_over_what_is_guessed() {
        let request = TestRequest::default()
            .insert_header(("accept-language", "ko-KR"))
            .cookie(Cookie::new("currency", "USD"))
            .cookie(Cookie::new("theme", "\"><script>"))
            .to_http_request();

        let visitor = Visitor::of(&request);

        assert_eq!(visitor, Visitor { locale: "ko", currency: "USD", theme: "auto" });
    }
}
