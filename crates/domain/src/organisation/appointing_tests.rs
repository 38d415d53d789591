//! Every proposal and every confirmation by everybody, and the search for a way of an administrator to a child.

use std::collections::HashSet;
use std::sync::LazyLock;

use jiff::Timestamp;
use kernel::clock::SeededEntropy;

use super::*;

/// The people of the search. The county has one approver, so that what concerns her goes to the city.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Who {
    Admin,
    CityApprover,
    SecondCityApprover,
    CountyOfficer,
    CountyApprover,
    Stranger,
}

use Who::{Admin, CityApprover, CountyApprover, CountyOfficer, SecondCityApprover, Stranger};

const EVERYBODY: [Who; 6] = [
    Admin,
    CityApprover,
    SecondCityApprover,
    CountyOfficer,
    CountyApprover,
    Stranger,
];

impl Who {
    fn id(self) -> OfficerId {
        static IDS: LazyLock<[OfficerId; 6]> = LazyLock::new(|| {
            let chance = SeededEntropy::new(1);
            EVERYBODY.map(|_| OfficerId::generate(Timestamp::UNIX_EPOCH, &chance))
        });
        IDS[self as usize]
    }

    fn post(self) -> Option<(Place, Role)> {
        match self {
            Admin => Some((Place::City, Role::Admin)),
            CityApprover | SecondCityApprover => Some((Place::City, Role::CityApprover)),
            CountyOfficer => Some((Place::County, Role::CountyOfficer)),
            CountyApprover => Some((Place::County, Role::CountyApprover)),
            Stranger => None,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Place {
    City,
    County,
}

const PLACES: [Place; 2] = [Place::City, Place::County];

impl Place {
    fn id(self) -> UnitId {
        static IDS: LazyLock<[UnitId; 2]> = LazyLock::new(|| {
            let chance = SeededEntropy::new(2);
            PLACES.map(|_| UnitId::generate(Timestamp::UNIX_EPOCH, &chance))
        });
        IDS[self as usize]
    }

    fn kind(self) -> UnitKind {
        match self {
            Self::City => UnitKind::CityBureau,
            Self::County => UnitKind::CountyBureau,
        }
    }

    fn upwards(self) -> &'static [Self] {
        match self {
            Self::City => &[Self::City],
            Self::County => &[Self::County, Self::City],
        }
    }
}

/// The roles tried: of those that see children, that confirm, that pay, that keep accounts, and that may nothing.
const ROLES: [Role; 6] = [
    Role::Partner,
    Role::CountyOfficer,
    Role::CountyApprover,
    Role::CityApprover,
    Role::FinanceOfficer,
    Role::Admin,
];

const MATTERS: [Matter; 8] = [
    Matter::Appoint(ROLES[0]),
    Matter::Appoint(ROLES[1]),
    Matter::Appoint(ROLES[2]),
    Matter::Appoint(ROLES[3]),
    Matter::Appoint(ROLES[4]),
    Matter::Appoint(ROLES[5]),
    Matter::Invite,
    Matter::ResetSecrets,
];

const fn role_number(role: Role) -> usize {
    match role {
        Role::Partner => 0,
        Role::CountyOfficer => 1,
        Role::CountyApprover => 2,
        Role::CityApprover => 3,
        Role::FinanceOfficer => 4,
        _ => 5,
    }
}

/// A set of things numbered from 0 to 127; scenes are compared and copied by the million.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
struct Few(u128);

impl Few {
    fn has(self, at: usize) -> bool {
        self.0 >> at & 1 == 1
    }

    fn put(&mut self, at: usize, there: bool) {
        self.0 = self.0 & !(1 << at) | u128::from(there) << at;
    }
}

fn post_number(who: Who, place: Place, role: Role) -> usize {
    (role_number(role) * 2 + place as usize) * EVERYBODY.len() + who as usize
}

fn matter_number((matter, who, place): (Matter, Who, Place)) -> usize {
    let matter = match matter {
        Matter::Appoint(role) => role_number(role),
        Matter::Invite => 6,
        Matter::ResetSecrets => 7,
    };
    (matter * 2 + place as usize) * EVERYBODY.len() + who as usize
}

fn matter_of(number: usize) -> (Matter, Who, Place) {
    let (rest, who) = (number / EVERYBODY.len(), number % EVERYBODY.len());
    (MATTERS[rest / 2], EVERYBODY[who], PLACES[rest % 2])
}

/// A proposal as the search names it: what, for whom, where, by whom.
type Open = (Matter, Who, Place, Who);

/// What the office is, and what the administrator holds: people whose password and second factor he knows, and codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Scene {
    posts: Few,
    open: [Few; 6],
    codes: Few,
    secrets: Few,
    signed_in: Few,
    locked: Few,
}

/// One call.
#[derive(Debug, Clone, Copy)]
enum Call {
    Propose(Who, Matter, Who, Place),
    Confirm(Who, Open),
    Accept(Who),
    SignIn(Who),
    Lock(Who),
    Unlock(Who),
    End(Who),
}

/// The rules the search is made under: the real ones, or broken ones that it has to see through.
#[derive(Clone, Copy)]
struct Rules {
    propose: fn(Role, UnitKind, &Proposal) -> Result<Effect, ProposeError>,
    confirm: fn(&Proposal, &Confirmer, &[Station]) -> Result<(), ConfirmError>,
}

const RULES: Rules = Rules { propose, confirm };

impl Scene {
    fn opening() -> Self {
        let mut scene = Self {
            posts: Few::default(),
            open: [Few::default(); 6],
            codes: Few::default(),
            secrets: Few::default(),
            signed_in: Few::default(),
            locked: Few::default(),
        };
        for who in EVERYBODY {
            if let Some((place, role)) = who.post() {
                scene.posts.put(post_number(who, place, role), true);
            }
        }
        scene.secrets.put(Admin as usize, true);
        scene.signed_in.put(Admin as usize, true);
        scene
    }

