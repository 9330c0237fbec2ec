//! How many: two buttons and the number between them.

use yew::prelude::*;

use crate::contract::use_scene;

/// More of one product than anyone may order at once.
const MOST: u32 = 99;

/// A number and what to do when it changes.
#[derive(Debug, PartialEq, Properties)]
pub struct QuantityProps {
    /// How many now.
    pub value: u32,
    /// Of what, for those who do not see where it stands.
    pub of: AttrValue,
    /// Whether the shop has not confirmed it yet.
    #[prop_or_default]
    pub pending: bool,
    /// The most there can be; 99 where nobody says.
    #[prop_or(MOST)]
    pub most: u32,
    /// Wants another number, from 1.
    pub onchange: Callback<u32>,
}

/// A stepper whose number may also be typed.
#[component]
pub fn Quantity(props: &QuantityProps) -> Html {
    let say = super::say(use_scene().say.locale);
    let most = props.most.clamp(1, MOST);
    let value = props.value;
    let step = |to: u32| props.onchange.reform(move |_: MouseEvent| to);
    let onchange = {
        let wanted = props.onchange.clone();
        Callback::from(move |event: Event| {
            let typed = event.target_unchecked_into::<web_sys::HtmlInputElement>().value();
            if let Ok(typed) = typed.parse::<u32>() {
                wanted.emit(typed.clamp(1, most));
            }
        })
    };
    let name = |what: &str| [what, ": ", &props.of].concat();
    html! {
        <div class="quantity" role="group" aria-label={name(say.t("quantity"))} aria-busy={props.pending.to_string()}>
            <button type="button" aria-label={name(say.t("quantity.less"))} disabled={value <= 1}
                onclick={step(value.saturating_sub(1))}>{ "−" }</button>
            <input type="number" inputmode="numeric" min="1" max={most.to_string()} aria-label={name(say.t("quantity"))}
                value={value.to_string()} {onchange} />
            <button type="button" aria-label={name(say.t("quantity.more"))} disabled={value >= most}
                onclick={step(value.saturating_add(1))}>{ "+" }</button>
        </div>
    }
}
