//! How much of a file is read before it is refused.

/// The bounds a ledger must keep; they are checked before anything is parsed.
///
/// The defaults hold every real ledger of a county many times over and keep
/// the reader under 300 MiB of memory whatever the file claims to be, and a check
/// too: what it remembers of a child is small, and of faults there is a bound.
///
/// ```
/// let limits = ledger::Limits { cells: 10_000, ..ledger::Limits::default() };
/// assert_eq!(limits.inflated_bytes, 256 << 20);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Size of the file itself, in bytes: it is held in memory while it is read.
    pub file_bytes: u64,
    /// Bytes a compressed workbook may inflate to, all its parts together.
    pub inflated_bytes: u64,
    /// Bytes of one part that is neither a sheet nor the table of texts.
    pub part_bytes: u64,
    /// Parts of a compressed workbook.
    pub parts: u64,
    /// Cells of all sheets together.
    pub cells: u64,
    /// Texts in a workbook's shared table.
    pub texts: u64,
    /// Bytes of text in a workbook's shared table.
    pub text_bytes: u64,
    /// Bytes of one cell, with its markup.
    pub cell_bytes: u64,
    /// Bytes of all texts of one row: cells may repeat one text of a shared table.
    pub row_bytes: u64,
    /// Bytes that the faults found take, those of all files of a check together.
    pub report_bytes: u64,
    /// Columns of one row that are looked at; cells further right are passed over.
    pub columns: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 64 << 20,
            inflated_bytes: 256 << 20,
            part_bytes: 16 << 20,
            parts: 10_000,
            cells: 2_000_000,
            texts: 1_500_000,
            text_bytes: 80 << 20,
            cell_bytes: 1 << 20,
            row_bytes: 1 << 20,
            report_bytes: 48 << 20,
            columns: 1_024,
        }
    }
}
