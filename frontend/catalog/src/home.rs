//! The start page: a hero, categories, popular and new products, what was looked at before.

mod state;

use json_kit::json;
use ui_kit::contract::SceneProps;
use ui_kit::graphql;
use ui_kit::i18n::Text;
use ui_kit::query::address;
use ui_kit::view::{Picture, failed};
use ui_kit::{Remote, Scene};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::card::{Card, cards, skeleton_cards};
use crate::recent;
use state::{DOCUMENT, Data, Sections};

/// One category with how many are in it.
#[derive(Debug, Clone, PartialEq, Eq, json_kit::FromJson)]
pub(crate) struct Category {
    pub(crate) slug: String,
    pub(crate) name: Text,
    pub(crate) products: u32,
}

#[component]
pub(crate) fn Home(props: &SceneProps) -> Html {
    let scene = props.scene.clone();
    let sections = use_state(Sections::default);
    let load = {
        let sections = sections.setter();
        Callback::from(move |()| {
            let sections = sections.clone();
            sections.set(Sections::default());
            spawn_local(async move {
                let variables = json!({ "recent": recent::ids() });
                sections.set(graphql::ask::<Data>(DOCUMENT, variables).await.into());
            });
        })
    };
    {
        let load = load.clone();
        use_effect_with((), move |()| load.emit(()));
    }
    let say = scene.say;
    html! {
        <div class="page home">
            <section class="hero">
                { Picture { name: "hero".to_owned(), is_eager: true, ..Picture::default() }.show() }
                <div>
                    <h1>{ say.t("hero.title") }</h1>
                    <p>{ say.t("hero.text") }</p>
                    <a class="button primary big" href="/products">{ say.t("hero.action") }</a>
                </div>
            </section>
            { categories(say.t("home.categories"), &sections.categories, say.locale, &load) }
            { row(&scene, say.t("home.popular"), &sections.popular, &load, 4) }
            { row(&scene, say.t("home.new"), &sections.new, &load, 0) }
            // Nothing to say where nothing was looked at, or while it is not known.
            if let Remote::Ready(recent) = &sections.recent && !recent.is_empty() {
                <section class="section"><h2>{ say.t("home.recent") }</h2>{ cards(&scene, recent, 0) }</section>
            }
        </div>
    }
}

fn categories(
    title: &str,
    categories: &Remote<Vec<Category>>,
    locale: ui_kit::Locale,
    load: &Callback<()>,
) -> Html {
    let tiles = match categories {
        Remote::Loading => html! {
            <ul class="tiles" aria-hidden="true">
                for _ in 0..8 { <li><div class="tile"><span class="skeleton skeleton-block"></span></div></li> }
            </ul>
        },
        Remote::Failed(failure) => failed(failure, load, locale),
        Remote::Ready(categories) => html! {
            <ul class="tiles">
                for category in categories.iter() {
                    <li key={category.slug.clone()}>
                        <a class="tile" href={address("/products", &[("category", Some(category.slug.as_str()))])}>
                            { Picture::named(["categories/", &category.slug].concat()).show() }
                            <span>{ category.name.get(locale).to_owned() }{ " " }<small>{ category.products }</small></span>
                        </a>
                    </li>
                }
            </ul>
        },
    };
    html! { <section class="section"><h2>{ title.to_owned() }</h2>{ tiles }</section> }
}

fn row(
    scene: &Scene,
    title: &str,
    goods: &Remote<Vec<Card>>,
    load: &Callback<()>,
    eager: usize,
) -> Html {
    let goods = match goods {
        Remote::Loading => skeleton_cards(),
        Remote::Failed(failure) => failed(failure, load, scene.say.locale),
        Remote::Ready(goods) if goods.is_empty() => return html! {},
        Remote::Ready(goods) => cards(scene, goods, eager),
    };
    html! { <section class="section"><h2>{ title.to_owned() }</h2>{ goods }</section> }
}
