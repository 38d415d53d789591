//! A child's health and schooling, as the ledgers word them.

use jiff::civil::{Date, date};

use super::chance::{Chance, years_after};

/// How a child is, before chance has its say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Need {
    /// As other children: this many of a hundred are disabled.
    Usual(usize),
    /// 重残: level one or two, or three or four of mind or intellect.
    SevereDisability,
    /// 患重病或罕见病.
    SeriousIllness,
}

/// The health columns of a ledger.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Health {
    pub(super) state: &'static str,
    /// Kind and level of disability.
    pub(super) disability: Option<(&'static str, &'static str)>,
    pub(super) illness: Option<&'static str>,
}

const KINDS: &[(&str, usize)] = &[
    ("肢体", 34),
    ("智力", 30),
    ("听力", 9),
    ("言语", 6),
    ("视力", 6),
    ("精神", 7),
    ("多重", 8),
];
const LEVELS: &[&str] = &["一级", "二级", "三级", "四级"];
const ILLNESSES: &[&str] = &[
    "先天性心脏病",
    "白血病",
    "癫痫",
    "尿毒症",
    "血友病",
    "再生障碍性贫血",
    "肾病综合征",
    "脑肿瘤",
    "苯丙酮尿症",
];

/// The health of a child with such a need.
pub(super) fn health(chance: &Chance, need: Need) -> Health {
    match need {
        Need::SevereDisability => disabled(chance, true),
        Need::SeriousIllness => ill(chance),
        Need::Usual(percent) if chance.percent(percent) => disabled(chance, false),
        Need::Usual(_) if chance.percent(1) => ill(chance),
        Need::Usual(_) => Health {
            state: "健康",
            ..Health::default()
        },
    }
}

fn disabled(chance: &Chance, severe: bool) -> Health {
    let kind = chance.weighted(KINDS);
    let mild_counts = matches!(kind, "智力" | "精神");
    let levels = if severe && !mild_counts {
        &LEVELS[..2]
    } else {
        LEVELS
    };
    Health {
        state: "残疾",
        disability: Some((kind, chance.pick(levels))),
        illness: None,
    }
}

fn ill(chance: &Chance) -> Health {
    Health {
        state: "患病",
        disability: None,
        illness: Some(chance.pick(ILLNESSES)),
    }
}

/// The stage of schooling in the school year of `today`; `None` for those who have come of age.
pub(super) fn school_stage(
    chance: &Chance,
    today: Date,
    birth: Date,
    health: Health,
) -> Option<&'static str> {
    if years_after(birth, 18) <= today {
        return None;
    }
    let severe = matches!(health.disability, Some((_, "一级" | "二级")));
    Some(match age_at_start_of_school_year(today, birth) {
        ..3 => "未入园",
        3..6 => chance.weighted(&[("幼儿园", 88), ("未入园", 12)]),
        6..16 if severe => chance.weighted(&[("特殊教育学校", 6), ("送教上门", 3), ("未入学", 1)]),
        6..12 => "小学",
        12..15 => "初中",
        _ => chance.weighted(&[("高中", 55), ("中职", 40), ("已离校", 5)]),
    })
}

/// Whether the child boards, for those at school.
pub(super) fn boards(chance: &Chance, stage: Option<&str>, rural: bool) -> Option<bool> {
    let percent = match stage? {
        "小学" if rural => 8,
        "小学" => 2,
        "初中" if rural => 55,
        "初中" | "特殊教育学校" => 30,
        "高中" | "中职" => 85,
        _ => 0,
    };
    Some(chance.percent(percent))
}

/// School begins on 1 September; a child who has turned six by then goes to school.
fn age_at_start_of_school_year(today: Date, birth: Date) -> i16 {
    let year = if today.month() >= 9 {
        today.year()
    } else {
        today.year() - 1
    };
    let start = date(year, 9, 1);
    (0..20)
        .take_while(|age| years_after(birth, age + 1) <= start)
        .count()
        .try_into()
        .unwrap_or(i16::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_child_of_six_by_september_goes_to_school() {
        let today = date(2021, 11, 4);
        assert_eq!(age_at_start_of_school_year(today, date(2015, 9, 1)), 6);
        assert_eq!(age_at_start_of_school_year(today, date(2015, 9, 2)), 5);
        assert_eq!(
            age_at_start_of_school_year(date(2021, 8, 31), date(2015, 9, 1)),
            5
        );
        assert_eq!(age_at_start_of_school_year(today, date(2021, 10, 1)), 0);
    }

    #[test]
    fn severe_disability_is_what_the_rule_says() {
        let chance = Chance::stream(1, "health");
        for _ in 0..300 {
            let health = health(&chance, Need::SevereDisability);
            let (kind, level) = health.disability.expect("a disability");
            let severe = matches!(level, "一级" | "二级") || matches!(kind, "智力" | "精神");
            assert!(severe, "{kind}{level}");
        }
    }
}
