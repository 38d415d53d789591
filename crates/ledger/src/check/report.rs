//! The report of a check as data for other programs.

use kernel::explain::Lang;
use serde::{Serialize, Serializer};

use super::checker::FileReport;
use super::issue::{Issue, Severity};

#[derive(Serialize)]
struct Report<'r> {
    files: Vec<FileJson<'r>>,
}

#[derive(Serialize)]
struct FileJson<'r> {
    file: &'r str,
    children: u64,
    issues: Issues<'r>,
}

/// Issues that are put into words one by one as they are written: all at once take several times the file.
struct Issues<'r> {
    issues: &'r [Issue],
    lang: Lang,
}

impl Serialize for Issues<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.issues.iter().map(|issue| IssueJson {
            row: issue.row,
            column: &issue.column,
            code: issue.code.as_str(),
            severity: issue.code.severity(),
            message: issue.code.message(self.lang),
        }))
    }
}

#[derive(Serialize)]
struct IssueJson<'r> {
    row: u32,
    column: &'r str,
    code: &'static str,
    severity: Severity,
    message: String,
}

/// The reports in their published shape:
/// `{"files":[{"file","children","issues":[{"row","column","code","severity","message"}]}]}`.
#[must_use]
pub fn json(reports: &[FileReport], lang: Lang) -> impl Serialize + '_ {
    let files = reports.iter().map(|report| FileJson {
        file: &report.file,
        children: report.children,
        issues: Issues {
            issues: &report.issues,
            lang,
        },
    });
    Report {
        files: files.collect(),
    }
}
