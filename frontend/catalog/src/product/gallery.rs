//! The picture of a product, whole and from nearer by: drawings lose nothing when they are enlarged.

use ui_kit::Say;
use yew::prelude::*;

/// Parts of a drawing, which all measure 400 by 400, and what each is called.
const VIEWS: [(&str, &str); 3] = [
    ("", "view.whole"),
    ("#svgView(viewBox(100,96,200,200))", "view.near"),
    ("#svgView(viewBox(130,190,140,140))", "view.detail"),
];

/// The view that is looked at, and the others to choose from.
pub(super) fn show(
    say: Say,
    picture: &str,
    name: &str,
    looked_at: usize,
    look: &Callback<usize>,
) -> Html {
    let src = |view: &str| ["/pictures/products/", picture, ".svg", view].concat();
    let (view, _) = VIEWS.get(looked_at).copied().unwrap_or_default();
    html! {
        <div class="gallery">
            <img class="picture" src={src(view)} alt={name.to_owned()} width="400" height="400" decoding="async" />
            <div class="thumbs" role="group" aria-label={say.t("view.choose")}>
                for (index, (view, text)) in VIEWS.into_iter().enumerate() {
                    <button type="button" aria-label={say.t(text)} aria-pressed={(index == looked_at).to_string()}
                        onclick={look.reform(move |_: MouseEvent| index)}>
                        <img class="picture" src={src(view)} alt="" width="72" height="72" decoding="async" />
                    </button>
                }
            </div>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::VIEWS;
    use crate::TEXTS;

    #[test]
    fn every_view_has_a_name_of_its_own() {
        for (_, text) in VIEWS {
            assert_eq!(TEXTS.missing(&format!(".t(\"{text}\")")), Vec::<&str>::new());
        }
    }
}
