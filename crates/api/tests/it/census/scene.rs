//! Children of every place in every state, and officers of every role in every kind of unit.

use jiff::civil::date;
use kernel::category::Category::{
    self, AidsAffected, DeFactoUnattended, InstitutionOrphan, KeyHardship, LeftBehind,
    ScatteredOrphan,
};
use kernel::ids::{ChildId, GrantId, UnitId};
use kernel::roles::Role;
use store::registry::{Grant, Granted, Registered, Registration, files};
use store::session::SessionToken;
use testkit::Office;
use testkit::builders::Child;
use testkit::crowd::Member;
use testkit::office::{
    CITY, JINGHE, JINGHE_VILLAGE, LONGQUAN_VILLAGE, Persona, SHANTING, SHANTING_VILLAGE, TENGZHOU,
    TODAY,
};

pub(super) struct Scene {
    pub(super) office: Office,
    pub(super) callers: Vec<Asking>,
    pub(super) children: Vec<Known>,
    pub(super) ended: String,
}

/// One who asks.
pub(super) struct Asking {
    /// The unit's name in the table.
    pub(super) unit: &'static str,
    pub(super) role: Role,
    pub(super) token: SessionToken,
}

/// A child of the scene.
pub(super) struct Known {
    pub(super) id: ChildId,
    pub(super) place: &'static str,
    pub(super) state: &'static str,
    /// The unit whose county officer is named for it.
    named: &'static str,
}

impl Known {
    pub(super) fn names(&self, caller: &Asking) -> bool {
        caller.role == Role::CountyOfficer && caller.unit == self.named
    }
}

/// Place, village, and the unit that registers and answers for its children.
const PLACES: [(&str, i64, &str); 5] = [
    ("village_of_jinghe", JINGHE_VILLAGE, "tengzhou"),
    ("village_of_longquan", LONGQUAN_VILLAGE, "tengzhou"),
    ("village_of_shanting", SHANTING_VILLAGE, "shanting"),
    ("of_shanting_placed", SHANTING_VILLAGE, "shanting"),
    ("of_shanting_granted", SHANTING_VILLAGE, "shanting"),
];

const STATES: [&str; 4] = ["plain", "closed", "sealed", "sealed_and_open"];

/// The open class beside which the states stand: what a child is owed must not change who sees it.
const CLASSES: [Category; 5] = [
    ScatteredOrphan,
    InstitutionOrphan,
    DeFactoUnattended,
    KeyHardship,
    LeftBehind,
];

impl Scene {
    pub(super) async fn set() -> Self {
        let office = Office::found().await;
        let village = office.found_unit(JINGHE_VILLAGE, "荆河村").await;
        let units = [
            ("city", office.root, CITY),
            ("tengzhou", office.unit(Persona::TengzhouOfficer), TENGZHOU),
            ("shanting", office.unit(Persona::ShantingOfficer), SHANTING),
            ("jinghe", office.unit(Persona::JingheSupervisor), JINGHE),
            ("village", village, JINGHE_VILLAGE),
            ("home", office.unit(Persona::HomeStaff), CITY),
        ];
        let crowd = office.crowd(&units.map(|(_, id, code)| (id, code))).await;
        let name = |member: &Member| units.iter().find(|(_, id, _)| *id == member.unit);
        let callers = crowd
            .iter()
            .filter_map(|member| {
                Some(Asking {
                    unit: name(member)?.0,
                    role: member.role,
                    token: member.token.clone(),
                })
            })
            .collect();
        let ended = office.expired_token(Persona::TengzhouOfficer).await;
        let mut scene = Self {
            office,
            callers,
            children: Vec::new(),
            ended,
        };
        for (place, village, unit) in PLACES {
            for (state, class) in STATES.into_iter().flat_map(|s| CLASSES.map(|c| (s, c))) {
                let child = scene.child(village, state, class);
                let known = scene.register(place, child, unit, state).await;
                scene.children.push(known);
            }
        }
        scene
    }

    fn officer(&self, unit: &str) -> &SessionToken {
        let found = self
            .callers
            .iter()
            .find(|caller| caller.unit == unit && caller.role == Role::CountyOfficer);
        &found.unwrap().token
    }

    fn child(&self, village: i64, state: &str, class: Category) -> Child {
        let serial = u16::try_from(self.children.len()).unwrap() + 1;
        let child = Child::named("虚构某", village).with_id(serial);
        let from = date(2021, 1, 1);
        match state {
            "plain" => child.status(class, from),
            "closed" => child.ended_status(class, from, date(2021, 6, 1)),
            "sealed" => child.status(AidsAffected, from),
            _ => child.status(AidsAffected, from).status(LeftBehind, from),
        }
    }

    async fn register(
        &self,
        place: &'static str,
        mut child: Child,
        named: &'static str,
        state: &'static str,
    ) -> Known {
        if place == "of_shanting_placed" {
            child = child.placed_in(self.office.unit(Persona::HomeStaff));
        }
        let registration: Registration = child.registration(&self.office.store);
        let id = registration.child;
        let token = self.officer(named);
        let mut work = self.office.store.begin(token, "测试").await.unwrap();
        work.apply(&Registered(&[registration])).await.unwrap();
        if place == "of_shanting_granted" {
            let file = files(&mut work, &[id]).await.unwrap().pop().unwrap();
            let grant = self.grant(self.office.unit(Persona::JingheSupervisor));
            let given = Granted {
                file: &file,
                grant: &grant,
            };
            work.apply(&given).await.unwrap();
        }
        work.commit().await.unwrap();
        Known {
            id,
            place,
            state,
            named,
        }
    }

    fn grant(&self, unit: UnitId) -> Grant {
        let store = &self.office.store;
        Grant {
            id: GrantId::generate(store.clock().now(), store.entropy()),
            unit,
            purpose: "异地受理（虚构）".into(),
            until: date(2999, 12, 31).max(TODAY),
        }
    }
}
