//! `hutong backup` and `hutong restore`: what was there is there again, and what is not whole is refused.

use std::fs::{self, File};
use std::io::BufReader;
use std::path::{Path, PathBuf};

use kernel::clock::{Entropy, SeededEntropy};
use store::backup::{ArchiveReader, ArchiveWriter, Identity, OpenWith, Piece, SealFor};
use store::cluster::{Cluster, Place, Startup};
use testkit::contents::contents_of_folder;
use testkit::{Census, ledgers};

use crate::faults::SmallDisk;
use crate::folder::Folder;
use crate::run::{end, hutong, refused, start};

/// What a restore changes: it begins an epoch and ends all sessions.
const CHANGED: [&str; 2] = ["public.installation_epoch", "auth.session"];

/// An office with children, and a key pair for its backups.
pub(crate) struct Scene {
    pub(crate) folder: Folder,
    pub(crate) identity: String,
    pub(crate) recipient: String,
}

impl Scene {
    pub(crate) fn with_children(rows: u32) -> Self {
        let folder = Folder::with_office();
        let file = folder.write("台账.csv", ledgers::csv(0, rows));
        let scene = Self::of(folder);
        scene.import(&file);
        scene
    }

    pub(crate) fn of(folder: Folder) -> Self {
        let identity = folder.path("backup.key").display().to_string();
        let made = hutong(&["backup", "key", "--out", &identity], "");
        assert_eq!(made.code, Some(0), "{}", made.stderr);
        Self {
            folder,
            identity,
            recipient: made.stdout.trim().to_owned(),
        }
    }

    fn import(&self, file: &str) {
        let ran = hutong(&self.importing(file), "");
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    }

    fn importing<'a>(&self, file: &'a str) -> [&'a str; 8] {
        let data: &'static str = Box::leak(self.folder.data().into_boxed_str());
        [
            "import",
            "--place",
            "370481",
            "--as-of",
            "2021-10-31",
            "--data",
            data,
            file,
        ]
    }

    pub(crate) fn text(&self, name: &str) -> String {
        self.folder.path(name).display().to_string()
    }

    /// Backs up into this file.
    pub(crate) fn back_up(&self, name: &str) -> String {
        let (to, data) = (self.text(name), self.folder.data());
        let ran = hutong(
            &[
                "backup",
                "--to",
                &to,
                "--recipient",
                &self.recipient,
                "--data",
                &data,
            ],
            "",
        );
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        to
    }

    /// The arguments that back up the installation in this folder, which founds none.
    pub(crate) fn backing_up(&self, data: &str) -> Vec<String> {
        let to = self.folder.path(".").display().to_string();
        [
            "backup",
            "--to",
            &to,
            "--recipient",
            &self.recipient,
            "--data",
            data,
        ]
        .map(str::to_owned)
        .to_vec()
    }

    pub(crate) fn keys(&self) -> String {
        self.text("data/keys/hutong.keys")
    }

    /// The arguments that restore this file into this folder.
    pub(crate) fn restoring(&self, file: &str, into: &str) -> Vec<String> {
        let into = self.text(into);
        [
            "restore",
            file,
            "--identity",
            &self.identity,
            "--keys",
            &self.keys(),
            "--data",
            &into,
        ]
        .map(str::to_owned)
        .to_vec()
    }

    fn restore(&self, file: &str, into: &str) {
        let ran = hutong(&parts(&self.restoring(file, into)), "");
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    }
}

pub(crate) fn parts(arguments: &[String]) -> Vec<&str> {
    arguments.iter().map(String::as_str).collect()
}

