//! Why a file could not be read as a ledger: each case with what to do about it.

use kernel::explain::{Explain, Lang};

/// What keeps a file from being read as a ledger.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LedgerError {
    /// The file cannot be opened: absent, a folder, or no right to read it.
    #[error("the file cannot be opened ({reason})")]
    Unopenable {
        /// The file's name as given.
        file: String,
        /// The operating system's reason.
        reason: Unopenable,
    },
    /// Nothing in it.
    #[error("the file is empty")]
    Empty {
        /// The file's name as given.
        file: String,
    },
    /// Damaged, cut off, or not what its first bytes claim.
    #[error("the file is damaged: {what}")]
    Damaged {
        /// The file's name as given.
        file: String,
        /// What was found, for the log; never the contents of a cell.
        what: String,
    },
    /// Larger than a bound of [`crate::Limits`].
    #[error("the file passes the bound of {limit} {bound:?}")]
    TooLarge {
        /// The file's name as given.
        file: String,
        /// Which bound.
        bound: Bound,
        /// Its value.
        limit: u64,
    },
    /// Protected with a password.
    #[error("the workbook is encrypted")]
    Encrypted {
        /// The file's name as given.
        file: String,
    },
    /// A file of another kind.
    #[error("not a workbook: {kind:?}")]
    NotAWorkbook {
        /// The file's name as given.
        file: String,
        /// What it seems to be.
        kind: Foreign,
    },
    /// No sheet has a recognisable header.
    #[error("no sheet has a recognisable header")]
    NoHeader {
        /// The file's name as given.
        file: String,
    },
    /// The header lacks columns every ledger must have.
    #[error("the header in row {row} lacks {}", missing.join(", "))]
    MissingColumn {
        /// The file's name as given.
        file: String,
        /// The header's row, as the spreadsheet counts.
        row: u32,
        /// The missing columns, by their usual Chinese headings.
        missing: Vec<&'static str>,
    },
    /// The table of header names cannot be used.
    #[error("the table of header names is invalid: {what}")]
    Synonyms {
        /// What is wrong with it.
        what: String,
    },
    /// The division given as the ledgers' place is not in the gazetteer.
    #[error("the place is not in the gazetteer")]
    UnknownPlace {
        /// The place as given.
        place: String,
    },
    /// The marked copy could not be written.
    #[error("the marked workbook cannot be written: {what}")]
    Unwritable {
        /// The file that was to be written.
        file: String,
        /// The reason.
        what: String,
    },
}

/// Why the operating system would not open a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unopenable {
    /// There is no such file.
    #[error("not found")]
    NotFound,
    /// It is a folder or a device.
    #[error("not a file")]
    NotAFile,
    /// No right to read it.
    #[error("permission denied")]
    Denied,
    /// Any other failure while reading.
    #[error("cannot be read")]
    Failed,
}

/// A bound of [`crate::Limits`] in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// The file's own size.
    FileBytes,
    /// The inflated size.
    InflatedBytes,
    /// One part's inflated size.
    PartBytes,
    /// The number of parts.
    Parts,
    /// The number of cells.
    Cells,
    /// The number or size of shared texts.
    Texts,
    /// The size of one cell.
    CellBytes,
    /// The size of one row.
    RowBytes,
    /// The size of the report of faults.
    ReportBytes,
}

/// What a file seems to be when it is no workbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Foreign {
    /// A web page or an XML file, often saved under the name `.xls`.
    Markup,
    /// An OpenDocument spreadsheet.
    OpenDocument,
    /// A binary workbook (`.xlsb`).
    BinaryWorkbook,
    /// A Word document or presentation.
    Document,
    /// A zip archive of something else.
    Archive,
    /// A PDF file.
    Pdf,
    /// A picture.
    Picture,
    /// A workbook of Excel 4 or older.
    AncientWorkbook,
    /// Bytes of no known kind.
    Unknown,
}

