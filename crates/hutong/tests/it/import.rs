//! `hutong import`: the sample ledgers taken in, the same again, a dry run, two programs at once.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;
use testkit::{Census, ledgers};

use crate::folder::{Folder, sample};
use crate::run::{end, hutong, refused, start};

const SAMPLES: [(&str, &str); 4] = [
    ("orphans_tengzhou.xlsx", "370481"),
    ("defacto_xuecheng.csv", "370403"),
    ("hardship_yicheng.xls", "370404"),
    ("leftbehind_shanting.xlsx", "370406"),
];

fn import(folder: &Folder, file: &str, place: &str, more: &[&str]) -> (Option<i32>, Value) {
    let data = folder.data();
    let arguments = [
        "import",
        file,
        "--place",
        place,
        "--as-of",
        "2021-10-31",
        "--json",
        "--data",
        &data,
    ];
    let ran = hutong(&[&arguments[..], more].concat(), "");
    assert_eq!(ran.stderr, "");
    (ran.code, ran.json()[0]["files"][0].clone())
}

/// What a check says of the file: its children, the rows it blocks, and those that repeat another row's id.
fn checked(file: &str, place: &str) -> (u64, BTreeSet<u64>, u64) {
    let ran = hutong(
        &[
            "check",
            file,
            "--place",
            place,
            "--as-of",
            "2021-10-31",
            "--json",
        ],
        "",
    );
    let report = ran.json()[0]["files"][0].clone();
    let issues = report["issues"].as_array().unwrap();
    let rows = |wanted: &dyn Fn(&Value) -> bool| -> BTreeSet<u64> {
        let faulty = issues.iter().filter(|issue| wanted(issue));
        faulty.map(|issue| issue["row"].as_u64().unwrap()).collect()
    };
    let blocked = rows(&|issue| issue["severity"] == "block");
    let repeated = rows(&|issue| issue["code"] == "duplicate.id");
    let repeated = repeated.difference(&blocked).count() as u64;
    (report["children"].as_u64().unwrap(), blocked, repeated)
}

