//! With a certificate.

use std::fs;
use std::process::Command;

use super::shop::Setup;

/// A certificate of our own, for `localhost`, and its key, in one file as HAProxy wants it.
fn certificate(folder: &std::path::Path) -> String {
    let (key, cert) = (folder.join("key.pem"), folder.join("cert.pem"));
    let made = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"])
        .args(["-nodes", "-days", "1", "-subj", "/CN=localhost"])
        .args(["-addext", "subjectAltName=DNS:localhost"])
        .args(["-addext", "basicConstraints=critical,CA:FALSE"])
        .arg("-keyout")
        .arg(&key)
        .arg("-out")
        .arg(&cert)
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let certificate = fs::read_to_string(&cert).unwrap();
    let both = format!("{certificate}{}", fs::read_to_string(&key).unwrap());
    fs::write(folder.join("both.pem"), both).unwrap();
    certificate
}

#[tokio::test]
async fn a_certificate_turns_tls_on_and_sends_everybody_there() {
    let dir = tempfile::tempdir().unwrap();
    let certificate = certificate(dir.path());
    let file = dir.path().join("both.pem").display().to_string();
    let shop = Setup::default().env("GATEWAY_TLS_CERT", file).start();

    // Plain: to the same page under https, and nothing else.
    let plain = shop.get("/products?q=mug");
    assert_eq!(plain.status, 308);
    assert_eq!(plain.header("location"), Some("https://shop.example:8443/products?q=mug"));
    assert_eq!(plain.header("strict-transport-security"), None);
    assert!(shop.replica("storefront", 1).seen().is_empty());

    let client = reqwest::Client::builder()
        .tls_certs_only([reqwest::Certificate::from_pem(certificate.as_bytes()).unwrap()])
        .resolve("localhost", shop.tls())
        .build()
        .unwrap();
    let answer = client.get("https://localhost:8443/products").send().await.unwrap();

    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["strict-transport-security"], "max-age=31536000");
    let body: serde_json::Value = answer.json().await.unwrap();
    assert_eq!(body["by"], "storefront-1");
    assert_eq!(body["headers"]["x-forwarded-proto"], "https");
}
