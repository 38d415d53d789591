//! The organisation: units with their reach, officers, their accounts and their appointments.

pub mod appointing;
mod login;
pub mod password;
pub mod second_factor;
pub mod throttle;

pub use login::{Login, LoginError};

use kernel::division::{Division, Level};
use kernel::reach::Reach;
use serde::{Deserialize, Serialize};

/// What a unit is. The organisation tree is not the tree of codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnitKind {
    /// 市民政局
    CityBureau,
    /// 区县民政局, the High-tech Zone's among them
    CountyBureau,
    /// 镇（街）
    Town,
    /// 村（居）
    Village,
    /// 儿童福利院
    Home,
    /// 未成年人救助保护中心
    RescueCentre,
}

impl UnitKind {
    /// Every kind.
    pub const ALL: [Self; 6] = [
        Self::CityBureau,
        Self::CountyBureau,
        Self::Town,
        Self::Village,
        Self::Home,
        Self::RescueCentre,
    ];

    /// The kind of a stored code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// The stable code, as stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::CityBureau => "city_bureau",
            Self::CountyBureau => "county_bureau",
            Self::Town => "town",
            Self::Village => "village",
            Self::Home => "home",
            Self::RescueCentre => "rescue_centre",
        }
    }
}

/// A unit before it is founded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitPlan {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: UnitKind,
    /// The division it is named after.
    pub division: Division,
    /// The divisions it serves.
    pub serves: Reach,
    /// Whether it is part of the published count of towns and villages.
    pub counted: bool,
}

impl UnitPlan {
    /// The plan of the unit that a division has as a matter of course: it serves the division's whole subtree.
    #[must_use]
    pub fn of_division(division: Division, name: &str) -> Self {
        let (kind, name) = match division.level() {
            Level::Country | Level::Province | Level::City => {
                (UnitKind::CityBureau, format!("{name}民政局"))
            }
            Level::County => (UnitKind::CountyBureau, format!("{name}民政局")),
            Level::Town => (UnitKind::Town, name.to_owned()),
            Level::Village => (UnitKind::Village, name.to_owned()),
        };
        Self {
            name,
            kind,
            division,
            serves: Reach::of([division]),
            counted: true,
        }
    }
}
