//! Which way an application goes: through which units, and how long each has.

use kernel::category::{Category, Group};
use kernel::division::Division;
use kernel::explain::{Explain, Lang};
use kernel::reach::Reach;

use crate::organisation::UnitKind;

/// How far from its household a child of a category may be applied for.
///
/// ```
/// use domain::applications::Acceptance;
/// assert!(Acceptance::Nationwide > Acceptance::Provincewide);
/// ```
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Acceptance {
    /// In the household county.
    WithinCounty,
    /// 全省通办: at any town of the household province.
    Provincewide,
    /// 跨省通办: at any town in China (民办发〔2021〕10号).
    Nationwide,
}

/// The way an application goes.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Path {
    /// From a town of the household county.
    WithinCounty,
    /// 全省通办: from a town elsewhere in the province.
    Provincewide,
    /// 跨省通办: from a town in another province.
    Nationwide,
    /// An orphan in an institution, whose home applies.
    Home,
    /// Filed with the county's bureau itself, known to its named officers alone.
    Sealed,
}

impl Path {
    /// Every path.
    pub const ALL: [Self; 5] = [
        Self::WithinCounty,
        Self::Provincewide,
        Self::Nationwide,
        Self::Home,
        Self::Sealed,
    ];

    /// The path of a stored code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|path| path.code() == code)
    }

    /// The stable code, as stored.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::WithinCounty => "within_county",
            Self::Provincewide => "provincewide",
            Self::Nationwide => "nationwide",
            Self::Home => "home",
            Self::Sealed => "sealed",
        }
    }
}

/// Whether the unit that accepts an application verifies it as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Route {
    /// It does: acceptance hands the application to itself.
    Here,
    /// Another unit does, and the application is forwarded there.
    Elsewhere,
}

impl Route {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Here => "here",
            Self::Elsewhere => "elsewhere",
        }
    }
}

/// A stretch of the way that one unit answers for, with a clock of its own.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Leg {
    /// 受理并推送
    Accept,
    /// 补正: the applicant's.
    Supplement,
    /// 查验
    Verify,
    /// 确认
    Confirm,
    /// 告知申请人
    Tell,
    /// 异议期: the applicant's.
    Object,
    /// 复核
    Review,
}

impl Leg {
    /// Every leg.
    pub const ALL: [Self; 7] = [
        Self::Accept,
        Self::Supplement,
        Self::Verify,
        Self::Confirm,
        Self::Tell,
        Self::Object,
        Self::Review,
    ];

    /// The leg of a stored code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|leg| leg.code() == code)
    }

    /// The stable code, as stored.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Supplement => "supplement",
            Self::Verify => "verify",
            Self::Confirm => "confirm",
            Self::Tell => "tell",
            Self::Object => "object",
            Self::Review => "review",
        }
    }

    /// What the screens call it.
    #[must_use]
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Accept => "受理并推送",
            Self::Supplement => "补正",
            Self::Verify => "查验",
            Self::Confirm => "确认",
            Self::Tell => "告知申请人",
            Self::Object => "异议期",
            Self::Review => "复核",
        }
    }
}

/// How long a leg may take, and what says so.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Term {
    /// Working days, counted from the day after it begins.
    pub days: u32,
    /// The document that sets them.
    pub cite: String,
    /// Whether value and document were checked against each other; if not, screens say 待核实.
    pub verified: bool,
}

/// The clocks of a path, leg by leg, as the rulebook sets them on a day.
///
/// ```
/// use domain::applications::{Leg, Legs, Term};
/// let legs = Legs::of(|leg| Term {
///     days: if leg == Leg::Verify { 15 } else { 3 },
///     cite: "民办发〔2021〕10号".into(),
///     verified: true,
/// });
/// assert_eq!(legs.term(Leg::Verify).days, 15);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Legs([Term; 7]);

impl Legs {
    /// The clocks that `term` answers.
    pub fn of(term: impl FnMut(Leg) -> Term) -> Self {
        Self(Leg::ALL.map(term))
    }

    /// The clock of one leg.
    #[must_use]
    pub fn term(&self, leg: Leg) -> &Term {
        // Declared in the order of ALL.
        &self.0[leg as usize]
    }
}

/// A unit at whose window somebody applies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Station {
    /// What kind of unit.
    pub kind: UnitKind,
    /// Where it is.
    pub division: Division,
}

