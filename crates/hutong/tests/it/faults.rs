//! Bad input of every kind ends in one clear message with a stable code, and nothing half-written.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};

use kernel::clock::SystemClock;
use store::entropy::OsEntropy;
use store::keys::KeyFile;
use testkit::{Census, damage, ledgers};

use crate::folder::{Folder, INIT, is_root, sample};
use crate::run::{command, end, hutong, refused, run, start};

/// The arguments of an import of this file into the folder's data.
fn import<'a>(file: &'a str, data: &'a str) -> [&'a str; 8] {
    [
        "import",
        file,
        "--place",
        "370481",
        "--as-of",
        "2021-10-31",
        "--data",
        data,
    ]
}

/// The arguments that found an office in the folder's data.
fn init(data: &str) -> Vec<&str> {
    [&INIT[..], &["--data", data]].concat()
}

/// The code that importing this file brings; a folder without data has none afterwards.
fn import_refused(folder: &Folder, file: &str) -> String {
    let there = folder.path("data").exists();
    let code = refused(&import(file, &folder.data()));
    assert_eq!(folder.path("data").exists(), there, "{file}");
    code
}

#[test]
fn a_file_that_is_no_ledger_founds_nothing() {
    let folder = Folder::new();
    let sound = ledgers::xlsx(0, 20).unwrap();
    let locked = ledgers::raw_xls(&[
        (
            0x0809,
            [0x0600_u16.to_le_bytes(), 5_u16.to_le_bytes()].concat(),
        ),
        (0x002F, vec![0; 6]),
    ]);
    let other_city = ledgers::csv(0, 20);
    let files: [(&str, &[u8], &str); 8] = [
        ("cut.xlsx", &sound[..sound.len() / 2], "ledger.unreadable"),
        ("empty.csv", b"", "ledger.unreadable"),
        ("locked.xls", &locked.unwrap(), "ledger.encrypted"),
        (
            "page.xls",
            b"<html><table><tr><td>x</td></tr></table></html>",
            "ledger.not_a_workbook",
        ),
        ("scan.pdf", b"%PDF-1.7\n", "ledger.not_a_workbook"),
        ("list.csv", "甲,乙\n1,2\n".as_bytes(), "ledger.no_header"),
        (
            "short.csv",
            "姓名,身份证号,类别\n虚构甲,,孤儿\n".as_bytes(),
            "ledger.missing_column",
        ),
        ("data.csv", other_city.as_bytes(), ""),
    ];
    for (name, bytes, code) in files {
        let file = folder.write(name, bytes);
        if code.is_empty() {
            continue;
        }
        assert_eq!(import_refused(&folder, &file), code, "{name}");
        // A sound file before it is not imported either: nothing was founded.
        let sound = folder.path("data.csv").display().to_string();
        if Path::new(&sound).exists() {
            assert_eq!(
                refused(&[&import(&sound, &folder.data())[..], &[&file]].concat()),
                code
            );
        }
    }
    assert_eq!(
        import_refused(&folder, "/nowhere.xlsx"),
        "ledger.unreadable"
    );
    let here = folder.path(".").display().to_string();
    assert_eq!(import_refused(&folder, &here), "ledger.unreadable");
    assert!(!folder.path("data").exists());
}

#[test]
fn places_dates_and_names_of_columns_that_cannot_be_are_refused() {
    let folder = Folder::new();
    let file = folder.write("台账.csv", ledgers::csv(0, 5));
    let data = folder.data();
    let with = |place: &str, day: &str, more: &[&str]| {
        let arguments = [
            "import", &file, "--place", place, "--as-of", day, "--data", &data,
        ];
        refused(&[&arguments[..], more].concat())
    };
    for place in ["999999", "12345", "滕州", "", "0"] {
        assert_eq!(
            with(place, "2021-10-31", &[]),
            "ledger.place_unknown",
            "{place}"
        );
    }
    for day in ["2021-02-29", "20211031", "昨天", "2021-10-31T00:00"] {
        assert_eq!(with("370481", day, &[]), "date.unreadable", "{day}");
    }
    let table = |text: &str| folder.write("names.toml", text);
    let synonyms = [
        "[columns\n",
        "[columns]\nname = [\"x\"]\n",
        "columns = 3\n",
        "[wrong]\n",
    ];
    for text in synonyms {
        assert_eq!(
            with("370481", "2021-10-31", &["--synonyms", &table(text)]),
            "ledger.synonyms"
        );
    }
    assert_eq!(
        with("370481", "2021-10-31", &["--synonyms", "/nowhere.toml"]),
        "ledger.synonyms"
    );
    assert!(!folder.path("data").exists(), "nothing was founded");
}

