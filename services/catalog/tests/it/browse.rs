//! Lists, filters, search and pages, as a shopper's browser asks for them.

use std::collections::BTreeSet;

use catalog::seed::Range;
use reqwest::StatusCode;
use serde_json::json;

use crate::support::{Shop, product};

/// Everything in a list, page by page.
async fn paged(shop: &Shop, query: &str, limit: usize) -> Vec<String> {
    let (mut all, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("/products?{query}&limit={limit}{cursor}");
        let (slugs, next) = shop.slugs(&path).await;
        assert!(slugs.len() <= limit);
        all.extend(slugs);
        match next {
            Some(next) => cursor = format!("&after={next}"),
            None => return all,
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_product_tells_what_a_page_about_it_needs() {
    for shop in Shop::all().await {
        let (status, pen) = shop.get("/products/brass-fountain-pen").await;

        assert_eq!(status, StatusCode::OK);
        assert_eq!(pen["id"], product("brass-fountain-pen").to_string());
        assert_eq!(pen["version"], 1);
        assert_eq!(pen["category"], "desk");
        assert_eq!(pen["name"], json!({ "en": "Brass Fountain Pen", "ko": "황동 만년필" }));
        assert_eq!(
            pen["prices"],
            json!([
                { "minor": 74000, "currency": "KRW" },
                { "minor": 5700, "currency": "USD" },
            ])
        );
        assert_eq!(pen["stock"], json!({ "state": "few_left", "left": 3 }));
        assert_eq!(pen["picture"], "brass-fountain-pen");
        let (_, by_id) = shop.get(&format!("/products/{}", product("brass-fountain-pen"))).await;
        assert_eq!(by_id, pen);
        let (_, mug) = shop.get("/products/blue-mug").await;
        assert_eq!(mug["stock"], json!({ "state": "in_stock" }));
        let (_, gone) = shop.get("/products/music-box").await;
        assert_eq!(gone["stock"], json!({ "state": "sold_out" }));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_order_of_a_list_is_kept_from_page_to_page() {
    let range = Range::built_in().unwrap();
    for shop in Shop::all().await {
        let price = |currency: &str, slug: &str| {
            let found = range.products.iter().map(|p| p.details()).find(|p| p.slug == slug);
            let price = found.unwrap().price;
            if currency == "KRW" { price.krw } else { price.usd }
        };
        for query in [
            "sort=popular",
            "sort=newest",
            "sort=price_asc&currency=KRW",
            "sort=price_desc&currency=KRW",
            "sort=price_asc&currency=USD",
            "sort=price_desc&currency=USD",
        ] {
            let all = paged(&shop, query, 100).await;

            assert_eq!(paged(&shop, query, 7).await, all, "{query}");
            assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), range.products.len(), "{query}");
        }
        let cheapest = paged(&shop, "sort=price_asc&currency=USD", 9).await;
        assert!(cheapest.is_sorted_by_key(|slug| price("USD", slug)));
        let dearest = paged(&shop, "sort=price_desc&currency=KRW", 9).await;
        assert!(dearest.is_sorted_by_key(|slug| -price("KRW", slug)));
        assert_eq!(paged(&shop, "sort=popular", 1).await[..2], ["blue-mug", "house-blend-beans"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_neither_repeats_nor_skips_when_the_range_changes_between_two() {
    for shop in Shop::all().await {
        let before = paged(&shop, "sort=popular", 100).await;
        let (first, cursor) = shop.slugs("/products?sort=popular&limit=10").await;
        let (_, mug) = shop.get("/products/blue-mug").await;
        let body = json!({ "product": details(&mug, "new-first", 999_999), "stock": 1 });

        let (status, _) = shop.post("/products", "one-more", &body).await;

        assert_eq!(status, StatusCode::CREATED);
        let rest = format!("/products?sort=popular&limit=100&after={}", cursor.unwrap());
        let (rest, _) = shop.slugs(&rest).await;
        assert_eq!([first, rest].concat(), before);
        assert_eq!(paged(&shop, "sort=popular", 5).await[0], "new-first");
    }
}

fn details(like: &serde_json::Value, slug: &str, popularity: u32) -> serde_json::Value {
    json!({
        "slug": slug,
        "category": like["category"],
        "name": like["name"],
        "description": like["description"],
        "price": { "krw": 18000, "usd": 1400 },
        "picture": slug,
        "popularity": popularity,
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_narrow_a_list() {
    let range = Range::built_in().unwrap();
    for shop in Shop::all().await {
        let expected = |keep: &dyn Fn(&catalog::product::ProductDetails) -> bool| -> BTreeSet<_> {
            let all = range.products.iter().map(|product| product.details());
            all.filter(|details| keep(details)).map(|details| details.slug).collect()
        };
        let found = async |query: &str| -> BTreeSet<String> {
            paged(&shop, query, 10).await.into_iter().collect()
        };

        assert_eq!(found("category=desk").await, expected(&|d| d.category == "desk"));
        assert_eq!(
            found("min_price=2000&max_price=4000&currency=USD").await,
            expected(&|d| (2000..=4000).contains(&d.price.usd))
        );
        assert_eq!(
            found("category=play&max_price=30000&currency=KRW&sort=price_desc").await,
            expected(&|d| d.category == "play" && d.price.krw <= 30000)
        );
        assert_eq!(found("category=nowhere").await, BTreeSet::new());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn text_is_found_in_both_languages_and_in_spite_of_slips() {
    for shop in Shop::all().await {
        for (text, first) in [
            ("mug", "blue-mug"),
            ("umbrela", "compact-umbrella"),
            ("녹차", "jeju-green-tea"),
            ("우싼", "compact-umbrella"),
            ("커피그라인더", "hand-coffee-grinder"),
        ] {
            let (slugs, _) = shop.slugs(&format!("/products?q={text}")).await;
            assert_eq!(slugs.first().map(String::as_str), Some(first), "{text}");
        }
        let (slugs, _) = shop.slugs("/products?q=냉장고").await;
        assert_eq!(slugs, Vec::<String>::new());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_pages_filters_and_sorts_like_any_list() {
    for shop in Shop::all().await {
        let by_relevance = paged(&shop, "q=walnut", 100).await;

        assert!(by_relevance.len() > 2, "{by_relevance:?}");
        assert_eq!(paged(&shop, "q=walnut", 2).await, by_relevance);
        let mut by_price = paged(&shop, "q=walnut&sort=price_asc&currency=KRW", 2).await;
        let desk = paged(&shop, "q=walnut&category=desk", 2).await;
        by_price.sort_unstable();
        let mut sorted = by_relevance.clone();
        sorted.sort_unstable();
        assert_eq!(by_price, sorted);
        assert!(desk.len() < by_relevance.len() && !desk.is_empty());
        assert_eq!(paged(&shop, "q=%20", 100).await, paged(&shop, "sort=popular", 100).await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn several_products_come_in_the_order_asked_without_those_that_do_not_exist() {
    for shop in Shop::all().await {
        let unknown = shop_kernel::ProductId::generate();
        let (pen, mug) = (product("brass-fountain-pen"), product("blue-mug"));

        let (slugs, _) = shop.slugs(&format!("/products/batch?ids={pen},{unknown},{mug}")).await;

        assert_eq!(slugs, ["brass-fountain-pen", "blue-mug"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn categories_count_what_is_on_sale() {
    let range = Range::built_in().unwrap();
    for shop in Shop::all().await {
        let (_, mug) = shop.get("/products/blue-mug").await;
        let mut product = details(&mug, "blue-mug", 980);
        product["on_sale"] = false.into();
        let change = json!({ "version": 1, "product": product });
        shop.put(&format!("/products/{}", mug["id"].as_str().unwrap()), &change).await;

        let (status, body) = shop.get("/categories").await;

        assert_eq!(status, StatusCode::OK);
        let listed: Vec<_> = body["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|c| (c["slug"].as_str().unwrap(), c["products"].as_u64().unwrap()))
            .collect();
        let expected: Vec<_> = range
            .categories
            .iter()
            .map(|category| {
                let all = range.products.iter().filter(|p| p.details().category == category.slug);
                let off_sale = u64::from(category.slug == "kitchen");
                (category.slug.as_str(), all.count() as u64 - off_sale)
            })
            .collect();
        assert_eq!(listed, expected);
        let (slugs, _) = shop.slugs("/products?limit=100").await;
        assert!(!slugs.contains(&"blue-mug".to_owned()), "a product off sale is listed");
        assert_eq!(shop.get("/products/blue-mug").await.1["on_sale"], false);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_queries_are_refused_with_a_reason() {
    let shop = Shop::embedded().await;
    let (_, cursor) = shop.slugs("/products?sort=newest&limit=1").await;
    let other_list = format!("/products?sort=popular&after={}", cursor.unwrap());
    let long = format!("/products?q={}", "a".repeat(101));
    let many = vec![product("blue-mug").to_string(); 101].join(",");
    let many = format!("/products/batch?ids={many}");
    let cases = [
        ("/products?limit=0", 422, "not-valid"),
        ("/products?limit=101", 422, "not-valid"),
        ("/products?limit=many", 400, "query-not-valid"),
        ("/products?color=blue", 400, "query-not-valid"),
        ("/products?sort=random", 400, "query-not-valid"),
        ("/products?currency=EUR", 400, "query-not-valid"),
        ("/products?min_price=-1&currency=KRW", 422, "not-valid"),
        ("/products?min_price=100", 422, "currency-needed"),
        ("/products?sort=price_asc", 422, "currency-needed"),
        ("/products?after=page2", 400, "cursor-not-valid"),
        (&other_list, 400, "cursor-not-valid"),
        (&long, 422, "not-valid"),
        ("/products/batch", 400, "query-not-valid"),
        ("/products/batch?ids=", 422, "ids-not-valid"),
        ("/products/batch?ids=blue-mug", 422, "ids-not-valid"),
        (&many, 422, "ids-not-valid"),
        ("/products/unicorn", 404, "product-not-found"),
        ("/products/prd_00000000000070008000000000000000", 404, "product-not-found"),
        ("/product", 404, "not-found"),
    ];

    for (path, status, code) in cases {
        let (got, problem) = shop.get(path).await;
        assert_eq!(got.as_u16(), status, "{path}: {problem}");
        assert_eq!(problem["code"], code, "{path}: {problem}");
    }
}
