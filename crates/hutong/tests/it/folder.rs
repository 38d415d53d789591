//! Folders of one test, and installations in them that were founded once for all tests.

use std::fs::{self, File};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::run::hutong;

/// Founds the office of Zaozhuang with three invented people, beside a data folder.
pub(crate) const INIT: [&str; 9] = [
    "init",
    "--place",
    "3704",
    "--admin",
    "虚构管理员",
    "--approver",
    "虚构审批甲",
    "--approver",
    "虚构审批乙",
];

/// A folder of one test, where also the account that runs PostgreSQL may pass.
pub(crate) struct Folder(tempfile::TempDir);

impl Folder {
    pub(crate) fn new() -> Self {
        let folder = tempfile::Builder::new()
            .prefix("hutong-it-")
            .tempdir()
            .unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        Self(folder)
    }

    /// A folder with an office in it, empty but for its divisions and its three founding officers.
    pub(crate) fn with_office() -> Self {
        Self::with("office", |data| {
            let ran = hutong(&[&INIT[..], &["--data", data]].concat(), "");
            assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        })
    }

    /// A folder with the demo city of 4 November 2021 in it.
    pub(crate) fn with_demo() -> Self {
        Self::with("demo", |data| {
            let ran = hutong(&["demo", "--no-serve", "--data", data], "");
            assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        })
    }

    /// A copy of an installation that `found` makes when no test has made it with this very binary before.
    fn with(name: &str, found: impl Fn(&str)) -> Self {
        let binary = fs::metadata(env!("CARGO_BIN_EXE_hutong")).unwrap();
        let account = rustix::process::geteuid().as_raw();
        let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{account}"));
        fs::create_dir_all(&kept).unwrap();
        // Tests run in many processes: one founds, the others wait for it.
        let lock = File::create(kept.join("lock")).unwrap();
        lock.lock().unwrap();
        let made = format!("{}-{}", binary.size(), binary.mtime_nsec());
        if fs::read_to_string(kept.join("made")).unwrap_or_default() != made {
            let _ = fs::remove_file(kept.join("made"));
            let _ = fs::remove_dir_all(kept.join("data"));
            let folder = Self::new();
            found(&folder.data());
            copy(Path::new(&folder.data()), &kept);
            fs::write(kept.join("made"), made).unwrap();
        }
        let folder = Self::new();
        copy(&kept.join("data"), folder.0.path());
        folder
    }

    /// The data folder; where none was copied, there is none yet.
    pub(crate) fn data(&self) -> String {
        self.path("data").display().to_string()
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Writes a file and answers its path.
    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        fs::write(&path, bytes).unwrap();
        path.display().to_string()
    }

    /// What lies in the folder itself.
    pub(crate) fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(self.0.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

/// Copies a folder into another with its owners, which a private cluster insists on.
pub(crate) fn copy(from: &Path, into: &Path) {
    let copied = Command::new("cp")
        .args(["-a", "--reflink=auto"])
        .args([from, into])
        .status()
        .unwrap();
    assert!(copied.success());
}

/// One of the sample ledgers.
pub(crate) fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../ledger/tests/ledgers")
        .join(name)
}

pub(crate) fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}
