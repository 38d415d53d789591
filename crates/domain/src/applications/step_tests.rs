//! Every stage and act, every pair, and walks through all of them.

use std::collections::BTreeSet;

use jiff::civil::date;
use kernel::calendar::WorkCalendar;
use kernel::clock::SeededEntropy;
use proptest::prelude::*;

use super::*;
use crate::applications::{Duty, Leg, Running, TRANSITIONS, Term, deadline};

const TODAY: Date = date(2021, 11, 4);

fn ids<const N: usize>() -> ([OfficerId; N], [UnitId; N]) {
    let entropy = SeededEntropy::new(7);
    let at = jiff::Timestamp::UNIX_EPOCH;
    (
        std::array::from_fn(|_| OfficerId::generate(at, &entropy)),
        std::array::from_fn(|_| UnitId::generate(at, &entropy)),
    )
}

fn case(stage: Stage, route: Route) -> Case {
    let (_, [kunshan, yangzhuang, tengzhou]) = ids::<3>();
    Case {
        stage,
        accepting: match route {
            Route::Here => yangzhuang,
            Route::Elsewhere => kunshan,
        },
        verifying: yangzhuang,
        deciding: tengzhou,
        hands: Hands::default(),
        decided: None,
        clock: None,
        afar: None,
    }
}

/// The role that has a duty first.
fn role_of(duty: Duty) -> Role {
    match duty {
        Duty::Handles => Role::ChildSupervisor,
        Duty::Proposes => Role::CountyOfficer,
        Duty::Decides => Role::CountyApprover,
    }
}

const ROUTES: [Route; 2] = [Route::Here, Route::Elsewhere];

#[test]
fn every_pair_of_stage_and_act_has_one_answer() {
    let ([anna, bao, chen, ..], _) = ids::<4>();
    let mut taken = 0;
    for (stage, act, route) in Stage::ALL
        .into_iter()
        .flat_map(|stage| Act::ALL.map(|act| (stage, act)))
        .flat_map(|(stage, act)| ROUTES.map(|route| (stage, act, route)))
    {
        let rows: Vec<_> = TRANSITIONS
            .iter()
            .filter(|row| row.from == stage && row.act == act)
            .filter(|row| row.route.is_none_or(|only| only == route))
            .collect();
        assert!(rows.len() <= 1, "{stage} {act:?} {route:?} is ambiguous");
        let mut case = case(stage, route);
        case.hands = Hands {
            verifier: Some(anna),
            proposed: Some((bao, Outcome::Grant)),
        };
        let Some(row) = rows.first() else {
            let actor = Actor {
                officer: chen,
                role: Role::CountyOfficer,
                unit: case.deciding,
            };
            assert_eq!(
                step(&case, act, &actor, TODAY),
                Err(StepError::NotNow { stage, act })
            );
            continue;
        };
        taken += 1;
        let actor = Actor {
            officer: chen,
            role: role_of(row.duty),
            unit: case.unit(row.by),
        };
        assert_eq!(step(&case, act, &actor, TODAY), Ok(*row));
        refuses_everybody_else(&case, row, &actor);
    }
    // Accepting is one of two rows by the route; nothing is forwarded that is here.
    assert_eq!(taken, 2 * (TRANSITIONS.len() - 4) + 4);
}

fn refuses_everybody_else(case: &Case, row: &Transition, rightly: &Actor) {
    for role in Role::ALL.into_iter().filter(|role| !row.duty.is_of(*role)) {
        let other = Actor { role, ..*rightly };
        assert_eq!(
            step(case, row.act, &other, TODAY),
            Err(StepError::NotThisDuty)
        );
    }
    for unit in [case.accepting, case.verifying, case.deciding] {
        let elsewhere = Actor { unit, ..*rightly };
        let body = row.by;
        if unit != case.unit(body) {
            assert_eq!(
                step(case, row.act, &elsewhere, TODAY),
                Err(StepError::NotThisUnit { body })
            );
        }
    }
}

#[test]
fn every_open_stage_is_reached_and_has_a_way_out() {
    for route in ROUTES {
        let ways = |from: Stage| {
            TRANSITIONS
                .iter()
                .filter(move |row| row.from == from && row.route.is_none_or(|only| only == route))
        };
        let mut reached = BTreeSet::from([Stage::Draft]);
        let mut waiting = vec![Stage::Draft];
        while let Some(stage) = waiting.pop() {
            waiting.extend(
                ways(stage)
                    .map(|row| row.to)
                    .filter(|to| reached.insert(*to)),
            );
        }
        let forwarded_here = |stage| route == Route::Here && stage == Stage::Accepted;
        for stage in Stage::ALL {
            assert_eq!(
                reached.contains(&stage),
                !forwarded_here(stage),
                "{stage} {route:?}"
            );
            let leaves = ways(stage).next().is_some();
            assert_eq!(leaves, stage.is_open(), "{stage} {route:?}");
        }
    }
}

