//! Children of every place in every state, officers of every role in every kind of unit, and what hangs on both.

use app::registry::Doubles;
use domain::applications::{Applicant, Capacity, Matter, Path, Stated};
use jiff::civil::date;
use kernel::category::Category::{
    self, AidsAffected, DeFactoUnattended, InstitutionOrphan, KeyHardship, LeftBehind,
    ScatteredOrphan,
};
use kernel::ids::{
    ApplicationId, AppointmentId, ChildId, DocumentId, GrantId, OfficerId, UnitId, WorkItemId,
};
use kernel::roles::Role;
use store::applications::{Drafted, Units};
use store::registry::{Grant, Granted, Registered, Registration, WorkItem, WorkItemsOpened, files};
use store::session::SessionToken;
use store::work::Work;
use testkit::Office;
use testkit::builders::Child;
use testkit::crowd::Member;
use testkit::office::{
    CITY, JINGHE, JINGHE_VILLAGE, LONGQUAN_VILLAGE, Persona, SHANTING, SHANTING_VILLAGE, TENGZHOU,
    TODAY, division,
};

use super::things::Things;

pub(super) struct Scene {
    pub(super) office: Office,
    pub(super) callers: Vec<Asking>,
    pub(super) children: Vec<Known>,
    pub(super) units: Vec<Unit>,
    pub(super) things: Things,
    pub(super) ended: String,
}

/// A kind of unit.
pub(super) struct Unit {
    /// Its name in the table.
    pub(super) name: &'static str,
    pub(super) id: UnitId,
    /// The division it is named after.
    pub(super) division: i64,
}

/// One who asks.
pub(super) struct Asking {
    /// The unit's name in the table.
    pub(super) unit: &'static str,
    pub(super) role: Role,
    pub(super) officer: OfficerId,
    pub(super) appointment: AppointmentId,
    pub(super) token: SessionToken,
}

/// A child of the scene.
pub(super) struct Known {
    pub(super) id: ChildId,
    pub(super) place: &'static str,
    pub(super) state: &'static str,
    /// Whether it holds the first of the classes; most operations look no further.
    pub(super) first: bool,
    /// A document of its file.
    pub(super) document: DocumentId,
    /// An application for it; that of a file that was joined to another went with it.
    pub(super) application: Option<ApplicationId>,
    /// Something to clear about it; a file that was joined to another has none left.
    pub(super) item: Option<WorkItemId>,
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
pub(super) const CLASSES: [Category; 5] = [
    ScatteredOrphan,
    InstitutionOrphan,
    DeFactoUnattended,
    KeyHardship,
    LeftBehind,
];

/// A child's unit and place, as it is registered.
#[derive(Clone, Copy)]
struct Home {
    place: &'static str,
    village: i64,
    /// The unit whose county officer registers it and answers for it.
    unit: &'static str,
}

/// A document that is one.
const SCAN: &[u8] = b"%PDF-1.7\nstartxref\n9\n%%EOF\n";

impl Scene {
    pub(super) async fn set() -> Self {
        let office = Office::found().await;
        let village = office.found_unit(JINGHE_VILLAGE, "荆河村").await;
        let unit = |name, id, division| Unit { name, id, division };
        let units = vec![
            unit("city", office.root, CITY),
            unit("tengzhou", office.unit(Persona::TengzhouOfficer), TENGZHOU),
            unit("shanting", office.unit(Persona::ShantingOfficer), SHANTING),
            unit("jinghe", office.unit(Persona::JingheSupervisor), JINGHE),
            unit("village", village, JINGHE_VILLAGE),
            unit("home", office.unit(Persona::HomeStaff), CITY),
        ];
        let places: Vec<_> = units.iter().map(|unit| (unit.id, unit.division)).collect();
        let crowd = office.crowd(&places).await;
        let asking = |member: &Member| {
            let unit = units.iter().find(|unit| unit.id == member.unit)?;
            Some(Asking {
                unit: unit.name,
                role: member.role,
                officer: member.officer,
                appointment: member.appointment,
                token: member.token.clone(),
            })
        };
        let callers = crowd.iter().filter_map(asking).collect();
        let ended = office.expired_token(Persona::TengzhouOfficer).await;
        let mut scene = Self {
            office,
            callers,
            children: Vec::new(),
            units,
            things: Things::default(),
            ended,
        };
        for (place, village, unit) in PLACES {
            let home = Home {
                place,
                village,
                unit,
            };
            for (state, class) in STATES.into_iter().flat_map(|s| CLASSES.map(|c| (s, c))) {
                let child = scene.child(village, state, class);
                let mut known = scene.register(home, child, state).await;
                known.first = class == CLASSES[0];
                scene.children.push(known);
            }
            scene.join_a_double(home).await;
        }
        scene.things = Things::of(&scene).await;
        scene
    }

