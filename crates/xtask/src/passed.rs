//! What passed before with the same contents, which `make test` does not run again.
//!
//! **Invariant.** A step is remembered when it has passed wholly, in `target/passed`, under a digest of everything it goes
//! by; the least change of that is another digest, and the step is run. A fresh clone remembers nothing.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

use crate::workspace;

/// A digest in the making, of what a step goes by.
#[derive(Clone)]
pub(crate) struct Contents(Sha256);

impl Contents {
    /// None so far.
    pub(crate) fn none() -> Self {
        Self(Sha256::new())
    }

    /// Adds words, such as those of the command.
    pub(crate) fn add_words(&mut self, words: &[OsString]) {
        self.add(&words.len().to_le_bytes());
        for word in words {
            self.add(word.as_encoded_bytes());
        }
    }

    /// Adds bytes, told apart from those before and after by their length.
    pub(crate) fn add(&mut self, bytes: &[u8]) {
        self.0.update(bytes.len().to_le_bytes());
        self.0.update(bytes);
    }

    /// Adds a file by its content.
    ///
    /// # Errors
    /// When it cannot be read: of what is not known nothing is remembered.
    pub(crate) fn add_file(&mut self, file: &Path) -> Result<()> {
        let content = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
        self.add(&content);
        Ok(())
    }

    /// Adds those of the workspace's files that are meant, by name and content; one that is gone from disk by its name.
    pub(crate) fn add_files<'f>(
        &mut self,
        root: &Path,
        files: impl Iterator<Item = &'f String>,
    ) -> Result<()> {
        for path in files {
            self.add(path.as_bytes());
            let file = root.join(path);
            if file.is_file() {
                self.add_file(&file)?;
            }
        }
        Ok(())
    }

    fn digest(self) -> String {
        let bytes = self.0.finalize();
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// The steps that passed.
pub(crate) struct Passed {
    folder: PathBuf,
}

/// A step with the contents it goes by.
pub(crate) struct Step {
    file: PathBuf,
    digest: String,
}

impl Passed {
    /// Those of this workspace.
    pub(crate) fn at(root: &Path) -> Self {
        Self {
            folder: root.join("target/passed"),
        }
    }

    /// The step of this name with these contents.
    pub(crate) fn step(&self, name: &str, contents: Contents) -> Step {
        Step {
            file: self.folder.join(name.replace(['/', ':'], "-")),
            digest: contents.digest(),
        }
    }
}

impl Step {
    /// Whether it passed with the same contents.
    pub(crate) fn has_passed(&self) -> bool {
        fs::read_to_string(&self.file).is_ok_and(|kept| kept == self.digest)
    }

    /// Remembers that it passed.
    pub(crate) fn keep(&self) -> Result<()> {
        let folder = self.file.parent().context("a folder")?;
        fs::create_dir_all(folder)?;
        fs::write(&self.file, &self.digest)
            .with_context(|| format!("cannot write {}", self.file.display()))
    }
}

/// `cargo xtask unless-passed NAME --of PATH… --with WORD… -- COMMAND…`: runs the command unless it passed with the same
/// words and the same contents below these paths: files of the workspace, and what a build has made.
pub(crate) fn run(
    name: &str,
    paths: &[String],
    with: &[OsString],
    command: &[OsString],
) -> Result<ExitCode> {
    let root = workspace::root()?;
    let (program, arguments) = command.split_first().context("no command to run")?;
    let mut contents = Contents::none();
    contents.add_words(command);
    contents.add_words(with);
    let files = workspace::files(&root)?;
    let is_below = |path: &str, file: &str| Path::new(file).starts_with(path);
    for path in paths {
        let below: Vec<&String> = files.iter().filter(|file| is_below(path, file)).collect();
        let made = root.join(path);
        if made.is_file() {
            contents.add_file(&made)?;
        } else if below.is_empty() {
            bail!("{name} is to go by {path}, where there is nothing");
        }
        contents.add_files(&root, below.into_iter())?;
    }
    let step = Passed::at(&root).step(name, contents);
    if step.has_passed() {
        println!("{name}: passed before with the same contents; ALL=1 runs it again");
        return Ok(ExitCode::SUCCESS);
    }
    let status = workspace::command(program)
        .args(arguments)
        .status()
        .with_context(|| format!("cannot run {}", program.to_string_lossy()))?;
    if status.success() {
        step.keep()?;
        return Ok(ExitCode::SUCCESS);
    }
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(ExitCode::from(code.unwrap_or(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contents(words: &[&str]) -> Contents {
        let words: Vec<OsString> = words.iter().map(OsString::from).collect();
        let mut contents = Contents::none();
        contents.add_words(&words);
        contents
    }

    #[test]
    fn contents_are_told_apart_by_every_byte_and_border() {
        let digest = |words: &[&str]| contents(words).digest();
        assert_eq!(digest(&["npm", "test"]), digest(&["npm", "test"]));
        assert_ne!(digest(&["npm", "test"]), digest(&["npmt", "est"]));
        assert_ne!(digest(&["npm", "test"]), digest(&["npm", "tesT"]));
        assert_ne!(digest(&["npm"]), digest(&["npm", ""]));
    }

    #[test]
    fn a_step_has_passed_with_the_contents_it_was_kept_with_and_with_no_others() {
        let root = tempfile::tempdir().unwrap();
        let files = ["ledger.csv".to_owned(), "gone.csv".to_owned()];
        let step = || {
            let mut contents = contents(&["test"]);
            contents.add_files(root.path(), files.iter()).unwrap();
            Passed::at(root.path()).step("hutong::it", contents)
        };
        fs::write(root.path().join("ledger.csv"), "张三（虚构）").unwrap();
        assert!(!step().has_passed(), "nothing is remembered at first");
        step().keep().unwrap();
        assert!(step().has_passed());
        fs::write(root.path().join("ledger.csv"), "李四（虚构）").unwrap();
        assert!(!step().has_passed(), "the ledger is another");
        fs::write(root.path().join("ledger.csv"), "张三（虚构）").unwrap();
        assert!(step().has_passed(), "and is as it was");
        fs::write(root.path().join("gone.csv"), "").unwrap();
        assert!(!step().has_passed(), "a file has come");
    }

    #[test]
    fn of_what_cannot_be_read_nothing_is_remembered() {
        let missing = contents(&[]).add_file(Path::new("/nowhere/program"));
        assert!(
            missing
                .unwrap_err()
                .to_string()
                .contains("/nowhere/program")
        );
    }
}