#[test]
fn arguments_that_cannot_be_understood_are_told_in_one_line() {
    let usage: [&[&str]; 12] = [
        &["import"],
        &["import", "x.csv"],
        &["import", "x.csv", "--place", "370481", "--as-of"],
        &["import", "x.csv", "--plcae", "370481"],
        &["impotr"],
        &["demo", "--port", "99999"],
        &["demo", "--seed", "-1"],
        &["check", "x.csv", "--place", "1", "--place", "2"],
        &["check", "x.csv", "--max-cells", "many"],
        &["keys"],
        &["divisions", "list"],
        &["resident-id", "--unknown"],
    ];
    for arguments in usage {
        let ran = hutong(arguments, "");
        if ran.stderr.lines().count() > 1 {
            // A verb that lacks its own verb shows them all.
            assert_eq!(
                (ran.code, arguments.len()),
                (Some(2), 1),
                "{arguments:?}: {}",
                ran.stderr
            );
            continue;
        }
        assert_eq!(refused(arguments), "usage.arguments", "{arguments:?}");
    }
    assert_eq!(
        refused(&["demo", "--today", "2021-02-30"]),
        "date.unreadable"
    );
    let asked = hutong(&["--lang=zh", "impotr"], "");
    assert!(
        asked
            .stderr
            .starts_with("错误[usage.arguments] 没有命令 impotr（可用：import）"),
        "{}",
        asked.stderr
    );
}

#[test]
fn a_database_opens_with_its_own_keys_or_not_at_all() {
    let folder = Folder::with_office();
    let file = folder.write("台账.csv", ledgers::csv(0, 5));
    let keys = folder.path("data/keys/hutong.keys");
    let own = fs::read(&keys).unwrap();
    let refused = |with: &str| assert_eq!(import_refused(&folder, &file), with);
    fs::remove_file(&keys).unwrap();
    refused("keys.missing");
    assert!(
        !keys.exists(),
        "no new key is made for a database that has its own"
    );

    KeyFile::create(&keys, &SystemClock, &OsEntropy).unwrap();
    refused("keys.foreign");
    let restrict = |mode| fs::set_permissions(&keys, fs::Permissions::from_mode(mode)).unwrap();
    fs::write(&keys, &own).unwrap();
    restrict(0o644);
    refused("keys.permissions");
    restrict(0o600);
    fs::write(&keys, &own[..own.len() / 2]).unwrap();
    refused("keys.malformed");
    fs::write(&keys, "{\"keys\": [").unwrap();
    refused("keys.malformed");

    fs::write(&keys, &own).unwrap();
    assert_eq!(hutong(&import(&file, &folder.data()), "").code, Some(0));
}

#[tokio::test]
async fn a_cluster_of_another_version_or_damaged_is_told_apart_and_left_alone() {
    let folder = Folder::with_office();
    let file = folder.write("台账.csv", ledgers::csv(0, 5));
    let version = folder.path("data/cluster/PG_VERSION");
    let own = fs::read(&version).unwrap();
    for (text, code) in [("99\n", "cluster.newer"), ("x\n", "cluster.broken")] {
        fs::write(&version, text).unwrap();
        assert_eq!(import_refused(&folder, &file), code);
        assert_eq!(
            refused(&["demo", "--no-serve", "--data", &folder.data()]),
            code
        );
    }
    fs::write(&version, own).unwrap();
    assert_eq!(
        refused(&["demo", "--no-serve", "--data", &folder.data()]),
        "store.not_a_demo"
    );
    let before = Census::of_folder(Path::new(&folder.data())).await;
    damage::newer_schema(Path::new(&folder.data())).await;
    assert_eq!(import_refused(&folder, &file), "store.newer_schema");
    let mut after = Census::of_folder(Path::new(&folder.data())).await;
    *after.rows.get_mut("public._sqlx_migrations").unwrap() -= 1;
    assert_eq!(after, before);
}

#[test]
fn a_port_in_use_is_told_before_anything_is_founded() {
    let folder = Folder::new();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let code = refused(&["demo", "--port", &port, "--data", &folder.data()]);
    assert_eq!(
        (code.as_str(), folder.names().len()),
        ("port.unavailable", 0)
    );
}

