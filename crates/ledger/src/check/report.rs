//! The report of a check as data for other programs.

use kernel::explain::Lang;
use serde::Serialize;

use super::checker::FileReport;
use super::issue::Severity;

#[derive(Serialize)]
struct Report<'r> {
    files: Vec<FileJson<'r>>,
}

#[derive(Serialize)]
struct FileJson<'r> {
    file: &'r str,
    children: u64,
    issues: Vec<IssueJson<'r>>,
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
        issues: report
            .issues
            .iter()
            .map(|issue| IssueJson {
                row: issue.row,
                column: &issue.column,
                code: issue.code.as_str(),
                severity: issue.code.severity(),
                message: issue.code.message(lang),
            })
            .collect(),
    });
    Report {
        files: files.collect(),
    }
}
