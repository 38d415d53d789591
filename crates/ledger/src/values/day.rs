//! Dates in the spellings offices use, all with a four-digit year first.
//!
//! Read: `2015-11-20 2015/6/26 2015.7.24 2014年9月25日 2014年9月25 20151224
//! 2015 7 24 2011-3-4 00:00:00 2011-03-04T00:00:00 二〇一一年三月四日 2011年3月4日生 20151224.0`, full-width
//! digits, date cells and serial numbers, `24-Jul-2015`. Not read: a year of two
//! digits (11.3.4 could be three different days), a date without its day, days
//! that do not exist.

use jiff::civil::Date;

use crate::cell::{Cell, serial_date};
use crate::text::{is_invisible, narrow, says_nothing};

/// A date cell as read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Day {
    /// Nothing in the cell.
    Blank,
    /// A day.
    On(Date),
    /// Something that is no date.
    Unreadable,
}

/// Reads a date.
///
/// ```
/// use jiff::civil::date;
/// use ledger::{cell::Cell, values::{day, Day}};
/// let text = |text: &'static str| day(&Cell::Text(text.into()));
/// assert_eq!(text("2014年9月25日"), Day::On(date(2014, 9, 25)));
/// assert_eq!(text("二〇一一年十二月二十一日"), Day::On(date(2011, 12, 21)));
/// assert_eq!(text("2015.2.30"), Day::Unreadable);
/// assert_eq!(text("11.3.4"), Day::Unreadable);
/// ```
#[must_use]
pub fn read(cell: &Cell<'_>) -> Day {
    match cell {
        Cell::Empty => Day::Blank,
        Cell::Date(date) => Day::On(*date),
        Cell::Bool(_) => Day::Unreadable,
        Cell::Number(number) => from_number(*number).map_or(Day::Unreadable, Day::On),
        Cell::Text(text) => from_text(text),
    }
}

/// A number is 20151224, or the serial number of a date cell whose format was lost.
fn from_number(number: f64) -> Option<Date> {
    if number >= 1e7 {
        return number.to_string().parse::<u32>().ok().and_then(compact_day);
    }
    // Serial numbers before 1950 are more likely something else, such as a year.
    serial_date(number, false).filter(|date| date.year() >= 1950)
}

/// 20151224
fn compact_day(digits: u32) -> Option<Date> {
    civil(digits / 10_000, digits / 100 % 100, digits % 100)
}

fn civil(year: u32, month: u32, day: u32) -> Option<Date> {
    if !(1900..=2100).contains(&year) {
        return None;
    }
    Date::new(
        i16::try_from(year).ok()?,
        i8::try_from(month).ok()?,
        i8::try_from(day).ok()?,
    )
    .ok()
}

fn from_text(text: &str) -> Day {
    let tidy: String = text
        .chars()
        .map(narrow)
        .filter(|c| !is_invisible(*c) && *c != '\'')
        .collect();
    let tidy = tidy.trim();
    if says_nothing(tidy) {
        return Day::Blank;
    }
    let tidy = tidy.strip_suffix('生').unwrap_or(tidy);
    let tidy = tidy.strip_suffix('出').unwrap_or(tidy);
    numeric(tidy)
        .or_else(|| chinese(tidy))
        .or_else(|| english(tidy))
        .map_or(Day::Unreadable, Day::On)
}

