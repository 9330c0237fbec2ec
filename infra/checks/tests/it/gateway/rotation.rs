//! Keys change while the shop is open.

use chassis::auth::{Role, Subject, TokenSigner};
use chrono::TimeDelta;
use gateway_keys::Follower;
use shop_kernel::{Clock as _, CustomerId, SystemClock};

use super::shop::{Setup, Shop, jwks};
use super::upstream::Replica;

fn status(shop: &Shop, signer: &TokenSigner) -> u16 {
    let subject = Subject::Customer(CustomerId::generate());
    let now = SystemClock.now();
    let token = signer.token(subject, &[Role::Customer], now, TimeDelta::minutes(10)).unwrap();
    let header = format!("Bearer {token}");
    shop.ask("GET", "/api/v1/orders", &[("authorization", &header)], "").status
}

#[tokio::test]
async fn new_keys_are_taken_and_withdrawn_ones_refused_without_a_restart() {
    let shop = Setup::default().with_master().start();
    let (old, new) = (shop.signer.clone(), TokenSigner::generate().unwrap());
    let address = (shop.public().ip(), 8101).into();
    let identity = Replica::start("identity".to_owned(), address);
    let url = format!("http://{address}/.well-known/jwks.json");
    let mut follower = Follower::new(url, shop.keys.clone(), shop.master()).unwrap();
    assert_eq!((status(&shop, &old), status(&shop, &new)), (200, 401));

    // Announced: both count, and nobody was turned away meanwhile.
    identity.say(&jwks(&[&new, &old]));
    assert!(follower.look().await.unwrap());
    shop.until("the new key to count", || (status(&shop, &new) == 200).then_some(()));
    assert_eq!(status(&shop, &old), 200);
    assert!(!follower.look().await.unwrap(), "nothing has changed since");

    // Leaked: the old one counts no more.
    identity.say(&jwks(&[&new]));
    assert!(follower.look().await.unwrap());
    shop.until("the old key to count no more", || (status(&shop, &old) == 401).then_some(()));
    assert_eq!(status(&shop, &new), 200);

    // An identity that has lost its mind changes nothing.
    identity.say(b"{\"keys\":[]}");
    assert!(follower.look().await.is_err());
    identity.kill();
    assert!(follower.look().await.is_err());
    assert_eq!(status(&shop, &new), 200);
}
