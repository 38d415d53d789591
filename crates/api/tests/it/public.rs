//! The public pages over HTTP: a grandmother without an account, whoever guesses at codes, and what is answered where.

use api::{ApiState, Settings, operations, public_operations, public_router, router};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use jiff::SignedDuration;
use serde_json::{Value, json};
use store::applications::public::PublicStore;
use testkit::Office;
use testkit::builders::resident_id;
use testkit::office::{JINGHE, JINGHE_VILLAGE, Persona, TENGZHOU};
use testkit::public::Done;
use tower::ServiceExt;

const PHONE: &str = "154 0000 1234";

/// Every operation of the public listener, with a body that is well-formed and names nothing there is, and the answer.
/// One that is added stands here or fails the test.
const TABLE: [(&str, u16); 9] = [
    ("public.begin_case", 200),
    ("public.drop_photo", 404),
    ("public.entitlement", 200),
    ("public.keep_photo", 404),
    ("public.open_case", 404),
    ("public.places", 200),
    ("public.save_case", 404),
    ("public.status", 404),
    ("public.submit", 404),
];

fn body_of(id: &str) -> Value {
    // Another for each, since tries of one code wait for one another.
    let key = json!({ "code": id, "phone": PHONE });
    let with = |mut all: Value, name: &str, value: Value| {
        all[name] = value;
        all
    };
    match id {
        "public.begin_case" => json!({ "phone": PHONE, "form": {} }),
        "public.save_case" => with(key, "form", json!({})),
        "public.keep_photo" => with(
            with(key, "paper", json!("household_register")),
            "content",
            json!("AAAA"),
        ),
        "public.drop_photo" => with(key, "paper", json!("household_register")),
        "public.entitlement" => json!({ "place": TENGZHOU, "facts": {} }),
        "public.status" => json!({ "code": "0000", "id_end": "0000" }),
        _ => key,
    }
}

struct Street {
    office: Office,
    store: PublicStore,
    public: Router,
    desk: Router,
}

impl Street {
    async fn open() -> Self {
        let office = Office::found().await;
        let state = ApiState::over("9.9.9", office.store.clone());
        let store = office.public_store().await;
        let public = public_router(state.for_public(store.clone(), Settings::default()));
        let desk = router(state);
        Self {
            office,
            store,
            public,
            desk,
        }
    }

    /// As anybody at the public listener; the body is compared to the byte, but for the request's id.
    async fn send(&self, method: &str, path: &str, body: &Value) -> (StatusCode, String) {
        send(&self.public, method, path, body).await
    }

    async fn told(&self, method: &str, path: &str, body: &Value) -> Value {
        let (status, text) = self.send(method, path, body).await;
        assert!(status.is_success(), "{method} {path}: {status} {text}");
        serde_json::from_str(&text).unwrap_or(Value::Null)
    }

    /// A whole form for 荆河's child at 荆河's own window.
    fn form(&self) -> Value {
        let id = resident_id(jiff::civil::date(2013, 6, 18), 21);
        json!({
            "town": self.office.unit(Persona::JingheSupervisor).uuid(),
            "category": "de_facto_unattended",
            "child": "虚构小满", "resident_id": id.reveal(), "household": JINGHE_VILLAGE,
            "applicant": "虚构祖母", "capacity": "guardian", "relation": "祖母",
            "facts": { "father": { "situation": "dead" },
                       "mother": { "situation": "imprisoned", "since": "2021-02-01", "months": 18 },
                       "child": { "hiv_infected": false } },
        })
    }

    async fn begun(&self, form: &Value) -> String {
        let begun = json!({ "phone": PHONE, "form": form });
        let told = self.told("POST", "/api/public/cases", &begun).await;
        told["code"].as_str().unwrap().to_owned()
    }

    async fn inbox(&self, persona: Persona) -> Vec<Value> {
        let (status, told) = self.asked(persona, "/api/applications?box=all").await;
        assert_eq!(status, StatusCode::OK);
        told["items"].as_array().unwrap().clone()
    }

