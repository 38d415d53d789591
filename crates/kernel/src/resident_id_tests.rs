//! Resident ids exhaustively: every check digit, every fault and its precedence.

use jiff::civil::date;
use proptest::prelude::*;

use super::*;

/// A sound number built by the standard's other formulation: the weighted sum with the check character
/// itself is 1 modulo 11, weights being powers of two. It shares no table with the code under test.
fn sound(body: &str) -> String {
    let sum: u32 = body
        .bytes()
        .enumerate()
        .map(|(i, d)| u32::from(d - b'0') * (1 << (17 - i)))
        .sum();
    let check = (12 - sum % 11) % 11;
    format!(
        "{body}{}",
        if check == 10 {
            "X".to_owned()
        } else {
            check.to_string()
        }
    )
}

fn fault(text: &str) -> Option<&'static str> {
    ResidentId::parse(text).err().map(ResidentIdError::code)
}

#[test]
fn the_standards_own_examples_are_sound() {
    // GB 11643-1999, examples of clause 4.
    let woman = ResidentId::parse("11010519491231002X").unwrap();
    assert_eq!(
        (woman.birth(), woman.sex(), woman.place()),
        (date(1949, 12, 31), Sex::Female, 110_105)
    );
    let man = ResidentId::parse("440524188001010014");
    assert_eq!(man, Err(ResidentIdError::Date), "born in 1880: before 1900");
}

#[test]
fn exactly_one_of_the_eleven_check_characters_fits_each_body() {
    for last in 0..10 {
        let body = format!("3704812012030400{last}");
        let fitting: Vec<char> = "0123456789X"
            .chars()
            .filter(|check| ResidentId::parse(&format!("{body}{check}")).is_ok())
            .collect();
        let expected: Vec<char> = sound(&body).chars().skip(17).collect();
        assert_eq!(fitting, expected, "{body}");
        for check in "0123456789X"
            .chars()
            .filter(|check| !expected.contains(check))
        {
            assert_eq!(fault(&format!("{body}{check}")), Some("id.checksum"));
        }
    }
}

#[test]
fn every_check_character_occurs_and_is_accepted() {
    let mut seen = std::collections::BTreeSet::new();
    for sequence in 0..1000 {
        let number = sound(&format!("37048120120304{sequence:03}"));
        assert!(ResidentId::parse(&number).is_ok(), "{sequence}");
        seen.insert(number.chars().last().unwrap());
    }
    assert_eq!(seen.into_iter().collect::<String>(), "0123456789X");
}

#[test]
fn exactly_the_provinces_are_regions() {
    let provinces = [
        11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51,
        52, 53, 54, 61, 62, 63, 64, 65, 71, 81, 82, 83,
    ];
    for code in 0..100 {
        let expected = if provinces.contains(&code) {
            None
        } else {
            Some("id.region")
        };
        assert_eq!(
            fault(&sound(&format!("{code:02}048120120304001"))),
            expected,
            "{code}"
        );
    }
}

#[test]
fn faults_are_reported_in_their_order() {
    for (text, code) in [
        ("", "id.length"),
        ("3", "id.length"),
        ("X", "id.length"),
        ("37048X", "id.length"),
        ("X70481", "id.character"),
        (" 1101051949123100", "id.character"),
        ("1101051949123100２X", "id.character"),
        ("11010519491231X02X", "id.character"),
        ("11010519491231002Y", "id.character"),
        ("11010519491231002Ｘ", "id.character"),
        ("3704811203040O1", "id.character"),
        ("370481120304001", "id.old_form"),
        ("990481120304001", "id.old_form"),
        ("37048112030400X", "id.length"),
        ("1101051949123100", "id.length"),
        ("11010519491231002XX", "id.character"),
        ("1101051949123100200", "id.length"),
        ("990105194913310020", "id.region"),
        ("110105194913310020", "id.date"),
        ("110105190002290020", "id.date"),
        ("110105189912310020", "id.date"),
        ("110105000000000020", "id.date"),
        ("110105194912310020", "id.checksum"),
    ] {
        assert_eq!(fault(text), Some(code), "{text:?}");
    }
    assert_eq!(
        ResidentId::parse_bytes(b"37048\xff"),
        Err(ResidentIdError::Character)
    );
}

#[test]
fn leap_days_follow_the_calendar() {
    assert_eq!(fault(&sound("37048120000229001")), None);
    assert_eq!(fault(&sound("37048120120229001")), None);
    assert_eq!(fault(&sound("37048120110229001")), Some("id.date"));
    assert_eq!(fault(&sound("37048119000229001")), Some("id.date"));
    assert_eq!(fault(&sound("37048119000101001")), None);
}

#[test]
fn nothing_shows_the_full_number_but_reveal() {
    let id = ResidentId::parse(&sound("37048120120304002")).unwrap();
    for shown in [
        id.to_string(),
        format!("{id:?}"),
        format!("{id:#?}"),
        id.masked(),
    ] {
        assert!(shown.contains("3704************2"), "{shown}");
        assert!(!shown.contains("0120304"), "{shown}");
    }
}

#[test]
fn every_fault_is_explained_in_both_languages() {
    for error in ResidentIdError::ALL {
        assert!(error.code().starts_with("id."));
        assert_ne!(error.explain(Lang::Zh), error.explain(Lang::En));
    }
}

proptest! {
    #[test]
    fn a_sound_number_gives_back_what_it_was_made_of(
        county in 0..10_000u32, year in 1900i16..=2099, month in 1i8..=12, day in 1i8..=28, sequence in 0..1000u32,
    ) {
        let number = sound(&format!("37{county:04}{year:04}{month:02}{day:02}{sequence:03}"));
        let id = ResidentId::parse(&number.to_lowercase()).unwrap();
        prop_assert_eq!(id.reveal(), &number);
        prop_assert_eq!(id.birth(), date(year, month, day));
        prop_assert_eq!(id.sex() == Sex::Male, sequence % 2 == 1);
        prop_assert_eq!(id.place(), 370_000 + i32::try_from(county).unwrap());
    }

    #[test]
    fn one_wrong_digit_is_always_caught(sequence in 0..1000u32, at in 0usize..17, by in 1u8..10) {
        let mut number = sound(&format!("37048120120304{sequence:03}")).into_bytes();
        number[at] = b'0' + (number[at] - b'0' + by) % 10;
        prop_assert!(ResidentId::parse_bytes(&number).is_err());
    }

    #[test]
    fn two_neighbours_swapped_are_always_caught(sequence in 0..1000u32, at in 0usize..16) {
        let mut number = sound(&format!("37048120120304{sequence:03}")).into_bytes();
        prop_assume!(number[at] != number[at + 1]);
        number.swap(at, at + 1);
        prop_assert!(ResidentId::parse_bytes(&number).is_err());
    }

    #[test]
    fn any_text_is_answered(text in ".*") {
        let _ = ResidentId::parse(&text);
    }

    #[test]
    fn any_bytes_are_answered(text in proptest::collection::vec(any::<u8>(), 0..40)) {
        let _ = ResidentId::parse_bytes(&text);
    }
}