impl Foreign {
    const fn zh(self) -> &'static str {
        match self {
            Self::Markup => "网页或 XML 文件",
            Self::OpenDocument => "OpenDocument 文档",
            Self::BinaryWorkbook => "二进制工作簿（xlsb）",
            Self::Document => "文档或演示文稿",
            Self::Archive => "压缩包",
            Self::Pdf => "PDF 文件",
            Self::Picture => "图片",
            Self::AncientWorkbook => "Excel 95 以前的工作簿",
            Self::Unknown => "无法识别的文件",
        }
    }

    const fn en(self) -> &'static str {
        match self {
            Self::Markup => "a web page or XML file",
            Self::OpenDocument => "an OpenDocument file",
            Self::BinaryWorkbook => "a binary workbook (xlsb)",
            Self::Document => "a document or presentation",
            Self::Archive => "an archive",
            Self::Pdf => "a PDF file",
            Self::Picture => "a picture",
            Self::AncientWorkbook => "a workbook older than Excel 97",
            Self::Unknown => "a file of unknown kind",
        }
    }
}

impl Bound {
    fn zh(self, limit: u64) -> String {
        match self {
            Self::FileBytes => format!("文件大小超过 {} MB", limit >> 20),
            Self::InflatedBytes => format!("解压后超过 {} MB", limit >> 20),
            Self::PartBytes => {
                format!("文件内有超过 {} MB 的附属内容（如图片、样式）", limit >> 20)
            }
            Self::Parts => format!("文件内的组成部分超过 {limit} 个"),
            Self::Cells => format!("单元格超过 {limit} 个"),
            Self::Texts => format!("文本内容超过上限 {limit}"),
            Self::CellBytes => format!("有单元格超过 {} KB", limit >> 10),
            Self::RowBytes => format!("有一行的文字超过 {} KB", limit >> 10),
            Self::ReportBytes => format!("问题过多，清单超过 {} MB", limit >> 20),
        }
    }

    fn en(self, limit: u64) -> String {
        match self {
            Self::FileBytes => format!("the file is larger than {} MB", limit >> 20),
            Self::InflatedBytes => format!("it inflates to more than {} MB", limit >> 20),
            Self::PartBytes => format!(
                "it holds attachments (pictures, styles) of more than {} MB",
                limit >> 20
            ),
            Self::Parts => format!("it has more than {limit} parts"),
            Self::Cells => format!("it has more than {limit} cells"),
            Self::Texts => format!("its texts pass the bound of {limit}"),
            Self::CellBytes => format!("a cell is larger than {} KB", limit >> 10),
            Self::RowBytes => format!("the texts of a row are larger than {} KB", limit >> 10),
            Self::ReportBytes => {
                format!("its faults make a report of more than {} MB", limit >> 20)
            }
        }
    }
}

impl Explain for LedgerError {
    fn code(&self) -> &'static str {
        match self {
            Self::Unopenable { .. } | Self::Empty { .. } | Self::Damaged { .. } => {
                "ledger.unreadable"
            }
            Self::TooLarge { .. } => "ledger.too_large",
            Self::Encrypted { .. } => "ledger.encrypted",
            Self::NotAWorkbook { .. } => "ledger.not_a_workbook",
            Self::NoHeader { .. } => "ledger.no_header",
            Self::MissingColumn { .. } => "ledger.missing_column",
            Self::Synonyms { .. } => "ledger.synonyms",
            Self::UnknownPlace { .. } => "ledger.place_unknown",
            Self::Unwritable { .. } => "ledger.unwritable",
        }
    }

    fn explain(&self, lang: Lang) -> String {
        match lang {
            Lang::Zh => self.zh(),
            Lang::En => self.en(),
        }
    }
}