    async fn asked(&self, persona: Persona, path: &str) -> (StatusCode, Value) {
        let token = self.office.sign_in(persona).await.cookie_text();
        let request = Request::get(path).header("cookie", format!("__Host-hutong={token}"));
        let answer = self.desk.clone();
        let answer = answer.oneshot(request.body(Body::empty()).unwrap()).await;
        let answer = answer.unwrap();
        let status = answer.status();
        let bytes = to_bytes(answer.into_body(), 1 << 20).await.unwrap();
        (
            status,
            serde_json::from_slice(&bytes).unwrap_or(Value::Null),
        )
    }
}

async fn send(router: &Router, method: &str, path: &str, body: &Value) -> (StatusCode, String) {
    let request = Request::builder().method(method).uri(path);
    let request = request
        .header("host", "shenqing.example")
        .header("origin", "https://shenqing.example")
        .header("content-type", "application/json");
    let sent = match method {
        "GET" => Body::empty(),
        _ => Body::from(body.to_string()),
    };
    let answer = router
        .clone()
        .oneshot(request.body(sent).unwrap())
        .await
        .unwrap();
    let status = answer.status();
    let bytes = to_bytes(answer.into_body(), 1 << 20).await.unwrap();
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    let instance = text
        .find("urn:uuid:")
        .map(|at| text[at..at + 45].to_owned());
    (
        status,
        instance.map_or(text.clone(), |one| text.replace(&one, "")),
    )
}

/// A JPEG that says where it was taken.
fn photograph() -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let picture = image::DynamicImage::ImageRgb8(image::RgbImage::new(8, 8));
    picture
        .write_to(&mut bytes, image::ImageFormat::Jpeg)
        .unwrap();
    let bytes = bytes.into_inner();
    let exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0GPS 34.81N 117.32E";
    let mut marked = bytes[..2].to_vec();
    marked.extend([0xFF, 0xE1]);
    marked.extend(u16::try_from(exif.len() + 2).unwrap().to_be_bytes());
    marked.extend(exif);
    marked.extend(&bytes[2..]);
    marked
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

#[tokio::test]
async fn each_listener_answers_its_own_operations_and_nothing_of_the_other() {
    let street = Street::open().await;
    let mut ids: Vec<&str> = public_operations().iter().map(|one| one.id()).collect();
    ids.sort_unstable();
    assert_eq!(ids, TABLE.map(|(id, _)| id));
    for operation in public_operations() {
        let body = body_of(operation.id());
        let method = operation.method().name();
        let expected = TABLE
            .iter()
            .find(|(id, _)| *id == operation.id())
            .unwrap()
            .1;
        let (status, told) = street.send(method, operation.path(), &body).await;
        assert_eq!(status.as_u16(), expected, "{} {told}", operation.id());
        let (status, _) = send(&street.desk, method, operation.path(), &body).await;
        assert_eq!(
            status,
            StatusCode::NOT_FOUND,
            "{} at the office",
            operation.id()
        );
    }
    for operation in operations() {
        let path = operation.path().replace(['{', '}'], "");
        let (status, _) = street
            .send(operation.method().name(), &path, &json!({}))
            .await;
        assert_eq!(
            status,
            StatusCode::NOT_FOUND,
            "{} in the street",
            operation.id()
        );
    }
    let (status, _) = street.send("GET", "/metrics", &Value::Null).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    street.office.close().await;
}