    /// Two files of one child, joined: the double is seen by nobody.
    async fn join_a_double(&mut self, home: Home) {
        let kept = self.child(home.village, "plain", CLASSES[0]);
        let kept = self.register(home, kept, "plain").await;
        let doubled = Child::named("虚构某", home.village);
        let mut doubled = self.register(home, doubled, "merged").await;
        let doubles = Doubles {
            kept: kept.id,
            kept_version: 1,
            doubled: doubled.id,
            doubled_version: 1,
        };
        let mut work = self.work(home.unit).await;
        let merge = app::registry::merge(&mut work, doubles).await.unwrap();
        work.commit().await.unwrap();
        self.things.merges.push((home.place, merge));
        doubled.item = None;
        doubled.application = None;
        self.children.push(doubled);
        // The kept file makes the next child's serial differ.
        self.children.push(kept);
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

    /// Work of the county officer of this unit.
    async fn work(&self, unit: &str) -> Work {
        let token = self.officer(unit);
        self.office.store.begin(token, "测试").await.unwrap()
    }

    async fn register(&self, home: Home, mut child: Child, state: &'static str) -> Known {
        if home.place == "of_shanting_placed" {
            child = child.placed_in(self.office.unit(Persona::HomeStaff));
        }
        let registration: Registration = child.registration(&self.office.store);
        let id = registration.child;
        let mut work = self.work(home.unit).await;
        work.apply(&Registered(&[registration])).await.unwrap();
        let scan = app::registry::add_document(&mut work, id, "scan", "户口簿", SCAN);
        let document = scan.await.unwrap();
        if home.place == "of_shanting_granted" {
            let file = files(&mut work, &[id]).await.unwrap().pop().unwrap();
            let grant = self.grant(self.office.unit(Persona::JingheSupervisor));
            let given = Granted {
                file: &file,
                grant: &grant,
            };
            work.apply(&given).await.unwrap();
        }
        let store = &self.office.store;
        let item = WorkItem {
            id: WorkItemId::generate(store.clock().now(), store.entropy()),
            division: division(home.village),
            child: Some(id),
            ledger: None,
            row: None,
            code: "id.checksum",
            field: Some("身份证号".into()),
            raw: Some("370481".into()),
        };
        work.apply(&WorkItemsOpened(std::slice::from_ref(&item)))
            .await
            .unwrap();
        let application = self.apply_for(&mut work, id).await;
        work.commit().await.unwrap();
        Known {
            id,
            place: home.place,
            state,
            first: true,
            document,
            application: Some(application),
            item: Some(item.id),
            named: home.unit,
        }
    }

    /// A draft of the county's own for this child.
    async fn apply_for(&self, work: &mut Work, child: ChildId) -> ApplicationId {
        let file = files(work, &[child]).await.unwrap().pop().unwrap();
        let applicant = Applicant {
            name: "虚构祖母".into(),
            capacity: Capacity::Guardian,
            relation: None,
            phone: None,
        };
        let stated = Stated {
            child: file.facts,
            applicant,
            facts: serde_json::Map::new(),
        };
        let id = ApplicationId::generate(work.now(), work.store().entropy());
        let unit = work.unit();
        let drafted = Drafted {
            id,
            number: &id.to_string(),
            matter: Matter::Recognition(KeyHardship),
            path: Path::WithinCounty,
            units: Units {
                accepting: unit,
                verifying: unit,
                deciding: unit,
            },
            afar: None,
            child: Some(child),
            stated: &stated,
        };
        work.apply(&drafted).await.unwrap();
        id
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
