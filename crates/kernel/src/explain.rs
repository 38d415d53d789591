//! What a person is told when something is wrong: a stable code and one complete message in two languages.

/// A language of the messages.
///
/// ```
/// use kernel::explain::Lang;
/// assert_eq!(Lang::from_locale("en_GB.UTF-8"), Lang::En);
/// assert_eq!(Lang::from_locale("zh_CN.GB18030"), Lang::Zh);
/// assert_eq!(Lang::from_locale("C"), Lang::Zh);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lang {
    /// Chinese, the language of the offices.
    Zh,
    /// English.
    En,
}

impl Lang {
    /// The language for a locale name as found in `LC_ALL` or `LANG`: English where it says so
    /// (`en`, `en_GB.UTF-8`), else Chinese. An unset or neutral locale (`C`, `POSIX`) says nothing about
    /// the reader, and the readers are Chinese offices.
    #[must_use]
    pub fn from_locale(locale: &str) -> Self {
        let language = locale
            .split(['_', '-', '.', '@'])
            .next()
            .unwrap_or_default();
        if language.eq_ignore_ascii_case("en") {
            Self::En
        } else {
            Self::Zh
        }
    }
}

/// An error that can reach a person.
///
/// `Display` stays a short English phrase for logs, free of personal data; [`Explain::explain`] is for the
/// person: what happened and what to do.
///
/// ```
/// use kernel::explain::{Explain, Lang};
/// use kernel::resident_id::ResidentIdError;
/// let error = ResidentIdError::Checksum;
/// assert_eq!(error.code(), "id.checksum");
/// assert!(error.explain(Lang::Zh).contains("校验码"));
/// ```
pub trait Explain: std::error::Error {
    /// A stable dotted code such as `id.checksum`. Programs and screens rely on it: it never changes.
    fn code(&self) -> &'static str;

    /// One complete message in `lang`.
    fn explain(&self, lang: Lang) -> String;
}

#[cfg(test)]
mod tests {
    use super::Lang;

    #[test]
    fn only_an_english_locale_makes_english() {
        for (locale, lang) in [
            ("en", Lang::En),
            ("en_US.UTF-8", Lang::En),
            ("EN-GB", Lang::En),
            ("eng_X", Lang::Zh),
            ("", Lang::Zh),
            ("C.UTF-8", Lang::Zh),
            ("POSIX", Lang::Zh),
            ("zh_CN.UTF-8", Lang::Zh),
            ("fr_FR.UTF-8", Lang::Zh),
        ] {
            assert_eq!(Lang::from_locale(locale), lang, "{locale}");
        }
    }
}
