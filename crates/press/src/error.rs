//! Why something was not printed.

use std::path::PathBuf;

use kernel::explain::{Explain, Lang};

/// Why something was not printed.
///
/// ```
/// use kernel::explain::{Explain, Lang};
/// let error = press::PressError::NoGlyph { characters: vec!['𠀁'] };
/// assert!(error.explain(Lang::Zh).contains("“𠀁”（U+20001）"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PressError {
    /// None of the fonts is there.
    #[error("no font at {}", paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", "))]
    NoFont {
        /// Where they were looked for.
        paths: Vec<PathBuf>,
    },
    /// A file that is no font.
    #[error("{} is no font", path.display())]
    NotAFont {
        /// Which.
        path: PathBuf,
    },
    /// Characters that no font has, each once, in the order of the document.
    #[error("no glyph for {characters:?}")]
    NoGlyph {
        /// Which.
        characters: Vec<char>,
    },
    /// The document could not be written.
    #[error("not written: {0}")]
    Unwritten(String),
}

impl Explain for PressError {
    fn code(&self) -> &'static str {
        match self {
            Self::NoFont { .. } => "print.no_font",
            Self::NotAFont { .. } => "print.not_a_font",
            Self::NoGlyph { .. } => "print.no_glyph",
            Self::Unwritten(_) => "print.unwritten",
        }
    }

    fn explain(&self, lang: Lang) -> String {
        let listed = |paths: &[PathBuf], comma| {
            let paths = paths.iter().map(|path| path.display().to_string());
            paths.collect::<Vec<_>>().join(comma)
        };
        match (self, lang) {
            (Self::NoFont { paths }, Lang::Zh) => format!(
                "没有可用的中文字体（{}），不能打印。请安装 fonts-noto-cjk 或 fonts-lxgw-wenkai，或在配置 print.font 中指明字体文件。",
                listed(paths, "、")
            ),
            (Self::NoFont { paths }, Lang::En) => format!(
                "There is no Chinese font ({}), so nothing can be printed. Install fonts-noto-cjk or fonts-lxgw-wenkai, or name a font's file in print.font.",
                listed(paths, ", ")
            ),
            (Self::NotAFont { path }, Lang::Zh) => format!(
                "{} 不是可用的字体文件（应为 TTF、OTF 或 TTC）。请在配置 print.font、print.fallback_font 中更正。",
                path.display()
            ),
            (Self::NotAFont { path }, Lang::En) => format!(
                "{} is no usable font (TTF, OTF or TTC). Correct print.font or print.fallback_font.",
                path.display()
            ),
            (Self::NoGlyph { characters }, Lang::Zh) => {
                let named: Vec<String> = characters
                    .iter()
                    .map(|c| format!("“{c}”（U+{:04X}）", u32::from(*c)))
                    .collect();
                format!(
                    "字体中没有{}，未打印。请安装含有该字的字体并在配置 print.fallback_font 中指明，或核对用字。",
                    named.join("、")
                )
            }
            (Self::NoGlyph { characters }, Lang::En) => {
                let named: Vec<String> = characters
                    .iter()
                    .map(|c| format!("{c} (U+{:04X})", u32::from(*c)))
                    .collect();
                format!(
                    "No font has {}, so nothing was printed. Install a font that has it and name it in print.fallback_font, or check the character.",
                    named.join(", ")
                )
            }
            (Self::Unwritten(why), Lang::Zh) => {
                format!("PDF 未能生成（{why}）。请把文书编号告知系统管理员。")
            }
            (Self::Unwritten(why), Lang::En) => format!(
                "The PDF could not be made ({why}). Tell the administrator the document's number."
            ),
        }
    }
}
