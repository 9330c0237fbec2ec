use std::cmp::Reverse;
use std::collections::HashMap;

use shop_kernel::ProductId;

use super::{Document, Field, Index};
use crate::product::ProductDetails;
use crate::seed::Range;

/// The real range, so that the tables below read like a shopper's evening.
struct Shelf {
    index: Index,
    products: HashMap<ProductId, ProductDetails>,
}

impl Shelf {
    fn of_the_shop() -> Self {
        let range = Range::built_in().unwrap();
        let mut index = Index::default();
        let mut products = HashMap::new();
        for product in &range.products {
            let details = product.details();
            let category = range.categories.iter().find(|c| c.slug == details.category).unwrap();
            index.insert(&Document::of(product.id, &details, &category.name));
            products.insert(product.id, details);
        }
        Self { index, products }
    }

    fn found(&self, query: &str) -> Vec<&str> {
        let mut hits = self.index.search(query);
        hits.sort_by_key(|(id, score)| Reverse((*score, self.products[id].popularity)));
        hits.iter().map(|(id, _)| self.products[id].slug.as_str()).collect()
    }
}

/// Every query must put each of the products on the first page, and the first one first.
fn check(cases: &[(&str, &[&str])]) {
    let shelf = Shelf::of_the_shop();

    for (query, expected) in cases {
        let found = shelf.found(query);
        assert_eq!(found.first(), expected.first(), "{query:?} found {found:?}");
        for slug in *expected {
            let page = &found[..found.len().min(12)];
            assert!(page.contains(slug), "{query:?} misses {slug} in {found:?}");
        }
    }
}

#[test]
fn words_as_typed_find_the_product_they_name() {
    check(&[
        ("blue mug", &["blue-mug"]),
        ("BLUE MUG", &["blue-mug"]),
        ("mugs", &["blue-mug"]),
        ("the mug", &["blue-mug"]),
        ("umb", &["compact-umbrella"]),
        ("chef's knife", &["chef-knife"]),
        ("bottle", &["steel-bottle"]),
        ("pot", &["celadon-teapot"]),
        ("brass razor", &["safety-razor"]),
        ("notebooks", &["dotted-notebook"]),
    ]);
}

#[test]
fn korean_words_find_the_product_they_name() {
    check(&[
        ("머그", &["blue-mug"]),
        ("녹차", &["jeju-green-tea"]),
        ("도마", &["oak-cutting-board"]),
        ("우산", &["compact-umbrella"]),
        ("비누", &["olive-soap"]),
        ("원두", &["house-blend-beans", "hand-coffee-grinder"]),
        ("칼", &["chef-knife", "pocket-knife"]),
        ("차", &["jeju-green-tea"]),
        ("파란 머그컵", &["blue-mug"]),
        ("머그컵을", &["blue-mug"]),
        ("곰 인형", &["knitted-bear"]),
    ]);
}

#[test]
fn a_korean_compound_is_found_without_its_space() {
    check(&[
        ("파란머그컵", &["blue-mug"]),
        ("커피그라인더", &["hand-coffee-grinder"]),
        ("곰인형", &["knitted-bear"]),
        ("나무기차", &["wooden-train"]),
    ]);
}

#[test]
fn a_korean_word_is_found_while_it_is_still_being_typed() {
    check(&[
        ("먹", &["blue-mug"]),
        ("우사", &["compact-umbrella"]),
        ("노트", &["dotted-notebook"]),
        ("만녀", &["brass-fountain-pen"]),
        ("\u{1106}\u{1165}\u{1100}\u{1173}\u{110F}\u{1165}\u{11B8}", &["blue-mug"]),
    ]);
}

#[test]
fn slips_of_the_finger_are_forgiven_in_english() {
    check(&[
        ("umbrela", &["compact-umbrella"]),
        ("notebok", &["dotted-notebook"]),
        ("lmap", &["desk-lamp", "paper-floor-lamp"]),
        ("backpakc", &["trail-backpack"]),
        ("toothbursh", &["bamboo-toothbrushes"]),
        ("wtercolor", &["watercolor-set"]),
        ("blanklet", &["wool-blanket", "picnic-blanket"]),
        ("ceramc vase", &["ceramic-vase"]),
        ("skilet", &["cast-iron-skillet"]),
    ]);
}

#[test]
fn slips_of_the_finger_are_forgiven_in_korean() {
    check(&[
        ("모그", &["blue-mug"]),
        ("머그켭", &["blue-mug"]),
        ("우싼", &["compact-umbrella"]),
        ("만년핀", &["brass-fountain-pen"]),
        ("그라인덩", &["hand-coffee-grinder"]),
        ("프라이펜", &["cast-iron-skillet"]),
        ("밸낭", &["trail-backpack"]),
    ]);
}

#[test]
fn a_name_ranks_before_a_tag_and_a_tag_before_a_description() {
    let [name, tag, description] =
        [1, 2, 3].map(|n| ProductId::from_uuid(uuid::Uuid::from_u128(n)));
    let mut index = Index::default();
    for (id, field) in [(description, Field::Description), (tag, Field::Tag), (name, Field::Name)] {
        index.insert(&Document { id, texts: vec![(field, "lantern".to_owned())] });
    }

    let mut hits = index.search("lantern");
    hits.sort_by_key(|(_, score)| Reverse(*score));

    assert_eq!(hits.iter().map(|(id, _)| *id).collect::<Vec<_>>(), [name, tag, description]);
}

#[test]
fn a_word_that_exists_is_not_taken_for_a_slip() {
    let shelf = Shelf::of_the_shop();

    assert!(!shelf.found("chair").contains(&"entry-hooks"));
    assert!(shelf.found("pan").contains(&"cast-iron-skillet"));
}

#[test]
fn what_the_shop_does_not_have_is_not_found() {
    let shelf = Shelf::of_the_shop();

    for query in [
        "",
        "   ",
        "!?",
        "zzzz",
        "blue bicycle",
        "냉장고",
        "가나다라마바사",
        "qwertyuiop",
        &"머그컵".repeat(30),
    ] {
        assert_eq!(shelf.found(query), Vec::<&str>::new(), "{query:?}");
    }
}

#[test]
fn a_product_is_found_by_its_latest_words_only() {
    let id = ProductId::generate();
    let document = |text: &str| Document { id, texts: vec![(Field::Name, text.to_owned())] };
    let mut index = Index::default();
    index.insert(&document("harmonica"));

    index.insert(&document("melodica"));

    assert_eq!(index.search("melodica"), [(id, 800)]);
    assert!(index.search("harmonica").is_empty());
    index.remove(id);
    assert!(index.search("melodica").is_empty());
}
