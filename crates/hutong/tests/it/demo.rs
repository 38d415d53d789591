//! `hutong demo`: the brief's figures, the same city from the same seed, founded anew after a kill, and served.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use testkit::Census;

use crate::folder::Folder;
use crate::run::{Ran, end, hutong, start};

/// The figures of the press conference; the villages are the data's own (docs/demo.md).
fn brief() -> Value {
    json!({
        "orphans": 535, "institution_orphan": 60, "scattered_orphan": 474, "aids_affected": 1,
        "de_facto_unattended": 1199, "key_hardship": 1264, "left_behind": 2447,
        "towns": 65, "villages": 2455, "supervisors": 65, "directors": 2455,
    })
}

fn demo(folder: &Folder, more: &[&str]) -> Ran {
    let data = folder.data();
    hutong(
        &[&["demo", "--no-serve", "--data", &data], more].concat(),
        "",
    )
}

async fn census(folder: &Folder) -> Census {
    Census::of_folder(Path::new(&folder.data())).await
}

#[tokio::test]
async fn a_second_start_shows_the_same_city_with_the_briefs_figures() {
    let folder = Folder::with_demo();
    let before = census(&folder).await;
    assert_eq!(before.contradictions, [""; 0]);
    let began = Instant::now();
    let shown = demo(&folder, &["--json"]);
    println!("second start: {:?}", began.elapsed());
    assert_eq!((shown.code, &*shown.stderr), (Some(0), ""));
    let expected = json!({ "as_of": "2021-11-04", "figures": brief() });
    assert_eq!(shown.json(), [expected]);
    let other = demo(&folder, &["--seed", "2", "--json"]);
    assert!(other.stderr.contains("seed 1"), "{}", other.stderr);
    assert_eq!(census(&folder).await, before);
    for (readme, prompt, lang) in [
        ("README.md", "$ make demo\n", "zh"),
        ("README.en.md", "$ make demo ARGS=\"--lang en\"\n", "en"),
    ] {
        it_shows(readme, prompt, &demo(&folder, &["--lang", lang]).stdout);
    }
}

/// The transcript in the README, line by line, but for what it leaves out, is what is printed.
fn it_shows(readme: &str, prompt: &str, printed: &str) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let readme = fs::read_to_string(root.join(readme)).unwrap();
    let transcript = readme
        .split_once(prompt)
        .and_then(|(_, rest)| rest.split_once("```"))
        .unwrap()
        .0;
    let mut lines = printed.lines();
    let mut shown = 0;
    for line in transcript.lines().filter(|line| line.trim() != "…") {
        assert!(
            lines.any(|printed| printed == line),
            "{line:?} is not printed in its place"
        );
        shown += 1;
    }
    assert!(shown > 5, "{transcript}");
}

