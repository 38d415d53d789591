//! The first days of a real office, from an empty folder to a county's children, with nothing invented by the program.

use std::fs;
use std::thread::sleep;
use std::time::{Duration, Instant};

use domain::organisation::second_factor::step_at;
use kernel::clock::{Clock, Entropy, SystemClock};
use serde_json::{Value, json};
use store::accounts::TotpSecret;

use crate::folder::{Folder, INIT, sample};
use crate::run::hutong;
use crate::served::{Served, Told};

/// A password nobody would guess.
const PASSWORD: &str = "荆河的柳树又发芽了呢对吧";
const TENGZHOU: i64 = 370_481_000_000;

/// An officer's telephone, which has read the picture with the second factor.
struct Authenticator(TotpSecret);

/// The secret of an address is chance that somebody else had.
struct Scanned(Vec<u8>);

impl Entropy for Scanned {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.copy_from_slice(&self.0);
    }
}

impl Authenticator {
    fn reading(address: &str) -> Self {
        let secret = address.split_once("secret=").unwrap().1;
        let letters = secret.split('&').next().unwrap();
        let mut bits = String::new();
        for letter in letters.chars() {
            let value = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".find(letter).unwrap();
            bits.push_str(&format!("{value:05b}"));
        }
        let bytes = bits.as_bytes().chunks_exact(8).map(|byte| {
            let byte = std::str::from_utf8(byte).unwrap();
            u8::from_str_radix(byte, 2).unwrap()
        });
        Self(TotpSecret::generate(&Scanned(bytes.collect())))
    }

    /// What it shows now, and what it will show next: a code counts once, and clocks may differ by a step.
    fn shows(&self) -> String {
        self.0.code(step_at(SystemClock.now()))
    }

    fn shows_next(&self) -> String {
        self.0.code(step_at(SystemClock.now()) + 1)
    }
}

/// An officer with an account.
struct Person {
    login: &'static str,
    authenticator: Option<Authenticator>,
}

impl Person {
    /// Accepts a one-time code: chooses a login name and a password, and enrols the second factor where one is needed.
    fn accepting(served: &Served, code: &str, login: &'static str) -> Self {
        let about = served
            .post(
                "/api/organisation/invitation/opening",
                "",
                &json!({ "code": code }),
            )
            .with(200);
        let authenticator = about["second_factor_needed"]
            .as_bool()
            .unwrap()
            .then(|| Authenticator::reading(about["second_factor"].as_str().unwrap()));
        let chosen = json!({
            "code": code, "login": login, "password": PASSWORD,
            "second_factor": authenticator.as_ref().map(Authenticator::shows),
        });
        let path = "/api/organisation/invitation/acceptance";
        served.post(path, "", &chosen).with(200);
        // The code was for one use.
        let again = served.post(path, "", &chosen);
        assert_eq!(again.with(422)["code"], "invitation.invalid");
        Self {
            login,
            authenticator,
        }
    }

    fn sign_in(&self, served: &Served) -> Told {
        let body = json!({
            "login": self.login, "password": PASSWORD,
            "code": self.authenticator.as_ref().map(Authenticator::shows_next),
        });
        served.post("/api/organisation/session", "", &body)
    }
}

/// The founding officers' codes: the administrator's, then the approvers'.
fn founded(folder: &Folder) -> (String, [String; 3]) {
    let data = folder.data();
    let ran = hutong(&[&INIT[..], &["--json", "--data", &data]].concat(), "");
    assert_eq!((ran.code, &*ran.stderr), (Some(0), ""));
    let said = ran.json()[0].clone();
    let code = |at: usize| said["officers"][at]["code"].as_str().unwrap().to_owned();
    let unit = said["unit"]["id"].as_str().unwrap().to_owned();
    (unit, [code(0), code(1), code(2)])
}

