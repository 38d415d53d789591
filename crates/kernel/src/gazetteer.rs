//! The names of divisions: the whole country down to the town, and Zaozhuang down to the village.
//!
//! The built-in files are the statistical codes as of 2023-06-30, each row `code,name,level,parent`. Other
//! cities' villages come in the same form.
//!
//! **Invariant.** Each code occurs once, and an entry's parent contains it.

use std::borrow::Cow;
use std::sync::OnceLock;

use crate::division::{Division, Level};
use crate::explain::{Explain, Lang};

const COUNTRY_TO_TOWN: &str = include_str!("../data/divisions_cn_to_town.csv");
const ZAOZHUANG_VILLAGES: &str = include_str!("../data/divisions_3704_villages.csv");

/// What is wrong with a line of a gazetteer file.
///
/// ```
/// use kernel::gazetteer::{Gazetteer, GazetteerFault};
/// let error = Gazetteer::parse("code,name,level,parent\n3704,枣庄市,town").unwrap_err();
/// assert_eq!((error.line, error.fault), (2, GazetteerFault::Fields));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GazetteerFault {
    /// The first line is not `code,name,level,parent`.
    Header,
    /// Not four fields, or an empty name.
    Fields,
    /// A quotation mark that is not closed on its line, or that stands inside a plain field.
    Quotes,
    /// The code is no division.
    Code,
    /// The level is none of province, city, county, town, village.
    Level,
    /// The parent is no division, or does not contain this one.
    Parent,
    /// The code occurred before.
    Repeated,
}

/// A file of divisions that cannot be read, and where.
///
/// ```
/// use kernel::explain::{Explain, Lang};
/// use kernel::gazetteer::Gazetteer;
/// let error = Gazetteer::parse("代码,名称").unwrap_err();
/// assert_eq!(error.code(), "divisions.header");
/// assert!(error.explain(Lang::Zh).starts_with("第1行"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the divisions file: {fault:?}")]
pub struct GazetteerError {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong with it.
    pub fault: GazetteerFault,
}

impl Explain for GazetteerError {
    fn code(&self) -> &'static str {
        match self.fault {
            GazetteerFault::Header => "divisions.header",
            GazetteerFault::Fields => "divisions.fields",
            GazetteerFault::Quotes => "divisions.quotes",
            GazetteerFault::Code => "divisions.code",
            GazetteerFault::Level => "divisions.level",
            GazetteerFault::Parent => "divisions.parent",
            GazetteerFault::Repeated => "divisions.repeated",
        }
    }

    fn explain(&self, lang: Lang) -> String {
        let (zh, en) = match self.fault {
            GazetteerFault::Header => (
                "首行应为 code,name,level,parent",
                "the header must be code,name,level,parent",
            ),
            GazetteerFault::Fields => (
                "应有四列，且名称不能为空",
                "there must be four fields and a name",
            ),
            GazetteerFault::Quotes => (
                "引号不成对",
                "a quotation mark is out of place or not closed",
            ),
            GazetteerFault::Code => ("行政区划代码不正确", "the code is no division code"),
            GazetteerFault::Level => (
                "级别应为 province、city、county、town、village 之一",
                "the level must be province, city, county, town or village",
            ),
            GazetteerFault::Parent => (
                "上级代码不正确或不包含本级",
                "the parent is no division that contains this one",
            ),
            GazetteerFault::Repeated => ("代码重复", "the code occurred on an earlier line"),
        };
        match lang {
            Lang::Zh => format!("第{}行：{zh}，请改正后重新导入。", self.line),
            Lang::En => format!(
                "Line {}: {en}. Correct it and import the file again.",
                self.line
            ),
        }
    }
}

/// A named division.
///
/// ```
/// use kernel::division::{Division, Level};
/// use kernel::gazetteer::Gazetteer;
/// let tengzhou = Gazetteer::builtin().get(Division::parse("370481")?).unwrap();
/// assert_eq!((&*tengzhou.name, tengzhou.level), ("滕州市", Level::County));
/// # Ok::<(), kernel::division::DivisionError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its code.
    pub division: Division,
    /// Its own name, without those above it.
    pub name: Cow<'static, str>,
    /// Its level as the file gives it.
    pub level: Level,
    /// The division above as the file gives it, or `None` for a province.
    pub parent: Option<Division>,
}