#[test]
fn data_where_nothing_can_be_written_is_refused() {
    let folder = Folder::new();
    let file = folder.write("台账.csv", ledgers::csv(0, 5));
    let under_a_file = format!("{file}/data");
    assert_eq!(refused(&init(&under_a_file)), "cluster.unwritable");
    let long = folder.path(&"x".repeat(300)).display().to_string();
    assert_eq!(refused(&init(&long)), "cluster.path_too_long");
    assert_eq!(refused(&init("")), "usage.arguments");
    assert_eq!(refused(&import(&file, "")), "usage.arguments");
}

#[test]
fn an_ordinary_user_is_told_what_is_not_his() {
    let folder = Folder::new();
    let file = folder.write("台账.csv", ledgers::csv(0, 5));
    // Root may read everything: then nobody stands for the ordinary user, with a copy of the binary within his reach.
    let binary = folder.path("hutong");
    fs::copy(env!("CARGO_BIN_EXE_hutong"), &binary).unwrap();
    let as_user = |arguments: &[&str]| {
        let mut ordinary = Command::new(&binary);
        ordinary
            .args(arguments)
            .env("LC_ALL", "en_GB.UTF-8")
            .env("HOME", folder.path("home"));
        if is_root() {
            ordinary.uid(65_534).gid(65_534);
        }
        run(&mut ordinary, "").refusal()
    };
    let closed =
        |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    let data = folder.path("closed");
    fs::create_dir(&data).unwrap();
    if !is_root() {
        closed(&data, 0o500);
    }
    let expected = if is_root() {
        "cluster.not_owner"
    } else {
        "cluster.unwritable"
    };
    assert_eq!(as_user(&init(data.to_str().unwrap())), expected);
    let below = data.join("data");
    assert_eq!(
        as_user(&init(below.to_str().unwrap())),
        "cluster.unwritable"
    );
    closed(Path::new(&file), 0o000);
    assert_eq!(
        as_user(&import(&file, below.to_str().unwrap())),
        "ledger.unreadable"
    );
    closed(Path::new(&file), 0o600);
    closed(&data, 0o700);
}

#[test]
fn a_reader_that_leaves_early_stops_no_import() {
    let folder = Folder::with_office();
    let files = [0, 10].map(|n| folder.write(&format!("{n}.csv"), ledgers::csv(n, 10)));
    let data = folder.data();
    let mut child = start(&[&import(&files[0], &data)[..], &[&files[1]]].concat());
    drop(child.stdout.take());
    let ran = end(child);
    assert_eq!((ran.code, &*ran.stderr), (Some(0), ""));
    let again = hutong(&[&import(&files[1], &data)[..], &["--json"]].concat(), "");
    assert_eq!(again.json()[0]["files"][0]["unchanged"], 10);
    let mut shown = start(&["keys", "show", "--data", &data]);
    drop(shown.stdout.take());
    assert_eq!(end(shown).code, Some(0));
}

#[test]
fn an_output_that_cannot_be_written_is_no_success() {
    let folder = Folder::new();
    let file = folder.write("台账.csv", ledgers::csv(0, 5));
    let check = ["check", &file, "--place", "370481", "--as-of", "2021-10-31"];
    for more in [&[][..], &["--json"]] {
        let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
        let mut checking = command(&[&check[..], more].concat());
        checking
            .stdin(Stdio::null())
            .stdout(full)
            .stderr(Stdio::piped());
        assert_eq!(
            end(checking.spawn().unwrap()).refusal(),
            "output.unwritable"
        );
    }
    let full = || OpenOptions::new().write(true).open("/dev/full").unwrap();
    let mut silent = command(&[
        "check",
        "/nowhere",
        "--place",
        "370481",
        "--as-of",
        "2021-10-31",
    ]);
    silent.stdin(Stdio::null()).stdout(full()).stderr(full());
    assert_eq!(
        silent.status().unwrap().code(),
        Some(2),
        "where not even the message can be written"
    );
}

#[test]
fn a_workbook_that_would_hide_another_gets_a_number() {
    let folder = Folder::with_office();
    let file = folder.write(
        "孤儿.xlsx",
        fs::read(sample("orphans_tengzhou.xlsx")).unwrap(),
    );
    let marked = folder.write("孤儿-未登记.xlsx", "somebody's work");
    let ran = hutong(
        &[&import(&file, &folder.data())[..], &["--json"]].concat(),
        "",
    );
    let put = ran.json()[0]["files"][0]["left_out_file"].clone();
    assert!(
        put.as_str().unwrap().ends_with("孤儿-未登记-2.xlsx"),
        "{put}"
    );
    assert_eq!(fs::read(marked).unwrap(), b"somebody's work");
}

