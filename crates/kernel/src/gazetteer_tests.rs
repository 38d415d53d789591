//! The gazetteer against the real list, and against files that are wrong.

use proptest::prelude::*;

use super::*;

fn division(code: &str) -> Division {
    Division::parse(code).unwrap()
}

fn file(rows: &str) -> Result<Gazetteer, GazetteerError> {
    Gazetteer::parse(&format!("code,name,level,parent\n{rows}"))
}

fn names<'a>(entries: impl Iterator<Item = &'a Entry>) -> Vec<&'a str> {
    entries.map(|entry| &*entry.name).collect()
}

#[test]
fn the_built_in_files_are_read_whole() {
    let country = Gazetteer::parse(COUNTRY_TO_TOWN).unwrap();
    let villages = Gazetteer::parse(ZAOZHUANG_VILLAGES).unwrap();
    // Four rows repeat the one above them: 东莞, 中山, 儋州 and 金门.
    assert_eq!((country.len(), villages.len()), (44_703 - 4, 2_469));
    assert_eq!(Gazetteer::builtin().len(), country.len() + villages.len());
    assert_eq!(Gazetteer::builtin().children(Division::COUNTRY).count(), 31);
}

#[test]
fn every_built_in_parent_is_known() {
    let all = Gazetteer::builtin();
    for entry in all.iter() {
        match entry.parent {
            None => assert_eq!(entry.level, Level::Province),
            Some(parent) => assert!(
                all.get(parent)
                    .is_some_and(|above| above.level < entry.level),
                "{entry:?}"
            ),
        }
    }
}

#[test]
fn the_towns_of_zaozhuang_are_those_of_the_statistical_file() {
    let all = Gazetteer::builtin();
    let towns = |county: &str| all.children(division(county)).count();
    assert_eq!(
        ["370402", "370403", "370404", "370405", "370406", "370481"].map(towns),
        [11, 10, 7, 6, 11, 21]
    );
    let villages = all
        .within(division("3704"))
        .filter(|entry| entry.level == Level::Village)
        .count();
    assert_eq!(villages, 2_469);
}

#[test]
fn towns_of_dongguan_hang_directly_below_the_city() {
    let all = Gazetteer::builtin();
    let dongguan = all.get(division("4419")).unwrap();
    assert_eq!(
        (dongguan.level, dongguan.parent),
        (Level::City, Some(division("44")))
    );
    assert!(
        all.children(division("4419"))
            .all(|entry| entry.level == Level::Town)
    );
    assert!(all.children(division("4419")).count() > 30);
}

#[test]
fn paths_leave_out_rows_that_are_no_places() {
    let all = Gazetteer::builtin();
    for (code, path) in [
        ("370481", "山东省枣庄市滕州市"),
        ("110101", "北京市东城区"),
        ("419001", "河南省济源市"),
        ("620201", "甘肃省嘉峪关市"),
        ("37", "山东省"),
        ("99", ""),
    ] {
        assert_eq!(all.path(division(code)), path);
    }
}

#[test]
fn marks_line_ends_and_quotes_are_understood() {
    let read = Gazetteer::parse(
        "\u{feff}code,name,level,parent\r\n\r\n\"3704\",\"枣庄, \"\"市\"\"\" , city,37\r\n",
    )
    .unwrap();
    assert_eq!(names(read.iter()), ["枣庄, \"市\""]);
}

#[test]
fn a_broken_line_is_named() {
    for (rows, line, fault) in [
        (
            "37,山东省,province,\n3704,枣庄市,city",
            3,
            GazetteerFault::Fields,
        ),
        ("3704,枣庄市,city,37,x", 2, GazetteerFault::Fields),
        ("3704,,city,37", 2, GazetteerFault::Fields),
        ("3704,\"枣庄市,city,37", 2, GazetteerFault::Quotes),
        ("3704,枣\"庄\"市,city,37", 2, GazetteerFault::Quotes),
        ("3704,\"枣\"庄\"市\",city,37", 2, GazetteerFault::Quotes),
        ("370,枣庄市,city,37", 2, GazetteerFault::Code),
        ("00,全国,province,", 2, GazetteerFault::Code),
        ("3704,枣庄市,prefecture,37", 2, GazetteerFault::Level),
        ("3704,枣庄市,city,44", 2, GazetteerFault::Parent),
        ("3704,枣庄市,city,x", 2, GazetteerFault::Parent),
        (
            "3704,枣庄市,city,37\n3704,枣庄,city,37",
            3,
            GazetteerFault::Repeated,
        ),
    ] {
        assert_eq!(file(rows), Err(GazetteerError { line, fault }), "{rows}");
    }
    assert_eq!(
        Gazetteer::parse("").unwrap_err().fault,
        GazetteerFault::Header
    );
}

#[test]
fn a_later_file_adds_and_corrects() {
    let mut all = file("37,山东省,province,\n3704,枣庄,city,37").unwrap();
    all.extend(file("3704,枣庄市,city,37\n370481,滕州市,county,3704").unwrap());
    assert_eq!(names(all.iter()), ["山东省", "枣庄市", "滕州市"]);
    assert_eq!(names(all.children(division("3704"))), ["滕州市"]);
    assert_eq!(all.path(division("370481")), "山东省枣庄市滕州市");
}

#[test]
fn every_fault_is_explained_in_both_languages() {
    use GazetteerFault::{Code, Fields, Header, Level, Parent, Quotes, Repeated};
    let errors = [Header, Fields, Quotes, Code, Level, Parent, Repeated]
        .map(|fault| GazetteerError { line: 7, fault });
    let codes: std::collections::BTreeSet<_> = errors.iter().map(Explain::code).collect();
    assert_eq!(codes.len(), errors.len());
    for error in errors {
        assert!(error.explain(Lang::Zh).contains('7') && error.explain(Lang::En).contains('7'));
    }
}

proptest! {
    #[test]
    fn any_text_is_answered(text in "(code,name,level,parent\n)?(.|\n|\"|,){0,80}") {
        let _ = Gazetteer::parse(&text);
    }

    #[test]
    fn what_is_within_is_what_is_contained(code in 370_400_000_000i64..370_500_000_000) {
        let all = Gazetteer::builtin();
        let asked = Division::new(code - code % 1_000_000).unwrap();
        let within = all.within(asked).count();
        prop_assert_eq!(within, all.iter().filter(|entry| asked.contains(entry.division)).count());
    }

    #[test]
    fn a_quoted_name_comes_back(name in "[^\r\n]{1,20}") {
        prop_assume!(!name.trim().is_empty() && name.trim() == name);
        let quoted = format!("3704,\"{}\",city,37", name.replace('"', "\"\""));
        let read = file(&quoted).unwrap();
        prop_assert_eq!(&*read.get(division("3704")).unwrap().name, &name);
    }
}
