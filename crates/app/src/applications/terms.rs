//! The rules of the way: how far a category is accepted, and the clocks of its legs.

use std::sync::OnceLock;

use domain::applications::{Acceptance, Leg, Path, Term};
use jiff::civil::Date;
use kernel::calendar::WorkCalendar;
use kernel::category::Category;
use kernel::division::Division;
use policy::{Interval, NotInForce, Parameter, Rulebook, Step};

/// The published working days.
pub(crate) fn calendar() -> &'static WorkCalendar {
    static CALENDAR: OnceLock<WorkCalendar> = OnceLock::new();
    CALENDAR.get_or_init(WorkCalendar::builtin)
}

/// How far from its household a child of this category is applied for on `today`: a path that has no clock is not open.
pub(crate) fn acceptance(category: Category, household: Division, today: Date) -> Acceptance {
    let open = |path| {
        Rulebook::builtin()
            .clock(path, category, today, household)
            .is_ok()
    };
    if open(policy::Path::Nationwide) {
        Acceptance::Nationwide
    } else if open(policy::Path::Provincewide) {
        Acceptance::Provincewide
    } else {
        Acceptance::WithinCounty
    }
}

/// The clock of a leg that begins on `today`: the path's own, or where that is silent, the days for any.
pub(crate) fn term(
    path: Path,
    category: Category,
    household: Division,
    leg: Leg,
    today: Date,
) -> Result<Term, NotInForce> {
    let rules = Rulebook::builtin();
    let of_path = |path| rules.clock(path, category, today, household).ok();
    let clock = match path {
        Path::WithinCounty | Path::Home => of_path(policy::Path::OwnTown),
        // Anywhere in China is anywhere in the province as well.
        Path::Provincewide => {
            of_path(policy::Path::Provincewide).or_else(|| of_path(policy::Path::Nationwide))
        }
        Path::Nationwide => of_path(policy::Path::Nationwide),
        Path::Sealed => of_path(policy::Path::Sealed),
    };
    let own = clock.and_then(|clock| {
        let mut legs = clock.value.legs.iter();
        let found = legs.find(|found| Some(found.step) == step(leg))?;
        Some(of(found.working_days, clock))
    });
    if let Some(term) = own {
        return Ok(term);
    }
    let series = || NotInForce {
        series: format!("clock.{}.{category}", path.code()),
        on: today,
        place: household,
    };
    let days = interval(leg).ok_or_else(series)?;
    let days = rules.interval(days, today, household)?;
    Ok(of(days.value, days))
}

fn of<T>(days: u16, parameter: &Parameter<T>) -> Term {
    Term {
        days: u32::from(days),
        cite: parameter.cite.clone(),
        verified: parameter.verified,
    }
}

const fn step(leg: Leg) -> Option<Step> {
    match leg {
        Leg::Accept => Some(Step::Forward),
        Leg::Verify => Some(Step::Verify),
        Leg::Confirm => Some(Step::Confirm),
        Leg::Tell => Some(Step::Tell),
        Leg::Supplement | Leg::Object | Leg::Review => None,
    }
}

const fn interval(leg: Leg) -> Option<Interval> {
    match leg {
        Leg::Accept => Some(Interval::Accept),
        Leg::Supplement => Some(Interval::Supplement),
        Leg::Verify => Some(Interval::Verify),
        // How long a county may take is never guessed.
        Leg::Confirm => None,
        Leg::Tell => Some(Interval::Tell),
        Leg::Object => Some(Interval::Object),
        Leg::Review => Some(Interval::Review),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn tengzhou() -> Division {
        Division::parse("370481").unwrap()
    }

    /// The paths on which a category goes, by how far it is accepted.
    fn paths(category: Category) -> Vec<Path> {
        match category {
            Category::InstitutionOrphan => vec![Path::Home],
            Category::AidsAffected => vec![Path::Sealed],
            Category::KeyHardship => vec![Path::WithinCounty, Path::Provincewide],
            Category::ScatteredOrphan | Category::DeFactoUnattended => {
                vec![Path::WithinCounty, Path::Provincewide, Path::Nationwide]
            }
            Category::LeftBehind | Category::Migrant => Vec::new(),
        }
    }

    #[test]
    fn every_leg_of_every_path_has_a_clock_with_its_source() {
        for on in [date(2021, 11, 4), date(2026, 12, 31)] {
            for category in Category::ALL {
                for path in paths(category) {
                    for leg in Leg::ALL {
                        let term = term(path, category, tengzhou(), leg, on).unwrap();
                        assert!(
                            term.days > 0 && !term.cite.is_empty(),
                            "{category} {path:?} {leg:?}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn across_provinces_the_four_legs_have_three_fifteen_fifteen_and_three() {
        let legs = [Leg::Accept, Leg::Verify, Leg::Confirm, Leg::Tell];
        let days = |on| {
            legs.map(|leg| {
                let category = Category::DeFactoUnattended;
                term(Path::Nationwide, category, tengzhou(), leg, on).ok()
            })
        };
        let terms = days(date(2021, 11, 4)).map(Option::unwrap);
        assert_eq!(terms.each_ref().map(|term| term.days), [3, 15, 15, 3]);
        assert!(
            terms
                .iter()
                .all(|term| term.verified && term.cite.contains("10号"))
        );
        assert!(
            days(date(2021, 6, 29))[2].is_none(),
            "not open before that day"
        );
    }

    #[test]
    fn how_far_a_class_is_accepted_follows_from_the_paths_that_are_open() {
        let far = |category| acceptance(category, tengzhou(), date(2021, 11, 4));
        assert_eq!(far(Category::DeFactoUnattended), Acceptance::Nationwide);
        assert_eq!(far(Category::KeyHardship), Acceptance::Provincewide);
        assert_eq!(far(Category::AidsAffected), Acceptance::WithinCounty);
    }
}
