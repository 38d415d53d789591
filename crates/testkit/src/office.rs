//! A small office with people in it: the scenes of the tests.
//!
//! 枣庄市 with 滕州市 (officer, approver) and 山亭区, one town and one village of each staffed, a children's home.
//! Everybody is invented.

use std::sync::Arc;

use domain::organisation::{UnitKind, UnitPlan};
use jiff::civil::{Date, date};
use kernel::clock::{Clock, FixedClock, SeededEntropy};
use kernel::division::Division;
use kernel::gazetteer::Gazetteer;
use kernel::ids::{AppointmentId, OfficerId, UnitId};
use kernel::reach::Reach;
use kernel::roles::Role;
use store::installation::{self, Installation, Kind};
use store::keys::KeyFile;
use store::organisation::{
    Founder, FounderPost, NewPost, NewUnit, Staffed, UnitsFounded, found_root,
};
use store::seal::Sealer;
use store::session::{self, SessionToken};
use store::work::{Store, Work};

use crate::database::TestDatabase;

/// The day on which the tests' scenes play.
pub const TODAY: Date = date(2021, 11, 4);

/// 枣庄市
pub const CITY: i64 = 370_400_000_000;
/// 滕州市
pub const TENGZHOU: i64 = 370_481_000_000;
/// 滕州市荆河街道
pub const JINGHE: i64 = 370_481_001_000;
/// 山亭区
pub const SHANTING: i64 = 370_406_000_000;

/// Who acts in a scene.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Persona {
    /// The city bureau's administrator: accounts, no child.
    Admin,
    /// The city bureau's officer.
    CityOfficer,
    /// 滕州's officer.
    TengzhouOfficer,
    /// 山亭's officer.
    ShantingOfficer,
    /// The supervisor of 荆河街道 in 滕州.
    JingheSupervisor,
    /// Staff of the children's home, which reaches children through placements alone.
    HomeStaff,
    /// The city's auditor.
    Auditor,
}

/// An installation with its people.
pub struct Office {
    /// Its database.
    pub database: TestDatabase,
    /// The store as the program uses it.
    pub store: Store,
    /// The clock, which stands still.
    pub clock: Arc<FixedClock>,
    /// The unit of the children's home.
    pub home: UnitId,
    posts: Vec<(Persona, AppointmentId)>,
}

/// A division by its code.
pub fn division(code: i64) -> Division {
    Division::new(code).expect("a division's code")
}

impl Office {
    /// Founds the office in a database of its own.
    pub async fn found() -> Self {
        Self::found_as(Kind::Office).await
    }

    /// Founds the office as a demo or as an office.
    pub async fn found_as(kind: Kind) -> Self {
        let database = TestDatabase::new().await;
        let clock = Arc::new(FixedClock::on(TODAY));
        let entropy = Arc::new(SeededEntropy::new(2021));
        let folder = tempfile::tempdir().expect("a temporary folder");
        let keys = KeyFile::create(&folder.path().join("test.keys"), &*clock, &*entropy)
            .expect("the keys are made");
        let sealer = Arc::new(Sealer::new(&keys, entropy.clone()));
        let store = Store::new(database.app.clone(), sealer, clock.clone(), entropy.clone());
        let id = UnitId::generate(clock.now(), &*entropy).uuid();
        let installation = Installation {
            id,
            kind,
            keys: keys.fingerprint(),
        };
        installation::found(&database.owner, &installation, clock.now())
            .await
            .expect("the installation is founded");
        let founder = Founder {
            owner: &database.owner,
            entropy: &*entropy,
            now: clock.now(),
        };
        let plan = plan(CITY, UnitKind::CityBureau);
        let posts = [
            FounderPost {
                name: "管理员（虚构）",
                role: Role::Admin,
                invented: true,
            },
            FounderPost {
                name: "市经办（虚构）",
                role: Role::CityOfficer,
                invented: true,
            },
            FounderPost {
                name: "审计（虚构）",
                role: Role::Auditor,
                invented: true,
            },
        ];
        let (root, first) = found_root(&founder, &plan, &posts)
            .await
            .expect("the root unit is founded");
        let mut office = Self {
            database,
            store,
            clock,
            home: root,
            posts: Vec::new(),
        };
        office.posts.extend([
            (Persona::Admin, first[0]),
            (Persona::CityOfficer, first[1]),
            (Persona::Auditor, first[2]),
        ]);
        office.staff(root).await;
        office
    }

    async fn staff(&mut self, root: UnitId) {
        let mut work = self.work(Persona::Admin).await;
        let entropy = self.store.entropy();
        let now = self.store.clock().now();
        let home_plan = UnitPlan {
            name: "儿童福利院（虚构）".into(),
            kind: UnitKind::Home,
            division: division(CITY),
            serves: Reach::nothing(),
            counted: false,
        };
        let plans = [
            (
                plan(TENGZHOU, UnitKind::CountyBureau),
                Persona::TengzhouOfficer,
                Role::CountyOfficer,
            ),
            (
                plan(SHANTING, UnitKind::CountyBureau),
                Persona::ShantingOfficer,
                Role::CountyOfficer,
            ),
            (
                plan(JINGHE, UnitKind::Town),
                Persona::JingheSupervisor,
                Role::ChildSupervisor,
            ),
            (home_plan, Persona::HomeStaff, Role::HomeStaff),
        ];
        let units: Vec<NewUnit<'_>> = plans
            .iter()
            .map(|(plan, _, _)| NewUnit {
                id: UnitId::generate(now, entropy),
                parent: root,
                plan,
            })
            .collect();
        let posts: Vec<NewPost> = units
            .iter()
            .zip(&plans)
            .map(|(unit, (plan, persona, role))| NewPost {
                officer: OfficerId::generate(now, entropy),
                appointment: AppointmentId::generate(now, entropy),
                unit: unit.id,
                division: plan.division,
                name: format!("{persona:?}（虚构）"),
                phone: None,
                role: *role,
                from: TODAY,
                invented: true,
            })
            .collect();
        work.apply(&UnitsFounded(&units))
            .await
            .expect("the units are founded");
        work.apply(&Staffed(&posts))
            .await
            .expect("the posts are filled");
        work.commit().await.expect("committed");
        self.home = units[3].id;
        self.posts.extend(
            plans
                .iter()
                .zip(&posts)
                .map(|((_, persona, _), post)| (*persona, post.appointment)),
        );
    }

    /// A session of this persona.
    pub async fn sign_in(&self, persona: Persona) -> SessionToken {
        let (_, appointment) = self
            .posts
            .iter()
            .find(|(who, _)| *who == persona)
            .expect("the persona has a post");
        session::open(&self.database.owner, *appointment, self.store.entropy())
            .await
            .expect("the session opens")
    }

    /// Work of this persona.
    pub async fn work(&self, persona: Persona) -> Work {
        let token = self.sign_in(persona).await;
        self.store
            .begin(&token, "测试")
            .await
            .expect("the work begins")
    }
}

fn plan(code: i64, kind: UnitKind) -> UnitPlan {
    let division = division(code);
    let name = Gazetteer::builtin()
        .get(division)
        .expect("a division of the data")
        .name
        .to_string();
    UnitPlan {
        kind,
        ..UnitPlan::of_division(division, &name)
    }
}
