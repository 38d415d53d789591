//! The first days of an office over HTTP: codes accepted, a county founded, an officer appointed by two people.

use std::sync::Arc;

use api::{ApiState, Settings};
use app::organisation::{FoundingOfficers, found_office};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use domain::organisation::UnitPlan;
use domain::organisation::second_factor::step_at;
use jiff::SignedDuration;
use kernel::clock::{Clock, FixedClock, SeededEntropy};
use kernel::ids::UnitId;
use serde_json::{Value, json};
use store::accounts::{InvitationCode, TotpSecret, invitation};
use store::installation::{self, Installation, Kind};
use store::keys::KeyFile;
use store::organisation::Founder;
use store::seal::Sealer;
use store::work::Store;
use testkit::TestDatabase;
use testkit::office::{CITY, TENGZHOU, TODAY, division};
use tower::ServiceExt;

/// A password nobody would guess.
const PASSWORD: &str = "荆河的柳树又发芽了呢对吧";

struct Town {
    database: TestDatabase,
    store: Store,
    clock: Arc<FixedClock>,
    router: Router,
    root: UnitId,
    /// The administrator's and the approvers' codes.
    codes: Vec<String>,
}

struct Told {
    status: StatusCode,
    headers: HeaderMap,
    body: Value,
}

impl Told {
    fn cookie(&self) -> String {
        let cookie = self.headers["set-cookie"].to_str().unwrap();
        cookie.split(';').next().unwrap().to_owned()
    }
}

impl Town {
    async fn found() -> Self {
        let database = TestDatabase::new().await;
        let clock = Arc::new(FixedClock::on(TODAY));
        let entropy = Arc::new(SeededEntropy::new(11));
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("test.keys");
        let keys = KeyFile::create(&path, &*clock, &*entropy).unwrap();
        let sealer = Arc::new(Sealer::new(&keys, entropy.clone()));
        let installation = Installation {
            id: UnitId::generate(clock.now(), &*entropy).uuid(),
            kind: Kind::Office,
            keys: keys.fingerprint(),
            shift_days: 0,
        };
        let owner = &database.owner;
        installation::found(owner, &installation, clock.now())
            .await
            .unwrap();
        let founder = Founder {
            owner,
            entropy: &*entropy,
            now: clock.now(),
        };
        let officers = FoundingOfficers {
            admin: "管理员（虚构）",
            approvers: ["审批甲（虚构）", "审批乙（虚构）"],
        };
        let plan = UnitPlan::of_division(division(CITY), "枣庄市");
        let founded = found_office(&founder, &sealer, &plan, &officers)
            .await
            .unwrap();
        let store = Store::new(database.app.clone(), sealer, clock.clone(), entropy);
        let state = ApiState::over("9.9.9", store.clone()).with_settings(Settings::default());
        let codes = founded
            .officers
            .iter()
            .map(|one| one.code.reveal().to_owned());
        Self {
            codes: codes.collect(),
            router: api::router(state),
            root: founded.unit,
            database,
            store,
            clock,
        }
    }

    async fn ask(&self, method: &str, path: &str, cookie: &str, body: Value) -> Told {
        let key = uuid::Uuid::from_u128(self.clock.now().as_millisecond() as u128).to_string();
        self.clock.advance(SignedDuration::from_millis(1));
        let mut request = Request::builder()
            .method(method)
            .uri(format!("/api/organisation/{path}"))
            .header("host", "hutong.example")
            .header("origin", "https://hutong.example")
            .header("idempotency-key", key)
            .header("cookie", cookie);
        let body = match body {
            Value::Null => Body::empty(),
            body => {
                request = request.header("content-type", "application/json");
                Body::from(body.to_string())
            }
        };
        let response = self
            .router
            .clone()
            .oneshot(request.body(body).unwrap())
            .await
            .unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, 1 << 20).await.unwrap();
        Told {
            status: parts.status,
            headers: parts.headers,
            body: serde_json::from_slice(&bytes).unwrap_or(Value::Null),
        }
    }

    fn digits(&self, secret: &TotpSecret) -> String {
        self.clock.advance(SignedDuration::from_secs(30));
        secret.code(step_at(self.clock.now()))
    }

    /// Makes an account by a code; answers the second factor, if there is one.
    async fn accept(&self, code: &str, login: &str) -> Option<TotpSecret> {
        let opened = self
            .ask("POST", "invitation/opening", "", json!({ "code": code }))
            .await;
        assert_eq!(opened.status, StatusCode::OK, "{}", opened.body);
        let needed = opened.body["second_factor_needed"].as_bool().unwrap();
        assert!(
            opened.body["second_factor"]
                .as_str()
                .unwrap()
                .starts_with("otpauth://totp/")
        );
        let code = InvitationCode::typed(code);
        let invited = invitation(&self.store, &code).await.unwrap().unwrap();
        let secret = invited.second_factor.filter(|_| needed);
        let digits = secret.as_ref().map(|secret| self.digits(secret));
        let body = json!({
            "code": code.reveal(), "login": login, "password": PASSWORD, "second_factor": digits,
        });
        let accepted = self.ask("POST", "invitation/acceptance", "", body).await;
        assert_eq!(accepted.status, StatusCode::OK, "{}", accepted.body);
        let codes = accepted.body["recovery_codes"].as_array().unwrap().len();
        assert_eq!(codes, if needed { 8 } else { 0 });
        secret
    }

    /// What an administrator and an officer see of it, and that an officer is out once signed out.
    async fn look_around(&self, admin: &str, officer: &str) {
        let me = self.ask("GET", "me", officer, Value::Null).await;
        assert_eq!(
            (&me.body["role"], &me.body["proved"]),
            (&json!("county_officer"), &json!(true))
        );
        let officers = self
            .ask("GET", "officers?limit=1", admin, Value::Null)
            .await;
        assert_eq!(officers.body["items"][0]["account"]["login"], "admin.one");
        let next = officers.body["next"].as_str().unwrap();
        let rest = self
            .ask(
                "GET",
                &format!("officers?cursor={next}"),
                admin,
                Value::Null,
            )
            .await;
        assert_eq!(rest.body["items"].as_array().unwrap().len(), 3);
        let tally = self.ask("GET", "officers/tally", admin, Value::Null).await;
        assert_eq!(
            tally.body,
            json!({ "officers": 4, "active": 3, "locked": 0 })
        );
        let out = self.ask("DELETE", "session", officer, Value::Null).await;
        assert_eq!(out.status, StatusCode::NO_CONTENT);
        let me = self.ask("GET", "me", officer, Value::Null).await;
        assert_eq!(me.status, StatusCode::UNAUTHORIZED);
    }

    async fn sign_in(&self, login: &str, secret: Option<&TotpSecret>) -> Told {
        let code = secret.map(|secret| self.digits(secret));
        let body = json!({ "login": login, "password": PASSWORD, "code": code });
        self.ask("POST", "session", "", body).await
    }
}