#[tokio::test]
async fn what_was_backed_up_is_there_again_and_opens_with_the_same_keys() {
    let scene = Scene::with_children(60);
    testkit::months::pay_in_folder(&scene.folder.path("data")).await;
    let file = scene.back_up("one.hutong-backup");
    let mut before = contents_of_folder(&scene.folder.path("data")).await;
    let ran = hutong(
        &["backup", "verify", &file, "--identity", &scene.identity],
        "",
    );
    assert_eq!((ran.code, &*ran.stderr), (Some(0), ""));
    assert!(ran.stdout.contains("registry_child"), "{}", ran.stdout);

    scene.restore(&file, "again");
    let mut after = contents_of_folder(&scene.folder.path("again")).await;
    assert!(before["public.installation_epoch"].starts_with("1 "));
    assert!(after["public.installation_epoch"].starts_with("2 "));
    for table in CHANGED {
        before.remove(table);
        after.remove(table);
    }
    assert_eq!(after, before);

    // Everything sealed opens: it is sealed anew, to the last value. And the same ledger takes in nobody a second time.
    let again = scene.text("again");
    let children = Census::of_folder(Path::new(&again)).await.count();
    let ran = hutong(&["keys", "rotate", "--json", "--data", &again], "");
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let said = &ran.json()[0];
    assert_eq!((&said["left"], &said["unreadable"]), (&0.into(), &0.into()));
    assert!(said["resealed"].as_u64().unwrap() > 60, "{said}");
    let ledger = scene.text("台账.csv");
    let mut importing = scene.importing(&ledger);
    importing[6] = &again;
    assert_eq!(hutong(&importing, "").code, Some(0));
    let census = Census::of_folder(Path::new(&again)).await;
    assert_eq!(
        (census.count(), census.contradictions),
        (children, Vec::new())
    );
}

#[test]
fn an_installation_restored_before_or_in_use_is_left_alone() {
    let scene = Scene::with_children(5);
    let file = scene.back_up("one.hutong-backup");
    let into_itself = scene.restoring(&file, "data");
    assert_eq!(refused(&parts(&into_itself)), "restore.occupied");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let place = Place::at(scene.folder.path("data")).unwrap();
    let running = runtime
        .block_on(Cluster::start(&place, Startup { allow_nobody: true }))
        .unwrap();
    assert_eq!(refused(&parts(&into_itself)), "cluster.in_use");
    // A backup joins whoever runs the database.
    scene.back_up("two.hutong-backup");
    runtime.block_on(running.stop());
    let to = scene.text("two.hutong-backup");
    let data = scene.folder.data();
    let again = [
        "backup",
        "--to",
        &to,
        "--recipient",
        &scene.recipient,
        "--data",
        &data,
    ];
    assert_eq!(refused(&again), "backup.exists");
    assert_eq!(
        refused(&[
            "backup",
            "--to",
            "/nowhere/x",
            "--recipient",
            &scene.recipient,
            "--data",
            &data
        ]),
        "backup.no_folder"
    );
}

#[test]
fn without_the_right_passphrase_and_keys_nothing_is_made() {
    let scene = Scene::with_children(5);
    let right = scene.folder.write("right", "一句足够长的备份口令作证\n");
    let wrong = scene.folder.write("wrong", "一句足够长的备份口令作假\n");
    let short = scene.folder.write("short", "太短\n");
    let (to, data) = (scene.text("one"), scene.folder.data());
    let by = |file: &str| {
        hutong(
            &[
                "backup",
                "--to",
                &to,
                "--passphrase-file",
                file,
                "--data",
                &data,
            ],
            "",
        )
    };
    assert_eq!(by(&short).refusal(), "keys.passphrase_short");
    assert_eq!(by(&right).code, Some(0));

    let (keys, again) = (scene.keys(), scene.text("again"));
    let restore = |passphrase: &str, keys: &[&str]| {
        let fixed = [
            "restore",
            &to,
            "--passphrase-file",
            passphrase,
            "--data",
            &again,
        ];
        let code = refused(&[&fixed[..], keys].concat());
        assert!(!Path::new(&again).exists());
        code
    };
    assert_eq!(restore(&wrong, &["--keys", &keys]), "backup.passphrase");
    assert_eq!(restore(&right, &[]), "keys.missing");
    let (_stranger, other_keys) = a_strangers_keys();
    assert_eq!(restore(&right, &["--keys", &other_keys]), "keys.foreign");
    for (file, how, secret, code) in [
        (&to, "--identity", &scene.identity, "backup.other_way"),
        (&keys, "--passphrase-file", &right, "backup.not_a_backup"),
    ] {
        let restored = ["restore", file, how, secret, "--data", &again];
        assert_eq!(refused(&restored), code);
    }
    assert!(!Path::new(&again).exists());
}