/// The administrator founds the county's unit and proposes its officer; one of the founding approvers confirms, and has
/// the code to hand over.
fn appoint(served: &Served, root: &str, admin: &str, approver: &str) -> String {
    let unit = json!({ "parent": root, "division": TENGZHOU });
    let unit = served
        .post("/api/organisation/units", admin, &unit)
        .with(201);
    let proposal = json!({
        "name": "虚构经办", "unit": unit["id"], "role": "county_officer", "from": SystemClock.today(),
    });
    let path = "/api/organisation/proposals";
    let proposal = served.post(path, admin, &proposal).with(201);
    let id = proposal["id"].as_str().unwrap();
    let confirmation = format!("{path}/{id}/confirmation");
    // Nobody confirms what he proposed himself: for him there is nothing to confirm.
    served.post(&confirmation, admin, &Value::Null).with(404);
    let confirmed = served.post(&confirmation, approver, &Value::Null).with(200);
    confirmed["code"].as_str().unwrap().to_owned()
}

/// Uploads a ledger and waits until it is in.
fn upload(served: &Served, officer: &str, ledger: &str) -> Value {
    let content = fs::read(sample(ledger)).unwrap();
    let line =
        format!("POST /api/registry/ledgers?place={TENGZHOU}&as_of=2021-10-31&name={ledger}");
    let job = served
        .send(&line, officer, "application/octet-stream", &content)
        .with(201);
    let path = format!("/api/registry/jobs/{}", job["id"].as_str().unwrap());
    let began = Instant::now();
    loop {
        let job = served.get(&path, officer).with(200);
        match job["state"].as_str().unwrap() {
            "done" => return job,
            "failed" => panic!("{job}"),
            _ => assert!(began.elapsed() < Duration::from_secs(120), "{job}"),
        }
        sleep(Duration::from_millis(200));
    }
}

#[test]
fn from_an_empty_folder_to_a_countys_children() {
    let folder = Folder::new();
    let (root, codes) = founded(&folder);
    let served = Served::over_tls(&folder, &[]);
    served.get("/api/health", "").with(200);
    served.get("/api/registry/children", "").with(401);
    let logins = ["admin.one", "approver.one", "approver.two"];
    let people: Vec<Person> = codes
        .iter()
        .zip(logins)
        .map(|(code, login)| Person::accepting(&served, code, login))
        .collect();
    let sessions: Vec<String> = people
        .iter()
        .map(|person| {
            let told = person.sign_in(&served);
            assert_eq!(told.status, 200, "{}", told.body);
            told.cookie()
        })
        .collect();
    // What an authenticator showed counts once.
    let replayed = people[0].sign_in(&served);
    assert_eq!(replayed.with(401)["code"], "sign_in.wrong");

    let code = appoint(&served, &root, &sessions[0], &sessions[1]);
    let officer = Person::accepting(&served, &code, "county.one");
    let officer = officer.sign_in(&served).cookie();
    let me = served.get("/api/organisation/me", &officer).with(200);
    assert_eq!(
        (&me["name"], &me["role"]),
        (&json!("虚构经办"), &json!("county_officer"))
    );

    let list = "/api/registry/children";
    let none = served.get(list, &officer).with(200);
    assert_eq!(none["items"], json!([]), "no child is there by itself");
    let job = upload(&served, &officer, "orphans_tengzhou.xlsx");
    let registered = job["result"]["registered"].as_u64().unwrap();
    let all = served.get(&format!("{list}?limit=200"), &officer).with(200);
    let children = all["items"].as_array().unwrap().clone();
    assert!(registered > 0);
    assert_eq!(children.len() as u64, registered);
    assert!(
        children
            .iter()
            .all(|child| child["household"].as_i64().unwrap() / 1_000_000 == TENGZHOU / 1_000_000)
    );
    // Whoever keeps the accounts has no way to a child.
    served.get(list, &sessions[0]).with(404);
    assert_eq!(served.stop().code, Some(0));

    // The office is the same after a night.
    let served = Served::over_tls(&folder, &[]);
    let again = served.get(&format!("{list}?limit=200"), &officer).with(200);
    assert_eq!(again["items"], all["items"]);
    assert_eq!(served.stop().code, Some(0));
}
