//! The divisions a run knows: those built in, and a file of others.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use kernel::division::Division;
use kernel::explain::{Explain, Lang};
use kernel::gazetteer::{Gazetteer, GazetteerError};
use ledger::cell::Row;
use ledger::read::Workbook;
use ledger::{LedgerError, Limits};

/// The option that names a file of divisions.
#[derive(Debug, clap::Args)]
pub(crate) struct Further {
    /// Divisions to know beside those built in, such as another city's villages (csv: code,name,level,parent).
    #[arg(long, value_name = "FILE")]
    divisions: Option<PathBuf>,
}

impl Further {
    /// What the file says; nothing where none is named.
    pub(crate) fn read(&self) -> Result<Gazetteer, DivisionsError> {
        match &self.divisions {
            Some(path) => read(path),
            None => Ok(Gazetteer::default()),
        }
    }

    /// The built-in divisions and those of the file, which must fit together.
    pub(crate) fn with_builtin(&self) -> Result<Cow<'static, Gazetteer>, DivisionsError> {
        let further = self.read()?;
        let all = with_builtin(&further);
        match unknown_parent(&all, &further) {
            Some(parent) => Err(DivisionsError::Parent(parent)),
            None => Ok(all),
        }
    }
}

/// The built-in divisions and these.
pub(crate) fn with_builtin(further: &Gazetteer) -> Cow<'static, Gazetteer> {
    if further.is_empty() {
        return Cow::Borrowed(Gazetteer::builtin());
    }
    let mut all = Gazetteer::builtin().clone();
    all.extend(further.clone());
    Cow::Owned(all)
}

/// A file of divisions that cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DivisionsError {
    /// It cannot be read at all.
    #[error(transparent)]
    File(#[from] LedgerError),
    /// A line of it is wrong.
    #[error("{}: {fault}", path.display())]
    Line {
        path: PathBuf,
        #[source]
        fault: GazetteerError,
    },
    /// A division it names as above another is nowhere entered.
    #[error("the parent {} is not known", .0.code())]
    Parent(Division),
}

impl Explain for DivisionsError {
    fn code(&self) -> &'static str {
        match self {
            Self::File(error) => error.code(),
            Self::Line { fault, .. } => fault.code(),
            Self::Parent(_) => "divisions.parent_unknown",
        }
    }

    fn explain(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::File(error), _) => error.explain(lang),
            (Self::Line { path, fault }, Lang::Zh) => {
                format!("{}：{}", path.display(), fault.explain(lang))
            }
            (Self::Line { path, fault }, Lang::En) => {
                format!("{}: {}", path.display(), fault.explain(lang))
            }
            (Self::Parent(parent), Lang::Zh) => format!(
                "上级区划 {} 既不在文件中，也不在区划库中，未作改动。请在文件中补上该行后重新导入。",
                parent.code()
            ),
            (Self::Parent(parent), Lang::En) => format!(
                "The parent {} is neither in the file nor known already; nothing was changed. Add its line and import the file again.",
                parent.code()
            ),
        }
    }
}

/// Room for every village of the country.
const CELLS: u64 = 8_000_000;

/// Reads a file of divisions, whatever a spreadsheet program saved it as.
pub(crate) fn read(path: &Path) -> Result<Gazetteer, DivisionsError> {
    let limits = Limits {
        cells: CELLS,
        ..Limits::default()
    };
    let mut workbook = Workbook::open(path, &limits)?;
    let (mut text, mut lines) = (String::new(), 0);
    workbook.rows(0, &mut |row| {
        // Rows without anything are left out by the reader; the lines of a fault are the file's all the same.
        while lines + 1 < row.number {
            text.push('\n');
            lines += 1;
        }
        write_line(&mut text, row);
        lines = row.number;
        ControlFlow::Continue(())
    })?;
    Gazetteer::parse(&text).map_err(|fault| DivisionsError::Line {
        path: path.to_path_buf(),
        fault,
    })
}

fn write_line(text: &mut String, row: &Row<'_>) {
    let filled = row.cells.iter().rposition(|cell| !cell.is_blank());
    // A province has no parent, and a spreadsheet no cell for it.
    let width = filled.map_or(0, |last| last + 1).max(4);
    for at in 0..width {
        let shown = row.cells.get(at).map(ledger::cell::Cell::display);
        let shown = shown.as_deref().unwrap_or_default().trim();
        let comma = if at == 0 { "" } else { "," };
        // A name with a comma or a quotation mark keeps it; a line break within a name would end the line.
        let _ = if shown.contains([',', '"', '\n', '\r']) {
            let plain = shown.replace('"', "\"\"").replace(['\n', '\r'], " ");
            write!(text, "{comma}\"{plain}\"")
        } else {
            write!(text, "{comma}{shown}")
        };
    }
    text.push('\n');
}

/// The first division named as above another and known to nobody.
pub(crate) fn unknown_parent(all: &Gazetteer, further: &Gazetteer) -> Option<Division> {
    further
        .iter()
        .filter_map(|entry| entry.parent)
        .find(|parent| all.get(*parent).is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(bytes: &[u8]) -> Result<Gazetteer, DivisionsError> {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("divisions.csv");
        std::fs::write(&path, bytes).expect("written");
        read(&path)
    }

    #[test]
    fn a_province_has_no_parent_and_a_name_keeps_its_comma() {
        let read = file(
            "code,name,level,parent\n37,山东省,province,\n\n3704,\"枣,庄\",city,37\n".as_bytes(),
        )
        .expect("read");
        let names: Vec<&str> = read.iter().map(|entry| &*entry.name).collect();
        assert_eq!(names, ["山东省", "枣,庄"]);
    }

    #[test]
    fn a_fault_names_the_line_of_the_file() {
        let fault =
            file("code,name,level,parent\n\n\n99x,某,city,37\n".as_bytes()).expect_err("no code");
        assert!(fault.explain(Lang::Zh).contains("第4行"), "{fault:?}");
        assert_eq!(fault.code(), "divisions.code");
    }
}