/// The key file of another office, and its folder.
fn a_strangers_keys() -> (Folder, String) {
    let stranger = Folder::with_office();
    let other_keys = stranger.path("data/keys/hutong.keys");
    let other = fs::read_to_string(&other_keys).unwrap();
    // The offices of the tests are copies of one: another's index secret is another key.
    let line = other
        .lines()
        .find(|line| line.starts_with("index"))
        .unwrap();
    let mut turned: Vec<char> = line.chars().collect();
    turned[12] = if turned[12] == 'A' { 'B' } else { 'A' };
    let turned: String = turned.into_iter().collect();
    fs::write(&other_keys, other.replace(line, &turned)).unwrap();
    let other_keys = other_keys.display().to_string();
    (stranger, other_keys)
}

#[test]
fn a_flipped_bit_or_a_missing_end_is_refused_before_it_is_put_to_use() {
    let scene = Scene::with_children(20);
    let file = scene.back_up("one.hutong-backup");
    let sound = fs::read(&file).unwrap();
    let chance = SeededEntropy::new(20_211_104);
    let scratch = scene.folder.path("scratch");
    fs::create_dir(&scratch).unwrap();
    for turn in 0..4 {
        let mut draw = [0; 8];
        chance.fill(&mut draw);
        let place = usize::try_from(u64::from_le_bytes(draw) % (sound.len() as u64)).unwrap();
        let mut bytes = sound.clone();
        if turn % 2 == 0 {
            bytes[place] ^= 1 << (turn % 8);
        } else {
            bytes.truncate(place);
        }
        let damaged = scene.folder.write("damaged", bytes);
        let scratch = scratch.display().to_string();
        let tried = hutong(
            &[
                "backup",
                "verify",
                &damaged,
                "--identity",
                &scene.identity,
                "--scratch",
                &scratch,
            ],
            "",
        );
        println!("byte {place} of {}", sound.len());
        assert!(
            matches!(&*tried.refusal(), "backup.damaged" | "backup.not_a_backup"),
            "{}",
            tried.stderr
        );
        assert_eq!(
            fs::read_dir(&scratch).unwrap().count(),
            0,
            "nothing is left"
        );
    }
    // A restore that met the damage half-way opens for nobody; a sound backup goes to the same place.
    let mut bytes = sound.clone();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    let damaged = scene.folder.write("damaged", bytes);
    assert_eq!(
        refused(&parts(&scene.restoring(&damaged, "again"))),
        "backup.damaged"
    );
    let again = scene.text("again");
    assert_eq!(
        refused(&parts(&scene.backing_up(&again))),
        "store.half_restored"
    );
    scene.restore(&file, "again");
    assert_eq!(hutong(&parts(&scene.backing_up(&again)), "").code, Some(0));
}

/// Reads a backup, lets somebody change its pieces, and seals it again as only its maker could.
fn forge(scene: &Scene, file: &str, change: impl Fn(&mut Piece)) -> PathBuf {
    let path = Path::new(file);
    let identity = || Identity::read(Path::new(&scene.identity)).unwrap();
    let from = BufReader::new(File::open(path).unwrap());
    let (mut reader, head) =
        ArchiveReader::begin(from, &OpenWith::Identity(identity()), path).unwrap();
    let entropy = SeededEntropy::new(7);
    let seal_for = SealFor::Recipient(identity().recipient());
    let forged = scene.folder.path("forged.hutong-backup");
    let out = File::create(&forged).unwrap();
    let mut writer = ArchiveWriter::begin(out, &seal_for, &head, &entropy).unwrap();
    loop {
        let mut piece = reader.next_piece().unwrap();
        change(&mut piece);
        writer.add(&piece).unwrap();
        if matches!(piece, Piece::End(_)) {
            writer.finish().unwrap();
            return forged;
        }
    }
}

