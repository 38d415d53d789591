//! Letters as families read them.

use jiff::civil::date;
use kernel::division::Division;

use super::*;
use crate::registry::Particulars;

fn stated() -> Stated {
    let household = Division::parse("370481001001").unwrap();
    let child = serde_json::json!({
        "name": "虚构小荆", "household": household.code(), "sex": "female", "birth": "2013-06-18",
    });
    let child: Particulars = serde_json::from_value(child).unwrap();
    Stated {
        child,
        applicant: Applicant {
            name: "虚构祖母".into(),
            capacity: Capacity::Guardian,
            relation: Some("祖母".into()),
            phone: None,
        },
        facts: serde_json::Map::new(),
    }
}

fn cited(cite: &str, verified: bool) -> Cited {
    Cited {
        cite: cite.into(),
        verified,
    }
}

fn told(stated: &Stated, matter: Matter, outcome: Outcome) -> Told<'_> {
    let remedied = |term| {
        Some(Remedied {
            term,
            cited: cited("某法", false),
        })
    };
    Told {
        application: "SQ-2021-000001",
        number: Some("儿保决〔2021〕1号"),
        matter,
        stated,
        household: "山东省枣庄市滕州市荆河街道",
        units: ["荆河街道办事处", "荆河街道办事处", "滕州市民政局"],
        submitted: Some(date(2021, 11, 4)),
        outcome,
        on: date(2021, 11, 25),
        met: vec!["父亲死亡".into(), "母亲服刑在押".into()],
        unmet: Vec::new(),
        missing: Vec::new(),
        excluded_by: None,
        rules: vec![
            cited("民发〔2019〕62号", true),
            cited("鲁民〔2018〕104号", false),
        ],
        reasons: &[],
        remedies: [remedied(10), remedied(60), remedied(6)],
    }
}

const DE_FACTO: Matter = Matter::Recognition(Category::DeFactoUnattended);

#[test]
fn a_grandmother_reads_what_was_found_by_which_rules_what_was_decided_and_where_to_turn() {
    let stated = stated();
    let letter = letter(&told(&stated, DE_FACTO, Outcome::Grant));
    assert_eq!(letter.title, "事实无人抚养儿童认定决定书");
    let text = letter.lines().join("\n");
    for said in [
        "儿保决〔2021〕1号",
        "申请人：虚构祖母（监护人，祖母）",
        "儿童：虚构小荆，女，2013年6月18日出生，户籍地山东省枣庄市滕州市荆河街道",
        "已由荆河街道办事处受理并查验",
        "经查：父亲死亡；母亲服刑在押。",
        "民发〔2019〕62号；鲁民〔2018〕104号（待核实）",
        "认定虚构小荆为事实无人抚养儿童，自2021年11月25日起纳入保障。",
        "60日（待核实）内依法申请行政复议",
        "6个月（待核实）内依法向人民法院提起行政诉讼",
        "滕州市民政局\n2021年11月25日",
    ] {
        assert!(text.contains(said), "{said} in:\n{text}");
    }
    // What is granted is not objected to.
    assert!(!text.contains("异议"), "{text}");
}

#[test]
fn a_class_that_ends_by_an_event_is_not_said_to_want_facts() {
    let stated = stated();
    let reasons = ["父亲已出狱并履行抚养义务".to_owned()];
    let told = Told {
        met: Vec::new(),
        missing: vec!["母亲的情形".into()],
        reasons: &reasons,
        ..told(
            &stated,
            Matter::Termination {
                category: Category::DeFactoUnattended,
                on: date(2021, 11, 20),
            },
            Outcome::Grant,
        )
    };
    let text = letter(&told).lines().join("\n");
    assert!(
        text.contains("审查意见：父亲已出狱并履行抚养义务。"),
        "{text}"
    );
    assert!(
        !text.contains("未能查明") && !text.contains("异议"),
        "{text}"
    );
}

#[test]
fn a_refusal_says_what_is_lacking_what_is_not_known_and_why() {
    let stated = stated();
    let reasons = ["母亲已获释。".to_owned(), "母亲已获释".to_owned()];
    let told = Told {
        met: Vec::new(),
        unmet: vec!["母亲有八种情形之一".into()],
        missing: vec!["母亲情形的起始日期".into()],
        excluded_by: Some(Category::ScatteredOrphan),
        reasons: &reasons,
        ..told(&stated, DE_FACTO, Outcome::Refuse)
    };
    let text = letter(&told).lines().join("\n");
    for said in [
        "不予认定决定书",
        "不具备下列条件：母亲有八种情形之一。",
        "下列事实未能查明：母亲情形的起始日期。",
        "符合社会散居孤儿条件",
        "审查意见：母亲已获释。",
        "不予认定虚构小荆为事实无人抚养儿童。",
        "向受理单位提出异议",
    ] {
        assert!(text.contains(said), "{said} in:\n{text}");
    }
    assert!(!text.contains("纳入保障"), "{text}");
}

#[test]
fn the_letter_on_a_sealed_application_names_neither_class_nor_ground_nor_rule() {
    let stated = stated();
    let reasons = ["感染艾滋病病毒，检测报告属实".to_owned()];
    for matter in [
        Matter::Recognition(Category::AidsAffected),
        Matter::Change(Category::AidsAffected),
        Matter::Termination {
            category: Category::AidsAffected,
            on: date(2021, 11, 25),
        },
    ] {
        for outcome in [Outcome::Grant, Outcome::Refuse] {
            let told = Told {
                met: vec!["儿童感染艾滋病病毒".into()],
                unmet: vec!["儿童感染艾滋病病毒".into()],
                missing: vec!["儿童感染艾滋病病毒".into()],
                rules: vec![cited("民发〔2012〕179号", true)],
                reasons: &reasons,
                ..told(&stated, matter, outcome)
            };
            let text = letter(&told).lines().join("\n");
            for hidden in ["艾滋", "感染", "179", "检测"] {
                assert!(!text.contains(hidden), "{hidden} in:\n{text}");
            }
            assert!(
                text.contains("虚构小荆") && text.contains("行政复议"),
                "{text}"
            );
        }
    }
}

#[test]
fn what_is_kept_of_a_letter_reads_back_as_it_was() {
    let stated = stated();
    let letter = letter(&told(&stated, DE_FACTO, Outcome::Grant));
    let kept = serde_json::to_string(&letter).unwrap();
    assert_eq!(serde_json::from_str::<Document>(&kept).unwrap(), letter);
}
