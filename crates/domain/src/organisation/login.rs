//! The name an officer signs in by.

use std::fmt;

use kernel::explain::{Explain, Lang};

/// A text that is no login name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a login name")]
pub struct LoginError;

impl Explain for LoginError {
    fn code(&self) -> &'static str {
        "login.form"
    }

    fn explain(&self, lang: Lang) -> String {
        match lang {
            Lang::Zh => {
                "登录名须为 3 至 32 个字符，以字母开头，只含小写字母、数字、点、下划线和连字符。"
            }
            Lang::En => {
                "A login name has 3 to 32 characters, begins with a letter, and holds only lower-case letters, digits, dot, underscore and hyphen."
            }
        }
        .into()
    }
}

/// A login name: 3 to 32 characters of `a-z 0-9 . _ -`, the first a letter. Capitals and blanks around it are forgiven.
///
/// ```
/// use domain::organisation::Login;
/// assert_eq!(" Li.Wei ".parse::<Login>()?.as_str(), "li.wei");
/// assert!("李伟".parse::<Login>().is_err());
/// # Ok::<(), domain::organisation::LoginError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Login(String);

impl Login {
    /// The name as stored.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::str::FromStr for Login {
    type Err = LoginError;

    fn from_str(text: &str) -> Result<Self, LoginError> {
        let name = text.trim().to_ascii_lowercase();
        let known = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-_".contains(c);
        let sound = (3..=32).contains(&name.len())
            && name.starts_with(|c: char| c.is_ascii_lowercase())
            && name.chars().all(known);
        if sound {
            Ok(Self(name))
        } else {
            Err(LoginError)
        }
    }
}

impl fmt::Display for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_is_kept() {
        for name in ["abc", "a-1", "zhang.san_2", &"a".repeat(32)] {
            assert!(name.parse::<Login>().is_ok(), "{name}");
        }
        for name in [
            "",
            "ab",
            "1ab",
            ".ab",
            "a b",
            "a@b",
            "张三丰",
            &"a".repeat(33),
        ] {
            assert_eq!(name.parse::<Login>(), Err(LoginError), "{name}");
        }
    }
}
