//! An account that a payee's money goes to: its number, and whose name stands on it.

use kernel::explain::{Explain, Lang};

use crate::registry::Hidden;

/// Whose name the holder's is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NameMatch {
    /// 监护人
    Guardian,
    /// 儿童本人
    Child,
    /// 福利机构
    Home,
    /// 不一致: somebody else's; that takes a reason.
    Other,
}

impl NameMatch {
    /// Every one.
    pub const ALL: [Self; 4] = [Self::Guardian, Self::Child, Self::Home, Self::Other];

    /// The stable code, as stored.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Guardian => "guardian",
            Self::Child => "child",
            Self::Home => "home",
            Self::Other => "other",
        }
    }

    /// The match with this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|found| found.code() == code)
    }

    /// Whose name a holder's is, of a child's guardian and the child. Spaces and the dot within a name do not count.
    ///
    /// ```
    /// use domain::allowances::NameMatch;
    /// assert_eq!(NameMatch::of_child("虚构 祖父", Some("虚构祖父"), "虚构甲"), NameMatch::Guardian);
    /// assert_eq!(NameMatch::of_child("虚构乙", Some("虚构祖父"), "虚构甲"), NameMatch::Other);
    /// ```
    #[must_use]
    pub fn of_child(holder: &str, guardian: Option<&str>, child: &str) -> Self {
        if guardian.is_some_and(|guardian| same(holder, guardian)) {
            Self::Guardian
        } else if same(holder, child) {
            Self::Child
        } else {
            Self::Other
        }
    }

    /// Whether the holder is the home.
    #[must_use]
    pub fn of_home(holder: &str, home: &str) -> Self {
        match same(holder, home) {
            true => Self::Home,
            false => Self::Other,
        }
    }
}

/// Brackets and dots come in two widths, and are no part of a name.
fn same(one: &str, other: &str) -> bool {
    let letters = |text: &str| -> String {
        let is_name = |letter: &char| !letter.is_whitespace() && !"·•・.()（）".contains(*letter);
        text.chars().filter(is_name).collect()
    };
    let one = letters(one);
    !one.is_empty() && one == letters(other)
}

/// An account as an officer states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatedAccount {
    /// In whose name it is.
    pub holder: String,
    /// At which bank.
    pub bank: String,
    /// Its number, digits alone.
    pub number: Hidden,
    /// Why it is in somebody else's name.
    pub reason: Option<Hidden>,
}

/// Why an account is not as it must be. Nothing was written then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AccountError {
    /// The holder or the bank is missing, or too long to be one.
    #[error("holder or bank does not fit")]
    Words,
    /// The number is no number of an account: 8 to 32 digits.
    #[error("the number does not fit")]
    Number,
    /// It is in another's name, and nobody says why.
    #[error("it is in another's name without a reason")]
    Reason,
    /// The child's file holds no account that could be taken over.
    #[error("the file holds no account")]
    NotOnFile,
    /// Whoever proposed an account does not confirm it.
    #[error("a second person is needed")]
    SamePerson,
    /// It was confirmed or ended before.
    #[error("it was decided before")]
    Decided,
}

impl Explain for AccountError {
    fn code(&self) -> &'static str {
        match self {
            Self::Words => "account.words",
            Self::Number => "account.number",
            Self::Reason => "account.reason",
            Self::NotOnFile => "account.not_on_file",
            Self::SamePerson => "account.same_person",
            Self::Decided => "account.decided",
        }
    }

    fn explain(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::Words, Lang::Zh) => "户名、开户行须填写，且各不超过60字，请更正。",
            (Self::Words, Lang::En) => "Holder and bank are needed, of no more than 60 characters each: correct them.",
            (Self::Number, Lang::Zh) => "账号应为8至32位数字，请核对。",
            (Self::Number, Lang::En) => "An account number has 8 to 32 digits: check it.",
            (Self::Reason, Lang::Zh) => "户名与监护人、儿童（或福利机构）均不一致，请写明原因后再提交。",
            (Self::Reason, Lang::En) => "The holder is neither guardian nor child (nor the home): state the reason and send it again.",
            (Self::NotOnFile, Lang::Zh) => "档案中没有账号可用，请填写户名、开户行和账号。",
            (Self::NotOnFile, Lang::En) => "The file holds no account: enter holder, bank and number.",
            (Self::SamePerson, Lang::Zh) => "账户须由另一人确认，换任职也不行，未作改动。请由另一人办理。",
            (Self::SamePerson, Lang::En) => "An account is confirmed by somebody else, whatever the posts; nothing was changed. Somebody else has to do this.",
            (Self::Decided, Lang::Zh) => "该账户已确认或已停用，未作改动。请刷新后查看。",
            (Self::Decided, Lang::En) => "The account was confirmed or ended before, and nothing was changed: look at it again.",
        }
        .to_owned()
    }
}