/// Named divisions, found by code.
///
/// ```
/// use kernel::division::Division;
/// use kernel::gazetteer::Gazetteer;
/// let names = Gazetteer::builtin();
/// assert_eq!(names.path(Division::parse("370481001")?), "山东省枣庄市滕州市荆河街道");
/// assert_eq!(names.children(Division::parse("3704")?).count(), 6);
/// # Ok::<(), kernel::division::DivisionError>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Gazetteer {
    /// Ascending by code.
    entries: Vec<Entry>,
}

impl Gazetteer {
    /// The divisions that come with the program.
    #[must_use]
    pub fn builtin() -> &'static Self {
        static BUILTIN: OnceLock<Gazetteer> = OnceLock::new();
        BUILTIN.get_or_init(|| {
            // Both files are part of the program and read by its tests, so neither default is ever taken.
            // Their names are borrowed from it, since every short-lived verb pays for this.
            let mut country = Self::read(COUNTRY_TO_TOWN, |name| name).unwrap_or_default();
            country.extend(Self::read(ZAOZHUANG_VILLAGES, |name| name).unwrap_or_default());
            country
        })
    }

    /// Reads a file of `code,name,level,parent` with that header; a byte order mark, Windows line ends and
    /// double-quoted fields are understood.
    ///
    /// A row that names itself as its parent repeats the row above it one level down (the statistical file
    /// lists 441900000000 东莞市 as city and as county) and is left out.
    ///
    /// # Errors
    /// [`GazetteerError`] for the first line that cannot be read.
    pub fn parse(csv: &str) -> Result<Self, GazetteerError> {
        Self::read(csv, |name| Cow::Owned(name.into_owned()))
    }

    fn read<'csv>(
        csv: &'csv str,
        keep: fn(Cow<'csv, str>) -> Cow<'static, str>,
    ) -> Result<Self, GazetteerError> {
        let mut lines = csv.trim_start_matches('\u{feff}').lines().enumerate();
        let header = lines.next().map_or("", |(_, line)| line);
        if fields(header).map(|names| names == ["code", "name", "level", "parent"]) != Ok(true) {
            return Err(GazetteerError {
                line: 1,
                fault: GazetteerFault::Header,
            });
        }
        let mut read = Self::default();
        for (at, line) in lines.filter(|(_, line)| !line.trim_ascii().is_empty()) {
            let entry = entry(line, keep).map_err(|fault| GazetteerError {
                line: at + 1,
                fault,
            })?;
            if entry.parent != Some(entry.division) {
                read.entries.push(entry);
            }
        }
        read.entries.sort_by_key(|entry| entry.division);
        let twice = read
            .entries
            .windows(2)
            .find(|pair| pair[0].division == pair[1].division);
        match twice {
            Some(pair) => Err(GazetteerError {
                line: last_line_of(csv, pair[1].division),
                fault: GazetteerFault::Repeated,
            }),
            None => Ok(read),
        }
    }

    /// Takes in the entries of `other`; where both know a code, the one from `other` stays.
    pub fn extend(&mut self, other: Self) {
        let mut entries = other.entries;
        entries.append(&mut self.entries);
        // Stable, so that of two equal codes the one from `other` comes first and is kept.
        entries.sort_by_key(|entry| entry.division);
        entries.dedup_by_key(|entry| entry.division);
        self.entries = entries;
    }

    /// The entry of `division`, if it is known.
    #[must_use]
    pub fn get(&self, division: Division) -> Option<&Entry> {
        self.entries
            .binary_search_by_key(&division, |entry| entry.division)
            .ok()
            .map(|at| &self.entries[at])
    }

    /// The divisions directly below, by code; those of [`Division::COUNTRY`] are the provinces.
    pub fn children(&self, division: Division) -> impl Iterator<Item = &Entry> {
        let parent = Some(division).filter(|division| *division != Division::COUNTRY);
        self.within(division)
            .filter(move |entry| entry.parent == parent)
    }

    /// The division itself and everything in it, by code.
    pub fn within(&self, division: Division) -> impl Iterator<Item = &Entry> {
        let range = division.range();
        let start = self
            .entries
            .partition_point(|entry| entry.division.code() < range.start);
        let end = self
            .entries
            .partition_point(|entry| entry.division.code() < range.end);
        self.entries[start..end].iter()
    }

    /// The full name, such as 山东省枣庄市滕州市荆河街道; empty for an unknown division.
    ///
    /// Rows that are no places (市辖区, 县 and 省直辖县级行政区划 at the level of the city) are left out, and a
    /// name is not said twice (嘉峪关市).
    #[must_use]
    pub fn path(&self, division: Division) -> String {
        let above = std::iter::successors(self.get(division), |entry| {
            entry.parent.and_then(|parent| self.get(parent))
        });
        let mut names: Vec<&str> = above
            .filter(|entry| is_place(entry))
            .map(|entry| &*entry.name)
            .collect();
        names.reverse();
        names.dedup();
        names.concat()
    }

    /// How many divisions are known.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether none is known.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// All of them, by code.
    pub fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter()
    }
}

