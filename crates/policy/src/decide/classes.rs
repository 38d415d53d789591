//! What each class asks of a child, in the order of the text that made it.

use jiff::civil::Date;
use kernel::category::Category;
use kernel::division::Division;

use super::points::Points;
use super::standing::{Names, Standing, after, is_severe};
use super::truth::Truth;
use crate::error::NotInForce;
use crate::fact::Fact;
use crate::facts::Facts;
use crate::point::{FactName, Parent, Point};
use crate::rulebook::{Definition, Rulebook};
use crate::situation::Situation;

/// One child's facts under the rules of a day and a place.
pub(super) struct Case<'r, 'f> {
    pub(super) rules: &'r Rulebook,
    pub(super) facts: &'f Facts,
    pub(super) on: Date,
    pub(super) place: Division,
    pub(super) father: Standing<'r>,
    pub(super) mother: Standing<'r>,
}

impl<'r, 'f> Case<'r, 'f> {
    pub(super) fn new(rules: &'r Rulebook, facts: &'f Facts, on: Date, place: Division) -> Self {
        let unfindable = facts.parents_unknown.holds();
        let of = |parent, facts| Standing::of(parent, facts, unfindable, rules, on, place);
        Self {
            rules,
            facts,
            on,
            place,
            father: of(Parent::Father, &facts.father),
            mother: of(Parent::Mother, &facts.mother),
        }
    }

    /// Whether the child is of a class whose definition is in force, age included.
    ///
    /// # Errors
    /// [`NotInForce`] where the answer turns on the age and no limit is in force.
    pub(super) fn is(
        &self,
        category: Category,
        definition: &Definition,
    ) -> Result<Truth, NotInForce> {
        let holds = match category {
            Category::InstitutionOrphan => self.is_orphan(Truth::of),
            Category::ScatteredOrphan => self.is_orphan(Truth::not),
            Category::AidsAffected => {
                Truth::of(self.facts.child.hiv_infected.holds(), FactName::HivInfected)
            }
            Category::DeFactoUnattended => self.is_de_facto_unattended(),
            Category::KeyHardship => self.is_in_key_hardship(),
            Category::LeftBehind => self.is_left_behind(definition.rural_only),
            // The facts do not say where the child lives and since when.
            Category::Migrant => Truth::Fails(Points::NONE),
        };
        match self.is_young_enough(category) {
            Ok(young) => Ok(holds.and(young)),
            Err(_) if matches!(holds, Truth::Fails(_)) => Ok(holds),
            Err(error) => Err(error),
        }
    }

    /// Both parents dead or declared missing, or the natural parents cannot be found; and by who raises the
    /// child. Of a child that is no orphan it does not matter where it is raised.
    fn is_orphan(&self, raised: fn(Option<bool>, FactName) -> Truth) -> Truth {
        let orphan = match self.is_bereft() {
            Truth::Fails(lacks) => return Truth::Fails(lacks),
            bereft => bereft,
        };
        orphan.and(raised(
            self.facts.child.in_institution.holds(),
            FactName::InInstitution,
        ))
    }

    fn is_bereft(&self) -> Truth {
        let lost = self.father.lost.and(self.mother.lost);
        let may_be_unfindable = self.father.may_be_unfindable && self.mother.may_be_unfindable;
        if matches!(lost, Truth::Holds(_)) || !may_be_unfindable {
            return lost;
        }
        match (self.facts.parents_unknown.holds(), lost) {
            (Some(false), lost) => lost,
            (unfindable, Truth::Open(missing)) => {
                Truth::Open(missing).or(Truth::of(unfindable, FactName::ParentsUnknown))
            }
            (unfindable, _) => Truth::of(unfindable, FactName::ParentsUnknown),
        }
    }