impl LedgerError {
    fn zh(&self) -> String {
        match self {
            Self::Unopenable { file, reason } => match reason {
                Unopenable::NotFound => format!("{file}：没有这个文件，请核对文件名和路径。"),
                Unopenable::NotAFile => format!("{file}：这不是文件，请指定台账文件本身。"),
                Unopenable::Denied => format!("{file}：没有读取权限，请授予权限后重试。"),
                Unopenable::Failed => {
                    format!("{file}：读取失败，请确认文件未被占用、磁盘正常后重试。")
                }
            },
            Self::Empty { file } => format!("{file}：文件是空的，请重新导出台账。"),
            Self::Damaged { file, what } => {
                format!(
                    "{file}：文件已损坏或不完整（{what}），请用表格软件打开后另存为 xlsx 再试。"
                )
            }
            Self::TooLarge {
                file,
                bound: bound @ Bound::ReportBytes,
                limit,
            } => format!(
                "{file}：{}，未再核查；请先核对表头与各列是否对应，改正后重试，或拆分为几个文件分别核查。",
                bound.zh(*limit)
            ),
            Self::TooLarge { file, bound, limit } => {
                format!(
                    "{file}：{}，未予读取；请删除多余的行、列、工作表和图片，或拆分为几个文件。",
                    bound.zh(*limit)
                )
            }
            Self::Encrypted { file } => {
                format!("{file}：工作簿设有打开密码，请取消密码后另存再试。")
            }
            Self::NotAWorkbook { file, kind } => {
                format!(
                    "{file}：这是{}，不是台账；请用表格软件打开后另存为 xlsx、xls 或 csv。",
                    kind.zh()
                )
            }
            Self::NoHeader { file } => format!(
                "{file}：没有找到表头。表头应含姓名、身份证号、村（居）、类别等列；列名不同的，请改为通用的列名后重试。"
            ),
            Self::MissingColumn { file, row, missing } => format!(
                "{file}：第 {row} 行的表头缺少必需的列：{}；请补充该列，表中已有而列名不同的，请改为上述列名后重试。",
                missing.join("、")
            ),
            Self::Synonyms { what } => format!("列名对照表有误：{what}；请改正后重试。"),
            Self::UnknownPlace { place } => {
                format!(
                    "区划库中没有 {place}，请核对 --place 的区划代码，或先用 hutong divisions import 导入。"
                )
            }
            Self::Unwritable { file, what } => {
                format!("{file}：标注文件写入失败（{what}），请检查路径、权限和磁盘空间。")
            }
        }
    }

    fn en(&self) -> String {
        match self {
            Self::Unopenable { file, reason } => match reason {
                Unopenable::NotFound => format!("{file}: no such file; check its name and path."),
                Unopenable::NotAFile => {
                    format!("{file}: this is not a file; name the ledger itself.")
                }
                Unopenable::Denied => {
                    format!("{file}: no permission to read it; grant it and try again.")
                }
                Unopenable::Failed => format!(
                    "{file}: reading failed; see that it is not in use and the disk is sound."
                ),
            },
            Self::Empty { file } => format!("{file}: the file is empty; export the ledger again."),
            Self::Damaged { file, what } => {
                format!(
                    "{file}: the file is damaged or incomplete ({what}); open it in a spreadsheet program and save it as xlsx."
                )
            }
            Self::TooLarge {
                file,
                bound: bound @ Bound::ReportBytes,
                limit,
            } => format!(
                "{file}: {}, so the check ended there; see that the columns stand under their headings, or check parts of the file one by one.",
                bound.en(*limit)
            ),
            Self::TooLarge { file, bound, limit } => format!(
                "{file}: {}, so it was not read; remove surplus rows, columns, sheets and pictures, or split the file.",
                bound.en(*limit)
            ),
            Self::Encrypted { file } => {
                format!("{file}: the workbook has a password; remove it, save and try again.")
            }
            Self::NotAWorkbook { file, kind } => format!(
                "{file}: this is {}, not a ledger; open it in a spreadsheet program and save it as xlsx, xls or csv.",
                kind.en()
            ),
            Self::NoHeader { file } => format!(
                "{file}: no header found. It should name 姓名, 身份证号, 村（居）, 类别 and so on; where these are called otherwise, rename them and try again."
            ),
            Self::MissingColumn { file, row, missing } => format!(
                "{file}: the header in row {row} lacks required columns: {}; add them, or, where they are called otherwise, rename them, and try again.",
                missing.join(", ")
            ),
            Self::Synonyms { what } => {
                format!("the table of header names is wrong: {what}; correct it and try again.")
            }
            Self::UnknownPlace { place } => {
                format!(
                    "the gazetteer has no division {place}; check the code after --place, or load it with hutong divisions import."
                )
            }
            Self::Unwritable { file, what } => {
                format!(
                    "{file}: the marked workbook could not be written ({what}); check path, permission and disk space."
                )
            }
        }
    }
}
