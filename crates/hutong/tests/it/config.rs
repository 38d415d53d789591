//! `hutong config`: layers that override one another, and everything unknown, senseless or unsafe by its code.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use kernel::clock::SystemClock;
use serde_json::Value;
use store::entropy::OsEntropy;
use store::keys::KeyFile;

use crate::folder::Folder;
use crate::run::{Ran, command, hutong, run};

fn config(deed: &str, folder: &Folder, more: &[&str], variables: &[(&str, &str)]) -> Ran {
    let data = folder.data();
    let arguments = [&["config", deed, "--data", &data], more].concat();
    let mut command = command(&arguments);
    run(command.envs(variables.iter().copied()), "")
}

/// A folder with this configuration.
fn configured(text: &str) -> Folder {
    let folder = Folder::new();
    fs::create_dir(folder.path("data")).unwrap();
    folder.write("data/hutong.toml", text);
    folder
}

/// The codes of all that is wrong.
fn codes(ran: &Ran) -> Vec<String> {
    let findings = ran.json()[0]["findings"].as_array().unwrap().clone();
    assert_eq!(ran.code, Some(i32::from(!findings.is_empty())));
    let code = |finding: &Value| finding["code"].as_str().unwrap().to_owned();
    findings.iter().map(code).collect()
}

fn wrong(text: &str, more: &[&str], variables: &[(&str, &str)]) -> Vec<String> {
    let folder = configured(text);
    codes(&config(
        "check",
        &folder,
        &[&["--json"], more].concat(),
        variables,
    ))
}

#[test]
fn the_command_line_overrides_the_environment_and_that_the_file() {
    let folder =
        configured("[listen]\naddress = \"127.0.0.1:1\"\nconnections = 20\ngrace_seconds = 5\n");
    let variables = [
        ("HUTONG_LISTEN", "127.0.0.1:2"),
        ("HUTONG_CONNECTIONS", "30"),
        (
            "DATABASE_URL",
            "postgres://hutong_app:s3cret@localhost/hutong",
        ),
    ];
    let shown = config(
        "show",
        &folder,
        &["--listen", "127.0.0.1:3", "--json"],
        &variables,
    );
    assert_eq!((shown.code, &*shown.stderr), (Some(0), ""));
    assert!(!shown.stdout.contains("s3cret"), "{}", shown.stdout);
    let report = &shown.json()[0];
    let held = |name: &str| {
        let settings = report["settings"].as_array().unwrap();
        let held = settings.iter().find(|held| held["name"] == name).unwrap();
        let text = |key: &str| held[key].as_str().unwrap().to_owned();
        (text("value"), text("source"))
    };
    let from = |value: &str, source: &str| (value.to_owned(), source.to_owned());
    assert_eq!(held("listen.address"), from("127.0.0.1:3", "command line"));
    assert_eq!(held("listen.connections"), from("30", "environment"));
    assert_eq!(held("listen.grace_seconds"), from("5", "file"));
    assert_eq!(held("listen.patience_seconds"), from("10", "default"));
    assert_eq!(
        report["databases"]["DATABASE_URL"],
        "postgres://hutong_app:******@localhost/hutong"
    );
}

#[test]
fn everything_unknown_or_senseless_is_named_at_once() {
    let text = "colour = 1\n[listen]\nadress = \"x\"\nconnections = 5\npatience_seconds = \"10\"\n\
                tls_cert = \"/x\"\n[log]\nformat = \"xml\"\n[door]\nopen = true\n";
    let found = wrong(
        text,
        &[],
        &[("HUTONG_LISTN", "x"), ("HUTONG_BACKUP_AT", "25:00")],
    );
    let count = |code: &str| found.iter().filter(|found| *found == code).count();
    assert_eq!(count("config.unknown"), 3, "{found:?}");
    assert_eq!(count("config.value"), 4, "{found:?}");
    assert_eq!(count("config.unknown_variable"), 1);
    assert_eq!(
        wrong("[listen]\ntls_cert = \"/x\"\n", &[], &[]),
        ["config.alone"]
    );
    let folder = configured("[listen]\nadress = \"x\"\n");
    let said = config("check", &folder, &[], &[]);
    assert!(
        said.stdout.contains("is it listen.address?"),
        "{}",
        said.stdout
    );
    let said = config("check", &folder, &["--lang", "zh"], &[]);
    assert!(
        said.stdout.contains("没有设置项 listen.adress"),
        "{}",
        said.stdout
    );
}

#[test]
fn everything_unsafe_is_named() {
    assert_eq!(wrong("", &[], &[]), [""; 0]);
    assert_eq!(
        wrong("", &["--listen", "0.0.0.0:8443"], &[]),
        ["config.exposed"]
    );
    let proxied = ["--listen", "0.0.0.0:8080", "--trusted-proxy", "10.0.0.5"];
    assert_eq!(wrong("", &proxied, &[]), [""; 0]);
    let vast = ["--trusted-proxy", "0.0.0.0/0"];
    assert_eq!(wrong("", &vast, &[]), ["config.vast_proxy"]);
    let missing = ["--tls-cert", "/nowhere.crt", "--tls-key", "/nowhere.key"];
    assert_eq!(wrong("", &missing, &[]), ["tls.unreadable"]);
    let url = "postgres://app:x@10.0.0.9/hutong";
    assert_eq!(
        wrong("", &[], &[("DATABASE_URL", url)]),
        ["config.database_unencrypted"]
    );
    let encrypted = format!("{url}?sslmode=verify-full");
    assert_eq!(wrong("", &[], &[("DATABASE_URL", &encrypted)]), [""; 0]);
}