#[tokio::test]
async fn every_row_of_the_samples_that_is_not_blocked_is_a_child_on_file() {
    let folder = Folder::with_office();
    let mut on_file = 0;
    for (name, place) in SAMPLES {
        let file = folder.write(name, fs::read(sample(name)).unwrap());
        let (children, blocked, repeated) = checked(&file, place);
        let (code, said) = import(&folder, &file, place, &[]);
        let left_out: BTreeSet<u64> = said["left_out"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(Value::as_u64)
            .collect();
        assert_eq!(
            (code, &left_out),
            (Some(i32::from(!blocked.is_empty())), &blocked),
            "{name}"
        );
        let expected = children - blocked.len() as u64 - repeated;
        assert_eq!(
            said["registered"].as_u64(),
            Some(expected),
            "{name}: {said}"
        );
        on_file += expected;
        if !blocked.is_empty() {
            only_the_blocked(
                said["left_out_file"].as_str().unwrap(),
                place,
                blocked.len(),
            );
        }
    }
    let census = Census::of_folder(Path::new(&folder.data())).await;
    assert_eq!(census.contradictions, [""; 0]);
    assert_eq!((census.count() as u64, census.ledgers.len()), (on_file, 4));
    assert!(census.rows["auth.session"] == 0, "no session is left open");

    let before = folder.names();
    for (name, place) in SAMPLES {
        let file = folder.path(name).display().to_string();
        let said = import(&folder, &file, place, &[]).1;
        assert_eq!(
            (&said["registered"], &said["changed"], &said["work_items"]),
            (&0.into(), &0.into(), &0.into()),
            "{name}: {said}"
        );
    }
    assert_eq!(Census::of_folder(Path::new(&folder.data())).await, census);
    assert_eq!(
        folder.names(),
        before,
        "the marked workbooks are the same too"
    );
}

/// The marked workbook is a ledger of the blocked rows and no other.
fn only_the_blocked(marked: &str, place: &str, rows: usize) {
    let (children, blocked, _) = checked(marked, place);
    assert_eq!((children as usize, blocked.len()), (rows, rows), "{marked}");
}

#[tokio::test]
async fn a_dry_run_tells_what_would_be_and_leaves_nothing() {
    let folder = Folder::with_office();
    let file = folder.write("台账.csv", ledgers::csv(0, 50));
    let before = Census::of_folder(Path::new(&folder.data())).await;
    let names = folder.names();
    let (code, tried) = import(&folder, &file, "370481", &["--dry-run"]);
    assert_eq!((code, &tried["registered"]), (Some(0), &50.into()));
    assert_eq!(Census::of_folder(Path::new(&folder.data())).await, before);
    assert_eq!(folder.names(), names);
    let (_, done) = import(&folder, &file, "370481", &[]);
    assert_eq!(done, tried);
}

/// Whoever mistypes a place, and a file with it, has made no bureau and no officer there.
#[tokio::test]
async fn an_import_that_is_refused_founds_no_unit() {
    let folder = Folder::with_office();
    let file = folder.write("不是台账.csv", "甲,乙\n1,2\n");
    let before = Census::of_folder(Path::new(&folder.data())).await;
    let data = folder.data();
    let told = refused(&[
        "import",
        &file,
        "--place",
        "370404",
        "--as-of",
        "2021-10-31",
        "--data",
        &data,
    ]);
    assert_eq!(told, "ledger.no_header");
    assert_eq!(Census::of_folder(Path::new(&folder.data())).await, before);
}

#[test]
fn a_dry_run_where_nothing_is_makes_nothing() {
    let folder = Folder::new();
    let file = folder.write("台账.csv", ledgers::csv(0, 5));
    let (code, tried) = import(&folder, &file, "370481", &["--dry-run"]);
    assert_eq!((code, &tried["registered"]), (Some(0), &5.into()));
    assert_eq!(folder.names(), ["台账.csv"]);
    // What was tried is not done where there is no office: it names the verb that makes one.
    let data = folder.data();
    let done = hutong(
        &[
            "import",
            &file,
            "--place",
            "370481",
            "--as-of",
            "2021-10-31",
            "--data",
            &data,
        ],
        "",
    );
    assert_eq!(done.refusal(), "cluster.none");
    assert!(done.stderr.contains("hutong init"), "{}", done.stderr);
    assert_eq!(folder.names(), ["台账.csv"]);
}

#[test]
fn a_folder_in_use_is_refused_by_the_number_of_its_user() {
    let folder = Folder::with_office();
    let file = folder.write("台账.csv", ledgers::csv(0, 4_000));
    let data = folder.data();
    let arguments = [
        "import",
        &file,
        "--place",
        "370481",
        "--as-of",
        "2021-10-31",
        "--data",
        &data,
    ];
    let running = start(&arguments);
    let lock = folder.path("data/lock");
    let pid = running.id().to_string();
    while fs::read_to_string(&lock).unwrap_or_default().trim() != pid {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    let second = hutong(&arguments, "");
    assert_eq!(second.refusal(), "cluster.in_use");
    assert!(second.stderr.contains(&pid), "{}", second.stderr);
    assert_eq!(end(running).code, Some(0));
}

#[test]
fn another_citys_villages_are_known_once_they_are_entered() {
    let folder = Folder::with_office();
    let data = folder.data();
    let villages = folder.write(
        "villages.csv",
        "code,name,level,parent\n110101001001,多福巷社区居委会,village,110101001000\n",
    );
    let file = folder.write(
        "台账.csv",
        "姓名,身份证号,镇（街）,村（居）,类别\n虚构甲,,东华门街道,多福巷社区,社会散居孤儿\n虚构乙,,东华门街道,无此社区,社会散居孤儿\n",
    );
    let check = |more: &[&str]| {
        let arguments = [
            "check",
            &file,
            "--place",
            "110101",
            "--as-of",
            "2021-10-31",
            "--json",
        ];
        let ran = hutong(&[&arguments[..], more].concat(), "");
        ran.stdout.matches("division.unknown").count()
    };
    assert_eq!(check(&["--divisions", &villages]), 1);
    let entered = hutong(
        &["divisions", "import", &villages, "--data", &data, "--json"],
        "",
    );
    assert_eq!(entered.json()[0]["divisions"], 1);
    let listed = hutong(
        &["divisions", "list", "110101001", "--data", &data, "--json"],
        "",
    );
    assert_eq!(listed.json()[0]["children"][0]["code"], 110_101_001_001_i64);
    let said = import(&folder, &file, "110101", &[]).1;
    assert_eq!(
        (&said["registered"], &said["left_out"]),
        (&1.into(), &serde_json::json!([3]))
    );
}

#[test]
fn a_file_of_divisions_names_its_faulty_line() {
    let folder = Folder::with_office();
    let file = |text: &str| folder.write("villages.csv", text);
    let import = |file: &str| refused(&["divisions", "import", file, "--data", &folder.data()]);
    assert_eq!(import(&file("代码,名称\n")), "divisions.header");
    assert_eq!(
        import(&file("code,name,level,parent\n1,甲,village,1\n")),
        "divisions.code"
    );
    let orphan = "code,name,level,parent\n110101999001,甲村,village,110101999000\n";
    assert_eq!(import(&file(orphan)), "divisions.parent_unknown");
    assert_eq!(import("/nowhere.csv"), "ledger.unreadable");
    let named = hutong(
        &[
            "divisions",
            "import",
            &file("code,name,level,parent\n\n37,,province,\n"),
        ],
        "",
    );
    assert_eq!(named.refusal(), "divisions.fields");
    assert!(named.stderr.contains("Line 3"), "{}", named.stderr);
    let nothing = Folder::new();
    let sound = file("code,name,level,parent\n110101001001,甲村,village,110101001000\n");
    let founding = refused(&["divisions", "import", &sound, "--data", &nothing.data()]);
    assert_eq!(
        (founding.as_str(), nothing.names().len()),
        ("cluster.none", 0)
    );
}
