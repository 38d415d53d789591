//! 与部门名单比对: whom a list of deaths, prison terms, disability certificates or low-income households puts in doubt: who is
//! paid and should not be, and who is not paid and perhaps should be.
//!
//! **Invariant.** A doubt changes nothing and decides nothing: it says which row, whom it names, and what to look at.

use std::collections::{BTreeSet, HashMap, HashSet};

use jiff::civil::Date;
use kernel::category::Category;
use kernel::ids::ChildId;

use super::IdDigest;
use crate::allowances::OtherBenefit;

/// What a list of another department tells of the persons in it.
///
/// ```
/// use domain::registry::DepartmentList;
/// assert_eq!(DepartmentList::from_code("deaths"), Some(DepartmentList::Deaths));
/// ```
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum DepartmentList {
    /// 死亡人员: of the police, hospitals or crematoria.
    Deaths,
    /// 服刑人员: terms of imprisonment.
    PrisonTerms,
    /// 残疾人证: of the disabled persons' federation.
    Disabilities,
    /// 低收入家庭（低保、低保边缘）: the members of households.
    LowIncome,
}

impl DepartmentList {
    /// Every kind of list.
    pub const ALL: [Self; 4] = [
        Self::Deaths,
        Self::PrisonTerms,
        Self::Disabilities,
        Self::LowIncome,
    ];

    /// The kind of a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|list| list.code() == code)
    }

    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Deaths => "deaths",
            Self::PrisonTerms => "prison_terms",
            Self::Disabilities => "disabilities",
            Self::LowIncome => "low_income",
        }
    }

    /// In Chinese.
    #[must_use]
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Deaths => "死亡人员名单",
            Self::PrisonTerms => "服刑人员名单",
            Self::Disabilities => "残疾人证名单",
            Self::LowIncome => "低收入家庭名单",
        }
    }

    /// The doubts that such a list can raise.
    #[must_use]
    pub const fn doubts(self) -> &'static [Doubt] {
        match self {
            Self::Deaths => &[Doubt::ChildDied, Doubt::GuardianDied, Doubt::ParentDied],
            Self::PrisonTerms => &[Doubt::ParentImprisoned, Doubt::ParentReleased],
            Self::Disabilities => &[Doubt::ParentDisabled, Doubt::ChildDisabled],
            Self::LowIncome => &[Doubt::ChildLowIncome, Doubt::BenefitMissing],
        }
    }

    /// The benefit that whoever is on such a list draws.
    #[must_use]
    pub const fn benefit(self) -> Option<OtherBenefit> {
        match self {
            Self::LowIncome => Some(OtherBenefit::MinimumLiving),
            Self::Deaths | Self::PrisonTerms | Self::Disabilities => None,
        }
    }
}

/// Who a person is to a child on file.
///
/// ```
/// assert_eq!(domain::registry::Kinship::Mother.code(), "mother");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kinship {
    /// The child itself.
    Child,
    /// 父亲
    Father,
    /// 母亲
    Mother,
    /// 监护人, today's.
    Guardian,
}

impl Kinship {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Child => "child",
            Self::Father => "father",
            Self::Mother => "mother",
            Self::Guardian => "guardian",
        }
    }

    /// In Chinese.
    #[must_use]
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Child => "儿童本人",
            Self::Father => "父亲",
            Self::Mother => "母亲",
            Self::Guardian => "监护人",
        }
    }

    const fn is_parent(self) -> bool {
        matches!(self, Self::Father | Self::Mother)
    }
}

/// What a list puts in doubt.
///
/// ```
/// use domain::registry::Doubt;
/// assert!(Doubt::ChildDied.is_of_the_paid() && !Doubt::ParentDied.is_of_the_paid());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Doubt {
    /// A child who is paid is dead.
    ChildDied,
    /// The guardian whose account a child's money goes to is dead.
    GuardianDied,
    /// A parent is dead, and the child draws nothing, or no more than in key hardship.
    ParentDied,
    /// A parent is in prison, and the child draws nothing, or no more than in key hardship.
    ParentImprisoned,
    /// A parent's term is over, and the child is paid as de facto unattended.
    ParentReleased,
    /// A parent is severely disabled, and the child draws nothing, or no more than in key hardship.
    ParentDisabled,
    /// A child is disabled and draws nothing.
    ChildDisabled,
    /// A child of a low-income household draws nothing.
    ChildLowIncome,
    /// A child of a low-income household draws an allowance from which the household's benefit is deducted, and none is on
    /// file.
    BenefitMissing,
}

