//! How a name is found: by its characters, its pinyin and its initials; and where it stands among others.
//!
//! **Invariant.** A query matches a name when the query's key is a prefix of one of the name's keys, so that a plain
//! ordered index answers it.

use std::collections::BTreeSet;

use pinyin::{Pinyin, ToPinyin, ToPinyinMulti};

/// Of a long name, so many characters say where it stands.
const ORDERED_BY: usize = 40;

/// Surnames that are read otherwise than the same character elsewhere.
const SURNAMES: [(&str, &[&str]); 28] = [
    ("尉迟", &["yu4", "chi2"]),
    ("长孙", &["zhang3", "sun1"]),
    ("万俟", &["mo4", "qi2"]),
    ("单于", &["chan2", "yu2"]),
    ("澹台", &["tan2", "tai2"]),
    ("曾", &["zeng1"]),
    ("单", &["shan4"]),
    ("解", &["xie4"]),
    ("仇", &["qiu2"]),
    ("区", &["ou1"]),
    ("查", &["zha1"]),
    ("朴", &["piao2"]),
    ("任", &["ren2"]),
    ("华", &["hua4"]),
    ("盖", &["ge3"]),
    ("葛", &["ge3"]),
    ("翟", &["zhai2"]),
    ("覃", &["qin2"]),
    ("冼", &["xian3"]),
    ("乐", &["yue4"]),
    ("缪", &["miao4"]),
    ("宁", &["ning4"]),
    ("谌", &["chen2"]),
    ("员", &["yun4"]),
    ("繁", &["po2"]),
    ("种", &["chong2"]),
    ("秘", &["bi4"]),
    ("那", &["na1"]),
];

/// Names of the country's minorities run to dozens of characters; a reader begins at one of the first.
const STARTING_POINTS: usize = 12;

/// The keys under which a name is filed.
///
/// Characters from every place where a reader would begin; pinyin and initials of the whole name (every reading of a
/// surname that has several) and of the given name.
///
/// ```
/// let keys = domain::registry::name_keys("曾小明");
/// for key in ["曾小明", "小明", "明", "zengxiaoming", "xiaoming", "zxm", "xm"] {
///     assert!(keys.contains(&key.to_owned()), "{key}");
/// }
/// ```
#[must_use]
pub fn name_keys(name: &str) -> Vec<String> {
    let characters: Vec<char> = query_key(name).chars().collect();
    let mut keys = BTreeSet::new();
    for start in 0..characters.len().min(STARTING_POINTS) {
        keys.insert(characters[start..].iter().collect::<String>());
    }
    let Some((&surname, given)) = characters.split_first() else {
        return Vec::new();
    };
    let (given_pinyin, given_initials) = spell(given);
    for reading in readings(surname) {
        let initial: String = reading.chars().take(1).collect();
        keys.insert(format!("{reading}{given_pinyin}"));
        keys.insert(format!("{initial}{given_initials}"));
    }
    if !given.is_empty() {
        keys.insert(given_pinyin);
        keys.insert(given_initials);
    }
    keys.into_iter().collect()
}

/// What a reader typed, as a key: without spaces and dots between names, in lower case.
///
/// ```
/// assert_eq!(domain::registry::query_key(" Wang XM "), "wangxm");
/// ```
#[must_use]
pub fn query_key(text: &str) -> String {
    text.chars()
        .filter(|c| {
            !c.is_whitespace() && !c.is_control() && !matches!(c, '·' | '•' | '．' | '\'' | '’')
        })
        .flat_map(char::to_lowercase)
        .collect()
}

/// Where a name stands among others when their orders are compared byte by byte: by pinyin, then tone, then character,
/// and all of that character by character, so that one surname's names stand together. A name of nothing but marks stands
/// by its marks: only no name has no order.
///
/// ```
/// use domain::registry::name_order;
/// let mut names = ["张三", "曾一", "李志", "梁文", "黎安", "李安", "安可"];
/// names.sort_by_cached_key(|name| name_order(name));
/// assert_eq!(names, ["安可", "黎安", "李安", "李志", "梁文", "曾一", "张三"]);
/// ```
#[must_use]
pub fn name_order(name: &str) -> String {
    let key = query_key(name);
    let surname = SURNAMES
        .iter()
        .find(|(surname, _)| key.starts_with(surname));
    let read = surname.map_or(&[][..], |(_, readings)| readings);
    let mut order = String::new();
    for (place, character) in key.chars().take(ORDERED_BY).enumerate() {
        match (read.get(place), character.to_pinyin()) {
            (Some(reading), _) => order.push_str(reading),
            (None, Some(reading)) => order.push_str(&with_tone(reading)),
            (None, None) => {}
        }
        order.push(character);
    }
    if order.is_empty() {
        order.push_str(name);
    }
    order
}

