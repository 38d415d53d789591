//! The papers of an application: a checklist, and the scans.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::ids::{ApplicationId, DecisionId, PaperId};
use kernel::journal::Entry;
use serde_json::json;

use super::application::{Application, entry_of};
use crate::error::StoreError;
use crate::seal::SealedAt;
use crate::work::{Change, Pen, Work};

/// How a paper was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaperState {
    /// 已收: handed in.
    Received,
    /// 已核: compared with the original or another department's data.
    Checked,
    /// 待补: asked for, not there or not complete.
    Missing,
}

impl PaperState {
    const ALL: [Self; 3] = [Self::Received, Self::Checked, Self::Missing];

    /// The state of a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Checked => "checked",
            Self::Missing => "missing",
        }
    }
}

/// A paper without its scan.
#[derive(Debug, Clone)]
pub struct Paper {
    /// Its id.
    pub id: PaperId,
    /// Which paper, by the code of the list of papers.
    pub code: String,
    /// How it was seen.
    pub state: PaperState,
    /// The media type of its scan, where there is one.
    pub media_type: Option<String>,
    /// When it was last noted.
    pub noted_at: Timestamp,
}

pub(crate) const fn cell(id: PaperId) -> SealedAt {
    SealedAt {
        table: "applications_paper",
        column: "content",
        row: id.uuid(),
    }
}

/// An application's papers, in the order of their codes.
///
/// # Errors
/// When the database does not answer.
pub async fn papers(work: &mut Work, id: ApplicationId) -> Result<Vec<Paper>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT id, code, state, media_type, noted_at AS "noted_at: jiff_sqlx::Timestamp" FROM applications_paper
           WHERE application_id = $1 ORDER BY code"#,
        id.uuid()
    )
    .fetch_all(work.conn())
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Paper {
                id: PaperId::from_uuid(row.id),
                code: row.code,
                state: PaperState::from_code(&row.state).ok_or(StoreError::Corrupt {
                    table: "applications_paper",
                    column: "state",
                })?,
                media_type: row.media_type,
                noted_at: row.noted_at.to_jiff(),
            })
        })
        .collect()
}

/// The scan of a paper of this application, with its media type.
///
/// # Errors
/// [`StoreError::NotFound`] where there is none; otherwise when the database does not answer or it does not open.
pub async fn paper_content(
    work: &mut Work,
    application: ApplicationId,
    paper: PaperId,
) -> Result<(String, Vec<u8>), StoreError> {
    let row = sqlx::query!(
        r#"SELECT media_type AS "media_type!", content::bytea AS "content!" FROM applications_paper
           WHERE id = $1 AND application_id = $2 AND content IS NOT NULL"#,
        paper.uuid(),
        application.uuid()
    )
    .fetch_one(work.conn())
    .await?;
    let plain = work.store().sealer().open(cell(paper), &row.content)?;
    Ok((row.media_type, plain.to_vec()))
}

/// A paper noted, for the first time or again; a scan replaces the earlier one.
#[derive(Debug)]
pub struct PaperNoted<'a> {
    /// The application.
    pub application: &'a Application,
    /// Its id: that of the paper of this code, where there is one.
    pub id: PaperId,
    /// Which paper.
    pub code: &'a str,
    /// How it was seen.
    pub state: PaperState,
    /// Its scan with the media type, to be sealed.
    pub scan: Option<(&'a str, &'a [u8])>,
}

impl Change for PaperNoted<'_> {
    async fn write(&self, pen: &mut Pen<'_>) -> Result<(), StoreError> {
        let scan = self
            .scan
            .map(|(_, bytes)| pen.sealer.seal(cell(self.id), bytes));
        sqlx::query!(
            "INSERT INTO applications_paper (id, application_id, code, state, media_type, content, noted_at, noted_by)
             VALUES ($1, $2, $3, $4, $5, $6::bytea, $7, $8)
             ON CONFLICT (application_id, code) DO UPDATE SET state = excluded.state, noted_at = excluded.noted_at, noted_by = excluded.noted_by,
                 media_type = coalesce(excluded.media_type, applications_paper.media_type),
                 content = coalesce(excluded.content, applications_paper.content)",
            self.id.uuid(),
            self.application.id.uuid(),
            self.code,
            self.state.code(),
            self.scan.map(|(media_type, _)| media_type),
            scan as _,
            pen.now.to_sqlx() as _,
            pen.officer.uuid(),
        )
        .execute(&mut *pen.conn)
        .await?;
        Ok(())
    }

    fn entries(&self) -> Vec<Entry> {
        let bytes = self.scan.map(|(_, bytes)| bytes.len());
        let after = json!({ "paper": self.code, "state": self.state.code(), "bytes": bytes });
        vec![entry_of("applications.paper_noted", self.application).after(after)]
    }
}

/// A scan was shown, for the journal.
#[derive(Debug)]
pub struct PaperShown<'a> {
    /// The application.
    pub application: &'a Application,
    /// Which paper; none where the application as a whole was opened.
    pub paper: Option<PaperId>,
}

impl Change for PaperShown<'_> {
    async fn write(&self, _: &mut Pen<'_>) -> Result<(), StoreError> {
        Ok(())
    }

    fn entries(&self) -> Vec<Entry> {
        vec![match self.paper {
            Some(paper) => entry_of("applications.paper_read", self.application)
                .after(json!({ "paper": paper })),
            None => entry_of("applications.opened", self.application),
        }]
    }
}

/// Something was printed, for the journal.
#[derive(Debug)]
pub struct Printed<'a> {
    /// The application.
    pub application: &'a Application,
    /// The decision whose letter it is; none for the form.
    pub letter: Option<DecisionId>,
}

impl Change for Printed<'_> {
    async fn write(&self, _: &mut Pen<'_>) -> Result<(), StoreError> {
        Ok(())
    }

    fn entries(&self) -> Vec<Entry> {
        vec![match self.letter {
            Some(decision) => entry_of("applications.letter_printed", self.application)
                .after(json!({ "decision": decision })),
            None => entry_of("applications.form_printed", self.application),
        }]
    }
}
