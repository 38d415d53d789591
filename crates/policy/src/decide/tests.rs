//! Whatever is not known: nothing it could take away is granted, nothing it could bring is refused.

use jiff::civil::{Date, date};
use kernel::category::Category;
use kernel::division::Division;
use kernel::explain::Explain;
use proptest::prelude::*;

use super::*;
use crate::fact::Fact;
use crate::facts::{Disability, DisabilityLevel, Facts, ParentFacts};
use crate::rulebook::Rulebook;
use crate::situation::{DisabilityKind, Situation};

const ON: Date = date(2021, 11, 4);

fn tengzhou() -> Division {
    Division::parse("370481").unwrap()
}

/// Draws facts from bytes, so that the same child can be drawn again with more of it known.
struct Draw<'b> {
    bytes: std::slice::Iter<'b, u8>,
}

impl Draw<'_> {
    fn byte(&mut self) -> u8 {
        *self.bytes.next().unwrap_or(&0)
    }

    /// Unknown, absent or one of these.
    fn one<T: Copy>(&mut self, of: &[T]) -> Fact<T> {
        match (self.byte() % 8, self.byte()) {
            (0 | 1, _) => Fact::Unknown,
            (2, _) => Fact::Absent,
            (_, which) => Fact::Known(of[usize::from(which) % of.len()]),
        }
    }

    fn disability(&mut self) -> Fact<Disability> {
        let levels = [1, 2, 3, 4].map(|level| DisabilityLevel::new(level).unwrap());
        let (kind, level) = (self.one(&DisabilityKind::ALL), self.one(&levels));
        self.one(&[Disability { kind, level }])
    }

    fn parent(&mut self) -> ParentFacts {
        let days = [
            date(2020, 11, 4),
            date(2021, 5, 4),
            date(2021, 5, 5),
            date(2021, 11, 4),
            date(2021, 12, 1),
        ];
        ParentFacts {
            situation: self.one(&Situation::ALL),
            disability: self.disability(),
            since: self.one(&days),
            months: self.one(&[0, 5, 6, 12, 18]),
        }
    }

    fn facts(&mut self) -> Facts {
        let truth = [true, false];
        let mut facts = Facts {
            father: self.parent(),
            mother: self.parent(),
            parents_unknown: self.one(&truth),
            rural: self.one(&truth),
            lives_with_parents: self.one(&truth),
            ..Facts::default()
        };
        facts.household.poor = self.one(&truth);
        facts.household.minimum_living = self.one(&truth);
        let born = [date(2012, 3, 4), date(2003, 11, 4), date(2005, 11, 5)];
        facts.child.born = self.one(&born);
        for fact in [
            &mut facts.child.in_institution,
            &mut facts.child.studying_full_time,
            &mut facts.child.hiv_infected,
            &mut facts.child.major_illness,
            &mut facts.child.rare_illness,
        ] {
            *fact = self.one(&truth);
        }
        facts.child.disability = self.disability();
        facts
    }
}

fn fill<T>(fact: &mut Fact<T>, other: Fact<T>) {
    if fact.is_unknown() {
        *fact = other;
    }
}

fn fill_disability(fact: &mut Fact<Disability>, other: Fact<Disability>) {
    match (&mut *fact, other) {
        (Fact::Known(part), Fact::Known(more)) => {
            fill(&mut part.kind, more.kind);
            fill(&mut part.level, more.level);
        }
        _ => fill(fact, other),
    }
}

/// The same child with some of what was not known filled in from another.
fn completed(facts: &Facts, other: Facts) -> Facts {
    let mut facts = facts.clone();
    fill(&mut facts.parents_unknown, other.parents_unknown);
    let unfindable = facts.parents_unknown == Fact::Known(true);
    for (parent, other) in [
        (&mut facts.father, other.father),
        (&mut facts.mother, other.mother),
    ] {
        // Parents who cannot be found are in no situation that anybody could come to know.
        let not_established = matches!(
            parent.situation,
            Fact::Unknown | Fact::Known(Situation::Unknown)
        );
        if not_established && !unfindable && !other.situation.is_unknown() {
            parent.situation = other.situation;
        }
        fill(&mut parent.since, other.since);
        fill(&mut parent.months, other.months);
        fill_disability(&mut parent.disability, other.disability);
    }
    fill(&mut facts.rural, other.rural);
    fill(&mut facts.lives_with_parents, other.lives_with_parents);
    fill(&mut facts.household.poor, other.household.poor);
    fill(
        &mut facts.household.minimum_living,
        other.household.minimum_living,
    );
    let (child, other) = (&mut facts.child, other.child);
    fill(&mut child.born, other.born);
    fill(&mut child.in_institution, other.in_institution);
    fill(&mut child.studying_full_time, other.studying_full_time);
    fill(&mut child.hiv_infected, other.hiv_infected);
    fill(&mut child.major_illness, other.major_illness);
    fill(&mut child.rare_illness, other.rare_illness);
    fill_disability(&mut child.disability, other.disability);
    facts
}

