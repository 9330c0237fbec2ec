//! Parts that fail, and what is seen of it.

use super::shop::{Setup, Shop};
use super::upstream::Mood;

#[test]
fn a_replica_that_fails_is_put_out_and_comes_back() {
    let shop = Setup::default().replicas("web-bff", 2).start();
    let post = || shop.ask("POST", "/graphql", &[], "{}");

    // Its health is said to be good: only its answers tell.
    shop.replica("web-bff", 1).set(Mood::Failing);
    shop.until("the failing one to be put out", || {
        post();
        (shop.serving("web-bff") == Some(1)).then_some(())
    });
    assert_eq!(post().by(), "web-bff-2");

    shop.replica("web-bff", 1).set(Mood::Well);
    shop.until_serving("web-bff", 2);
    shop.until("work for both", || (post().by() == "web-bff-1").then_some(()));
}

#[test]
fn a_503_of_the_mobile_bff_speaks_of_others() {
    let shop = Shop::start();
    shop.replica("mobile-bff", 1).set(Mood::Failing);

    for _ in 0..60 {
        assert_eq!(shop.get("/api/v1/products").status, 500);
    }

    assert_eq!(shop.serving("mobile-bff"), Some(1));
}

#[test]
fn a_replica_that_is_not_ready_gets_nothing() {
    let shop = Setup::default().replicas("storefront", 2).start();

    shop.replica("storefront", 2).set(Mood::Unready);
    shop.until_serving("storefront", 1);

    for _ in 0..4 {
        assert_eq!(shop.get("/").by(), "storefront-1");
    }
    shop.replica("storefront", 2).set(Mood::Well);
    shop.until_serving("storefront", 2);
}

#[test]
fn nobody_notices_that_one_of_two_has_died() {
    let shop = Setup::default().replicas("storefront", 2).replicas("web-bff", 2).start();

    shop.replica("storefront", 1).kill();
    shop.replica("web-bff", 1).kill();

    for _ in 0..20 {
        assert_eq!(shop.get("/").status, 200);
        // The connection was never made: this may be asked elsewhere, too.
        assert_eq!(shop.ask("POST", "/graphql", &[], "{}").status, 200);
    }
    shop.until_serving("web-bff", 1);
    shop.replica("web-bff", 1).come_back();
    shop.until_serving("web-bff", 2);
}

#[test]
fn what_may_have_happened_is_not_asked_twice() {
    let shop = Setup::default().replicas("web-bff", 2).start();
    for number in [1, 2] {
        shop.replica("web-bff", number).set(Mood::Dying);
    }
    let times = || [1, 2].map(|number| shop.replica("web-bff", number).seen().len()).iter().sum();

    let posted = shop.ask("POST", "/graphql", &[], "{}");
    let after_post: usize = times();
    let got = shop.get("/graphql");
    let after_get: usize = times();

    assert_eq!((posted.status, posted.problem().as_str()), (502, "unavailable"));
    assert_eq!(after_post, 1, "a mutation was repeated");
    assert_eq!(got.status, 502);
    assert_eq!(after_get - after_post, 3, "a question is asked again, twice");
}

#[test]
fn when_all_are_gone_people_get_a_page_and_programs_a_problem() {
    let shop = Shop::start();
    for part in ["storefront", "web-bff", "mobile-bff", "orders-ui"] {
        shop.replica(part, 1).kill();
        shop.until_serving(part, 0);
    }

    let page = shop.get("/products");
    assert_eq!((page.status, page.header("retry-after")), (503, Some("5")));
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
    assert_eq!(page.header("cache-control"), Some("no-store"));
    assert!(page.header("content-security-policy").unwrap().starts_with("default-src 'none'"));
    assert!(page.body.contains("The shop cannot show this page just now"), "{page:?}");
    for path in ["/graphql", "/api/v1/home", "/assets/orders-ui-0123456789ab.js"] {
        let answer = shop.get(path);
        assert_eq!((answer.status, answer.problem().as_str()), (503, "unavailable"), "{path}");
        assert_eq!(answer.header("retry-after"), Some("5"), "{path}");
    }
    // One part that is gone takes no other along.
    assert_eq!(shop.get("/assets/catalog-ui-0123456789ab.js").status, 200);
    assert_eq!(shop.operations("/readyz").status, 503);
    assert_eq!(shop.operations("/healthz").status, 200);

    shop.replica("storefront", 1).come_back();
    shop.replica("web-bff", 1).come_back();
    shop.until("the shop", || (shop.get("/products").status == 200).then_some(()));
    shop.until("readiness", || (shop.operations("/readyz").status == 200).then_some(()));
}
