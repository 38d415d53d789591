//! Numbers among words: a readable field is not sealed, so no telephone, account or resident id may stand in one.

/// As many digits as the shortest telephone number has.
const TELEPHONE: usize = 7;

/// Whether a text holds as many digits in a row as a telephone number, however they are grouped. A date is none.
///
/// ```
/// use domain::registry::holds_number;
/// assert!(holds_number("外出务工 138-0000-0000"));
/// assert!(!holds_number("2021-09-01 转入第三中学"));
/// ```
#[must_use]
pub fn holds_number(text: &str) -> bool {
    holds_number_of(text, TELEPHONE)
}

/// Whether a text holds a number of so many digits, however they are grouped. A date is none.
#[must_use]
pub fn holds_number_of(text: &str, digits: usize) -> bool {
    let mut groups: Vec<usize> = Vec::new();
    let mut grows = false;
    let is_number = |groups: &mut Vec<usize>| {
        let long = groups.iter().sum::<usize>() >= digits && !is_date(groups);
        groups.clear();
        long
    };
    for c in text.chars() {
        if c.is_numeric() {
            match groups.last_mut().filter(|_| grows) {
                Some(group) => *group += 1,
                None => groups.push(1),
            }
            grows = true;
        } else {
            grows = false;
            if !divides(c) && is_number(&mut groups) {
                return true;
            }
        }
    }
    is_number(&mut groups)
}

/// What people put between the groups of a number.
fn divides(c: char) -> bool {
    c.is_whitespace() || matches!(c, '-' | '－' | '—' | '–' | '_' | '.' | '·' | '/')
}

/// Year, month and day as groups of digits, alone or from one day to another.
fn is_date(groups: &[usize]) -> bool {
    let day = |part: &[usize]| matches!(part, [4, 1..=2, 1..=2]);
    !groups.is_empty() && groups.chunks(3).all(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_found_however_it_is_written() {
        for text in [
            "13800000000",
            "外出务工 138-0000-0000",
            "上海138 0000 0000",
            "上海１３８００００００００",
            "0632.5500000",
            "370481201504123456",
            "3704812015 0412 345X",
            "2021-09-01-8",
        ] {
            assert!(holds_number(text), "{text}");
        }
    }

    #[test]
    fn a_class_a_date_or_a_year_is_no_number() {
        for text in [
            "",
            "滕州市第3中学",
            "初三（12）班",
            "2021年9月起",
            "2021-09-01 转入",
            "2021.9.1至2022.7.31",
            "2021-09-01 2022-07-31",
            "二级",
            "110路",
        ] {
            assert!(!holds_number(text), "{text}");
        }
        assert!(!holds_number_of("370481201504", 17));
    }
}