/// Why an application cannot be taken in here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PathError {
    /// Nobody applies for a care status: sweeps find it.
    #[error("not a category that is applied for")]
    NotApplied,
    /// The county's bureau itself takes this category in.
    #[error("taken in by the household county's bureau alone")]
    CountyOnly,
    /// The home applies for its own children.
    #[error("applied for by the home alone")]
    HomeOnly,
    /// Only towns take this category in.
    #[error("taken in by towns alone")]
    TownOnly,
    /// The household is farther away than the category is accepted from.
    #[error("too far from the household")]
    TooFar {
        /// How far it is accepted from.
        accepted: Acceptance,
    },
}

impl Explain for PathError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotApplied => "application.not_applied_for",
            Self::CountyOnly => "application.county_only",
            Self::HomeOnly => "application.home_only",
            Self::TownOnly => "application.town_only",
            Self::TooFar { .. } => "application.too_far",
        }
    }

    fn explain(&self, lang: Lang) -> String {
        let (zh, en) = match self {
            Self::NotApplied => (
                "留守、流动状态由摸底排查登记，不需申请。",
                "Left-behind and migrant children are found by the sweeps; nobody applies for that.",
            ),
            Self::CountyOnly => (
                "该类别由户籍地区县民政部门直接受理，请告知申请人前往办理。",
                "The household county's bureau takes this category in itself: send the applicant there.",
            ),
            Self::HomeOnly => (
                "机构养育孤儿由儿童福利院提出申请。",
                "The children's home applies for an orphan in its care.",
            ),
            Self::TownOnly => (
                "该类别由乡镇（街道）受理。",
                "A town takes this category in.",
            ),
            Self::TooFar {
                accepted: Acceptance::WithinCounty,
            } => (
                "该类别须在户籍所在区县申请，请告知申请人。",
                "This category is applied for in the household county: tell the applicant.",
            ),
            Self::TooFar { .. } => (
                "该类别仅限户籍所在省内申请，请告知申请人。",
                "This category is applied for within the household province: tell the applicant.",
            ),
        };
        match lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
        .into()
    }
}

/// The path of an application for `category`, taken in at `station`, for a child of this household. `county` is what
/// the household county's bureau serves, which need not be one subtree of the code.
///
/// # Errors
/// [`PathError`] where it is not taken in here.
///
/// ```
/// use domain::applications::{Acceptance, Path, Station, path};
/// use domain::organisation::UnitKind;
/// use kernel::category::Category;
/// use kernel::division::Division;
/// use kernel::reach::Reach;
/// let household = Division::parse("370481001001")?;
/// let county = Reach::of([Division::parse("370481")?]);
/// let kunshan = Station { kind: UnitKind::Town, division: Division::parse("320583100")? };
/// let found = path(Category::DeFactoUnattended, Acceptance::Nationwide, &kunshan, household, &county);
/// assert_eq!(found, Ok(Path::Nationwide));
/// # Ok::<(), kernel::division::DivisionError>(())
/// ```
pub fn path(
    category: Category,
    acceptance: Acceptance,
    station: &Station,
    household: Division,
    county: &Reach,
) -> Result<Path, PathError> {
    let at_home = station.kind == UnitKind::Home;
    let at_town = station.kind == UnitKind::Town;
    let within = county.contains(station.division);
    match category {
        _ if category.group() == Group::Care => Err(PathError::NotApplied),
        _ if category.is_sealed() => {
            let of_county = station.kind == UnitKind::CountyBureau && within;
            of_county
                .then_some(Path::Sealed)
                .ok_or(PathError::CountyOnly)
        }
        Category::InstitutionOrphan => at_home.then_some(Path::Home).ok_or(PathError::HomeOnly),
        _ if !at_town => Err(PathError::TownOnly),
        _ if within => Ok(Path::WithinCounty),
        _ => {
            let wanted = match province(station.division) == province(household) {
                true => (Acceptance::Provincewide, Path::Provincewide),
                false => (Acceptance::Nationwide, Path::Nationwide),
            };
            match acceptance >= wanted.0 {
                true => Ok(wanted.1),
                false => Err(PathError::TooFar {
                    accepted: acceptance,
                }),
            }
        }
    }
}

