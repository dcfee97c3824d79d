use std::{
    collections::BTreeMap,
    error::Error,
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use bytes::Bytes;
use contracts::ManualClock;
use domain::{OperatorScopes, Secret, Timestamp};
use http::{Request, Response, StatusCode, header};
use ports::{
    Clock, Fetch, IdentityProvider as _,
    identity::{Identified, NotIdentified, SignInAttempt},
};
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _},
};
use serde_json::{Value, json};

use super::*;

const ISSUER: &str = "https://id.example.com";
const NOW: i64 = 1_800_000_000;
const CALLBACK: &str = "https://hooks.example.com/operator/oidc/callback";

/// Provider: answers by path, and the requests that it was sent.
#[derive(Default)]
struct Provider {
    answers: Mutex<BTreeMap<String, (StatusCode, String)>>,
    asked: Mutex<Vec<Request<Bytes>>>,
}

impl Provider {
    fn answers(&self, path: &str, status: StatusCode, body: &Value) {
        let answer = (status, body.to_string());
        self.answers.lock().unwrap().insert(format!("{ISSUER}{path}"), answer);
    }

    /// Number of requests of `path` so far.
    fn asked(&self, path: &str) -> usize {
        let asked = self.asked.lock().unwrap();
        asked.iter().filter(|request| request.uri().path() == path).count()
    }
}

#[async_trait]
impl Fetch for Provider {
    async fn fetch(
        &self,
        request: &Request<Bytes>,
    ) -> Result<Response<Bytes>, Box<dyn Error + Send + Sync>> {
        self.asked.lock().unwrap().push(request.clone());
        let answers = self.answers.lock().unwrap();
        let (status, body) = answers.get(&request.uri().to_string()).ok_or("nobody is there")?;
        Ok(Response::builder().status(*status).body(body.clone().into())?)
    }
}

/// Key of the provider, by its name.
struct SigningKey {
    kid: &'static str,
    pair: EcdsaKeyPair,
}

impl SigningKey {
    fn new(kid: &'static str) -> Self {
        let (alg, random) = (&ECDSA_P256_SHA256_FIXED_SIGNING, SystemRandom::new());
        let made = EcdsaKeyPair::generate_pkcs8(alg, &random).unwrap();
        Self { kid, pair: EcdsaKeyPair::from_pkcs8(alg, made.as_ref(), &random).unwrap() }
    }

    fn jwk(&self) -> Value {
        let (x, y) = self.pair.public_key().as_ref()[1..].split_at(32);
        let (x, y) = (BASE64.encode(x), BASE64.encode(y));
        json!({"kty": "EC", "crv": "P-256", "kid": self.kid, "x": x, "y": y})
    }

    fn token(&self, claims: &Value) -> String {
        let header = json!({"alg": "ES256", "kid": self.kid}).to_string();
        let signed = format!("{}.{}", BASE64.encode(header), BASE64.encode(claims.to_string()));
        let signature = self.pair.sign(&SystemRandom::new(), signed.as_bytes()).unwrap();
        format!("{signed}.{}", BASE64.encode(signature))
    }
}

struct World {
    provider: Arc<Provider>,
    clock: Arc<ManualClock>,
    oidc: OpenIdConnect,
    key: SigningKey,
}

fn metadata() -> Value {
    json!({
        "issuer": ISSUER,
        "authorization_endpoint": format!("{ISSUER}/authorize?tenant=1"),
        "token_endpoint": format!("{ISSUER}/token"),
        "jwks_uri": format!("{ISSUER}/keys"),
    })
}

fn claims() -> Value {
    json!({
        "iss": ISSUER, "sub": "00u1", "aud": "latchhook", "exp": NOW + 300, "iat": NOW,
        "nonce": "nonce", "email": "ada@example.com", "email_verified": true,
    })
}

