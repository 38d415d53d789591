//! The rules a run goes by: those built in, or a folder of others in their place.

use std::borrow::Cow;
use std::io;
use std::path::{Path, PathBuf};

use kernel::explain::{Explain, Lang};
use policy::{Finding, Rulebook, Source};

/// The option that names a folder of rules.
#[derive(Debug, clap::Args)]
pub(crate) struct OwnRules {
    /// Go by the rules in this folder (*.toml, see docs/rules.md) and by none of those built in.
    #[arg(long, value_name = "DIR")]
    rules: Option<PathBuf>,
}

impl OwnRules {
    /// The rules of the folder, or those built in where none is named.
    pub(crate) fn rulebook(&self) -> Result<Cow<'static, Rulebook>, RulesError> {
        let Some(folder) = &self.rules else {
            return Ok(Cow::Borrowed(Rulebook::builtin()));
        };
        let files = RulesFiles::read(folder)?;
        Ok(Cow::Owned(Rulebook::of(&files.sources())?))
    }
}

/// The files of a folder of rules.
pub(crate) struct RulesFiles(Vec<(String, String)>);

impl RulesFiles {
    /// Every `*.toml` of the folder in the order of their names; a single file stands for itself.
    pub(crate) fn read(folder: &Path) -> Result<Self, RulesError> {
        let unread = |cause| RulesError::unread(folder, cause);
        let mut paths = if folder.is_dir() {
            let mut paths = Vec::new();
            for entry in std::fs::read_dir(folder).map_err(unread)? {
                paths.push(entry.map_err(unread)?.path());
            }
            paths.retain(|path| is_rules_file(path));
            paths
        } else {
            vec![folder.to_owned()]
        };
        if paths.is_empty() {
            return Err(RulesError::Empty(folder.to_owned()));
        }
        paths.sort();
        let files = paths.into_iter().map(|path| {
            let text =
                std::fs::read_to_string(&path).map_err(|cause| RulesError::unread(&path, cause))?;
            // Editors on Windows put a byte order mark first, which TOML knows nothing of.
            let text = text.trim_start_matches('\u{feff}').to_owned();
            Ok((path.display().to_string(), text))
        });
        files.collect::<Result<_, _>>().map(Self)
    }

    /// The files as the policy reads them.
    pub(crate) fn sources(&self) -> Vec<Source<'_>> {
        let sources = self.0.iter().map(|(name, text)| Source { name, text });
        sources.collect()
    }
}

/// A file that an editor or a system put beside the rules begins with a dot.
fn is_rules_file(path: &Path) -> bool {
    let hidden = path
        .file_name()
        .is_none_or(|name| name.to_string_lossy().starts_with('.'));
    !hidden && path.extension().is_some_and(|ending| ending == "toml")
}

/// Rules that cannot be gone by.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RulesError {
    /// A folder or file that cannot be read, or is no UTF-8.
    #[error("{} cannot be read", path.display())]
    Unread { path: PathBuf, cause: io::Error },
    /// A folder without rules.
    #[error("{} holds no *.toml", .0.display())]
    Empty(PathBuf),
    /// A file says what cannot be understood.
    #[error(transparent)]
    Faulty(#[from] Finding),
}

impl RulesError {
    fn unread(path: &Path, cause: io::Error) -> Self {
        let path = path.to_owned();
        Self::Unread { path, cause }
    }
}

impl Explain for RulesError {
    fn code(&self) -> &'static str {
        match self {
            Self::Unread { .. } => "rules.unread",
            Self::Empty(_) => "rules.empty",
            Self::Faulty(finding) => finding.code(),
        }
    }

    fn explain(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::Faulty(finding), lang) => finding.explain(lang),
            (Self::Unread { path, cause }, Lang::Zh) => format!(
                "规则 {} 无法读取，请检查路径、权限和编码（应为 UTF-8）：{cause}",
                path.display()
            ),
            (Self::Unread { path, cause }, Lang::En) => format!(
                "The rules {} cannot be read; check path, permissions and encoding (UTF-8): {cause}",
                path.display()
            ),
            (Self::Empty(path), Lang::Zh) => {
                format!("文件夹 {} 里没有 .toml 规则文件。", path.display())
            }
            (Self::Empty(path), Lang::En) => {
                format!("The folder {} holds no rules: no *.toml.", path.display())
            }
        }
    }
}
