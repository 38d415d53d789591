//! A document as it is to be printed: its words and their order, and nothing of how it looks.
//!
//! **Invariant.** What an officer or a family wrote is text in here, never an instruction to whatever prints it.

use serde::{Deserialize, Serialize};

/// A document on paper.
///
/// ```
/// use domain::document::{Block, Document};
/// let letter = Document {
///     title: "告知书".into(),
///     number: None,
///     blocks: vec![Block::Paragraph("特此告知。".into())],
/// };
/// assert_eq!(letter.lines(), ["告知书", "特此告知。"]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// What it is, in the middle at its head.
    pub title: String,
    /// Its number (文号), under the title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// What it says, from top to bottom.
    pub blocks: Vec<Block>,
}

/// A part of a document.
///
/// ```
/// use domain::document::Block;
/// let said: Block = serde_json::from_str(r#"{"kind":"heading","text":"一、决定"}"#)?;
/// assert_eq!(said, Block::Heading("一、决定".into()));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "text", rename_all = "snake_case")]
pub enum Block {
    /// A heading on a line of its own.
    Heading(String),
    /// A line that begins at the margin, such as whom it is for.
    Line(String),
    /// A paragraph that begins two characters in.
    Paragraph(String),
    /// A table; the cells of a row share its width equally, but that a label is narrow.
    Table(Vec<Vec<Cell>>),
    /// Whose it is and of which day, with room for the seal around both.
    Seal {
        /// The office.
        office: String,
        /// The day, as it is written.
        day: String,
    },
}

/// A cell of a table.
///
/// ```
/// use domain::document::Cell;
/// assert_eq!(Cell::label("姓名").text(), "姓名");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "text", rename_all = "snake_case")]
pub enum Cell {
    /// What stands beside it.
    Label(String),
    /// What is filled in.
    Text(String),
    /// Room for an opinion, a signature and a seal, with these words at its foot.
    Room(String),
}

impl Cell {
    /// A label.
    pub fn label(text: impl Into<String>) -> Self {
        Self::Label(text.into())
    }

    /// What is filled in.
    pub fn of(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// Its words.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Label(text) | Self::Text(text) | Self::Room(text) => text,
        }
    }
}

impl Document {
    /// Its words, line by line: for whoever reads it on a screen.
    #[must_use]
    pub fn lines(&self) -> Vec<&str> {
        let mut lines = vec![self.title.as_str()];
        lines.extend(self.number.as_deref());
        for block in &self.blocks {
            match block {
                Block::Heading(text) | Block::Line(text) | Block::Paragraph(text) => {
                    lines.push(text);
                }
                Block::Table(rows) => {
                    lines.extend(rows.iter().flatten().map(Cell::text));
                }
                Block::Seal { office, day } => lines.extend([office.as_str(), day]),
            }
        }
        lines
    }
}