#[tokio::test]
async fn another_seed_and_day_give_other_people_and_the_same_figures() {
    let (folder, usual) = (Folder::new(), Folder::with_demo());
    let ran = demo(&folder, &["--seed", "7", "--today", "2022-06-01", "--json"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert_eq!(
        ran.json(),
        [json!({ "as_of": "2022-06-01", "figures": brief() })]
    );
    let (other, usual) = (census(&folder).await, census(&usual).await);
    assert_eq!(
        (other.count(), other.contradictions.len()),
        (usual.count(), 0)
    );
    let names = |census: &Census| -> Vec<String> {
        let name = |line: &String| line.split('|').next().unwrap().to_owned();
        census.children.iter().map(name).collect()
    };
    assert_ne!(names(&other), names(&usual));
}

#[tokio::test]
async fn an_interrupted_founding_is_founded_anew_and_the_same_seed_gives_the_same_city() {
    let (folder, usual) = (Folder::new(), Folder::with_demo());
    // Killed while the cluster is made, and again while the city is founded.
    for (sign, later) in [("data/cluster.new", 50), ("data/keys/hutong.keys", 1_500)] {
        let data = folder.data();
        let mut founding = start(&["demo", "--no-serve", "--data", &data]);
        let began = Instant::now();
        while !folder.path(sign).exists() && began.elapsed() < Duration::from_secs(60) {
            std::thread::sleep(Duration::from_millis(5));
        }
        std::thread::sleep(Duration::from_millis(later));
        founding.kill().unwrap();
        let ended = end(founding);
        assert_eq!(ended.code, None, "killed in time: {}", ended.stderr);
        assert!(!folder.path("data/demo.json").exists());
    }
    let ran = demo(&folder, &["--json"]);
    assert_eq!((ran.code, &*ran.stderr), (Some(0), ""));
    assert_eq!(ran.json()[0]["figures"], brief());
    assert_eq!(census(&folder).await, census(&usual).await);
}

/// The answer's head and body to somebody whose session nobody knows.
fn get(port: u16, path: &str) -> (String, String) {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: __Host-hutong={}\r\nConnection: close\r\n\r\n",
        "0".repeat(64)
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.to_owned(), body.to_owned())
}

#[test]
fn the_city_is_served_until_told_to_stop() {
    let folder = Folder::with_demo();
    let data = folder.data();
    let mut serving = start(&["demo", "--port", "0", "--data", &data]);
    let mut said = BufReader::new(serving.stderr.take().unwrap());
    let mut line = String::new();
    said.read_line(&mut line).unwrap();
    let address = line.split_once("http://127.0.0.1:").unwrap().1;
    let port: u16 = address.split('/').next().unwrap().parse().unwrap();

    let (head, page) = get(port, "/figures");
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    for figure in ["535", "474", "1,199", "1,264", "2,447", "65"] {
        let plain = figure.replace(',', "");
        assert!(
            page.contains(figure) || page.contains(&plain),
            "{figure}: {page}"
        );
    }
    let (head, health) = get(port, "/api/health");
    assert!(head.starts_with("HTTP/1.1 200"), "{head}\n{health}");
    assert!(serde_json::from_str::<Value>(&health).unwrap().is_object());
    assert!(get(port, "/api/nowhere").0.starts_with("HTTP/1.1 404"));
    let (head, told) = get(port, "/api/registry/children");
    assert!(head.starts_with("HTTP/1.1 401"), "{head}\n{told}");

    let mut line = String::new();
    said.read_line(&mut line).unwrap();
    let street = line.split_once("http://127.0.0.1:").unwrap().1;
    let street: u16 = street.split('/').next().unwrap().parse().unwrap();
    let (head, places) = get(street, "/api/public/places");
    assert!(head.starts_with("HTTP/1.1 200"), "{head}\n{places}");
    assert_eq!(
        places.matches("\"towns\"").count(),
        7,
        "six counties and the zone"
    );
    assert!(get(street, "/api/health").0.starts_with("HTTP/1.1 404"));
    assert!(
        get(port, "/api/public/places")
            .0
            .starts_with("HTTP/1.1 404")
    );

    let second = hutong(&["demo", "--port", "0", "--data", &data], "");
    assert_eq!(second.refusal(), "cluster.in_use");
    assert!(
        second.stderr.contains(&serving.id().to_string()),
        "{}",
        second.stderr
    );

    let pid = Pid::from_raw(i32::try_from(serving.id()).unwrap()).unwrap();
    kill_process(pid, Signal::TERM).unwrap();
    assert_eq!(end(serving).code, Some(0));
    assert!(
        !folder.path("data/cluster/postmaster.pid").exists(),
        "PostgreSQL stops with the program"
    );
}

#[test]
fn a_founding_told_to_stop_stops_and_says_so() {
    let folder = Folder::new();
    let data = folder.data();
    let founding = start(&["demo", "--no-serve", "--data", &data]);
    let began = Instant::now();
    while !folder.path("data/keys/hutong.keys").exists()
        && began.elapsed() < Duration::from_secs(60)
    {
        std::thread::sleep(Duration::from_millis(5));
    }
    let pid = Pid::from_raw(i32::try_from(founding.id()).unwrap()).unwrap();
    kill_process(pid, Signal::INT).unwrap();
    assert_eq!(end(founding).refusal(), "run.interrupted");
    assert!(!folder.path("data/cluster/postmaster.pid").exists());
}
