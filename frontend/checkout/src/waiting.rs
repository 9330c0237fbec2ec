//! Panels in the place of what comes.

use yew::prelude::*;

/// Work on the left, in so many panels, and what it comes to on the right.
pub(crate) fn desk(panels: usize) -> Html {
    html! {
        <div class="desk">
            <div class="stack">for _ in 0..panels { { panel("skeleton skeleton-line") } }</div>
            { panel("skeleton skeleton-line") }
        </div>
    }
}

/// One that begins with a title or a line.
pub(crate) fn panel(first: &'static str) -> Html {
    html! {
        <div class="panel" aria-hidden="true">
            <div ~className={first}></div><div class="skeleton skeleton-block"></div>
        </div>
    }
}
