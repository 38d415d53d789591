//! `hutong init`: an empty office once and no twice, with three codes, its configuration and its keys.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::Value;
use testkit::ledgers;

use crate::folder::{Folder, INIT};
use crate::run::{Ran, command, hutong, refused, run};

const PASSPHRASE: &str = "一句足够长的托管口令作证";

fn init(folder: &Folder, more: &[&str]) -> Ran {
    let data = folder.data();
    let arguments = [&INIT[..], &["--data", &data], more].concat();
    run(command(&arguments).env("HUTONG_PASSPHRASE", PASSPHRASE), "")
}

#[test]
fn an_office_begins_with_its_files_and_three_codes_and_is_never_founded_twice() {
    let folder = Folder::new();
    let escrow = folder.path("escrow").display().to_string();
    let ran = init(
        &folder,
        &["--json", "--escrow", &escrow, "--listen", "127.0.0.1:9443"],
    );
    assert_eq!((ran.code, &*ran.stderr), (Some(0), ""));
    let said: Value = ran.json()[0].clone();
    assert_eq!(said["unit"]["name"], "枣庄市民政局");
    let officers = said["officers"].as_array().unwrap();
    let of = |key: &str| -> Vec<&str> {
        let each = officers.iter().map(|officer| &officer[key]);
        each.map(|value| value.as_str().unwrap()).collect()
    };
    assert_eq!(of("role"), ["admin", "city_approver", "city_approver"]);
    assert_eq!(of("name"), ["虚构管理员", "虚构审批甲", "虚构审批乙"]);
    let codes = of("code");
    assert!(codes[0] != codes[1] && codes[1] != codes[2] && codes[0] != codes[2]);

    let file = said["configuration"].as_str().unwrap();
    let text = fs::read_to_string(file).unwrap();
    assert!(text.contains("\naddress = \"127.0.0.1:9443\"\n"), "{text}");
    let checked = hutong(&["config", "check", "--data", &folder.data()], "");
    assert_eq!(checked.code, Some(0), "{}", checked.stdout);
    let keys = fs::read_to_string(said["keys"].as_str().unwrap()).unwrap();
    let restored = folder.path("restored").display().to_string();
    let arguments = ["keys", "restore", "--from", &escrow, "--data", &restored];
    let mut restoring = command(&arguments);
    assert_eq!(
        run(restoring.env("HUTONG_PASSPHRASE", PASSPHRASE), "").code,
        Some(0)
    );
    assert_eq!(
        fs::read_to_string(folder.path("restored/keys/hutong.keys")).unwrap(),
        keys
    );

    for code in &codes {
        assert!(!text.contains(code) && !keys.contains(code));
    }
    let data = folder.data();
    let again = [&INIT[..], &["--data", &data]].concat();
    assert_eq!(refused(&again), "store.founded");
    assert_eq!(fs::read_to_string(file).unwrap(), text);
    assert_eq!(
        fs::read_to_string(said["keys"].as_str().unwrap()).unwrap(),
        keys
    );
}

#[test]
fn a_person_is_told_in_chinese_what_to_hand_to_whom() {
    let folder = Folder::new();
    let ran = hutong(
        &[&["--lang", "zh"], &INIT[..], &["--data", &folder.data()]].concat(),
        "",
    );
    assert_eq!((ran.code, &*ran.stderr), (Some(0), ""));
    for said in [
        "已建立 枣庄市民政局。",
        "密钥尚未托管",
        "  系统管理员  虚构管理员  ",
        "  市民政局审批  虚构审批乙  ",
        "hutong serve",
    ] {
        assert!(ran.stdout.contains(said), "{said}: {}", ran.stdout);
    }
}

#[test]
fn what_cannot_be_an_office_founds_nothing() {
    let folder = Folder::new();
    let data = folder.data();
    let with = |changes: &[(usize, &str)], more: &[&str]| {
        let mut arguments = [&INIT[..], &["--data", &data], more].concat();
        for (at, text) in changes {
            arguments[*at] = text;
        }
        refused(&arguments)
    };
    for place in ["999999", "x", ""] {
        assert_eq!(with(&[(2, place)], &[]), "ledger.place_unknown", "{place}");
    }
    assert_eq!(with(&[(2, "370481001")], &[]), "founding.unit");
    assert_eq!(with(&[(8, "虚构审批甲")], &[]), "founding.people");
    assert_eq!(with(&[(4, " ")], &[]), "founding.people");
    assert_eq!(with(&[], &["--approver", "第三人"]), "founding.people");
    assert_eq!(with(&[], &["--listen", "0.0.0.0:443"]), "config.exposed");
    let there = folder.write("escrow", "somebody's");
    assert_eq!(with(&[], &["--escrow", &there]), "init.escrow_exists");
    let named = folder.write("named.toml", "[listen]\nport = 1\n");
    assert_eq!(with(&[], &["--config", &named]), "config.unknown");
    assert_eq!(folder.names(), ["escrow", "named.toml"]);
}

#[test]
fn a_founding_without_codes_is_begun_anew() {
    let folder = Folder::new();
    // The configuration has nowhere to go: the founding breaks off after the officers were entered.
    let ledger = folder.write("台账.csv", ledgers::csv(0, 5));
    let nowhere = folder.path("missing/hutong.toml").display().to_string();
    let data = folder.data();
    let broken = [&INIT[..], &["--data", &data, "--config", &nowhere]].concat();
    assert_eq!(refused(&broken), "file.unwritable");
    for verb in ["serve", "import"] {
        let more: &[&str] = match verb {
            "import" => &[&ledger, "--place", "370481", "--as-of", "2021-10-31"],
            _ => &[],
        };
        let ran = hutong(&[&[verb, "--data", &data], more].concat(), "");
        assert_eq!(ran.code, Some(2), "{}", ran.stderr);
        let last = ran.stderr.lines().last().unwrap();
        assert!(last.starts_with("error[store.half_founded]"), "{last}");
    }
    let ran = init(&folder, &["--json"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert_eq!(ran.json()[0]["officers"].as_array().map(Vec::len), Some(3));
}

#[test]
fn a_founding_broken_off_before_its_keys_is_begun_anew() {
    let folder = Folder::new();
    assert_eq!(init(&folder, &[]).code, Some(0));
    // As it lies there when the disk is full behind the schema: a database, the note, and nothing more.
    fs::remove_dir_all(folder.path("data/keys")).unwrap();
    fs::remove_file(folder.path("data/hutong.toml")).unwrap();
    fs::write(folder.path("data/founding"), "").unwrap();
    let ran = hutong(&["serve", "--data", &folder.data()], "");
    let last = ran.stderr.lines().last().unwrap();
    assert!(last.starts_with("error[store.half_founded]"), "{last}");
    let ran = init(&folder, &[]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(folder.path("data/keys/hutong.keys").exists());
}

#[test]
fn a_configuration_that_is_there_is_kept() {
    let folder = Folder::new();
    let own = folder.write("own.toml", "[log]\nlevel = \"warn\"\n");
    fs::set_permissions(&own, fs::Permissions::from_mode(0o644)).unwrap();
    let ran = init(&folder, &["--json", "--config", &own]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert_eq!(
        fs::read_to_string(own).unwrap(),
        "[log]\nlevel = \"warn\"\n"
    );
    assert!(!folder.path("data/hutong.toml").exists());
}