/// The way of an application whose household another installation serves: its county stands for what is served there. None
/// where the application would not leave that county, which no town of this installation is in.
///
/// # Errors
/// As [`path`].
pub fn path_afar(
    category: Category,
    acceptance: Acceptance,
    station: &Station,
    household: Division,
) -> Result<Option<Path>, PathError> {
    let county = Reach::of([household.county().unwrap_or(household)]);
    let found = path(category, acceptance, station, household, &county)?;
    Ok(matches!(found, Path::Provincewide | Path::Nationwide).then_some(found))
}

/// The first two digits of the code.
fn province(division: Division) -> i64 {
    division.code() / 10_000_000_000
}

#[cfg(test)]
mod tests {
    use super::*;

    const TENGZHOU: &str = "370481";

    fn at(kind: UnitKind, code: &str) -> Station {
        Station {
            kind,
            division: Division::parse(code).unwrap(),
        }
    }

    fn of(
        category: Category,
        acceptance: Acceptance,
        station: &Station,
    ) -> Result<Path, PathError> {
        let household = Division::parse("370481001001").unwrap();
        let county = Reach::of([Division::parse(TENGZHOU).unwrap()]);
        path(category, acceptance, station, household, &county)
    }

    #[test]
    fn a_family_far_from_home_applies_where_its_category_is_accepted() {
        let (jinghe, jinan, kunshan) = (
            at(UnitKind::Town, "370481001"),
            at(UnitKind::Town, "370102001"),
            at(UnitKind::Town, "320583100"),
        );
        let unattended = |station| of(Category::DeFactoUnattended, Acceptance::Nationwide, station);
        let hardship = |station| of(Category::KeyHardship, Acceptance::Provincewide, station);
        assert_eq!(unattended(&jinghe), Ok(Path::WithinCounty));
        assert_eq!(unattended(&jinan), Ok(Path::Provincewide));
        assert_eq!(unattended(&kunshan), Ok(Path::Nationwide));
        assert_eq!(hardship(&jinan), Ok(Path::Provincewide));
        let accepted = Acceptance::Provincewide;
        assert_eq!(hardship(&kunshan), Err(PathError::TooFar { accepted }));
        let accepted = Acceptance::WithinCounty;
        assert_eq!(
            of(Category::KeyHardship, accepted, &jinan),
            Err(PathError::TooFar { accepted })
        );
    }

    #[test]
    fn the_sealed_class_never_passes_through_a_town() {
        for kind in [
            UnitKind::Town,
            UnitKind::Village,
            UnitKind::Home,
            UnitKind::CityBureau,
        ] {
            let asked = of(
                Category::AidsAffected,
                Acceptance::Nationwide,
                &at(kind, "370481001"),
            );
            assert_eq!(asked, Err(PathError::CountyOnly), "{kind:?}");
        }
        let bureau = |code| {
            of(
                Category::AidsAffected,
                Acceptance::Nationwide,
                &at(UnitKind::CountyBureau, code),
            )
        };
        assert_eq!(bureau(TENGZHOU), Ok(Path::Sealed));
        assert_eq!(bureau("370406"), Err(PathError::CountyOnly));
    }

    #[test]
    fn the_home_applies_for_its_orphans_and_for_nobody_else() {
        let home = at(UnitKind::Home, "3704");
        assert_eq!(
            of(Category::InstitutionOrphan, Acceptance::Nationwide, &home),
            Ok(Path::Home)
        );
        assert_eq!(
            of(
                Category::InstitutionOrphan,
                Acceptance::Nationwide,
                &at(UnitKind::Town, "370481001")
            ),
            Err(PathError::HomeOnly)
        );
        assert_eq!(
            of(Category::ScatteredOrphan, Acceptance::Nationwide, &home),
            Err(PathError::TownOnly)
        );
        assert_eq!(
            of(Category::LeftBehind, Acceptance::Nationwide, &home),
            Err(PathError::NotApplied)
        );
    }

    #[test]
    fn every_leg_has_its_own_clock_and_code() {
        let legs = Legs::of(|leg| Term {
            days: leg as u32,
            cite: leg.code().into(),
            verified: false,
        });
        for leg in Leg::ALL {
            assert_eq!(legs.term(leg).cite, leg.code());
            assert_eq!(Leg::from_code(leg.code()), Some(leg));
        }
        for path in Path::ALL {
            assert_eq!(Path::from_code(path.code()), Some(path));
        }
    }
}
