//! Telephone numbers: mobiles, and landlines with their area code; several may share a cell.

use crate::text::{is_invisible, narrow, says_nothing};

/// A number that is neither a mobile nor a landline with its area code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PhoneFault;

/// Reads all numbers of a cell as plain digits; landlines as `0632-5551234`.
///
/// # Errors
/// [`PhoneFault`] if any of them is no telephone number.
///
/// ```
/// use ledger::values::{phones, PhoneFault};
/// assert_eq!(phones("184-5951-0315、(0632)5551234"), Ok(vec!["18459510315".into(), "0632-5551234".into()]));
/// assert_eq!(phones("1880534701"), Err(PhoneFault));
/// ```
pub fn read(text: &str) -> Result<Vec<String>, PhoneFault> {
    let tidy: String = text
        .chars()
        .map(narrow)
        .filter(|c| !is_invisible(*c))
        .collect();
    if says_nothing(tidy.trim()) || tidy.trim() == "无电话" {
        return Ok(Vec::new());
    }
    let mut numbers = Vec::new();
    for piece in tidy
        .split([
            '/', '\\', '、', ',', ';', '|', '&', '\n', '\r', '。', '或', '和',
        ])
        .map(str::trim)
        .filter(|piece| !piece.is_empty())
    {
        if let Some(number) = number(piece) {
            numbers.push(number);
            continue;
        }
        // Spaces stand inside numbers and between them: only whole numbers count as several.
        let several: Option<Vec<String>> = piece.split_whitespace().map(number).collect();
        numbers.extend(
            several
                .filter(|several| several.len() > 1)
                .or_else(|| mobiles(piece))
                .ok_or(PhoneFault)?,
        );
    }
    Ok(numbers)
}

/// Mobiles one behind the other, whatever stands between them: 13800000000(父)13900000000(母).
fn mobiles(piece: &str) -> Option<Vec<String>> {
    if piece.chars().any(|c| c.is_ascii_alphabetic()) {
        return None;
    }
    let digits: Vec<u8> = piece.bytes().filter(u8::is_ascii_digit).collect();
    if digits.is_empty() || !digits.len().is_multiple_of(MOBILE) {
        return None;
    }
    let several = digits.chunks(MOBILE);
    several
        .map(|number| mobile(str::from_utf8(number).ok()?))
        .collect()
}

/// One number, with the words around it (母亲13800000000) left out.
fn number(piece: &str) -> Option<String> {
    let mut digits = String::with_capacity(16);
    let mut main_length = None;
    for c in piece.chars() {
        match c {
            '0'..='9' => digits.push(c),
            // An extension behind 转, or a second dash after a whole landline.
            '转' => main_length = Some(digits.len()),
            '-' | '—' | '–' if main_length.is_none() && landline(&digits).is_some() => {
                main_length = Some(digits.len())
            }
            c if c.is_ascii_alphabetic() => return None,
            _ => {}
        }
    }
    let main = &digits[..main_length.unwrap_or(digits.len())];
    if digits.len() - main.len() > 6 {
        return None;
    }
    mobile(main).or_else(|| landline(main))
}

/// Digits of a mobile.
const MOBILE: usize = 11;

fn mobile(digits: &str) -> Option<String> {
    let plain = match digits.len() {
        MOBILE => digits,
        13 => digits.strip_prefix("86")?,
        15 => digits.strip_prefix("0086")?,
        _ => return None,
    };
    let bytes = plain.as_bytes();
    (bytes[0] == b'1' && (b'3'..=b'9').contains(&bytes[1])).then(|| plain.to_owned())
}

/// 010 and 02x are followed by eight digits, 03xx to 09xx by seven or eight.
fn landline(digits: &str) -> Option<String> {
    let bytes = digits.as_bytes();
    let area = match bytes {
        [b'0', b'1', b'0', ..] | [b'0', b'2', ..] => 3,
        [b'0', b'3'..=b'9', ..] => 4,
        _ => return None,
    };
    let local = bytes.get(area..)?;
    let is_local = matches!(local.len(), 7 | 8) && !matches!(local[0], b'0' | b'1');
    is_local.then(|| format!("{}-{}", &digits[..area], &digits[area..]))
}
