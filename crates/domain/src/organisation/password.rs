//! What a password must be: long, not the login name, not one of those that are tried first.

use kernel::explain::{Explain, Lang};

use super::login::Login;

/// The fewest characters.
pub const SHORTEST: usize = 12;
/// The most bytes that are hashed; longer ones are refused so that nobody makes the program hash a book.
pub const LONGEST: usize = 256;

/// What every list of broken passwords begins with, and what an office here would think of first; compared without
/// case, digits at the end, or repetition.
const TRIED_FIRST: [&str; 20] = [
    "password",
    "passw0rd",
    "p@ssw0rd",
    "qwerty",
    "qwertyuiop",
    "1qaz2wsx3edc",
    "1q2w3e4r5t6y",
    "admin",
    "administrator",
    "hutong",
    "zaozhuang",
    "tengzhou",
    "minzheng",
    "minzhengju",
    "woaini",
    "abc",
    "abcdefghijkl",
    "iloveyou",
    "welcome",
    "letmein",
];

/// Why a password is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordFault {
    /// Fewer than [`SHORTEST`] characters.
    #[error("the password is too short")]
    Short,
    /// More than [`LONGEST`] bytes.
    #[error("the password is too long")]
    Long,
    /// It holds the login name.
    #[error("the password holds the login name")]
    HoldsLogin,
    /// One of those tried first, or a few characters repeated or in a row.
    #[error("the password is one of those tried first")]
    TriedFirst,
}

impl Explain for PasswordFault {
    fn code(&self) -> &'static str {
        match self {
            Self::Short => "password.short",
            Self::Long => "password.long",
            Self::HoldsLogin => "password.login",
            Self::TriedFirst => "password.tried_first",
        }
    }

    fn explain(&self, lang: Lang) -> String {
        let (zh, en) = match self {
            Self::Short => (
                "密码至少 12 个字符，可以是一句话。",
                "A password has at least 12 characters; a sentence will do.",
            ),
            Self::Long => (
                "密码过长，请控制在 256 字节以内。",
                "The password is too long: at most 256 bytes.",
            ),
            Self::HoldsLogin => (
                "密码中不得含有登录名。",
                "A password must not hold the login name.",
            ),
            Self::TriedFirst => (
                "这个密码太常见，容易被猜中，请换一个。",
                "This password is among the first to be guessed: choose another.",
            ),
        };
        match lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
        .into()
    }
}

/// Whether this officer may take this password.
///
/// # Errors
/// [`PasswordFault`] names the first rule it breaks.
///
/// ```
/// use domain::organisation::password::{PasswordFault, check};
/// let login = "li.wei".parse()?;
/// assert_eq!(check("春天的荆河两岸柳树发芽了", &login), Ok(()));
/// assert_eq!(check("Password2021!", &login), Err(PasswordFault::TriedFirst));
/// # Ok::<(), domain::organisation::LoginError>(())
/// ```
pub fn check(password: &str, login: &Login) -> Result<(), PasswordFault> {
    if password.len() > LONGEST {
        return Err(PasswordFault::Long);
    }
    if password.chars().count() < SHORTEST {
        return Err(PasswordFault::Short);
    }
    let lower = password.to_lowercase();
    if lower.contains(login.as_str()) {
        return Err(PasswordFault::HoldsLogin);
    }
    let bare = lower.trim_end_matches(|c: char| !c.is_alphabetic());
    let tried = TRIED_FIRST
        .iter()
        .any(|word| bare == *word || lower.replace(word, "").is_empty());
    if tried || few_characters(&lower) || in_a_row(&lower) {
        return Err(PasswordFault::TriedFirst);
    }
    Ok(())
}

/// Fewer than five different characters.
fn few_characters(text: &str) -> bool {
    let mut seen: Vec<char> = text.chars().collect();
    seen.sort_unstable();
    seen.dedup();
    seen.len() < 5
}

/// Each character the next of the one before, as in 0123… and abcd…; nine is followed by nought.
fn in_a_row(text: &str) -> bool {
    let characters: Vec<char> = text.chars().collect();
    let follows = |pair: &[char]| {
        let step = i64::from(u32::from(pair[1])) - i64::from(u32::from(pair[0]));
        step.abs() == 1 || pair == ['9', '0'] || pair == ['0', '9']
    };
    characters.windows(2).all(follows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_guessed_first_is_refused() {
        let login: Login = "li.wei".parse().unwrap();
        for (password, fault) in [
            ("elevenchars", PasswordFault::Short),
            ("十一个汉字的口令不够长", PasswordFault::Short),
            ("my-li.wei-secret", PasswordFault::HoldsLogin),
            ("MY-LI.WEI-SECRET", PasswordFault::HoldsLogin),
            ("password123456", PasswordFault::TriedFirst),
            ("Administrator1!", PasswordFault::TriedFirst),
            ("hutonghutonghutong", PasswordFault::TriedFirst),
            ("aaaaaaaaaaaaaa", PasswordFault::TriedFirst),
            ("abababababab", PasswordFault::TriedFirst),
            ("123456789012", PasswordFault::TriedFirst),
            ("zyxwvutsrqponm", PasswordFault::TriedFirst),
        ] {
            assert_eq!(check(password, &login), Err(fault), "{password}");
        }
        assert_eq!(
            check(&"长".repeat(90), &login),
            Err(PasswordFault::Long),
            "bytes, not characters"
        );
        assert_eq!(check("correct horse battery", &login), Ok(()));
    }
}
