//! A command line that cannot be understood, explained in one line and in the reader's language.

use clap::error::{ContextKind, ContextValue, Error, ErrorKind};
use kernel::explain::{Explain, Lang};

use crate::arguments::DATE;

/// What is wrong with a command line.
#[derive(Debug, thiserror::Error)]
#[error("wrong arguments: {kind}")]
pub(crate) struct UsageError {
    kind: ErrorKind,
    /// The argument or verb in question, as typed or as `--help` names it.
    argument: String,
    /// Its value, as typed.
    value: String,
    /// What was probably meant, or may stand there.
    instead: String,
}

impl UsageError {
    /// What clap found wrong.
    pub(crate) fn of(error: &Error) -> Self {
        let text = |kind| {
            error
                .get(kind)
                .map(ContextValue::to_string)
                .unwrap_or_default()
        };
        let either = |first, second| match text(first) {
            found if found.is_empty() => text(second),
            found => found,
        };
        let instead = [
            ContextKind::SuggestedArg,
            ContextKind::SuggestedSubcommand,
            ContextKind::SuggestedValue,
            ContextKind::ValidValue,
            ContextKind::PriorArg,
        ];
        Self {
            kind: error.kind(),
            argument: either(ContextKind::InvalidArg, ContextKind::InvalidSubcommand),
            value: text(ContextKind::InvalidValue),
            instead: instead
                .into_iter()
                .map(text)
                .find(|found| !found.is_empty())
                .unwrap_or_default(),
        }
    }

    fn is_date(&self) -> bool {
        let value = matches!(
            self.kind,
            ErrorKind::ValueValidation | ErrorKind::InvalidValue
        );
        value && !self.value.is_empty() && self.argument.contains(DATE)
    }

    fn in_chinese(&self) -> String {
        let Self {
            argument,
            value,
            instead,
            ..
        } = self;
        let what = match self.kind {
            _ if self.is_date() => {
                return format!("{argument} 的日期“{value}”无法识别，请按 2021-11-04 的形式填写。");
            }
            ErrorKind::MissingRequiredArgument => format!("缺少必需的参数：{argument}"),
            ErrorKind::UnknownArgument => format!("没有参数 {argument}"),
            ErrorKind::InvalidSubcommand => format!("没有命令 {argument}"),
            ErrorKind::InvalidValue if value.is_empty() => format!("参数 {argument} 缺少值"),
            ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
                format!("参数 {argument} 的值“{value}”不正确")
            }
            ErrorKind::ArgumentConflict => {
                format!("参数 {argument} 不能与 {instead} 同时使用或重复")
            }
            ErrorKind::InvalidUtf8 => "参数不是有效的 UTF-8 文字".to_owned(),
            ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
                "缺少命令".to_owned()
            }
            _ => format!("参数有误 {argument}"),
        };
        let hint = match instead.as_str() {
            "" => String::new(),
            _ if self.kind == ErrorKind::ArgumentConflict => String::new(),
            instead => format!("（可用：{instead}）"),
        };
        format!("{what}{hint}。用法见 hutong --help 或 hutong 命令 --help。")
    }

    fn in_english(&self) -> String {
        let Self {
            argument,
            value,
            instead,
            ..
        } = self;
        let what = match self.kind {
            _ if self.is_date() => {
                return format!(
                    "The date {value:?} for {argument} cannot be read. Write it as 2021-11-04."
                );
            }
            ErrorKind::MissingRequiredArgument => format!("Missing: {argument}"),
            ErrorKind::UnknownArgument => format!("There is no argument {argument}"),
            ErrorKind::InvalidSubcommand => format!("There is no verb {argument}"),
            ErrorKind::InvalidValue if value.is_empty() => format!("{argument} lacks its value"),
            ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
                format!("{value:?} is no value for {argument}")
            }
            ErrorKind::ArgumentConflict => {
                format!("{argument} cannot stand beside {instead}, or twice")
            }
            ErrorKind::InvalidUtf8 => "An argument is not UTF-8".to_owned(),
            ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
                "A verb is missing".to_owned()
            }
            _ => format!("The arguments cannot be understood: {argument}"),
        };
        let hint = match instead.as_str() {
            "" => String::new(),
            _ if self.kind == ErrorKind::ArgumentConflict => String::new(),
            instead => format!(" (there is: {instead})"),
        };
        format!("{what}{hint}. See hutong --help, or hutong VERB --help.")
    }
}

impl Explain for UsageError {
    fn code(&self) -> &'static str {
        if self.is_date() {
            "date.unreadable"
        } else {
            "usage.arguments"
        }
    }

    fn explain(&self, lang: Lang) -> String {
        match lang {
            Lang::Zh => self.in_chinese(),
            Lang::En => self.in_english(),
        }
    }
}
