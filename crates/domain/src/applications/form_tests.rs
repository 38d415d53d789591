//! Forms as they are printed at the window.

use jiff::civil::date;
use kernel::category::Category;
use serde_json::json;

use super::*;

fn stated(facts: &serde_json::Value) -> Stated {
    serde_json::from_value(json!({
        "child": { "name": "虚构小荆", "household": 370_481_001_001_i64, "birth": "2013-06-18" },
        "applicant": { "name": "虚构祖母", "capacity": "guardian", "phone": "13800000000" },
        "facts": facts,
    }))
    .unwrap()
}

fn filled<'a>(stated: &'a Stated, facts: &'a Facts, matter: Matter) -> Filled<'a> {
    Filled {
        number: "SQ-2021-000001",
        matter,
        stated,
        facts,
        household: "山东省枣庄市滕州市荆河街道",
        papers: vec![("户口簿".into(), "已收"), ("死亡证明".into(), "待补")],
        units: ["荆河街道办事处", "荆河街道办事处", "滕州市民政局"],
    }
}

fn text(stated: &Stated, matter: Matter) -> String {
    let facts: Facts = serde_json::from_value(json!(stated.facts)).unwrap();
    form(&filled(stated, &facts, matter)).lines().join("\n")
}

#[test]
fn a_draft_is_printed_with_what_is_known_and_room_for_what_is_not() {
    let stated = stated(&json!({
        "father": { "situation": "severe_disability", "disability": { "kind": "mental", "level": 2 } },
        "mother": { "situation": "imprisoned", "since": "2021-02-01", "months": 18 },
        "household": { "poor": true },
    }));
    let text = text(&stated, Matter::Recognition(Category::DeFactoUnattended));
    for said in [
        "事实无人抚养儿童",
        "虚构小荆",
        "重残，精神残疾2级",
        "服刑在押，自2021年2月1日起，期限18个月",
        "户口簿（已收）；死亡证明（待补）",
        "确认意见\n滕州市民政局",
    ] {
        assert!(text.contains(said), "{said} in:\n{text}");
    }
    assert!(
        !text.contains("13800000000"),
        "the phone number stays sealed"
    );
}

#[test]
fn the_form_of_a_sealed_application_names_no_class() {
    let stated = stated(&json!({ "child": { "hiv_infected": true } }));
    let on = date(2021, 11, 25);
    let category = Category::AidsAffected;
    for matter in [
        Matter::Recognition(category),
        Matter::Termination { category, on },
    ] {
        let text = text(&stated, matter);
        assert!(
            !text.contains("艾滋") && !text.contains("死亡证明"),
            "{text}"
        );
    }
}
