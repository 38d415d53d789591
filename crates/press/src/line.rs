//! Lines: where a text is broken, by the rules for punctuation (避头尾).

use crate::font::Glyphs;

/// Never at the head of a line.
const NO_HEAD: &str = "，。、；：？！）》〉」』】〕”’％…·,.;:?!)]}%";
/// Never at the end of a line.
const NO_END: &str = "（《〈「『【〔“‘([{";

/// Breaks a text into lines of a width, the first of them narrower by an indent; a line break in the text is one here.
pub(crate) fn lines(
    text: &str,
    glyphs: &Glyphs,
    size: f32,
    width: f32,
    indent: f32,
) -> Vec<String> {
    let mut lines = Vec::new();
    for part in text.split('\n') {
        let indent = if lines.is_empty() { indent } else { 0.0 };
        break_into(&mut lines, part, glyphs, size, width, indent);
    }
    lines
}

fn break_into(
    lines: &mut Vec<String>,
    text: &str,
    glyphs: &Glyphs,
    size: f32,
    width: f32,
    indent: f32,
) {
    let mut room = width - indent;
    let mut line: Vec<&str> = Vec::new();
    let mut used = 0.0;
    for unit in units(text) {
        let wide = glyphs.width(unit, size);
        if used + wide > room + 0.01 && !line.is_empty() {
            let kept = keep(&line, unit);
            let rest = line.split_off(kept);
            lines.push(line.concat().trim_end().to_owned());
            used = rest.iter().map(|unit| glyphs.width(unit, size)).sum();
            line = rest;
            room = width;
            if line.is_empty() && unit == " " {
                continue;
            }
        }
        line.push(unit);
        used += wide;
    }
    lines.push(line.concat().trim_end().to_owned());
}

/// How many units stay on the line that is full before `next`.
fn keep(line: &[&str], next: &str) -> usize {
    let begins = |unit: &str| unit.chars().next().is_some_and(|c| NO_HEAD.contains(c));
    let ends = |unit: &str| unit.chars().last().is_some_and(|c| NO_END.contains(c));
    let mut kept = line.len();
    let mut head = next;
    while kept > 1 && (begins(head) || ends(line[kept - 1])) {
        kept -= 1;
        head = line[kept];
    }
    // A line of nothing but punctuation is broken where it is full.
    if kept <= 1 { line.len() } else { kept }
}

/// What is not broken: a Chinese character by itself, a run of letters and digits, a space.
fn units(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let joins = |c: char| c.is_ascii_graphic();
        let length = match joins(first) {
            true => rest.find(|c| !joins(c)).unwrap_or(rest.len()),
            false => first.len_utf8(),
        };
        // A word longer than any line is broken all the same.
        let length = length.min(40);
        let (unit, after) = rest.split_at(length);
        rest = after;
        Some(unit)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_stays_whole_and_a_chinese_character_stands_alone() {
        let found: Vec<&str> = units("第SQ-2021-000001号 完").collect();
        assert_eq!(found, ["第", "SQ-2021-000001", "号", " ", "完"]);
    }

    #[test]
    fn no_line_begins_with_a_comma_or_ends_with_an_opening_bracket() {
        assert_eq!(keep(&["甲", "乙", "丙"], "，"), 2);
        assert_eq!(keep(&["甲", "乙", "（"], "丙"), 2);
        assert_eq!(keep(&["甲", "（", "乙"], "。"), 1 + 2);
        assert_eq!(keep(&["甲", "乙", "丙"], "丁"), 3);
        assert_eq!(keep(&["。"], "。"), 1);
    }
}