    /// 民发〔2019〕62号 and 民发〔2020〕125号: both parents in one of the eight situations, or one dead or
    /// declared missing and the other in one of them.
    fn is_de_facto_unattended(&self) -> Truth {
        let gone = |parent: &Standing<'_>| match parent.lost.or(parent.unable) {
            Truth::Fails(_) => parent.unable,
            gone => gone,
        };
        let one_left = self
            .father
            .left()
            .or(self.mother.left())
            .or_lacks(Point::OneLeft);
        match one_left {
            Truth::Holds(_) => gone(&self.father).and(gone(&self.mother)),
            other => other.and(gone(&self.father)).and(gone(&self.mother)),
        }
    }

    /// Shandong: a poor household, and (a) one parent dead or declared missing while the other's situation is
    /// short of de facto, or (b) the child gravely disabled or ill.
    fn is_in_key_hardship(&self) -> Truth {
        let household = &self.facts.household;
        let poor = Truth::of(household.poor.holds(), FactName::Poor)
            .or(Truth::of(
                household.minimum_living.holds(),
                FactName::MinimumLiving,
            ))
            .or_lacks(Point::Fact(FactName::Poor));
        let one = |lost: &Standing<'_>, other: &Standing<'_>| {
            lost.lost.and(other.left()).and(other.short_of_unable())
        };
        let (father, mother) = (&self.father, &self.mother);
        let limb = match (&father.lost, &mother.lost) {
            (Truth::Fails(_), Truth::Fails(_)) => Truth::Fails(Points::one(Point::OneLost)),
            (Truth::Holds(_), Truth::Holds(_)) => Truth::Fails(Points::one(Point::OneLeft)),
            (Truth::Holds(_), _) => one(father, mother),
            (_, Truth::Holds(_)) => one(mother, father),
            (Truth::Fails(_), _) => one(mother, father),
            (_, Truth::Fails(_)) => one(father, mother),
            (Truth::Open(_), Truth::Open(_)) => one(father, mother).or(one(mother, father)),
        };
        limb.or(self.child_is_afflicted()).and(poor)
    }

    fn child_is_afflicted(&self) -> Truth {
        let child = &self.facts.child;
        let names = Names {
            whole: FactName::ChildDisability,
            kind: FactName::ChildDisabilityKind,
            level: FactName::ChildDisabilityLevel,
        };
        let severe = Situation::SevereDisability;
        let disabled = match self.rules.situations.find(severe, self.on, self.place) {
            Some(rule) => is_severe(child.disability, &rule.value, &names),
            None => Truth::Fails(Points::one(Point::Fact(names.whole))),
        };
        disabled
            .or(Truth::of(
                child.major_illness.holds(),
                FactName::MajorIllness,
            ))
            .or(Truth::of(child.rare_illness.holds(), FactName::RareIllness))
            .or_lacks(Point::ChildAfflicted)
    }

    /// 国发〔2016〕13号: both parents away for work, or one away and the other unable to care; rural, and
    /// unable to live with them.
    fn is_left_behind(&self, rural_only: bool) -> Truth {
        let absent = |parent: &Standing<'_>| {
            let cannot = parent.away.or(parent.lost).or(parent.unable);
            cannot.or_lacks(Point::AwayOrUnable(parent.parent))
        };
        let (father, mother) = (&self.father, &self.mother);
        let one_away = father.away.or(mother.away).or_lacks(Point::OneAway);
        let parents = absent(father).and(absent(mother)).and(one_away);
        let apart = Truth::not(
            self.facts.lives_with_parents.holds(),
            FactName::LivesWithParents,
        );
        let left = parents.and(apart);
        if rural_only {
            left.and(Truth::of(self.facts.rural.holds(), FactName::Rural))
        } else {
            left
        }
    }

    /// Younger than the limit, or studying full time where that extends it.
    fn is_young_enough(&self, category: Category) -> Result<Truth, NotInForce> {
        let limit = self.rules.age_limit(category, self.on, self.place)?.value;
        let under = Point::Under(limit);
        // A birth that nobody recorded leaves the age as open as one that nobody stated.
        let Some(born) = self.facts.child.born.known() else {
            return Ok(Truth::Open(Points::one(Point::Fact(FactName::Born))));
        };
        if after(*born, u16::from(limit) * 12) > self.on {
            return Ok(Truth::Holds(Points::NONE));
        }
        if !self.rules.study_extends(category, self.on, self.place) {
            return Ok(Truth::Fails(Points::one(under)));
        }
        let studies = self.facts.child.studying_full_time.holds();
        Ok(Truth::of(studies, FactName::StudyingFullTime).or_lacks(under))
    }
}

/// Whether the age may be asked for at all: a child is born before it is decided on.
pub(super) fn is_born(facts: &Facts, on: Date) -> bool {
    !matches!(facts.child.born, Fact::Known(born) if born > on)
}
