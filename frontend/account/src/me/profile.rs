//! Name and language of an account, to be changed.

use ui_kit::Scene;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// Languages as the schema and as their speakers name them.
const LANGUAGES: [(&str, &str); 2] = [("EN", "English"), ("KO", "한국어")];

#[derive(Debug, PartialEq, Properties)]
pub(super) struct ProfileProps {
    pub(super) scene: Scene,
    pub(super) name: String,
    pub(super) locale: String,
    pub(super) busy: bool,
    /// With another name and language.
    pub(super) onsave: Callback<(String, String)>,
}

#[component]
pub(super) fn Profile(props: &ProfileProps) -> Html {
    let say = props.scene.say;
    let typed = use_state(|| None::<String>);
    let chosen = use_state(|| None::<String>);
    let name = typed.as_ref().unwrap_or(&props.name).clone();
    let locale = chosen.as_ref().unwrap_or(&props.locale).clone();
    let is_changed = !name.trim().is_empty() && (name != props.name || locale != props.locale);
    let oninput = {
        let typed = typed.setter();
        Callback::from(move |event: InputEvent| {
            typed.set(Some(event.target_unchecked_into::<HtmlInputElement>().value()));
        })
    };
    let onsubmit = {
        let (onsave, wish) = (props.onsave.clone(), (name.trim().to_owned(), locale.clone()));
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if is_changed {
                onsave.emit(wish.clone());
            }
        })
    };
    html! {
        <section class="panel">
            <h2>{ say.t("me.profile") }</h2>
            <form class="form" novalidate=true {onsubmit}>
                <div class="field">
                    <label for="profile-name">{ say.t("field.name") }</label>
                    <input id="profile-name" autocomplete="name" value={name} {oninput} />
                </div>
                <fieldset class="group">
                    <legend>{ say.t("me.language") }</legend>
                    <div class="seg">
                        for (code, text) in LANGUAGES {
                            <label><input type="radio" name="profile-locale" checked={locale == code}
                                onchange={let chosen = chosen.setter(); move |_: Event| chosen.set(Some(code.to_owned()))} />{ text }</label>
                        }
                    </div>
                </fieldset>
                <div class="actions">
                    <button class="button primary" aria-busy={props.busy.to_string()} disabled={props.busy || !is_changed}>{ say.t("me.save") }</button>
                </div>
            </form>
        </section>
    }
}
