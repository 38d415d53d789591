//! Tidying of what people type: full-width forms, spaces, characters nobody sees.

use std::borrow::Cow;

/// Characters without ink that spreadsheets and chat programs leave in cells.
#[must_use]
pub fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{00AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}' | '\u{0}'..='\u{8}')
}

/// A full-width letter, digit or sign as its plain ASCII form.
#[must_use]
pub fn narrow(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        '\u{3000}' | '\u{00A0}' => ' ',
        _ => c,
    }
}

fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// The text without any space or invisible character, full-width forms narrowed.
///
/// ```
/// assert_eq!(ledger::text::compact(" ３７０ 48\u{200B}1\t"), "370481");
/// ```
#[must_use]
pub fn compact(text: &str) -> Cow<'_, str> {
    if is_plain(text) {
        return Cow::Borrowed(text);
    }
    let unchanged = |c: char| narrow(c) == c && !c.is_whitespace() && !is_invisible(c);
    if text.chars().all(unchanged) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(
        text.chars()
            .map(narrow)
            .filter(|c| !c.is_whitespace() && !is_invisible(*c))
            .collect(),
    )
}

/// Whether the (compact) text only says that there is nothing: 无, /, —.
#[must_use]
pub fn says_nothing(compact: &str) -> bool {
    matches!(compact, "无" | "暂无" | "空" | "N/A" | "n/a")
        || compact
            .chars()
            .all(|c| matches!(c, '/' | '\\' | '-' | '—' | '–' | '_' | '*' | '.'))
}

fn is_chinese(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9FFF}')
}

/// A person's name: no spaces between Chinese characters, one between foreign
/// words, every spelling of the middle dot (as in Uygur and Mongol names) as `·`.
///
/// ```
/// assert_eq!(ledger::text::name("郝　望诗"), "郝望诗");
/// assert_eq!(ledger::text::name("古丽・阿依"), "古丽·阿依");
/// assert_eq!(ledger::text::name("阿依.买买提"), "阿依·买买提");
/// ```
#[must_use]
pub fn name(text: &str) -> String {
    let mut tidy = String::with_capacity(text.len());
    let mut gap = false;
    let mut rest = text
        .chars()
        .map(narrow)
        .filter(|c| !is_invisible(*c))
        .peekable();
    while let Some(c) = rest.next() {
        if c.is_whitespace() {
            gap = true;
            continue;
        }
        let (last, next) = (tidy.chars().next_back(), rest.peek().copied());
        let is_between = || [last, next].into_iter().all(|c| c.is_some_and(is_chinese));
        let c = match c {
            '•' | '・' | '‧' | '∙' | '⋅' | '･' | '●' | '▪' | '﹒' => '·',
            // Signs of their own, but not between two characters of a name.
            '.' | '。' | '丶' if is_between() => '·',
            c => c,
        };
        if gap && c.is_ascii_alphabetic() && tidy.ends_with(|last: char| last.is_ascii_alphabetic())
        {
            tidy.push(' ');
        }
        gap = false;
        tidy.push(c);
    }
    tidy
}