impl Doubt {
    /// Every doubt.
    pub const ALL: [Self; 9] = [
        Self::ChildDied,
        Self::GuardianDied,
        Self::ParentDied,
        Self::ParentImprisoned,
        Self::ParentReleased,
        Self::ParentDisabled,
        Self::ChildDisabled,
        Self::ChildLowIncome,
        Self::BenefitMissing,
    ];

    /// The stable code of its work item.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::ChildDied => "review.child_died",
            Self::GuardianDied => "review.guardian_died",
            Self::ParentDied => "review.parent_died",
            Self::ParentImprisoned => "review.parent_imprisoned",
            Self::ParentReleased => "review.parent_released",
            Self::ParentDisabled => "review.parent_disabled",
            Self::ChildDisabled => "review.child_disabled",
            Self::ChildLowIncome => "review.child_low_income",
            Self::BenefitMissing => "review.benefit_missing",
        }
    }

    /// In Chinese.
    #[must_use]
    pub const fn zh(self) -> &'static str {
        match self {
            Self::ChildDied => "儿童已死亡，仍在发放",
            Self::GuardianDied => "监护人已死亡，仍向其发放",
            Self::ParentDied => "父或母已死亡，未按孤儿或事实无人抚养儿童保障",
            Self::ParentImprisoned => "父或母服刑，未按事实无人抚养儿童保障",
            Self::ParentReleased => "父或母刑期已满，仍按事实无人抚养儿童发放",
            Self::ParentDisabled => "父或母重度残疾，未按事实无人抚养儿童保障",
            Self::ChildDisabled => "儿童持残疾人证，未享受保障",
            Self::ChildLowIncome => "低收入家庭儿童，未享受保障",
            Self::BenefitMissing => "低收入家庭儿童，未登记应抵扣的低保金",
        }
    }

    /// Whether it is about somebody who is paid and should perhaps not be; otherwise about somebody who is not, or not
    /// enough.
    #[must_use]
    pub const fn is_of_the_paid(self) -> bool {
        match self {
            Self::ChildDied | Self::GuardianDied | Self::ParentReleased | Self::BenefitMissing => {
                true
            }
            Self::ParentDied
            | Self::ParentImprisoned
            | Self::ParentDisabled
            | Self::ChildDisabled
            | Self::ChildLowIncome => false,
        }
    }

    /// Whether a child still stands in this doubt.
    #[must_use]
    pub fn stands(self, child: &Listable) -> bool {
        let draws = &child.draws;
        let is_short = || draws.iter().all(|class| *class == Category::KeyHardship);
        match self {
            Self::ChildDied | Self::GuardianDied => !draws.is_empty(),
            Self::ParentReleased => draws.contains(&Category::DeFactoUnattended),
            Self::ParentDied | Self::ParentImprisoned | Self::ParentDisabled => is_short(),
            Self::ChildDisabled | Self::ChildLowIncome => draws.is_empty(),
            Self::BenefitMissing => child.lacks_benefit,
        }
    }
}

/// A child on file, as far as lists turn on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listable {
    /// The child.
    pub child: ChildId,
    /// Whether it has reached the age up to which one is recognised; then it is not asked whether it should be.
    pub is_grown: bool,
    /// The cash classes under which it draws an allowance.
    pub draws: BTreeSet<Category>,
    /// Whether the benefit of whoever is on the list is deducted from what it draws, and none is on file.
    pub lacks_benefit: bool,
}

/// Who has a resident id that is on file of a child. Those of children and of others have digests of their own kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bond {
    /// The child.
    pub child: ChildId,
    /// Who it is.
    pub kinship: Kinship,
    /// The digest of the resident id.
    pub digest: IdDigest,
}

/// A row of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    /// The spreadsheet's own row number.
    pub row: u32,
    /// The digest of the resident id as a child's.
    pub as_child: IdDigest,
    /// The digest of the resident id as a relative's or guardian's.
    pub as_kin: IdDigest,
    /// Since when: the day of death, the first of the term, the day of the certificate.
    pub since: Option<Date>,
    /// Until when: the last day of the term.
    pub until: Option<Date>,
    /// The grade of a disability, 1 (the gravest) to 4.
    pub grade: Option<u8>,
}