#[test]
fn files_that_others_may_read_or_change_are_named() {
    let folder = configured("");
    let restrict = |path: &Path, mode| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    };
    let check = |more: &[&str]| {
        codes(&config(
            "check",
            &folder,
            &[&["--json"], more].concat(),
            &[],
        ))
    };
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let certificate = folder.write("tls.crt", made.cert.pem());
    let key = folder.write("tls.key", made.signing_key.serialize_pem());
    let tls = [
        "--listen",
        "0.0.0.0:8443",
        "--tls-cert",
        &certificate,
        "--tls-key",
        &key,
    ];
    restrict(Path::new(&key), 0o644);
    assert_eq!(check(&tls), ["config.key_exposed"]);
    restrict(Path::new(&key), 0o640);
    assert_eq!(check(&tls), [""; 0]);

    let keys = folder.path("data/keys/hutong.keys");
    KeyFile::create(&keys, &SystemClock, &OsEntropy).unwrap();
    assert_eq!(check(&[]), [""; 0]);
    restrict(&keys, 0o644);
    assert_eq!(check(&[]), ["keys.permissions"]);
    fs::remove_file(&keys).unwrap();
    fs::create_dir(folder.path("data/cluster")).unwrap();
    assert_eq!(check(&[]), ["keys.missing"]);
    fs::remove_dir(folder.path("data/cluster")).unwrap();

    restrict(&folder.path("data/hutong.toml"), 0o666);
    assert_eq!(check(&[]), ["config.writable"]);
}

#[test]
fn backups_beside_the_data_or_to_nobody_are_named() {
    let folder = configured("");
    let made = hutong(
        &[
            "backup",
            "key",
            "--out",
            &folder.path("secret").display().to_string(),
        ],
        "",
    );
    assert_eq!(made.code, Some(0), "{}", made.stderr);
    let public = folder.write("public", made.stdout);
    let variables = |to: &Path| {
        let to = to.display().to_string();
        [
            ("HUTONG_BACKUP_FOLDER", to),
            ("HUTONG_BACKUP_RECIPIENT", public.clone()),
        ]
    };
    let check = |variables: &[(&str, String)]| {
        let variables: Vec<(&str, &str)> = variables
            .iter()
            .map(|(name, value)| (*name, &**value))
            .collect();
        codes(&config("check", &folder, &["--json"], &variables))
    };
    std::os::unix::fs::symlink(folder.path("data"), folder.path("elsewhere")).unwrap();
    assert_eq!(
        check(&variables(&folder.path("data/backups"))),
        ["config.backup_inside"]
    );
    assert_eq!(
        check(&variables(&folder.path("elsewhere/backups"))),
        ["config.backup_inside"]
    );
    assert_eq!(check(&variables(&folder.path("backups"))), [""; 0]);
    assert_eq!(
        check(&variables(&folder.path("backups"))[..1]),
        ["config.alone"]
    );
    fs::write(&public, "nothing").unwrap();
    assert_eq!(
        check(&variables(&folder.path("backups"))),
        ["backup.not_a_key"]
    );
}

#[test]
fn that_nothing_can_be_printed_is_told() {
    let nowhere = "[print]\nfont = \"/nowhere/a.ttc\"\nfallback_font = \"/nowhere/b.ttf\"\n";
    assert_eq!(wrong(nowhere, &[], &[]), ["print.no_font"]);
    let folder = configured("");
    let text = folder.write("no.ttf", "no font");
    let variables = [("HUTONG_PRINT_FONT", text.as_str())];
    assert_eq!(
        codes(&config("check", &folder, &["--json"], &variables)),
        ["print.not_a_font"]
    );
}

#[test]
fn a_file_that_cannot_be_read_ends_the_check() {
    let folder = configured("[listen]\naddress = \n");
    let ran = config("check", &folder, &[], &[]);
    assert_eq!(ran.refusal(), "config.syntax");
    assert!(ran.stderr.contains("Line 2"), "{}", ran.stderr);
    let nowhere = config("check", &folder, &["--config", "/nowhere.toml"], &[]);
    assert_eq!(nowhere.refusal(), "config.unreadable");
}

#[test]
fn the_template_makes_nothing_and_names_every_setting() {
    for lang in ["zh", "en"] {
        let template = hutong(&["config", "template", "--lang", lang], "").stdout;
        let folder = configured(&template);
        let shown = config("show", &folder, &["--json"], &[]);
        for held in shown.json()[0]["settings"].as_array().unwrap() {
            assert_eq!(held["source"], "default");
            let variable = held["variable"].as_str().unwrap();
            assert!(template.contains(variable), "{variable}");
        }
        assert_eq!(codes(&config("check", &folder, &["--json"], &[])), [""; 0]);
    }
}