fn numeric(text: &str) -> Option<Date> {
    // 20120304.0: a number that went through a program which knows no whole ones.
    let text = text
        .strip_suffix(".0")
        .filter(|rest| is_whole(rest))
        .unwrap_or(text);
    let mut parts = [0_u32; 3];
    let mut lengths = [0_usize; 3];
    let mut part = 0;
    let mut rest = text.chars().peekable();
    let mut in_number = false;
    while let Some(c) = rest.peek().copied() {
        match (c, c.to_digit(10)) {
            (_, Some(digit)) => {
                if !in_number && lengths[part] > 0 {
                    part += 1;
                }
                if part == 3 {
                    // Behind the day there may be a time, set off by a space.
                    return None;
                }
                in_number = true;
                lengths[part] += 1;
                if lengths[part] > 8 {
                    return None;
                }
                parts[part] = parts[part] * 10 + digit;
            }
            (' ' | 'T', _) if part == 2 && lengths[2] > 0 => break,
            (
                '-' | '/' | '.' | '。' | '、' | ',' | '年' | '月' | '日' | '号' | ' ' | '·' | '—'
                | '\\' | '–' | '−',
                _,
            ) => in_number = false,
            _ => return None,
        }
        rest.next();
    }
    let after: String = rest.collect();
    if !is_time(after.trim_start_matches(['T', ' '])) {
        return None;
    }
    match (part, lengths) {
        (0, [8, ..]) => compact_day(parts[0]),
        // A date cell saved to text without its format.
        (0, [5, ..]) => from_number(f64::from(parts[0])),
        (2, [4, 1..=2, 1..=2]) => civil(parts[0], parts[1], parts[2]),
        _ => None,
    }
}

fn is_whole(text: &str) -> bool {
    text.len() >= 5 && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_time(text: &str) -> bool {
    let text = text
        .strip_prefix("上午")
        .or_else(|| text.strip_prefix("下午"))
        .unwrap_or(text);
    text.chars().all(|c| {
        c.is_ascii_digit() || matches!(c, ':' | '.' | 'Z' | '+' | ' ' | '时' | '分' | '秒')
    }) && (text.is_empty() || text.contains([':', '时']))
}

/// 二〇一一年三月四日
fn chinese(text: &str) -> Option<Date> {
    let (year, rest) = text.split_once('年')?;
    let (month, rest) = rest.split_once('月')?;
    let day = rest.trim().trim_end_matches(['日', '号']);
    let year = year
        .trim()
        .chars()
        .map(digit)
        .try_fold((0, 0), |(value, count), digit| {
            Some((value * 10 + digit?, count + 1))
        });
    let (year, 4) = year? else { return None };
    civil(year, small_number(month.trim())?, small_number(day.trim())?)
}

fn digit(c: char) -> Option<u32> {
    match c {
        '〇' | '零' | '○' | 'О' | 'O' => Some(0),
        '一' => Some(1),
        '二' => Some(2),
        '三' => Some(3),
        '四' => Some(4),
        '五' => Some(5),
        '六' => Some(6),
        '七' => Some(7),
        '八' => Some(8),
        '九' => Some(9),
        _ => c.to_digit(10),
    }
}

/// 一 to 三十一, also 二十一 as 二一 or 廿一.
fn small_number(text: &str) -> Option<u32> {
    if let Some((tens, ones)) = text.split_once('十') {
        let tens = if tens.is_empty() { 1 } else { single(tens)? };
        let ones = if ones.is_empty() { 0 } else { single(ones)? };
        return Some(tens * 10 + ones);
    }
    if let Some(ones) = text.strip_prefix('廿') {
        return Some(20 + if ones.is_empty() { 0 } else { single(ones)? });
    }
    let digits: Option<Vec<u32>> = text.chars().map(digit).collect();
    match digits?.as_slice() {
        [ones] => Some(*ones),
        [tens, ones] => Some(tens * 10 + ones),
        _ => None,
    }
}

fn single(text: &str) -> Option<u32> {
    let mut chars = text.chars();
    let value = chars.next().and_then(digit)?;
    chars.next().is_none().then_some(value)
}

/// 24-Jul-2015, as spreadsheets of an English system save it.
fn english(text: &str) -> Option<Date> {
    const MONTHS: [&str; 12] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ];
    let mut parts = text.split(['-', ' ', '/']).filter(|part| !part.is_empty());
    let (day, month, year) = (
        parts.next()?.parse().ok()?,
        parts.next()?,
        parts.next()?.parse().ok()?,
    );
    let month = MONTHS
        .iter()
        .zip(1..)
        .find(|(name, _)| {
            month
                .get(..3)
                .is_some_and(|start| start.eq_ignore_ascii_case(name))
        })?
        .1;
    civil(year, month, day)
}