#[test]
fn a_manifest_that_tells_another_story_is_a_finding() {
    let scene = Scene::with_children(20);
    let file = scene.back_up("one.hutong-backup");
    let verify = |forged: PathBuf| {
        let forged = forged.display().to_string();
        let ran = hutong(
            &[
                "backup",
                "verify",
                &forged,
                "--identity",
                &scene.identity,
                "--json",
            ],
            "",
        );
        assert_eq!(ran.code, Some(1), "{}", ran.stderr);
        let said = ran.json().remove(0);
        let tables = said["tables"].as_array().unwrap();
        let about: Vec<String> = tables
            .iter()
            .filter(|table| !table["findings"].as_array().unwrap().is_empty())
            .map(|table| table["table"].as_str().unwrap().to_owned())
            .collect();
        about.join(" ")
    };
    let table =
        |piece: &mut Piece, name: &str, change: &dyn Fn(&mut store::backup::TableTotals)| {
            if let Piece::End(manifest) = piece {
                let found = manifest.tables.iter_mut().find(|t| t.table == name);
                change(found.unwrap());
            }
        };
    let counted = forge(&scene, &file, |piece| {
        table(piece, "public.registry_child", &|t| t.rows += 1);
    });
    assert_eq!(verify(counted), "public.registry_child");
    let journal = forge(&scene, &file, |piece| {
        if let Piece::End(manifest) = piece {
            manifest.journal.chain = "0".repeat(64);
        }
    });
    // And no restore puts it to use.
    let forged = journal.display().to_string();
    let refusal = refused(&parts(&scene.restoring(&forged, "again")));
    assert_eq!(refusal, "restore.differs");
    assert_eq!(verify(journal), "public.journal_entry");
}

#[tokio::test]
async fn a_backup_beside_imports_holds_whole_files() {
    let scene = Scene::with_children(50);
    let files: Vec<String> = (1..4)
        .map(|n| {
            scene
                .folder
                .write(&format!("{n}.csv"), ledgers::csv(n * 400, 400))
        })
        .collect();
    let data = scene.folder.data();
    let mut arguments = vec![
        "import",
        "--place",
        "370481",
        "--as-of",
        "2021-10-31",
        "--data",
        &data,
    ];
    arguments.extend(files.iter().map(String::as_str));
    let importing = start(&arguments);
    // The import runs the database; each backup joins it, and the first waits for it to be there.
    let mut taken = Vec::new();
    for n in 0..3 {
        std::thread::sleep(std::time::Duration::from_millis(700));
        let to = scene.text(&format!("beside-{n}"));
        let ran = hutong(
            &[
                "backup",
                "--to",
                &to,
                "--recipient",
                &scene.recipient,
                "--data",
                &data,
            ],
            "",
        );
        println!("beside the import: {:?} {}", ran.code, ran.stderr.trim());
        if ran.code == Some(0) {
            taken.push(to);
        }
    }
    let imported = end(importing);
    // An import that came after a backup had started the database finds it in use, and says so.
    assert!(
        imported.code == Some(0) || imported.refusal_code() == Some("cluster.in_use"),
        "{}",
        imported.stderr
    );
    assert!(!taken.is_empty());
    for (n, file) in taken.iter().enumerate() {
        let name = format!("again-{n}");
        scene.restore(file, &name);
        let census = Census::of_folder(&scene.folder.path(&name)).await;
        assert_eq!(census.contradictions, [""; 0]);
        assert_eq!((census.count() - 50) % 400, 0, "whole files");
        println!("backup {n}: {} children", census.count());
    }
}

#[test]
fn a_full_disk_leaves_no_backup_and_no_installation() {
    let scene = Scene::with_children(300);
    let disk = scene.folder.path("disk");
    let Some(mounted) = SmallDisk::mount(&disk, "200k") else {
        return;
    };
    let (to, data) = (disk.display().to_string(), scene.folder.data());
    let backup = [
        "backup",
        "--to",
        &to,
        "--recipient",
        &scene.recipient,
        "--data",
        &data,
    ];
    assert_eq!(refused(&backup), "backup.disk_full");
    assert_eq!(fs::read_dir(&disk).unwrap().count(), 0);
    mounted.grow("60m");
    assert_eq!(hutong(&backup, "").code, Some(0));
    let name = fs::read_dir(&disk).unwrap().next().unwrap().unwrap();
    let file = scene.folder.path("one.hutong-backup");
    fs::copy(name.path(), &file).unwrap();
    fs::remove_file(name.path()).unwrap();
    let file = file.display().to_string();
    // Room for an empty cluster and for nothing in it.
    let restoring = scene.restoring(&file, "disk/data");
    let code = hutong(&parts(&restoring), "").refusal();
    assert!(
        matches!(
            &*code,
            "cluster.disk_full" | "store.disk_full" | "store.database" | "cluster.start"
        ),
        "{code}"
    );
    mounted.grow("600m");
    let ran = hutong(&parts(&restoring), "");
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
}