fn attempt() -> SignInAttempt {
    SignInAttempt {
        state: Secret::new("state"),
        nonce: Secret::new("nonce"),
        // RFC 7636, appendix B.
        verifier: Secret::new("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
    }
}

impl World {
    fn new() -> Self {
        let provider = Arc::new(Provider::default());
        let clock = Arc::new(ManualClock::at(Timestamp::from_millis(NOW * 1000)));
        let options = Options {
            issuer: ISSUER.to_owned(),
            client_id: "latchhook".to_owned(),
            allowed: Allowed { domains: vec!["example.com".to_owned()], ..Allowed::default() },
            scopes: OperatorScopes::All,
            name: "Example".to_owned(),
        };
        let (fetch, time): (Arc<dyn Fetch>, Arc<dyn Clock>) = (provider.clone(), clock.clone());
        let secret = Arc::new(Secret::new("s3cret/+"));
        let oidc = OpenIdConnect::new(options, secret, CALLBACK.to_owned(), fetch, time);
        let key = SigningKey::new("k1");
        provider.answers("/.well-known/openid-configuration", StatusCode::OK, &metadata());
        provider.answers("/keys", StatusCode::OK, &json!({ "keys": [key.jwk()] }));
        Self { provider, clock, oidc, key }
    }

    /// Has the provider answer with `token` and comes back to it.
    async fn comes_back(&self, token: &str) -> Result<Identified, String> {
        self.provider.answers("/token", StatusCode::OK, &json!({ "id_token": token }));
        let came = self.oidc.identify(&Secret::new("the-code"), &attempt()).await;
        came.map_err(|why| why.to_string())
    }

    async fn with(&self, name: &str, value: Value) -> Result<Identified, String> {
        let mut claims = claims();
        claims[name] = value;
        self.comes_back(&self.key.token(&claims)).await
    }
}

#[tokio::test]
async fn a_reader_is_sent_to_the_provider_with_state_nonce_and_challenge() {
    let world = World::new();
    let url = world.oidc.authorization_url(&attempt()).await.unwrap();
    let expected = format!(
        "{ISSUER}/authorize?tenant=1&response_type=code&client_id=latchhook\
         &redirect_uri=https%3A%2F%2Fhooks.example.com%2Foperator%2Foidc%2Fcallback\
         &scope=openid+email+profile&state=state&nonce=nonce\
         &code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256"
    );
    assert_eq!(url, expected);
}

#[tokio::test]
async fn a_code_is_redeemed_for_the_person_by_the_verifier_and_the_clients_secret() {
    let world = World::new();
    let person = world.comes_back(&world.key.token(&claims())).await.unwrap();
    let expected = Identified {
        subject: "00u1".to_owned(),
        name: "ada@example.com".to_owned(),
        scopes: OperatorScopes::All,
    };
    assert_eq!(person, expected);
    let asked = world.provider.asked.lock().unwrap();
    let token = asked.iter().find(|request| request.uri().path() == "/token").unwrap();
    let form = form_urlencoded::parse(token.body()).into_owned().collect::<BTreeMap<_, _>>();
    assert_eq!(form["code"], "the-code");
    assert_eq!(form["code_verifier"], attempt().verifier.expose());
    assert_eq!(
        (form["redirect_uri"].as_str(), form.contains_key("client_secret")),
        (CALLBACK, false)
    );
    // Each half is encoded for itself: latchhook:s3cret%2F%2B
    let basic = &token.headers()[header::AUTHORIZATION];
    assert_eq!(basic, "Basic bGF0Y2hob29rOnMzY3JldCUyRiUyQg==");
    assert!(basic.is_sensitive());
}

#[tokio::test]
async fn a_provider_that_takes_the_secret_in_the_form_alone_gets_it_there() {
    let world = World::new();
    let mut metadata = metadata();
    metadata["token_endpoint_auth_methods_supported"] = json!(["client_secret_post"]);
    world.provider.answers("/.well-known/openid-configuration", StatusCode::OK, &metadata);
    assert!(world.comes_back(&world.key.token(&claims())).await.is_ok());
    let asked = world.provider.asked.lock().unwrap();
    let token = asked.iter().find(|request| request.uri().path() == "/token").unwrap();
    let form = form_urlencoded::parse(token.body()).into_owned().collect::<BTreeMap<_, _>>();
    assert_eq!(
        (form["client_id"].as_str(), form["client_secret"].as_str()),
        ("latchhook", "s3cret/+")
    );
    assert!(token.headers().get(header::AUTHORIZATION).is_none());
}

#[tokio::test]
async fn a_token_that_is_not_for_this_sign_in_proves_nothing() {
    let world = World::new();
    for (name, value) in [
        ("iss", json!("https://id.example.org")),
        ("aud", json!("another")),
        ("azp", json!("another")),
        ("exp", json!(NOW - 61)),
        ("iat", json!(NOW + 61)),
        ("nonce", json!("another")),
        ("sub", json!("")),
    ] {
        let refused = world.with(name, value).await.unwrap_err();
        assert!(refused.contains("proves nothing"), "{name}: {refused}");
    }
    let impostor = SigningKey::new("k1").token(&claims());
    assert!(world.comes_back(&impostor).await.unwrap_err().contains("signature is wrong"));
    let unsigned = json!({"alg": "none"}).to_string();
    let unsigned = format!("{}.{}.", BASE64.encode(unsigned), BASE64.encode(claims().to_string()));
    assert!(world.comes_back(&unsigned).await.unwrap_err().contains("another algorithm"));
    assert!(world.comes_back(&world.key.token(&claims())).await.is_ok());
}

#[tokio::test]
async fn somebody_whose_address_is_not_allowed_or_not_verified_is_refused() {
    let world = World::new();
    for (name, value) in [("email", json!("ada@example.org")), ("email_verified", json!(false))] {
        assert_eq!(world.with(name, value).await.unwrap_err(), "that person may not sign in");
    }
}

#[tokio::test]
async fn keys_are_fetched_anew_for_an_unknown_name_but_once_a_minute() {
    let world = World::new();
    let token = world.key.token(&claims());
    for _ in 0..3 {
        assert!(world.comes_back(&token).await.is_ok());
    }
    let configured = world.provider.asked("/.well-known/openid-configuration");
    assert_eq!((world.provider.asked("/keys"), configured), (1, 1));
    let next = SigningKey::new("k2");
    let keys = json!({ "keys": [world.key.jwk(), next.jwk()] });
    world.provider.answers("/keys", StatusCode::OK, &keys);
    let token = next.token(&claims());
    for _ in 0..3 {
        let refused = world.comes_back(&token).await.unwrap_err();
        assert!(refused.contains("a key that the provider does not have"), "{refused}");
    }
    assert_eq!(world.provider.asked("/keys"), 1);
    world.clock.advance(Duration::from_mins(1));
    assert!(world.comes_back(&token).await.is_ok());
    assert_eq!(world.provider.asked("/keys"), 2);
    world.clock.advance(Duration::from_mins(3));
    assert!(world.comes_back(&token).await.is_ok());
    assert_eq!(world.provider.asked("/keys"), 2);
}

#[tokio::test]
async fn a_discovery_document_of_another_or_without_tls_is_not_used() {
    for (name, value) in [
        ("issuer", "https://id.example.org"),
        ("token_endpoint", "http://id.example.com/token"),
        ("jwks_uri", "http://id.example.com/keys"),
    ] {
        let world = World::new();
        let mut metadata = metadata();
        metadata[name] = json!(value);
        world.provider.answers("/.well-known/openid-configuration", StatusCode::OK, &metadata);
        let refused = world.oidc.authorization_url(&attempt()).await.unwrap_err();
        assert!(matches!(refused, NotIdentified::Unavailable(_)), "{name}");
        assert_eq!(world.provider.asked("/token"), 0);
    }
}

#[tokio::test]
async fn a_wrong_code_proves_nothing_and_any_other_trouble_is_the_providers() {
    let world = World::new();
    let code = Secret::new("the-code");
    let error = json!({"error": "invalid_grant"});
    world.provider.answers("/token", StatusCode::BAD_REQUEST, &error);
    let refused = world.oidc.identify(&code, &attempt()).await.unwrap_err();
    assert!(matches!(refused, NotIdentified::Unproven("the code is none")));
    for status in [StatusCode::UNAUTHORIZED, StatusCode::FOUND, StatusCode::BAD_GATEWAY] {
        world.provider.answers("/token", status, &json!({}));
        let refused = world.oidc.identify(&code, &attempt()).await.unwrap_err();
        assert!(matches!(refused, NotIdentified::Unavailable(_)), "{status}");
    }
}
