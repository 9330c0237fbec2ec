//! How many: two buttons and the number between them.

use yew::prelude::*;

use crate::i18n::Locale;

/// More of one product than anyone may order at once.
const MOST: u32 = 99;

/// A stepper whose number may also be typed.
#[derive(Debug, Clone, PartialEq)]
pub struct Quantity {
    /// How many now.
    pub value: u32,
    /// Of what, for those who do not see where it stands.
    pub of: String,
    /// Whether the shop has not confirmed it yet.
    pub pending: bool,
    /// The most there can be, where somebody says.
    pub most: Option<u32>,
    /// Wants another number, from 1.
    pub onchange: Callback<u32>,
}

impl Quantity {
    /// As it is seen.
    pub fn show(self, locale: Locale) -> Html {
        let Self { value, of, pending, most, onchange: wanted } = self;
        let say = super::say(locale);
        let most = most.unwrap_or(MOST).clamp(1, MOST);
        let step = |to: u32| wanted.reform(move |_: MouseEvent| to);
        let (less, more) = (step(value.saturating_sub(1)), step(value.saturating_add(1)));
        let onchange = Callback::from(move |event: Event| {
            let typed = event.target_unchecked_into::<web_sys::HtmlInputElement>().value();
            if let Ok(typed) = typed.parse::<u32>() {
                wanted.emit(typed.clamp(1, most));
            }
        });
        let name = |what: &str| [what, ": ", &of].concat();
        html! {
            <div class="quantity" role="group" aria-label={name(say.t("quantity"))} aria-busy={pending.to_string()}>
                <button type="button" aria-label={name(say.t("quantity.less"))} disabled={value <= 1}
                    onclick={less}>{ "−" }</button>
                <input type="number" inputmode="numeric" min="1" max={most.to_string()} aria-label={name(say.t("quantity"))}
                    value={value.to_string()} {onchange} />
                <button type="button" aria-label={name(say.t("quantity.more"))} disabled={value >= most}
                    onclick={more}>{ "+" }</button>
            </div>
        }
    }
}
