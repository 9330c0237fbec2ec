//! What a fragment is to the loader, and what the page is to a fragment.

use js_sys::Reflect;
use wasm_bindgen::JsValue;
use web_sys::HtmlElement;
use yew::prelude::*;

use crate::event;
use crate::i18n::{Locale, Say, Texts};
use crate::money::Currency;

/// The attributes of a fragment's element, and the element.
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct Props {
    /// From which events are sent.
    pub host: HtmlElement,
    /// The language of the page.
    pub locale: Locale,
    /// In which prices are shown.
    pub currency: Currency,
    /// The page's address, query included.
    pub path: AttrValue,
}

impl Props {
    /// Reads the plain object that the loader makes of the attributes.
    #[must_use]
    pub fn read(host: HtmlElement, attributes: &JsValue) -> Self {
        let text = |name: &str| {
            let value = Reflect::get(attributes, &name.into()).ok();
            value.and_then(|value| value.as_string()).unwrap_or_default()
        };
        Self {
            host,
            locale: Locale::parse(&text("locale")),
            currency: Currency::parse(&text("currency")),
            path: text("path").into(),
        }
    }

    /// What the fragment's components are given.
    #[must_use]
    pub fn scene(&self, texts: &'static Texts) -> Scene {
        Scene {
            say: Say::new(texts, self.locale),
            currency: self.currency,
            host: self.host.clone(),
        }
    }
}

/// What every part of a fragment may want. Handed on by hand: a context is 5 KB of wasm.
#[derive(Debug, Clone, PartialEq)]
pub struct Scene {
    /// Its texts.
    pub say: Say,
    /// In which prices are shown.
    pub currency: Currency,
    host: HtmlElement,
}

impl Scene {
    /// Tells the shell, or whoever listens.
    pub fn emit(&self, name: &str, detail: impl Into<JsValue>) {
        event::emit(&self.host, name, detail);
    }

    /// Goes to another page of the shop.
    pub fn go(&self, address: &str) {
        self.emit(event::NAVIGATE, address);
    }

    /// Has something read out to those who listen instead of looking.
    pub fn announce(&self, text: &str) {
        self.emit(event::ANNOUNCE, text);
    }

    /// The same of texts by their keys, one after the other; of none, nothing.
    pub fn announce_all(&self, keys: &[&str]) {
        if !keys.is_empty() {
            let texts = keys.iter().map(|key| self.say.t(key)).collect::<Vec<_>>();
            self.announce(&texts.join(". "));
        }
    }
}

/// Of a page that needs nothing else.
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct SceneProps {
    /// Where it stands.
    pub scene: Scene,
}

/// Exports `mount` and `Handle` for a root component that takes [`Props`].
///
/// A macro, because the names in the bundle's glue are those of the crate that has the attribute.
#[macro_export]
macro_rules! fragment {
    ($root:ty) => {
        /// What the loader keeps of a mounted fragment.
        #[wasm_bindgen::prelude::wasm_bindgen]
        #[derive(Debug)]
        pub struct Handle {
            app: yew::AppHandle<$root>,
            host: web_sys::HtmlElement,
        }

        #[wasm_bindgen::prelude::wasm_bindgen]
        impl Handle {
            /// An attribute of the element changed.
            pub fn update(&mut self, attributes: wasm_bindgen::JsValue) {
                self.app.update($crate::contract::Props::read(self.host.clone(), &attributes));
            }

            /// The element left the page.
            pub fn unmount(self) {
                self.app.destroy();
            }
        }

        /// Renders into `root`; `host` is the element, from which events are sent.
        #[wasm_bindgen::prelude::wasm_bindgen]
        pub fn mount(
            root: web_sys::HtmlElement,
            host: web_sys::HtmlElement,
            attributes: wasm_bindgen::JsValue,
        ) -> Handle {
            let props = $crate::contract::Props::read(host.clone(), &attributes);
            let app = yew::Renderer::<$root>::with_root_and_props(root.into(), props).render();
            Handle { app, host }
        }
    };
}
