//! What can keep a measurement from being taken.

use std::io;
use std::path::PathBuf;

use kernel::explain::{Explain, Lang};

/// Why the bench gave up.
#[derive(Debug, thiserror::Error)]
pub(super) enum BenchError {
    /// A file or a process of the bench's own.
    #[error("{}", path.display())]
    Io {
        path: PathBuf,
        #[source]
        cause: io::Error,
    },
    /// The invented ledger could not be written.
    #[error("the invented ledger cannot be written")]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
    /// A ledger could not be read by the bare reader.
    #[error("the bare reader cannot read {}", path.display())]
    Unreadable { path: PathBuf, what: String },
    /// Invented facts could not be read back.
    #[error("the invented facts cannot be read")]
    Facts(#[source] serde_json::Error),
    /// A command that was measured failed.
    #[error("{what} ended with {status}")]
    Failed {
        what: &'static str,
        status: String,
        said: String,
    },
    /// The server gave no answer.
    #[error("the server gave no answer")]
    Silent,
    /// Told to stop.
    #[error("stopped")]
    Stopped,
}

impl BenchError {
    /// An I/O fault at a path.
    pub(super) fn io(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |cause| Self::Io { path, cause }
    }
}

impl Explain for BenchError {
    fn code(&self) -> &'static str {
        match self {
            Self::Io { .. } => "bench.io",
            Self::Workbook(_) => "bench.workbook",
            Self::Unreadable { .. } => "bench.unreadable",
            Self::Facts(_) => "bench.facts",
            Self::Failed { .. } => "bench.failed",
            Self::Silent => "bench.silent",
            Self::Stopped => "bench.stopped",
        }
    }

    fn explain(&self, lang: Lang) -> String {
        let zh = lang == Lang::Zh;
        match self {
            Self::Io { path, cause } if zh => {
                format!(
                    "{} 读写失败：{cause}。请检查磁盘空间和权限后重试。",
                    path.display()
                )
            }
            Self::Io { path, cause } => format!(
                "{} cannot be read or written: {cause}. Check the disk's space and the permissions, then try again.",
                path.display()
            ),
            Self::Workbook(cause) if zh => {
                format!("测试用台账无法生成：{cause}。请检查磁盘空间后重试。")
            }
            Self::Workbook(cause) => {
                format!(
                    "The invented ledger cannot be written: {cause}. Check the disk's space, then try again."
                )
            }
            Self::Unreadable { path, what } if zh => {
                format!("对照读取 {} 失败：{what}。", path.display())
            }
            Self::Unreadable { path, what } => {
                format!("The bare reader cannot read {}: {what}.", path.display())
            }
            Self::Facts(cause) if zh => format!("测试用事实无法读取：{cause}。"),
            Self::Facts(cause) => format!("The invented facts cannot be read: {cause}."),
            Self::Failed { what, status, said } if zh => {
                format!("被测命令 {what} 未正常结束（{status}）：{said}")
            }
            Self::Failed { what, status, said } => {
                format!("The measured command {what} did not end well ({status}): {said}")
            }
            Self::Silent if zh => "被测服务一直没有应答，请查看其日志后重试。".into(),
            Self::Silent => {
                "The measured server gave no answer; look at its log, then try again.".into()
            }
            Self::Stopped if zh => "测量已中断，临时数据已删除。".into(),
            Self::Stopped => "The bench was interrupted; its temporary data is gone.".into(),
        }
    }
}