    /// The administrator sees a child or money, or has become somebody who confirms.
    fn is_breached(&self) -> bool {
        let dangerous = |role: Role| !matches!(role, Role::Admin | Role::Partner);
        EVERYBODY.into_iter().any(|who| {
            self.signed_in.has(who as usize) && self.roles(who).any(|(_, role)| dangerous(role))
        })
    }

    fn stations(&self, place: Place) -> Vec<Station> {
        let confirms = |who: &Who, place: Place| {
            self.roles(*who)
                .any(|(at, role)| at == place && can(role, Action::ConfirmAppointment))
        };
        let station = |&place: &Place| Station {
            unit: place.id(),
            confirmers: EVERYBODY
                .into_iter()
                .filter(|who| confirms(who, place))
                .map(Who::id)
                .collect(),
        };
        place.upwards().iter().map(station).collect()
    }

    /// Every call that whoever holds these sessions, secrets and codes can make; refused ones change nothing.
    fn calls(&self) -> Vec<Call> {
        let mut calls = Vec::new();
        for me in EVERYBODY
            .into_iter()
            .filter(|who| self.signed_in.has(*who as usize))
        {
            for who in EVERYBODY {
                for place in PLACES {
                    calls.extend(MATTERS.map(|matter| Call::Propose(me, matter, who, place)));
                }
                calls.extend([Call::Lock(who), Call::Unlock(who), Call::End(who)]);
            }
            calls.extend(self.proposals().map(|open| Call::Confirm(me, open)));
        }
        let known = |few: Few| {
            EVERYBODY
                .into_iter()
                .filter(move |who| few.has(*who as usize))
        };
        calls.extend(known(self.codes).map(Call::Accept));
        calls.extend(known(self.secrets).map(Call::SignIn));
        calls
    }

    fn proposals(&self) -> impl Iterator<Item = Open> {
        let by = |me: Who| {
            let open = self.open[me as usize];
            (0..128).filter(move |at| open.has(*at)).map(move |at| {
                let (matter, who, place) = matter_of(at);
                (matter, who, place, me)
            })
        };
        EVERYBODY
            .into_iter()
            .filter(|me| self.open[*me as usize] != Few::default())
            .flat_map(by)
    }

    fn after(&self, call: Call, rules: Rules) -> Self {
        let mut next = *self;
        match call {
            Call::Propose(me, matter, who, place) => next.propose(me, matter, who, place, rules),
            Call::Confirm(me, open) => next.confirm(me, open, rules),
            Call::Accept(who) => {
                next.codes.put(who as usize, false);
                next.secrets.put(who as usize, true);
            }
            Call::SignIn(who) if self.locked.has(who as usize) => {}
            Call::SignIn(who) => next.signed_in.put(who as usize, true),
            Call::Lock(Admin) | Call::End(Admin) => {}
            Call::Lock(who) => {
                next.locked.put(who as usize, true);
                next.signed_in.put(who as usize, false);
            }
            Call::Unlock(who) => next.locked.put(who as usize, false),
            Call::End(who) => {
                for (place, role) in self.roles(who) {
                    next.posts.put(post_number(who, place, role), false);
                }
            }
        }
        next
    }

    fn propose(&mut self, me: Who, matter: Matter, who: Who, place: Place, rules: Rules) {
        let proposal = proposal((matter, who, place, me));
        let before = *self;
        for (_, role) in before.roles(me) {
            match ((rules.propose)(role, place.kind(), &proposal), matter) {
                (Ok(Effect::AtOnce), Matter::Appoint(role)) => {
                    self.posts.put(post_number(who, place, role), true);
                }
                (Ok(_), _) => self.open[me as usize].put(matter_number((matter, who, place)), true),
                (Err(_), _) => {}
            }
        }
    }