/// Entries from elsewhere, such as a database; where two have one code, the later stays.
impl FromIterator<Entry> for Gazetteer {
    fn from_iter<I: IntoIterator<Item = Entry>>(entries: I) -> Self {
        let mut entries: Vec<Entry> = entries.into_iter().collect();
        entries.reverse();
        entries.sort_by_key(|entry| entry.division);
        entries.dedup_by_key(|entry| entry.division);
        Self { entries }
    }
}

/// The last line that gives `division`, counted from 1.
fn last_line_of(csv: &str, division: Division) -> usize {
    let gives =
        |line: &str| fields(line).is_ok_and(|[code, ..]| Division::parse(&code) == Ok(division));
    csv.lines()
        .enumerate()
        .filter(|(_, line)| gives(line))
        .last()
        .map_or(0, |(at, _)| at + 1)
}

fn is_place(entry: &Entry) -> bool {
    let filler =
        &*entry.name == "市辖区" || &*entry.name == "县" || entry.name.contains("直辖县级行政区划");
    entry.level != Level::City || !filler
}

fn entry<'csv>(
    line: &'csv str,
    keep: fn(Cow<'csv, str>) -> Cow<'static, str>,
) -> Result<Entry, GazetteerFault> {
    let [code, name, level, parent] = fields(line)?;
    if name.is_empty() {
        return Err(GazetteerFault::Fields);
    }
    let division = Division::parse(&code)
        .ok()
        .filter(|division| *division != Division::COUNTRY);
    let division = division.ok_or(GazetteerFault::Code)?;
    let level = Level::from_code(&level)
        .filter(|level| *level != Level::Country)
        .ok_or(GazetteerFault::Level)?;
    let parent = match &*parent {
        "" => None,
        code => Some(Division::parse(code).map_err(|_| GazetteerFault::Parent)?),
    };
    if parent.is_some_and(|parent| !parent.contains(division)) {
        return Err(GazetteerFault::Parent);
    }
    Ok(Entry {
        division,
        name: keep(name),
        level,
        parent,
    })
}

/// The four fields of a line.
fn fields(line: &str) -> Result<[Cow<'_, str>; 4], GazetteerFault> {
    if !line.contains('"') {
        let mut plain = line
            .split(',')
            .map(|field| Cow::Borrowed(field.trim_ascii()));
        let four = [plain.next(), plain.next(), plain.next(), plain.next()];
        return match (four, plain.next()) {
            ([Some(code), Some(name), Some(level), Some(parent)], None) => {
                Ok([code, name, level, parent])
            }
            _ => Err(GazetteerFault::Fields),
        };
    }
    quoted_fields(line)?
        .try_into()
        .map_err(|_| GazetteerFault::Fields)
}

/// As [`fields`], where a field may be `"quoted, with "" for a quotation mark"`. The line's fields are told
/// apart by the number of quotation marks before a comma: within a quoted field it is odd.
fn quoted_fields(line: &str) -> Result<Vec<Cow<'_, str>>, GazetteerFault> {
    let mut within = false;
    let raw = line.split(|character| {
        within ^= character == '"';
        character == ',' && !within
    });
    let found = raw.map(|field| unquoted(field.trim_ascii())).collect();
    if line.matches('"').count().is_multiple_of(2) {
        found
    } else {
        Err(GazetteerFault::Quotes)
    }
}

fn unquoted(field: &str) -> Result<Cow<'_, str>, GazetteerFault> {
    if !field.contains('"') {
        return Ok(Cow::Borrowed(field));
    }
    let inside = field
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
        .ok_or(GazetteerFault::Quotes)?;
    let sound = inside.replace("\"\"", "");
    if sound.contains('"') {
        Err(GazetteerFault::Quotes)
    } else {
        Ok(Cow::Owned(inside.replace("\"\"", "\"")))
    }
}

#[cfg(test)]
#[path = "gazetteer_tests.rs"]
mod tests;
