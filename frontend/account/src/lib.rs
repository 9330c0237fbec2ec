#![doc = include_str!("../README.md")]

mod enter;
mod mail;
mod me;

use ui_kit::Texts;
use ui_kit::contract::Props;
use ui_kit::query::path_of;
use yew::prelude::*;

use enter::EnterPage;
use enter::state::Door;

static TEXTS: Texts =
    Texts { en: include_str!("../i18n/en.txt"), ko: include_str!("../i18n/ko.txt") };

ui_kit::fragment!(Account);

/// The fragment's root: one page at a time.
#[component]
pub fn Account(props: &Props) -> Html {
    let scene = props.scene(&TEXTS);
    let next = enter::state::next(&props.path);
    let path = path_of(&props.path).trim_end_matches('/');
    match path {
        "/sign-in" => html! { <EnterPage {scene} key="sign-in" door={Door::SignIn} {next} /> },
        "/register" => html! { <EnterPage {scene} key="register" door={Door::Register} {next} /> },
        "/account" => html! { <me::MePage {scene} /> },
        _ => {
            let id = path.strip_prefix("/mailbox/").map(str::to_owned);
            html! { <mail::MailPage {scene} {id} /> }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::TEXTS;
    use std::path::Path;

    #[test]
    fn both_languages_have_the_same_texts_and_none_is_missing() {
        assert_eq!(TEXTS.one_sided(), Vec::<&str>::new());
        let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        assert_eq!(TEXTS.missing_in(&sources).unwrap(), Vec::<String>::new());
    }
}