/// Every syllable ends with a digit, which stands before any letter: a short syllable comes before the longer one that
/// begins like it.
fn with_tone(reading: Pinyin) -> String {
    let mut text = typed(reading.with_tone_num_end());
    if !text.ends_with(|c: char| c.is_ascii_digit()) {
        text.push('5');
    }
    text
}

fn spell(characters: &[char]) -> (String, String) {
    let mut pinyin = String::new();
    let mut initials = String::new();
    for &character in characters {
        let reading = first_reading(character);
        initials.extend(reading.chars().take(1));
        pinyin.push_str(&reading);
    }
    (pinyin, initials)
}

/// A character without a reading (a Latin letter, a rare character) stands for itself.
fn first_reading(character: char) -> String {
    character
        .to_pinyin()
        .map_or_else(|| character.to_string(), |reading| typed(reading.plain()))
}

fn readings(character: char) -> BTreeSet<String> {
    character.to_pinyin_multi().map_or_else(
        || BTreeSet::from([character.to_string()]),
        |readings| {
            readings
                .into_iter()
                .map(|reading| typed(reading.plain()))
                .collect()
        },
    )
}

/// Keyboards type ü as v.
fn typed(plain: &str) -> String {
    plain.replace('ü', "v")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn finds(query: &str, name: &str) -> bool {
        let key = query_key(query);
        name_keys(name).iter().any(|k| k.starts_with(&key))
    }

    #[test]
    fn a_supervisor_finds_a_child_however_she_types() {
        for query in [
            "王",
            "王小",
            "小明",
            "明",
            "wangxiao",
            "wangxiaoming",
            "xiaom",
            "wxm",
            "xm",
            "WXM",
            "Wang Xiao Ming",
        ] {
            assert!(finds(query, "王小明"), "{query}");
        }
        assert!(!finds("李", "王小明"));
    }

    #[test]
    fn surnames_with_several_readings_and_the_letter_ü() {
        assert!(finds("zengyi", "曾一"));
        assert!(finds("shan", "单可"));
        assert!(finds("lvfang", "吕芳"));
    }

    #[test]
    fn a_name_of_nothing_but_marks_has_an_order() {
        for name in ["·", " ", "'’"] {
            assert_eq!(name_order(name), name);
        }
    }

    #[test]
    fn rare_characters_and_long_names_are_found_by_themselves() {
        assert!(finds("𠮷", "王𠮷"));
        assert!(finds("热西提", "阿卜杜·热西提"));
        assert!(name_keys("").is_empty());
    }

    #[test]
    fn names_stand_as_in_a_dictionary_and_a_surname_stands_together() {
        let mut names = [
            "𠮷野",
            "欧阳可",
            "尉迟恭",
            "于安",
            "单可",
            "石一",
            "吕芳",
            "罗一",
            "Anna",
            "阿依",
            "王小明",
            "王晓",
            "汪一",
        ];
        names.sort_by_cached_key(|name| name_order(name));
        assert_eq!(
            names,
            [
                "阿依",
                "Anna",
                "罗一",
                "吕芳",
                "欧阳可",
                "单可",
                "石一",
                "汪一",
                "王小明",
                "王晓",
                "于安",
                "尉迟恭",
                "𠮷野"
            ]
        );
        assert_eq!(name_order(" 王 小明"), name_order("王小明"));
        assert!(name_order(&"长".repeat(400)).len() < 400);
    }

    proptest! {
        #[test]
        fn every_prefix_of_a_name_finds_it(name in "[一-龥]{1,8}", length in 1usize..8) {
            let prefix: String = name.chars().take(length).collect();
            prop_assert!(finds(&prefix, &name));
        }

        #[test]
        fn no_name_panics_or_explodes(name in any::<String>()) {
            prop_assert!(name_keys(&name).len() <= STARTING_POINTS + 40);
        }
    }
}