#[tokio::test]
async fn two_people_let_a_county_officer_in() {
    let town = Town::found().await;
    let admin = town.accept(&town.codes[0], "admin.one").await;
    let approver = town.accept(&town.codes[1], "approver.one").await;
    let signed_in = town.sign_in("admin.one", admin.as_ref()).await;
    assert_eq!(
        signed_in.body["post"]["role"], "admin",
        "{}",
        signed_in.body
    );
    let admin = signed_in.cookie();
    let approver = town
        .sign_in("approver.one", approver.as_ref())
        .await
        .cookie();
    let unit = json!({ "parent": town.root.uuid(), "division": TENGZHOU });
    let unit = town.ask("POST", "units", &admin, unit).await;
    assert_eq!(unit.status, StatusCode::CREATED, "{}", unit.body);
    let proposal = json!({
        "name": "经办（虚构）", "unit": unit.body["id"], "role": "county_officer", "from": TODAY,
    });
    let proposal = town.ask("POST", "proposals", &admin, proposal).await;
    assert_eq!(proposal.status, StatusCode::CREATED, "{}", proposal.body);
    let path = format!(
        "proposals/{}/confirmation",
        proposal.body["id"].as_str().unwrap()
    );
    let own = town.ask("POST", &path, &admin, Value::Null).await;
    assert_eq!(own.status, StatusCode::NOT_FOUND);
    let open = town.ask("GET", "proposals", &approver, Value::Null).await;
    assert_eq!(open.body["items"].as_array().unwrap().len(), 1);
    let confirmed = town.ask("POST", &path, &approver, Value::Null).await;
    let code = confirmed.body["code"].as_str().unwrap().to_owned();
    let again = town.ask("POST", &path, &approver, Value::Null).await;
    assert_eq!(
        again.status,
        StatusCode::NOT_FOUND,
        "the code is shown once"
    );
    town.accept(&code, "county.one").await;
    let officer = town.sign_in("county.one", None).await;
    assert!(
        officer.headers["set-cookie"]
            .to_str()
            .unwrap()
            .contains("Secure; HttpOnly; SameSite=Strict")
    );
    let officer = officer.cookie();
    town.look_around(&admin, &officer).await;
    town.database.remove().await;
}

#[tokio::test]
async fn wrong_secrets_are_told_alike_and_impatience_to_wait() {
    let town = Town::found().await;
    town.accept(&town.codes[0], "admin.one").await;
    let wrong = json!({ "login": "admin.one", "password": "wrong wrong wrong" });
    let nobody = json!({ "login": "nobody.here", "password": "wrong wrong wrong" });
    let mut first = town.ask("POST", "session", "", wrong.clone()).await;
    let mut second = town.ask("POST", "session", "", nobody).await;
    for told in [&mut first, &mut second] {
        told.body["instance"].take();
        assert_eq!(told.status, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(first.body, second.body);
    assert_eq!(first.body["code"], "sign_in.wrong");
    let half = town.sign_in("admin.one", None).await;
    assert_eq!(half.body["code"], "sign_in.second_factor");
    town.ask("POST", "session", "", wrong.clone()).await;
    let hasty = town.ask("POST", "session", "", wrong).await;
    assert_eq!(hasty.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(hasty.headers.contains_key("retry-after"));
    let invalid = town
        .ask("POST", "invitation/opening", "", json!({ "code": "0000" }))
        .await;
    assert_eq!(invalid.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(invalid.body["code"], "invitation.invalid");
    town.database.remove().await;
}
