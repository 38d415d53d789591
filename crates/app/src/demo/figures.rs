//! How many children of each class the city holds: the press release of the city government, 4 November 2021.

use kernel::category::Category;

/// 机构养育孤儿, all placed in the children's home.
pub const INSTITUTION_ORPHANS: usize = 60;
/// 社会散居孤儿.
pub const SCATTERED_ORPHANS: usize = 474;
/// 受艾滋病影响儿童, sealed.
pub const AIDS_AFFECTED: usize = 1;
/// 事实无人抚养儿童.
pub const DE_FACTO_UNATTENDED: usize = 1199;
/// 重点困境儿童.
pub const KEY_HARDSHIP: usize = 1264;
/// 农村留守儿童.
pub const LEFT_BEHIND: usize = 2447;

/// Left-behind children who are de facto unattended as well: one parent lost touch at work far away, the other is
/// severely ill or disabled. The brief does not say how many overlap; this and the next figure are invented.
const LEFT_BEHIND_AND_DE_FACTO: usize = 36;
/// Left-behind children who are in key hardship as well: parents away to earn for a sick or disabled child.
const LEFT_BEHIND_AND_KEY_HARDSHIP: usize = 160;
/// Left-behind children who hold a cash class as well: eight in a hundred.
pub const LEFT_BEHIND_WITH_CASH: usize = LEFT_BEHIND_AND_DE_FACTO + LEFT_BEHIND_AND_KEY_HARDSHIP;

/// Children with an open status. Fewer than the classes add up to, because some hold two.
pub const OPEN_CHILDREN: usize = INSTITUTION_ORPHANS
    + SCATTERED_ORPHANS
    + AIDS_AFFECTED
    + DE_FACTO_UNATTENDED
    + KEY_HARDSHIP
    + LEFT_BEHIND
    - LEFT_BEHIND_WITH_CASH;

/// Which classes a child holds today, at least one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Holding {
    pub(super) cash: Option<Category>,
    pub(super) left_behind: bool,
}

/// How many children hold what today.
pub(super) const OPEN: [(Holding, usize); 8] = [
    (cash(Category::InstitutionOrphan), INSTITUTION_ORPHANS),
    (cash(Category::ScatteredOrphan), SCATTERED_ORPHANS),
    (cash(Category::AidsAffected), AIDS_AFFECTED),
    (
        cash(Category::DeFactoUnattended),
        DE_FACTO_UNATTENDED - LEFT_BEHIND_AND_DE_FACTO,
    ),
    (both(Category::DeFactoUnattended), LEFT_BEHIND_AND_DE_FACTO),
    (
        cash(Category::KeyHardship),
        KEY_HARDSHIP - LEFT_BEHIND_AND_KEY_HARDSHIP,
    ),
    (both(Category::KeyHardship), LEFT_BEHIND_AND_KEY_HARDSHIP),
    (
        Holding {
            cash: None,
            left_behind: true,
        },
        LEFT_BEHIND - LEFT_BEHIND_WITH_CASH,
    ),
];

/// Why a status of the past is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// The child reached the limit of age.
    Grown,
    /// What the status was for is no more: adoption, a parent back, the family out of hardship.
    Resolved,
}

/// How many files of the past there are; the brief counts none of them, so these figures are invented.
pub(super) const PAST: [(Category, Ending, usize); 9] = [
    (Category::InstitutionOrphan, Ending::Resolved, 9),
    (Category::InstitutionOrphan, Ending::Grown, 5),
    (Category::ScatteredOrphan, Ending::Grown, 64),
    (Category::DeFactoUnattended, Ending::Grown, 48),
    (Category::DeFactoUnattended, Ending::Resolved, 30),
    (Category::KeyHardship, Ending::Grown, 52),
    (Category::KeyHardship, Ending::Resolved, 34),
    (Category::LeftBehind, Ending::Grown, 90),
    (Category::LeftBehind, Ending::Resolved, 88),
];

/// Children on file whose statuses are all over.
pub const PAST_CHILDREN: usize = {
    let (mut sum, mut at) = (0, 0);
    while at < PAST.len() {
        sum += PAST[at].2;
        at += 1;
    }
    sum
};

/// The first age at which a class no longer holds: 18, for left-behind children 16 (国发〔2016〕13号).
pub(super) const fn age_limit(category: Category) -> i16 {
    match category {
        Category::LeftBehind | Category::Migrant => 16,
        _ => 18,
    }
}

const fn cash(category: Category) -> Holding {
    Holding {
        cash: Some(category),
        left_behind: false,
    }
}

const fn both(category: Category) -> Holding {
    Holding {
        cash: Some(category),
        left_behind: true,
    }
}