/// An account's number without the gaps it is written with; none where it is no number of 8 to 32 digits.
#[must_use]
pub fn account_number(written: &str) -> Option<String> {
    let is_gap = |letter: char| letter.is_whitespace() || letter == '-';
    let number: String = written.chars().filter(|letter| !is_gap(*letter)).collect();
    let is_number = number.bytes().all(|byte| byte.is_ascii_digit());
    (is_number && (8..=32).contains(&number.len())).then_some(number)
}

/// How many characters a holder or a bank may have.
const LONGEST: usize = 60;

impl StatedAccount {
    /// The account tidied: no spaces around words or within the number.
    ///
    /// # Errors
    /// [`AccountError::Words`], [`AccountError::Number`].
    pub fn tidied(&self) -> Result<Self, AccountError> {
        let word = |text: &str| {
            let text = text.trim().to_owned();
            let fits = (1..=LONGEST).contains(&text.chars().count());
            let plain = !text.chars().any(char::is_control);
            (fits && plain).then_some(text).ok_or(AccountError::Words)
        };
        let number = account_number(self.number.reveal()).ok_or(AccountError::Number)?;
        let reason = self.reason.as_ref().map(|reason| reason.reveal().trim());
        let reason = reason.filter(|reason| !reason.is_empty());
        Ok(Self {
            holder: word(&self.holder)?,
            bank: word(&self.bank)?,
            number: Hidden::new(number),
            reason: reason.map(Hidden::new),
        })
    }

    /// What the name comes to; another's name takes a reason.
    ///
    /// # Errors
    /// [`AccountError::Reason`].
    pub fn matched(&self, found: NameMatch) -> Result<NameMatch, AccountError> {
        match (found, &self.reason) {
            (NameMatch::Other, None) => Err(AccountError::Reason),
            _ => Ok(found),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stated(number: &str, reason: Option<&str>) -> StatedAccount {
        StatedAccount {
            holder: " 虚构祖父 ".into(),
            bank: "虚构银行".into(),
            number: Hidden::new(number),
            reason: reason.map(Hidden::new),
        }
    }

    #[test]
    fn an_account_is_tidied_or_refused() {
        let tidy = stated("6222 0216-1111 0003", Some(" ")).tidied().unwrap();
        assert_eq!(
            (tidy.holder.as_str(), tidy.number.reveal()),
            ("虚构祖父", "6222021611110003")
        );
        assert_eq!(tidy.reason, None);
        for number in [
            "",
            "1234567",
            "62220216１1110003",
            "abc12345678",
            &"1".repeat(33),
        ] {
            assert_eq!(
                stated(number, None).tidied(),
                Err(AccountError::Number),
                "{number}"
            );
        }
        let nameless = StatedAccount {
            holder: " ".into(),
            ..stated("12345678", None)
        };
        assert_eq!(nameless.tidied(), Err(AccountError::Words));
    }

    #[test]
    fn another_name_takes_a_reason() {
        assert_eq!(
            NameMatch::of_child("阿卜杜拉·虚构", Some("阿卜杜拉虚构"), "某"),
            NameMatch::Guardian
        );
        assert_eq!(
            NameMatch::of_child("虚构甲", None, "虚构甲"),
            NameMatch::Child
        );
        assert_eq!(
            NameMatch::of_home("儿童福利院(虚构)", "儿童福利院（虚构）"),
            NameMatch::Home
        );
        assert_eq!(NameMatch::of_home("", ""), NameMatch::Other);
        assert_eq!(
            stated("12345678", None).matched(NameMatch::Other),
            Err(AccountError::Reason)
        );
        let stated = stated("12345678", Some("委托村委会代管"));
        assert_eq!(stated.matched(NameMatch::Other), Ok(NameMatch::Other));
        for found in NameMatch::ALL {
            assert_eq!(NameMatch::from_code(found.code()), Some(found));
        }
    }
}