#[tokio::test]
async fn a_grandmother_files_from_home_and_reads_where_it_stands() {
    let street = Street::open().await;
    let code = street.begun(&json!({ "child": "虚构小满" })).await;
    let key = json!({ "code": code.to_lowercase().replace('-', " "), "phone": "15400001234" });
    let opened = street.told("POST", "/api/public/cases/opening", &key).await;
    assert_eq!(opened["form"]["child"], "虚构小满");
    let with = |name: &str, value: Value| {
        let mut all = key.clone();
        all[name] = value;
        all
    };
    street
        .told("PUT", "/api/public/cases", &with("form", street.form()))
        .await;
    let mut photo = with("paper", json!("household_register"));
    photo["content"] = json!(base64(&photograph()));
    street
        .told("POST", "/api/public/cases/photos", &photo)
        .await;
    assert!(
        street.inbox(Persona::JingheSupervisor).await.is_empty(),
        "no town sees a draft"
    );
    let submitted = street.told("POST", "/api/public/applications", &key).await;
    let again = street.told("POST", "/api/public/applications", &key).await;
    assert_eq!(submitted, again, "a lost answer is answered again");
    let inbox = street.inbox(Persona::JingheSupervisor).await;
    assert_eq!(inbox.len(), 1);
    assert_eq!(
        (&inbox[0]["stage"], &inbox[0]["number"]),
        (&json!("submitted"), &submitted["number"])
    );
    let id = inbox[0]["id"].as_str().unwrap();
    let path = format!("/api/applications/{id}?purpose=%E6%B5%8B%E8%AF%95");
    let (status, seen) = street.asked(Persona::JingheSupervisor, &path).await;
    assert_eq!(status, StatusCode::OK, "{seen}");
    assert_eq!(seen["papers"].as_array().unwrap().len(), 1, "{seen}");
    kept_without_a_trace_of_where(&street, id, seen["papers"][0]["id"].as_str().unwrap()).await;
    let question =
        json!({ "code": code, "id_end": &street.form()["resident_id"].as_str().unwrap()[14..] });
    let stands = street.told("POST", "/api/public/status", &question).await;
    assert_eq!(
        (&stands["stage"], &stands["leg"]),
        (&json!("submitted"), &json!("accept"))
    );
    assert_eq!(stands["due"], "2021-11-09", "three working days");
    assert_eq!(street.office.database.rows_of("auth.ticket_photo").await, 0);
    let opened = street.told("POST", "/api/public/cases/opening", &key).await;
    assert_eq!(
        (&opened["form"], &opened["number"]),
        (&Value::Null, &submitted["number"])
    );
    let (status, _) = street
        .send("PUT", "/api/public/cases", &with("form", street.form()))
        .await;
    assert_eq!(status, StatusCode::CONFLICT);
    street.office.close().await;
}

async fn kept_without_a_trace_of_where(street: &Street, id: &str, paper: &str) {
    let path = format!("/api/applications/{id}/papers/{paper}?purpose=%E6%B5%8B%E8%AF%95");
    let token = street
        .office
        .sign_in(Persona::JingheSupervisor)
        .await
        .cookie_text();
    let request = Request::get(path).header("cookie", format!("__Host-hutong={token}"));
    let answer = street
        .desk
        .clone()
        .oneshot(request.body(Body::empty()).unwrap())
        .await;
    let bytes = to_bytes(answer.unwrap().into_body(), 1 << 20)
        .await
        .unwrap();
    assert!(
        image::load_from_memory(&bytes).is_ok(),
        "the scan opens in its new place"
    );
    assert!(!bytes.windows(3).any(|part| part == b"GPS"));
}

#[tokio::test]
async fn nothing_of_a_child_affected_by_aids_is_kept_by_the_public_pages() {
    let street = Street::open().await;
    let tables = [
        "auth.ticket",
        "applications_application",
        "journal_entry",
        "auth.public_try",
    ];
    let mut before = Vec::new();
    for table in tables {
        before.push(street.office.database.rows_of(table).await);
    }
    let told = json!({ "place": TENGZHOU, "facts": { "child": { "hiv_infected": true, "born": "2013-06-18" } } });
    let answer = street.told("POST", "/api/public/entitlement", &told).await;
    let first = &answer["classes"][0];
    assert_eq!(
        (&first["category"], &first["sealed"]),
        (&json!("aids_affected"), &json!(true))
    );
    let mut by_class = street.form();
    by_class["category"] = json!("aids_affected");
    let mut by_fact = street.form();
    by_fact["facts"]["child"]["hiv_infected"] = json!(true);
    for form in [by_class, by_fact] {
        let entry = json!({ "phone": PHONE, "form": form });
        let (status, refused) = street.send("POST", "/api/public/cases", &entry).await;
        assert_eq!(status, StatusCode::CONFLICT);
        assert!(refused.contains("public.county_alone"), "{refused}");
    }
    for (table, before) in tables.into_iter().zip(before) {
        assert_eq!(
            street.office.database.rows_of(table).await,
            before,
            "{table}"
        );
    }
    // Nor by the back door of a case that was begun as another.
    let code = street.begun(&street.form()).await;
    let mut form = street.form();
    form["facts"]["child"]["hiv_infected"] = json!(true);
    let edit = json!({ "code": code, "phone": PHONE, "form": form });
    let (status, _) = street.send("PUT", "/api/public/cases", &edit).await;
    assert_eq!(status, StatusCode::CONFLICT);
    street.office.close().await;
}

