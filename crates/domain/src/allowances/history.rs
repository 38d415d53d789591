//! The dated facts about a child that an allowance follows from.

use jiff::Timestamp;
use jiff::civil::Date;
use kernel::category::Category;
use kernel::division::Division;
use kernel::money::Money;
use kernel::month::Month;

/// All that is recorded about one child's allowance. The order of the facts counts only between two that are true on
/// the same day and became known at the same moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct History {
    /// Where the child was first.
    pub place: Division,
    /// The day of birth as first recorded.
    pub born: Date,
    /// The facts, in any order.
    pub facts: Vec<Known>,
}

/// A fact, and when it became known: whatever day it is true of, no run before this moment knew it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// When it became known.
    pub at: Timestamp,
    /// What became known.
    pub fact: Fact,
}

/// What may be recorded. A period includes its last month; without one it is open. One that ends before it begins covers
/// no month.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Fact {
    /// 认定: recognised in a class by a decision of a day.
    Recognised {
        /// The class.
        class: Category,
        /// The day of the decision.
        on: Date,
    },
    /// 停发: stopped with effect of a day.
    Stopped {
        /// The day.
        on: Date,
        /// The reason's code, such as `adopted`.
        reason: Box<str>,
    },
    /// 撤销: every recognition, or every stop, of that day which was known strictly earlier is struck out.
    Revoked {
        /// What is struck out.
        of: Struck,
        /// Its day.
        on: Date,
    },
    /// Another benefit that the child draws (低保 and the like), which some classes take off.
    Benefit {
        /// The benefit's code, such as `minimum_living`.
        benefit: Box<str>,
        /// Its amount of a month.
        monthly: Money,
        /// The first month.
        from: Month,
        /// The last month.
        to: Option<Month>,
    },
    /// 在读: at school, with proof.
    Study {
        /// The first month.
        from: Month,
        /// The last month.
        to: Option<Month>,
    },
    /// 暂缓: payment is withheld until the period has passed.
    Suspended {
        /// The first month.
        from: Month,
        /// The last month.
        to: Option<Month>,
    },
    /// Lives in another place from a day on.
    Moved {
        /// The new place.
        place: Division,
        /// The first day there.
        on: Date,
    },
    /// The day of birth was wrong.
    BornCorrected {
        /// The right one.
        born: Date,
    },
    /// A run committed this amount for each month of a stretch.
    Committed {
        /// The first month.
        from: Month,
        /// The last month, which may be the first.
        through: Month,
        /// To whom.
        payee: Payee,
        /// The amount for each of the months; negative for a recovery.
        amount: Money,
    },
    /// What a payee still owed when the last run was over.
    Owed {
        /// Who owes.
        payee: Payee,
        /// How much, 0 or more.
        amount: Money,
    },
}

/// Who is paid.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Payee {
    /// The guardian's account.
    Guardian,
    /// The children's home, for the months of an orphan in an institution.
    Home,
}

impl Payee {
    /// Both, in the order in which lines name them.
    pub const ALL: [Self; 2] = [Self::Guardian, Self::Home];

    /// To whom a month in `class` is paid.
    #[must_use]
    pub const fn of(class: Category) -> Self {
        match class {
            Category::InstitutionOrphan => Self::Home,
            Category::ScatteredOrphan
            | Category::AidsAffected
            | Category::DeFactoUnattended
            | Category::KeyHardship
            | Category::LeftBehind
            | Category::Migrant => Self::Guardian,
        }
    }

    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Guardian => "guardian",
            Self::Home => "home",
        }
    }
}

/// What a revocation strikes out.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Default, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Struck {
    /// Recognitions.
    #[default]
    Recognised,
    /// Stops.
    Stopped,
}
