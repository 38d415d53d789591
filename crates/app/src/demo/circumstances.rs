//! What befell a child's parents, such that the child is in its class.

use kernel::category::Category;

use super::chance::Chance;
use super::life::Need;

/// What a parent does or what became of the parent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// Lives at home and can care for the child.
    AtHome,
    /// Lives at home, too poor to raise the child.
    Poor,
    /// Works in another place.
    Away(&'static str),
    /// Has died.
    Dead,
    /// Was never found, or declared missing by a court.
    Unknown,
    /// Lives but cannot care for the child, in the words of 民发〔2019〕62号.
    Unable(&'static str),
}

/// A child's parents, need and the remark a ledger would carry.
#[derive(Debug, Clone)]
pub(super) struct Circumstances {
    pub(super) father: Fate,
    pub(super) mother: Fate,
    pub(super) need: Need,
    pub(super) note: String,
}

#[rustfmt::skip]
const WORKPLACES: &[&str] = &[
    "上海", "江苏苏州", "江苏无锡", "江苏昆山", "江苏徐州", "浙江杭州", "浙江宁波", "浙江义乌", "北京", "天津", "山东青岛",
    "山东济南", "山东烟台", "山东威海", "广东深圳", "广东东莞", "福建泉州", "河北雄安", "辽宁大连", "陕西西安",
];

const ILL: Fate = Fate::Unable("重病");
const DISABLED: Fate = Fate::Unable("重残");
const JAILED: Fate = Fate::Unable("服刑在押");
const LOST: Fate = Fate::Unable("失联");
const DRUGS: Fate = Fate::Unable("强制隔离戒毒");

/// Father and mother of a de facto unattended child: both unable, or one dead and the other unable.
const DE_FACTO: &[((Fate, Fate), usize)] = &[
    ((Fate::Dead, LOST), 36),
    ((JAILED, LOST), 15),
    ((Fate::Dead, DISABLED), 9),
    ((Fate::Dead, ILL), 7),
    ((DISABLED, LOST), 8),
    ((DISABLED, DISABLED), 6),
    ((LOST, Fate::Dead), 5),
    ((LOST, LOST), 4),
    ((ILL, LOST), 4),
    ((JAILED, Fate::Dead), 3),
    ((JAILED, DISABLED), 2),
    ((DRUGS, LOST), 2),
    ((JAILED, JAILED), 1),
];

/// The circumstances that put a child into this cash class, or with `None` among the left-behind alone.
pub(super) fn draw(chance: &Chance, cash: Option<Category>, left_behind: bool) -> Circumstances {
    match (cash, left_behind) {
        (Some(Category::InstitutionOrphan), _) => institution(chance),
        (Some(Category::DeFactoUnattended), false) => of(chance.weighted(DE_FACTO), Need::Usual(5)),
        (Some(Category::DeFactoUnattended), true) => lost_at_work(chance),
        (Some(Category::KeyHardship), left_behind) => hardship(chance, left_behind),
        (None, _) => left_by(working(chance), Need::Usual(2)),
        // A child affected by AIDS has the file of any other orphan: nothing in it tells.
        (Some(_), _) => orphan(chance),
    }
}

fn orphan(chance: &Chance) -> Circumstances {
    let parents = [
        ((Fate::Dead, Fate::Dead), 86),
        ((Fate::Dead, Fate::Unknown), 11),
        ((Fate::Unknown, Fate::Dead), 3),
    ];
    of(chance.weighted(&parents), Need::Usual(4))
}

/// Most children of a home were found, and most of those are disabled.
fn institution(chance: &Chance) -> Circumstances {
    if chance.percent(25) {
        let circumstances = of((Fate::Dead, Fate::Dead), Need::Usual(15));
        let note = format!("{}，无其他有监护能力的亲属", circumstances.note);
        return Circumstances {
            note,
            ..circumstances
        };
    }
    Circumstances {
        father: Fate::Unknown,
        mother: Fate::Unknown,
        need: Need::Usual(82),
        note: "查找不到生父母".to_owned(),
    }
}

/// One limb of the class is a widowed parent too poor, the other a poor family's severely disabled or ill child.
fn hardship(chance: &Chance, left_behind: bool) -> Circumstances {
    let severe = [(Need::SevereDisability, 66), (Need::SeriousIllness, 34)];
    if left_behind {
        return left_by(working(chance), chance.weighted(&severe));
    }
    if chance.percent(52) {
        let parents = [
            ((Fate::Dead, Fate::Poor), 78),
            ((Fate::Poor, Fate::Dead), 22),
        ];
        return of(chance.weighted(&parents), Need::Usual(4));
    }
    let need = chance.weighted(&severe);
    let why = match need {
        Need::SeriousIllness => "儿童患重病",
        _ => "儿童重残",
    };
    Circumstances {
        father: Fate::AtHome,
        mother: Fate::AtHome,
        need,
        note: format!("家庭经济困难，{why}"),
    }
}

/// Both parents away, or one away and the other unable to care (国发〔2016〕13号).
fn working(chance: &Chance) -> (Fate, Fate) {
    let father = Fate::Away(chance.pick(WORKPLACES));
    // Couples mostly go to the same place.
    let mother = match father {
        Fate::Away(_) if chance.percent(30) => Fate::Away(chance.pick(WORKPLACES)),
        same => same,
    };
    let unable = chance.weighted(&[(ILL, 45), (DISABLED, 55)]);
    chance.weighted(&[
        ((father, mother), 88),
        ((father, unable), 9),
        ((unable, mother), 3),
    ])
}

fn left_by((father, mother): (Fate, Fate), need: Need) -> Circumstances {
    let note = match (father, mother) {
        (Fate::Away(_), Fate::Away(_)) => "父母均外出务工".to_owned(),
        _ => format!("父亲{}，母亲{}", words(father), words(mother)),
    };
    let note = match need {
        Need::SevereDisability => format!("{note}；家庭经济困难，儿童重残"),
        Need::SeriousIllness => format!("{note}；家庭经济困难，儿童患重病"),
        Need::Usual(_) => note,
    };
    Circumstances {
        father,
        mother,
        need,
        note,
    }
}

fn lost_at_work(chance: &Chance) -> Circumstances {
    let unable = chance.weighted(&[(ILL, 40), (DISABLED, 60)]);
    Circumstances {
        father: LOST,
        mother: unable,
        need: Need::Usual(5),
        note: format!("父亲外出务工后失联，母亲{}", words(unable)),
    }
}

fn of((father, mother): (Fate, Fate), need: Need) -> Circumstances {
    let note = if father == mother {
        format!("父母均{}", words(father))
    } else {
        format!("父亲{}，母亲{}", words(father), words(mother))
    };
    Circumstances {
        father,
        mother,
        need,
        note,
    }
}

const fn words(fate: Fate) -> &'static str {
    match fate {
        Fate::AtHome => "在家",
        Fate::Poor => "经济困难无力抚养",
        Fate::Away(_) => "外出务工",
        Fate::Dead => "去世",
        Fate::Unknown => "经法院宣告失踪",
        Fate::Unable(why) => why,
    }
}