/// A doubt, and where it shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Doubtful {
    /// The row of the list.
    pub row: u32,
    /// The child.
    pub child: ChildId,
    /// Whom the row names.
    pub kinship: Kinship,
    /// What is in doubt.
    pub doubt: Doubt,
}

/// Whom a list of this kind, as of a day, puts in doubt among the children on file: each child once for each person named
/// and doubt, by the first row that says so.
///
/// ```
/// use domain::registry::{DepartmentList, doubts};
/// assert!(doubts(DepartmentList::Deaths, jiff::civil::date(2021, 11, 4), &[], &[], &[]).is_empty());
/// ```
#[must_use]
pub fn doubts(
    list: DepartmentList,
    as_of: Date,
    children: &[Listable],
    bonds: &[Bond],
    told: &[Told],
) -> Vec<Doubtful> {
    let children: HashMap<ChildId, &Listable> =
        children.iter().map(|child| (child.child, child)).collect();
    let mut named: HashMap<(bool, IdDigest), Vec<&Bond>> = HashMap::new();
    for bond in bonds {
        let is_child = bond.kinship == Kinship::Child;
        named.entry((is_child, bond.digest)).or_default().push(bond);
    }
    // A parent with a second term that still runs is not at large because a first one ended.
    let held: HashSet<IdDigest> = told
        .iter()
        .filter(|row| runs(row, as_of))
        .map(|row| row.as_kin)
        .collect();
    let mut seen = HashSet::new();
    let mut found = Vec::new();
    for row in told {
        let bonds = [(true, row.as_child), (false, row.as_kin)]
            .into_iter()
            .filter_map(|key| named.get(&key))
            .flatten();
        for bond in bonds {
            let Some(child) = children.get(&bond.child) else {
                continue;
            };
            let is_held = held.contains(&row.as_kin);
            let all = of_row(list, as_of, row, bond.kinship, is_held);
            for doubt in all.iter().copied().filter(|doubt| asks(*doubt, child)) {
                if seen.insert((bond.child, bond.kinship, doubt)) {
                    found.push(Doubtful {
                        row: row.row,
                        child: bond.child,
                        kinship: bond.kinship,
                        doubt,
                    });
                }
            }
        }
    }
    found
}

fn asks(doubt: Doubt, child: &Listable) -> bool {
    doubt.stands(child) && (doubt.is_of_the_paid() || !child.is_grown)
}

/// Whether a term runs on the day.
fn runs(row: &Told, day: Date) -> bool {
    row.since.is_none_or(|since| since <= day) && row.until.is_none_or(|until| until >= day)
}

/// What a row can mean for a child, by whom it names.
fn of_row(
    list: DepartmentList,
    as_of: Date,
    row: &Told,
    kinship: Kinship,
    is_held: bool,
) -> &'static [Doubt] {
    // What lies ahead of the list's own day is a slip of the pen.
    let has_begun = row.since.is_none_or(|since| since <= as_of);
    match (list, kinship) {
        _ if !has_begun => &[],
        (DepartmentList::Deaths, Kinship::Child) => &[Doubt::ChildDied],
        (DepartmentList::Deaths, Kinship::Guardian) => &[Doubt::GuardianDied],
        (DepartmentList::Deaths, Kinship::Father | Kinship::Mother) => &[Doubt::ParentDied],
        (DepartmentList::PrisonTerms, _) if kinship.is_parent() => match is_held {
            true => &[Doubt::ParentImprisoned],
            false => &[Doubt::ParentReleased],
        },
        // A certificate that does not tell its grade may be one of the grave ones.
        (DepartmentList::Disabilities, _) if kinship.is_parent() => match row.grade {
            None | Some(..=2) => &[Doubt::ParentDisabled],
            Some(_) => &[],
        },
        (DepartmentList::Disabilities, Kinship::Child) => &[Doubt::ChildDisabled],
        (DepartmentList::LowIncome, Kinship::Child) => {
            &[Doubt::ChildLowIncome, Doubt::BenefitMissing]
        }
        (
            DepartmentList::PrisonTerms | DepartmentList::Disabilities | DepartmentList::LowIncome,
            _,
        ) => &[],
    }
}

#[cfg(test)]
#[path = "department_tests.rs"]
mod tests;