/// What one question of a fresh caller is answered, and what the database did for it.
async fn work_of(street: &Street, path: &str, body: &Value) -> (StatusCode, String, Done) {
    let before = street.office.database.done().await;
    let store = street.office.public_store().await;
    let state = ApiState::over("9.9.9", street.office.store.clone());
    let router = public_router(state.for_public(store.clone(), Settings::default()));
    let (status, told) = send(&router, "POST", path, body).await;
    store.close().await;
    let done = street.office.database.done_since(&before).await;
    (status, told, done)
}

#[tokio::test]
async fn a_wrong_code_and_a_wrong_number_are_one_answer_after_the_same_work() {
    let street = Street::open().await;
    street.office.database.count_public_calls().await;
    let code = street.begun(&street.form()).await;
    let key = json!({ "code": code, "phone": PHONE });
    street.told("POST", "/api/public/applications", &key).await;
    let over = street.begun(&street.form()).await;
    street.office.database.end_drafts().await;
    let absent = "7777-7777-7777-7777-7777";
    // The address has been wrong before.
    let wrong = json!({ "code": "6666", "id_end": "0000" });
    let (status, _) = street.send("POST", "/api/public/status", &wrong).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    street.store.close().await;
    for (path, known, wrong) in [
        ("/api/public/status", "id_end", "000X"),
        ("/api/public/cases/opening", "phone", "15400009999"),
        ("/api/public/applications", "phone", "15400009999"),
    ] {
        let mut seen = Vec::new();
        for code in [absent, &code, &over] {
            let question = json!({ "code": code, known: wrong });
            seen.push(work_of(&street, path, &question).await);
        }
        let (status, told, work) = &seen[0];
        assert_eq!(*status, StatusCode::NOT_FOUND);
        assert!(told.contains("public.no_such_case"), "{told}");
        assert!(
            work.get("public_tries") == Some(&2),
            "{path}: address and code: {work:?}"
        );
        for other in &seen[1..] {
            assert_eq!((&other.0, &other.1), (status, told), "{path}: to the byte");
            assert_eq!(&other.2, work, "{path}: by the same work");
        }
    }
    street.office.close().await;
}

#[tokio::test]
async fn guesses_at_a_code_wait_longer_and_longer_whether_it_exists_or_not() {
    let street = Street::open().await;
    let code = street.begun(&street.form()).await;
    for code in [code.as_str(), "7777-7777-7777-7777-7777"] {
        let wrong = json!({ "code": code, "phone": "15400009999" });
        let opening = "/api/public/cases/opening";
        for _ in 0..4 {
            let (status, _) = street.send("POST", opening, &wrong).await;
            assert_eq!(status, StatusCode::NOT_FOUND);
            street.office.clock.advance(SignedDuration::from_secs(5));
        }
        street.office.clock.advance(SignedDuration::from_secs(10));
        street.send("POST", opening, &wrong).await;
        let (status, told) = street.send("POST", opening, &wrong).await;
        assert_eq!(status, StatusCode::TOO_MANY_REQUESTS, "{told}");
        // Even the right phone waits now, so that a lock tells nothing.
        let right = json!({ "code": code, "phone": PHONE });
        let (status, same) = street.send("POST", opening, &right).await;
        assert_eq!((status, same), (StatusCode::TOO_MANY_REQUESTS, told));
    }
    street.office.clock.advance(SignedDuration::from_hours(25));
    let right = json!({ "code": code, "phone": PHONE });
    street
        .told("POST", "/api/public/cases/opening", &right)
        .await;
    street.office.close().await;
}