    fn confirm(&mut self, me: Who, open: Open, rules: Rules) {
        let (matter, who, place, proposer) = open;
        let stations = self.stations(place);
        let confirmed = self.roles(me).any(|(unit, role)| {
            let by = Confirmer {
                officer: me.id(),
                role,
                unit: unit.id(),
            };
            (rules.confirm)(&proposal(open), &by, &stations).is_ok()
        });
        if confirmed {
            self.open[proposer as usize].put(matter_number((matter, who, place)), false);
            if let Matter::Appoint(role) = matter {
                self.posts.put(post_number(who, place, role), true);
            }
            // The code is shown to whoever confirmed, and that is the administrator's screen here.
            self.codes.put(who as usize, true);
        }
    }

    fn roles(&self, who: Who) -> impl Iterator<Item = (Place, Role)> {
        let posts = self.posts.0 >> who as usize;
        let at = |number: usize| (PLACES[number % 2], ROLES[number / 2]);
        (0..ROLES.len() * PLACES.len())
            .filter(move |number| posts >> (number * EVERYBODY.len()) & 1 == 1)
            .map(at)
    }
}

fn proposal((matter, who, place, proposer): Open) -> Proposal {
    Proposal {
        matter,
        unit: place.id(),
        appointee: who.id(),
        proposer: proposer.id(),
    }
}

/// Makes every sequence of `depth` calls, scenes met before left out: the number of calls that led to the first
/// breach, if there is one, and how many were made.
fn search(rules: Rules, depth: usize) -> (Option<usize>, usize) {
    let mut made = 0;
    let mut reached = vec![Scene::opening()];
    let mut seen: HashSet<Scene> = reached.iter().copied().collect();
    for length in 1..=depth {
        let mut next = Vec::new();
        for scene in &reached {
            for call in scene.calls() {
                made += 1;
                let after = scene.after(call, rules);
                if after.is_breached() {
                    return (Some(length), made);
                }
                // Nothing is looked at beyond the last call.
                if length < depth && seen.insert(after) {
                    next.push(after);
                }
            }
        }
        reached = next;
    }
    (None, made)
}

#[test]
fn no_four_calls_of_an_administrator_lead_to_a_child_or_to_money() {
    let (breach, calls) = search(RULES, 4);
    assert!(breach.is_none(), "{breach:?}");
    assert!(calls > 1_000_000, "only {calls} calls were tried");
}

#[test]
fn the_search_finds_the_way_when_a_rule_is_missing() {
    let for_oneself = Rules {
        propose: |role, kind, proposal| match propose(role, kind, proposal) {
            Err(ProposeError::Oneself) => Ok(Effect::AtOnce),
            other => other,
        },
        ..RULES
    };
    let by_anybody = Rules {
        confirm: |proposal, by, stations| match confirm(proposal, by, stations) {
            Err(ConfirmError::AnotherUnit | ConfirmError::Appointee) => {
                confirm(proposal, by, stations)
            }
            _ => Ok(()),
        },
        ..RULES
    };
    for (rules, depth) in [(for_oneself, 1), (by_anybody, 4)] {
        let (breach, _) = search(rules, depth);
        assert_eq!(breach, Some(depth));
    }
}

#[test]
fn everybody_tries_to_propose_everything() {
    for who in EVERYBODY {
        let Some((_, role)) = who.post() else {
            continue;
        };
        for appointee in EVERYBODY {
            for place in PLACES {
                for wanted in Role::ALL {
                    let proposal = proposal((Matter::Appoint(wanted), appointee, place, who));
                    let expected = match () {
                        () if !can(role, Action::Appoint) => Err(ProposeError::NotAllowed),
                        () if who == appointee => Err(ProposeError::Oneself),
                        () if !belongs(wanted, place.kind()) => Err(ProposeError::NotInThisUnit),
                        () if wanted == Role::Partner => Ok(Effect::AtOnce),
                        () => Ok(Effect::OnConfirmation),
                    };
                    assert_eq!(propose(role, place.kind(), &proposal), expected);
                }
            }
        }
    }
}

#[test]
fn the_nearest_second_person_confirms_and_nobody_else() {
    let scene = Scene::opening();
    let who_may = |appointee: Who, place: Place, proposer: Who| -> Vec<Who> {
        let proposal = proposal((Matter::ResetSecrets, appointee, place, proposer));
        let may = |who: &Who| {
            who.post().is_some_and(|(unit, role)| {
                let by = Confirmer {
                    officer: who.id(),
                    role,
                    unit: unit.id(),
                };
                confirm(&proposal, &by, &scene.stations(place)).is_ok()
            })
        };
        EVERYBODY.into_iter().filter(may).collect()
    };
    assert_eq!(
        who_may(CountyOfficer, Place::County, Admin),
        [CountyApprover]
    );
    assert_eq!(
        who_may(CountyApprover, Place::County, CountyOfficer),
        [CityApprover, SecondCityApprover],
        "the county has no second person"
    );
    assert_eq!(
        who_may(CityApprover, Place::City, Admin),
        [SecondCityApprover]
    );
    assert_eq!(
        who_may(Stranger, Place::City, Admin),
        [CityApprover, SecondCityApprover]
    );
}