/// A small disk of its own, or none where this account may not mount one.
pub(crate) struct SmallDisk<'a> {
    at: &'a Path,
}

impl<'a> SmallDisk<'a> {
    pub(crate) fn mount(at: &'a Path, size: &str) -> Option<Self> {
        fs::create_dir_all(at).unwrap();
        let option = format!("size={size},mode=0755");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &option, "tmpfs"])
            .arg(at)
            .stderr(Stdio::null())
            .status();
        if is_root() && mounted.is_ok_and(|status| status.success()) {
            return Some(Self { at });
        }
        println!("not run: this account may mount no small disk");
        None
    }

    pub(crate) fn grow(&self, size: &str) {
        let grown = Command::new("mount")
            .args(["-o", &format!("remount,size={size}")])
            .arg(self.at)
            .status()
            .unwrap();
        assert!(grown.success());
    }

    /// Leaves this many KiB free.
    fn fill_but(&self, free: u64) {
        let left = || {
            rustix::fs::statvfs(self.at)
                .map(|disk| disk.f_bavail * disk.f_frsize / 1024)
                .unwrap()
        };
        let mut ballast = File::create(self.at.join("ballast")).unwrap();
        while left() > free {
            let block = (left() - free).min(1024) as usize * 1024;
            ballast.write_all(&vec![1; block]).unwrap();
        }
    }
}

impl Drop for SmallDisk<'_> {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.at).status();
    }
}

#[test]
fn a_disk_too_small_for_a_database_is_told_and_left_clean() {
    let folder = Folder::new();
    let disk = folder.path("disk");
    let file = folder.write("台账.csv", ledgers::csv(0, 5));
    let data = disk.join("data").display().to_string();
    for size in ["1m", "20m", "60m"] {
        let Some(mounted) = SmallDisk::mount(&disk, size) else {
            return;
        };
        let ran = hutong(&init(&data), "");
        let code = ran.refusal();
        assert!(
            ["cluster.disk_full", "store.disk_full"].contains(&code.as_str()),
            "{size}: {}",
            ran.stderr
        );
        if size == "60m" {
            // With space the same folder becomes what it should have been.
            mounted.grow("300m");
            assert_eq!(hutong(&init(&data), "").code, Some(0));
            assert_eq!(hutong(&import(&file, &data), "").code, Some(0));
        }
    }
}

#[tokio::test]
async fn a_disk_that_fills_during_an_import_loses_nothing_and_takes_it_later() {
    let folder = Folder::with_office();
    let disk = folder.path("disk");
    let Some(mounted) = SmallDisk::mount(&disk, "400m") else {
        return;
    };
    crate::folder::copy(Path::new(&folder.data()), &disk);
    let data = disk.join("data").display().to_string();
    let small = folder.write("小.csv", ledgers::csv(0, 5));
    assert_eq!(hutong(&import(&small, &data), "").code, Some(0));
    let large = folder.write("大.csv", ledgers::csv(100, 6_000));
    mounted.fill_but(6 * 1024);
    let ran = hutong(&import(&large, &data), "");
    let code = ran.refusal();
    assert!(
        ["cluster.disk_full", "store.disk_full"].contains(&code.as_str()),
        "{}",
        ran.stderr
    );
    fs::remove_file(disk.join("ballast")).unwrap();
    let census = Census::of_folder(Path::new(&data)).await;
    assert_eq!((census.count(), census.contradictions.len()), (5, 0));
    assert_eq!(hutong(&import(&large, &data), "").code, Some(0));
}

#[tokio::test]
async fn a_ledgers_disk_without_room_for_its_marked_workbook_keeps_the_file_out() {
    let folder = Folder::with_office();
    let disk = folder.path("disk");
    let Some(mounted) = SmallDisk::mount(&disk, "64k") else {
        return;
    };
    let ledger = disk.join("台账.xlsx");
    fs::copy(sample("orphans_tengzhou.xlsx"), &ledger).unwrap();
    mounted.fill_but(4);
    let file = ledger.display().to_string();
    assert_eq!(import_refused(&folder, &file), "file.unwritable");
    let mut left: Vec<_> = fs::read_dir(&disk)
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    left.sort();
    assert_eq!(left, ["ballast", "台账.xlsx"]);
    assert_eq!(
        Census::of_folder(Path::new(&folder.data())).await.count(),
        0
    );
    mounted.grow("256k");
    assert_eq!(hutong(&import(&file, &folder.data()), "").code, Some(1));
}