#[tokio::test]
async fn an_address_begins_so_many_cases_an_hour() {
    let street = Street::open().await;
    for _ in 0..30 {
        street.begun(&json!({})).await;
    }
    let entry = json!({ "phone": PHONE, "form": {} });
    let (status, _) = street.send("POST", "/api/public/cases", &entry).await;
    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS);
    street.office.clock.advance(SignedDuration::from_hours(1));
    street.begun(&json!({})).await;
    street.office.close().await;
}

#[tokio::test]
async fn what_is_missing_is_named_and_what_is_no_photograph_is_refused() {
    let street = Street::open().await;
    let code = street.begun(&json!({})).await;
    let key = json!({ "code": code, "phone": PHONE });
    let (status, told) = street.send("POST", "/api/public/applications", &key).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(told.contains(r#""field":"child""#), "{told}");
    let mut photo = key.clone();
    photo["paper"] = json!("household_register");
    for content in [&b"%PDF-1.7 startxref %%EOF"[..], b"<svg/>", b"GIF89a", b""] {
        photo["content"] = json!(base64(content));
        let (status, told) = street
            .send("POST", "/api/public/cases/photos", &photo)
            .await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{told}");
    }
    let mut form = street.form();
    form["town"] = json!(street.office.unit(Persona::TengzhouOfficer).uuid());
    let edit = json!({ "code": code, "phone": PHONE, "form": form });
    street.told("PUT", "/api/public/cases", &edit).await;
    let (_, told) = street.send("POST", "/api/public/applications", &key).await;
    assert!(
        told.contains(r#""field":"town""#),
        "only a town takes it in: {told}"
    );
    street.office.close().await;
}

#[tokio::test]
async fn the_towns_are_told_below_their_counties() {
    let street = Street::open().await;
    let places = street.told("GET", "/api/public/places", &Value::Null).await;
    let tengzhou = &places["counties"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["division"] == TENGZHOU)
        .unwrap();
    assert_eq!(tengzhou["towns"][0]["division"], JINGHE, "{places}");
    street.office.close().await;
}

#[tokio::test]
async fn for_a_household_elsewhere_she_files_here_where_another_installation_is_pinned() {
    let street = Street::open().await;
    let afar = 320_505_001_000_i64;
    let mut form = street.form();
    form["household"] = json!(afar);
    let code = street.begun(&form).await;
    let key = json!({ "code": code, "phone": PHONE });
    let (status, refused) = street.send("POST", "/api/public/applications", &key).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(refused.contains("application.not_served"), "{refused}");
    let places = street.told("GET", "/api/public/places", &Value::Null).await;
    assert_eq!(places["elsewhere"], json!([]));

    street
        .office
        .pin("虚构苏州市", "{[320500000000,320600000000)}")
        .await;
    let places = street.told("GET", "/api/public/places", &Value::Null).await;
    let county = &places["elsewhere"][0];
    assert_eq!(county["division"], 320_505_000_000_i64, "{places}");
    assert_eq!(county["towns"][0]["division"], afar);
    street.told("POST", "/api/public/applications", &key).await;
    let inbox = street.inbox(Persona::JingheSupervisor).await;
    assert_eq!(
        (&inbox[0]["stage"], &inbox[0]["afar"], &inbox[0]["path"]),
        (
            &json!("submitted"),
            &json!("deciding"),
            &json!("nationwide")
        )
    );
    let question = json!({ "code": code, "id_end": &form["resident_id"].as_str().unwrap()[14..] });
    let stands = street.told("POST", "/api/public/status", &question).await;
    assert_eq!(
        (&stands["verifying"], &stands["deciding"]),
        (&json!("虚构苏州市"), &json!("虚构苏州市"))
    );
    assert_ne!(stands["accepting"], "虚构苏州市");
    street.office.close().await;
}
