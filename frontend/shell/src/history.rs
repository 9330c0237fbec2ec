//! The address: links and search forms of every fragment, and the browser's own buttons.

use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{
    Element, Event, FormData, HtmlAnchorElement, HtmlElement, HtmlFormElement, MouseEvent, Url,
    UrlSearchParams, Window,
};

use crate::outlet;
use crate::routes::Routes;

/// Path and query of the page.
pub(crate) fn address() -> String {
    let location = web_sys::window().map(|window| window.location());
    let part = |read: fn(&web_sys::Location) -> Result<String, JsValue>| {
        location.as_ref().and_then(|location| read(location).ok()).unwrap_or_default()
    };
    [part(web_sys::Location::pathname), part(web_sys::Location::search)].concat()
}

/// Has the server write the page anew.
pub(crate) fn reload() {
    if let Some(window) = web_sys::window() {
        let _ = window.location().reload();
    }
}

/// Goes to an address of ours without loading the page again.
pub(crate) fn push(href: &str) {
    let Some(window) = web_sys::window() else { return };
    let pushed = window
        .history()
        .and_then(|history| history.push_state_with_url(&JsValue::NULL, "", Some(href)));
    if pushed.is_err() {
        let _ = window.location().set_href(href);
        return;
    }
    window.scroll_to_with_x_and_y(0.0, 0.0);
    // Or the next Tab would begin where the old page was left.
    if let Some(outlet) = outlet::outlet().and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
        let _ = outlet.focus();
    }
}

/// Goes to an address of this origin, without loading the page again if a fragment shows it.
/// A fragment may have it from a link that somebody else made: it leads nowhere else.
pub(crate) fn go(href: &str, routes: &Routes) -> bool {
    let here = here();
    let origin = here.origin().unwrap_or_default();
    if Url::new_with_base(href, &origin).is_ok_and(|url| url.origin() != origin) {
        return false;
    }
    if routes.find(ui_kit::query::path_of(href)).is_some() {
        push(href);
        return true;
    }
    let _ = here.set_href(href);
    false
}

/// The address a plain left click on a link of ours leads to.
pub(crate) fn link_of(event: &Event, routes: &Routes) -> Option<String> {
    let click: &MouseEvent = event.unchecked_ref();
    let is_special = click.meta_key() || click.ctrl_key() || click.shift_key() || click.alt_key();
    if event.default_prevented() || click.button() != 0 || is_special {
        return None;
    }
    let target: Element = event.composed_path().get(0).dyn_into().ok()?;
    let link: HtmlAnchorElement = target.closest("a[href]").ok()??.dyn_into().ok()?;
    let is_plain = link.target().is_empty() && !link.has_attribute("download");
    let is_jump = !link.hash().is_empty() && link.pathname() == here().pathname().ok()?;
    let is_ours = link.origin() == here().origin().ok()? && routes.find(&link.pathname()).is_some();
    (is_plain && !is_jump && is_ours).then(|| [link.pathname(), link.search()].concat())
}

/// The address that a form leads to which only asks for a page.
pub(crate) fn search_of(event: &Event, routes: &Routes) -> Option<String> {
    let form: HtmlFormElement = event.target()?.dyn_into().ok()?;
    let action = form.get_attribute("action")?;
    if event.default_prevented() || form.method() != "get" || routes.find(&action).is_none() {
        return None;
    }
    let data = FormData::new_with_form(&form).ok()?;
    let values = UrlSearchParams::new_with_record_from_str_to_str(&entries(&data)?).ok()?;
    Some([action, "?".to_owned(), values.to_string().into()].concat())
}

/// A form's text fields as a plain object.
fn entries(data: &FormData) -> Option<js_sys::Object> {
    js_sys::Object::from_entries(data).ok()
}

fn here() -> web_sys::Location {
    let window: Window = js_sys::global().unchecked_into();
    window.location()
}
