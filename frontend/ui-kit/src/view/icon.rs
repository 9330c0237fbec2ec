//! Line drawings of 24 by 24, in the colour of the text beside them.

use yew::prelude::*;

/// `account`, `cart`, `check`, `cross`, `orders`, `products` or `search`; it says nothing, the text
/// beside it does.
pub fn icon(name: &str) -> Html {
    let d = match name {
        "account" => "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8m-8 8a8 8 0 0 1 16 0",
        "cart" => "M3 4h2l2.4 11h10.2L20 7H6m3 13h.01M17 20h.01",
        "check" => "m5 12.5 4.5 4.5L19 7.5",
        "cross" => "m6 6 12 12M18 6 6 18",
        "orders" => "M6 3h12v18l-3-2-3 2-3-2-3 2zm3 6h6m-6 4h6",
        "products" => "M4 4h6v6H4zm10 0h6v6h-6zM4 14h6v6H4zm10 0h6v6h-6z",
        _ => "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14m5-2 4 4",
    };
    html! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round">
            <path {d} />
        </svg>
    }
}
