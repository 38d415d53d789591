//! The keys that every dated entry has: where it is in force, from when, until when, and by which document.

use jiff::Timestamp;
use jiff::civil::Date;
use kernel::division::Division;
use toml::de::DeValue;

use crate::finding::{Finding, Flaw};
use crate::reading::Table;

/// The keys of an entry that are the same for every kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) place: Division,
    pub(crate) from: Date,
    pub(crate) until: Option<Date>,
    pub(crate) announced: Option<Timestamp>,
    pub(crate) cite: String,
    pub(crate) verified: bool,
}

impl Head {
    /// Takes these keys out of a table; nothing where the table cannot be dated or placed.
    pub(crate) fn take(table: &mut Table<'_>, findings: &mut Vec<Finding>) -> Option<Self> {
        let mut keys = Keys {
            table,
            findings: Vec::new(),
        };
        let head = keys.head();
        let sound = !keys.findings.iter().any(|finding| finding.flaw.refuses());
        findings.append(&mut keys.findings);
        head.filter(|_| sound)
    }
}

struct Keys<'t, 'a> {
    table: &'t mut Table<'a>,
    findings: Vec<Finding>,
}

impl<'a> Keys<'_, 'a> {
    fn head(&mut self) -> Option<Head> {
        if !self.table.keys.contains_key("from") {
            self.tell(Flaw::Unreadable("missing field `from`".to_owned()));
        }
        if !self.table.keys.contains_key("verified") {
            self.tell(Flaw::NoVerified);
        }
        let place = self.take("place", WANTED_PLACE, division);
        let from = self.take("from", WANTED_DAY, day);
        let until = self.take("until", WANTED_DAY, day);
        let announced = self.take("announced", WANTED_MOMENT, moment);
        let cite = self.take("cite", WANTED_TEXT, |value| {
            value.as_str().map(str::to_owned)
        });
        let verified = self.take("verified", WANTED_BOOL, DeValue::as_bool);
        let cite = cite.unwrap_or_default();
        if cite.trim().is_empty() {
            self.tell(Flaw::NoCite);
        }
        Some(Head {
            place: place.unwrap_or(Division::COUNTRY),
            from: from?,
            until,
            announced,
            cite,
            verified: verified.unwrap_or(false),
        })
    }

    /// The value of a key, which goes out of the table; a value of another kind is a finding.
    fn take<V>(
        &mut self,
        key: &str,
        wanted: &str,
        read: impl Fn(&DeValue<'a>) -> Option<V>,
    ) -> Option<V> {
        let value = self.table.keys.remove(key)?;
        let read = read(value.get_ref());
        if read.is_none() {
            let flaw = Flaw::Unreadable(format!("{key}: expected {wanted}"));
            let at = self.table.file.at(&value.span());
            self.findings.push(Finding { at, flaw });
        }
        read
    }

    fn tell(&mut self, flaw: Flaw) {
        let at = self.table.at.clone();
        self.findings.push(Finding { at, flaw });
    }
}

const WANTED_PLACE: &str = "the 2, 4, 6, 9 or 12 digits of a division, such as \"3704\"";
const WANTED_DAY: &str = "a date such as 2020-01-01";
const WANTED_MOMENT: &str = "a date, or a moment with its offset such as 2021-08-25T00:00:00+08:00";
const WANTED_TEXT: &str = "a text";
const WANTED_BOOL: &str = "true or false";

fn division(value: &DeValue<'_>) -> Option<Division> {
    match value {
        DeValue::String(digits) => Division::parse(digits).ok(),
        DeValue::Integer(number) if number.radix() == 10 => Division::parse(number.as_str()).ok(),
        _ => None,
    }
}

/// What stands there, for a date or a moment: TOML's own, or the same in quotation marks.
fn written(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Datetime(moment) => Some(moment.to_string()),
        _ => None,
    }
}

/// Only a bare date: a time of day would be dropped without a word.
fn day(value: &DeValue<'_>) -> Option<Date> {
    let text = written(value)?;
    let bare = text.len() == "2020-01-01".len();
    bare.then(|| text.parse().ok()).flatten()
}

/// A moment with its offset, or the start of a day in Asia/Shanghai.
fn moment(value: &DeValue<'_>) -> Option<Timestamp> {
    day(value).map_or_else(
        || written(value)?.parse().ok(),
        |day| Some(kernel::clock::start_of(day)),
    )
}