#[test]
fn verifier_proposer_and_approver_are_three_people() {
    let ([verifier, proposer, approver, ..], _) = ids::<4>();
    let mut case = case(Stage::Verified, Route::Here);
    case.hands.verifier = Some(verifier);
    let deciding = case.deciding;
    let by = |officer, role| Actor {
        officer,
        role,
        unit: deciding,
    };
    let propose =
        |case: &Case, officer| step(case, Act::Propose, &by(officer, Role::CountyOfficer), TODAY);
    assert_eq!(propose(&case, verifier), Err(StepError::Verified));
    assert!(propose(&case, proposer).is_ok());
    case.stage = Stage::Proposed;
    case.hands = case.hands.after(Act::Propose, proposer, Outcome::Grant);
    for act in [Act::Confirm, Act::Refuse] {
        let decide = |officer| step(&case, act, &by(officer, Role::CountyApprover), TODAY);
        assert_eq!(decide(proposer), Err(StepError::Proposed));
        assert_eq!(decide(verifier), Err(StepError::Verified));
        assert!(decide(approver).is_ok());
    }
    // Whoever gives it back decides nothing, and may be anybody.
    assert!(
        step(
            &case,
            Act::Return,
            &by(verifier, Role::CountyApprover),
            TODAY
        )
        .is_ok()
    );
}

#[test]
fn nobody_confirms_what_is_proposed_to_be_refused_but_may_refuse_what_is_proposed_to_be_granted() {
    let ([proposer, approver, ..], _) = ids::<3>();
    let mut case = case(Stage::Proposed, Route::Here);
    let actor = Actor {
        officer: approver,
        role: Role::CountyApprover,
        unit: case.deciding,
    };
    case.hands.proposed = Some((proposer, Outcome::Refuse));
    assert_eq!(
        step(&case, Act::Confirm, &actor, TODAY),
        Err(StepError::ProposedOtherwise)
    );
    assert!(step(&case, Act::Refuse, &actor, TODAY).is_ok());
    case.hands.proposed = Some((proposer, Outcome::Grant));
    assert!(step(&case, Act::Refuse, &actor, TODAY).is_ok());
}

#[test]
fn a_refused_family_keeps_its_days_to_object_and_a_granted_one_has_nothing_to_object_to() {
    let ([anna, ..], _) = ids::<3>();
    let mut case = case(Stage::Told, Route::Here);
    let actor = Actor {
        officer: anna,
        role: Role::ChildSupervisor,
        unit: case.accepting,
    };
    let term = Term {
        days: 10,
        cite: "虚构".into(),
        verified: false,
    };
    let clock = deadline(
        Leg::Object,
        &term,
        date(2021, 11, 1),
        &WorkCalendar::builtin(),
    );
    let until = clock.due;
    case.clock = Some(clock);
    case.decided = Some(Outcome::Refuse);
    assert!(step(&case, Act::Object, &actor, TODAY).is_ok());
    assert_eq!(
        step(&case, Act::Close, &actor, until),
        Err(StepError::StillTime { until })
    );
    assert!(step(&case, Act::Close, &actor, until.tomorrow().unwrap()).is_ok());
    case.decided = Some(Outcome::Grant);
    assert_eq!(
        step(&case, Act::Object, &actor, TODAY),
        Err(StepError::Granted)
    );
    assert!(step(&case, Act::Close, &actor, TODAY).is_ok());
}

#[test]
fn every_stage_and_act_is_told_in_both_languages_under_its_own_code() {
    let codes: BTreeSet<_> = Stage::ALL.map(Stage::code).into();
    assert_eq!(codes.len(), Stage::ALL.len());
    for stage in Stage::ALL {
        assert_eq!(Stage::from_code(stage.code()), Some(stage));
        assert_ne!(stage.zh(), stage.en());
    }
    for act in Act::ALL {
        assert_eq!(Act::from_code(act.code()), Some(act));
        assert_eq!(serde_json::to_value(act).unwrap(), act.code());
    }
}

proptest! {
    /// Wherever a walk leads: one owner while it is open, none at its end; one clock from the submission to the end.
    #[test]
    fn nothing_is_ever_ownerless_or_without_a_clock(choices in proptest::collection::vec(0usize..100, 1..40), here: bool) {
        let route = ROUTES[usize::from(!here)];
        let (mut stage, mut leg) = (Stage::Draft, None);
        for choice in choices {
            let ways: Vec<_> = TRANSITIONS
                .iter()
                .filter(|row| row.from == stage && row.route.is_none_or(|only| only == route))
                .collect();
            let Some(row) = (!ways.is_empty()).then(|| ways[choice % ways.len()]) else { break };
            match row.running {
                Running::Starts(next) => leg = Some(next),
                Running::Continues => prop_assert!(leg.is_some(), "{row:?} has no clock to go on with"),
                Running::Stops => leg = None,
            }
            stage = row.to;
            prop_assert_eq!(leg.is_some(), stage.is_open(), "{}", stage);
            prop_assert_eq!(case(stage, route).owner().is_some(), stage.is_open());
        }
    }
}

#[test]
fn what_another_installation_decides_no_officer_here_decides() {
    let ([anna, ..], _) = ids::<4>();
    for row in &TRANSITIONS {
        let mut case = case(row.from, Route::Here);
        case.afar = Some(Afar::Deciding);
        let actor = Actor {
            officer: anna,
            role: role_of(row.duty),
            unit: case.unit(row.by),
        };
        let taken = step(&case, row.act, &actor, TODAY);
        match row.by {
            // Accepted at home it would be forwarded to itself: afar it is never.
            Body::Accepting if row.route == Some(Route::Here) => {
                assert_eq!(taken.unwrap().to, Stage::Accepted);
            }
            Body::Accepting => assert_eq!(taken, Ok(row)),
            Body::Verifying | Body::Deciding => assert_eq!(taken, Err(StepError::Afar)),
        }
        // What came from afar is dealt with as any other.
        case.afar = Some(Afar::Accepting);
        assert_ne!(step(&case, row.act, &actor, TODAY), Err(StepError::Afar));
    }
}