/// Whether a class holds by itself: yes, no, or not known.
fn holds(decision: &Decision<'_>, category: Category) -> Option<bool> {
    if decision.categories.contains(&category) {
        return Some(true);
    }
    let mut not = decision.not.iter();
    let not = not.find(|not| not.category == category)?;
    if not.missing.is_empty() {
        Some(not.excluded_by.is_some())
    } else {
        None
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn what_becomes_known_never_overturns_an_answer(
        some in proptest::collection::vec(any::<u8>(), 80), more in proptest::collection::vec(any::<u8>(), 80),
    ) {
        let draw = |bytes: &[u8]| Draw { bytes: bytes.iter() }.facts();
        let facts = draw(&some);
        let completed = completed(&facts, draw(&more));
        let rules = Rulebook::builtin();
        let before = rules.decide(&facts, ON, tengzhou()).unwrap();
        let after = rules.decide(&completed, ON, tengzhou()).unwrap();
        for category in Category::ALL {
            if let Some(held) = holds(&before, category) {
                prop_assert_eq!(holds(&after, category), Some(held), "{} {:?}", category, completed);
            }
        }
    }

    #[test]
    fn facts_survive_their_own_json(some in proptest::collection::vec(any::<u8>(), 80)) {
        let facts = Draw { bytes: some.iter() }.facts();
        let json = serde_json::to_string(&facts).unwrap();
        prop_assert_eq!(serde_json::from_str::<Facts>(&json).unwrap(), facts);
    }

    #[test]
    fn at_most_one_cash_class_is_kept(some in proptest::collection::vec(any::<u8>(), 80)) {
        let facts = Draw { bytes: some.iter() }.facts();
        let decision = Rulebook::builtin().decide(&facts, ON, tengzhou()).unwrap();
        let cash = decision.categories.iter().filter(|it| it.group() == kernel::category::Group::Cash);
        prop_assert!(cash.count() <= 1);
        let decided = decision.categories.len() + decision.not.len();
        prop_assert_eq!(decided, Category::ALL.len() - 1, "every class but migrant is told of");
    }
}

/// Orphans of two classes, gone by no other rules than these.
fn own(more: &str) -> Rulebook {
    let head = "from = 2020-01-01\ncite = \"市通知\"\nverified = true\n";
    let class = |code: &str| {
        format!(
            "[[category]]\ncategory = \"{code}\"\n{head}[[age_limit]]\ncategory = \"{code}\"\nunder = 18\n{head}"
        )
    };
    let situation = format!(
        "[[situation]]\nsituation = \"imprisoned\"\nmonths = 12\nbasis = \"remaining\"\n{head}"
    );
    let classes = class("de_facto_unattended") + &class("aids_affected");
    Rulebook::parse(&format!("{classes}{situation}{more}")).unwrap()
}

fn infected(since: &str) -> Facts {
    serde_json::from_str(&format!(
        r#"{{"child":{{"born":"2012-03-04","hiv_infected":true}},"father":{{"situation":"dead"}},
            "mother":{{"situation":"imprisoned","since":"{since}","months":18}}}}"#
    ))
    .unwrap()
}

#[test]
fn an_office_may_go_by_a_term_that_remains() {
    let rules = own("[[precedence]]\norder = [\"de_facto_unattended\"]\nfrom = 2020-01-01\n");
    let of = |since| {
        rules
            .decide(&infected(since), ON, tengzhou())
            .unwrap()
            .categories
    };
    assert_eq!(of("2021-05-04"), [Category::DeFactoUnattended]);
    assert_eq!(of("2021-05-03"), [Category::AidsAffected]);
}

#[test]
fn an_order_is_needed_only_where_two_classes_hold() {
    let rules = own("");
    let one = rules
        .decide(&infected("2021-05-03"), ON, tengzhou())
        .unwrap();
    assert_eq!(one.categories, [Category::AidsAffected]);
    let two = rules
        .decide(&infected("2021-05-04"), ON, tengzhou())
        .unwrap_err();
    assert!(
        two.explain(kernel::explain::Lang::En)
            .contains("precedence"),
        "{two}"
    );
}

#[test]
fn rules_without_any_class_decide_nothing() {
    let rules = Rulebook::parse("").unwrap();
    let error = rules.decide(&Facts::default(), ON, tengzhou()).unwrap_err();
    assert_eq!(error.code(), "rules.not_in_force");
}
