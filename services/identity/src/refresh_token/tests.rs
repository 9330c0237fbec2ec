use super::*;

fn noon() -> DateTime<Utc> {
    "2026-11-20T12:00:00Z".parse().unwrap()
}

fn family() -> Family {
    Family { newest: 3, expires_at: noon() + TimeDelta::days(30), is_revoked: false }
}

fn salt() -> Salt {
    Salt("5a17".to_owned())
}

fn used(place: i32, at: DateTime<Utc>) -> Stored {
    Stored { place, used: Some((at, salt())) }
}

#[test]
fn a_token_reads_back_from_what_its_holder_gets() {
    let token = RefreshToken::generate().unwrap();

    let read: RefreshToken = token.expose().parse().unwrap();

    assert_eq!(read.hash(), token.hash());
}

#[test]
fn what_is_no_token_is_refused() {
    let token = RefreshToken::generate().unwrap().expose().to_owned();

    for text in ["", "rft_", "gst_00", &token[..67], &token.to_uppercase(), &format!("{token}0")] {
        assert_eq!(text.parse::<RefreshToken>().unwrap_err(), InvalidRefreshToken, "{text}");
    }
}

#[test]
fn a_token_is_never_printed() {
    let token = RefreshToken::generate().unwrap();

    assert!(!format!("{token:?}").contains(&token.expose()[4..]));
}

#[test]
fn a_successor_follows_from_token_and_salt_and_from_nothing_less() {
    let token = RefreshToken::generate().unwrap();
    let other = RefreshToken::generate().unwrap();

    let successor = token.successor(&salt());

    assert_eq!(successor.expose(), token.successor(&salt()).expose());
    assert_ne!(successor.expose(), token.successor(&Salt::generate().unwrap()).expose());
    assert_ne!(successor.expose(), other.successor(&salt()).expose());
    assert!(successor.expose().parse::<RefreshToken>().is_ok());
}

#[test]
fn the_newest_token_is_traded_for_a_successor() {
    let newest = Stored { place: 3, used: None };

    assert_eq!(family().judge(&newest, noon()), Verdict::Rotate);
}

#[test]
fn the_token_before_yields_the_same_successor_for_ten_seconds() {
    let previous = used(2, noon());

    for (seconds, verdict) in
        [(0, Verdict::Repeat(salt())), (10, Verdict::Repeat(salt())), (11, Verdict::Reused)]
    {
        let later = noon() + TimeDelta::seconds(seconds);
        assert_eq!(family().judge(&previous, later), verdict, "after {seconds} s");
    }
}

#[test]
fn an_older_token_means_theft_however_young_it_is() {
    let older = used(1, noon());

    assert_eq!(family().judge(&older, noon()), Verdict::Reused);
}

#[test]
fn no_token_outlives_its_session() {
    let revoked = Family { is_revoked: true, ..family() };
    let expired = Family { expires_at: noon(), ..family() };

    for family in [revoked, expired] {
        for token in [Stored { place: 3, used: None }, used(2, noon()), used(1, noon())] {
            assert_eq!(family.judge(&token, noon()), Verdict::Ended, "{token:?}");
        }
    }
}
