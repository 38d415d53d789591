//! A small office with people in it: the scenes of the tests.
//!
//! 枣庄市 with 滕州市 (two officers), its 荆河街道 (a supervisor), 山亭区 (an officer) and a children's home.
//! Everybody is invented.

use std::path::Path;
use std::sync::Arc;

use domain::organisation::{UnitKind, UnitPlan};
use jiff::civil::{Date, date};
use kernel::clock::{Clock, FixedClock, SeededEntropy};
use kernel::division::Division;
use kernel::ids::{AppointmentId, ChildId, OfficerId, UnitId};
use kernel::reach::Reach;
use kernel::roles::Role;
use sqlx::{Connection, PgConnection, PgPool};
use store::installation::{self, Installation, Kind};
use store::keys::KeyFile;
use store::organisation::{
    Founder, FounderPost, NewPost, NewUnit, Staffed, UnitsFounded, found_root,
};
use store::registry::{Registered, Registration};
use store::seal::Sealer;
use store::session::{self, SessionToken};
use store::work::{Store, Work};
use uuid::Uuid;

use crate::builders::Child;
use crate::database::TestDatabase;

/// The day on which the tests' scenes play.
pub const TODAY: Date = date(2021, 11, 4);

/// 枣庄市
pub const CITY: i64 = 370_400_000_000;
/// 滕州市
pub const TENGZHOU: i64 = 370_481_000_000;
/// 滕州市荆河街道
pub const JINGHE: i64 = 370_481_001_000;
/// A village of 荆河街道
pub const JINGHE_VILLAGE: i64 = 370_481_001_001;
/// A village of another street of 滕州
pub const LONGQUAN_VILLAGE: i64 = 370_481_002_039;
/// A village of 山亭
pub const SHANTING_VILLAGE: i64 = 370_406_001_001;
/// 山亭区
pub const SHANTING: i64 = 370_406_000_000;

/// Who acts in a scene.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Persona {
    /// The city bureau's administrator: accounts, no child.
    Admin,
    /// The city bureau's officer.
    CityOfficer,
    /// 滕州's officer, who answers for its sealed children.
    TengzhouOfficer,
    /// A second officer of the same bureau and role, named for no sealed child.
    TengzhouColleague,
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
    owners_store: Store,
    sealer: Arc<Sealer>,
    /// The clock, which stands still.
    pub clock: Arc<FixedClock>,
    /// The city bureau, above all other units.
    pub root: UnitId,
    posts: Vec<(Persona, Post)>,
}

#[derive(Debug, Clone, Copy)]
struct Post {
    appointment: AppointmentId,
    unit: UnitId,
}

/// Who has which post in which of the [`plans`].
const POSTS: [(Persona, usize, Role); 5] = [
    (Persona::TengzhouOfficer, 0, Role::CountyOfficer),
    (Persona::TengzhouColleague, 0, Role::CountyOfficer),
    (Persona::ShantingOfficer, 1, Role::CountyOfficer),
    (Persona::JingheSupervisor, 2, Role::ChildSupervisor),
    (Persona::HomeStaff, 3, Role::HomeStaff),
];

/// What all chance of an office begins with.
const CHANCE: u64 = 2021;

/// Who is in the city bureau from the first moment, in the order of `found_in`.
const FOUNDERS: [FounderPost<'static>; 3] = [
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

fn plans() -> [UnitPlan; 4] {
    let home = UnitPlan {
        name: "儿童福利院（虚构）".into(),
        kind: UnitKind::Home,
        division: division(CITY),
        serves: Reach::nothing(),
        counted: false,
    };
    [
        plan(TENGZHOU, "滕州市"),
        plan(SHANTING, "山亭区"),
        plan(JINGHE, "荆河街道"),
        home,
    ]
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
        Self::found_in(TestDatabase::new().await, kind).await
    }

    /// Founds the office in this database.
    pub async fn found_in(database: TestDatabase, kind: Kind) -> Self {
        Self::found_by_chance(database, kind, CHANCE).await
    }

    /// A second installation, with a database, keys and ids of its own.
    pub async fn found_beside() -> Self {
        Self::found_by_chance(TestDatabase::new().await, Kind::Office, 2022).await
    }

    async fn found_by_chance(database: TestDatabase, kind: Kind, seed: u64) -> Self {
        let clock = Arc::new(FixedClock::on(TODAY));
        let entropy = Arc::new(SeededEntropy::new(seed));
        let folder = tempfile::tempdir().expect("a temporary folder");
        let keys = KeyFile::create(&folder.path().join("test.keys"), &*clock, &*entropy)
            .expect("the keys are made");
        let sealer = Arc::new(Sealer::new(&keys, entropy.clone()));
        let over = |pool: &PgPool| {
            Store::new(pool.clone(), sealer.clone(), clock.clone(), entropy.clone())
        };
        let (store, owners_store) = (over(&database.app), over(&database.owner));
        let id = UnitId::generate(clock.now(), &*entropy).uuid();
        let installation = Installation {
            id,
            kind,
            keys: keys.fingerprint(),
            shift_days: 0,
        };
        installation::found(&database.owner, &installation, clock.now())
            .await
            .expect("the installation is founded");
        let founder = Founder {
            owner: &database.owner,
            entropy: &*entropy,
            now: clock.now(),
        };
        let (root, first) = found_root(&founder, &plan(CITY, "枣庄市"), &FOUNDERS)
            .await
            .expect("the root unit is founded");
        let mut office = Self {
            database,
            store,
            owners_store,
            sealer,
            clock,
            root,
            posts: Vec::new(),
        };
        let personas = [Persona::Admin, Persona::CityOfficer, Persona::Auditor];
        office.posts.extend(
            personas
                .into_iter()
                .zip(first)
                .map(|(persona, appointment)| {
                    (
                        persona,
                        Post {
                            appointment,
                            unit: root,
                        },
                    )
                }),
        );
        office.fill_posts().await;
        office
    }

    async fn fill_posts(&mut self) {
        let mut work = self.founding_work().await;
        let (entropy, now) = (self.store.entropy(), self.store.clock().now());
        let plans = plans();
        let units: Vec<NewUnit<'_>> = plans
            .iter()
            .map(|plan| NewUnit {
                id: UnitId::generate(now, entropy),
                parent: self.root,
                plan,
            })
            .collect();
        let posts: Vec<NewPost> = POSTS
            .iter()
            .map(|&(persona, unit, role)| NewPost {
                officer: OfficerId::generate(now, entropy),
                appointment: AppointmentId::generate(now, entropy),
                unit: units[unit].id,
                division: plans[unit].division,
                name: format!("{persona:?}（虚构）"),
                phone: None,
                role,
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
        let filled = POSTS.iter().zip(&posts).map(|(&(persona, ..), post)| {
            (
                persona,
                Post {
                    appointment: post.appointment,
                    unit: post.unit,
                },
            )
        });
        self.posts.extend(filled);
    }

    /// The store of the program's role over other connections, as those of a program beside this one.
    pub fn store_over(&self, pool: PgPool) -> Store {
        let (clock, entropy) = (self.clock.clone(), self.store.shared_entropy());
        Store::new(pool, self.sealer.clone(), clock, entropy)
    }

    /// Puts the office's keys where a program of its own process looks for them.
    pub fn put_keys(path: &Path) {
        let clock = FixedClock::on(TODAY);
        KeyFile::create(path, &clock, &SeededEntropy::new(CHANCE)).expect("the keys are made");
    }

    /// The unit a persona works in.
    pub fn unit(&self, persona: Persona) -> UnitId {
        self.post(persona).unit
    }

    /// The appointment a persona works under.
    pub fn appointment(&self, persona: Persona) -> AppointmentId {
        self.post(persona).appointment
    }

    fn post(&self, persona: Persona) -> Post {
        let found = self.posts.iter().find(|(who, _)| *who == persona);
        found.expect("the persona has a post").1
    }

    /// Registers children as this persona, and answers their ids in order.
    pub async fn register(&self, persona: Persona, children: &[Child]) -> Vec<ChildId> {
        let mut work = self.work(persona).await;
        let batch: Vec<Registration> = children
            .iter()
            .map(|child| child.registration(&self.store))
            .collect();
        work.apply(&Registered(&batch))
            .await
            .expect("the children are registered");
        work.commit().await.expect("committed");
        batch.iter().map(|r| r.child).collect()
    }

    /// What stands in the journal of a subject, whoever may read it: the actions, the earliest first, refusals marked.
    pub async fn journal_of(&self, subject: Uuid) -> Vec<String> {
        sqlx::query_scalar(
            "SELECT action || CASE WHEN refused THEN ' (refused)' ELSE '' END FROM journal_entry
             WHERE subject_id = $1 ORDER BY xmin::text::bigint",
        )
        .bind(subject)
        .fetch_all(&self.database.owner)
        .await
        .expect("the journal answers")
    }

    /// Removes the database.
    pub async fn close(self) {
        self.database.remove().await;
    }

    /// A session of this persona.
    pub async fn sign_in(&self, persona: Persona) -> SessionToken {
        let owner = &self.database.owner;
        session::open(owner, self.appointment(persona), self.store.entropy())
            .await
            .expect("the session opens")
    }

    /// A session's token as bare SQL sets it: `SELECT set_config('hutong.token', …, true)`.
    pub async fn bare_token(&self, persona: Persona) -> String {
        self.bare_session(persona, "12 hours").await
    }

    /// A connection of the program's role with this persona's token set, for bare SQL.
    pub async fn bare_connection(&self, persona: Persona) -> PgConnection {
        let options = self.database.app_options();
        let mut connection = PgConnection::connect_with(&options)
            .await
            .expect("the program's role connects");
        sqlx::query("SELECT set_config('hutong.token', $1, false)")
            .bind(self.bare_token(persona).await)
            .execute(&mut connection)
            .await
            .expect("the token is set");
        connection
    }

    /// The token of a session that has ended.
    pub async fn expired_token(&self, persona: Persona) -> String {
        self.bare_session(persona, "-1 second").await
    }

    async fn bare_session(&self, persona: Persona, lasts: &str) -> String {
        let mut bytes = [0; 32];
        self.store.entropy().fill(&mut bytes);
        let token: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        sqlx::query(
            "INSERT INTO auth.session (token_hash, appointment_id, expires_at)
             VALUES (sha256(decode($1, 'hex')), $2, now() + $3::text::interval)",
        )
        .bind(&token)
        .bind(self.appointment(persona).uuid())
        .bind(lasts)
        .execute(&self.database.owner)
        .await
        .expect("the session opens");
        token
    }

    /// Work of the administrator over the owner's connections, which alone enters appointments without a second person.
    pub async fn founding_work(&self) -> Work {
        let token = self.sign_in(Persona::Admin).await;
        self.owners_store
            .begin(&token, "测试")
            .await
            .expect("the work begins")
    }

    /// Who this persona is.
    pub async fn officer(&self, persona: Persona) -> OfficerId {
        let id =
            sqlx::query_scalar("SELECT officer_id FROM organisation_appointment WHERE id = $1")
                .bind(self.appointment(persona).uuid())
                .fetch_one(&self.database.owner)
                .await
                .expect("the officer is there");
        OfficerId::from_uuid(id)
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

/// Named here and not by the gazetteer, which takes a moment to read.
fn plan(code: i64, name: &str) -> UnitPlan {
    UnitPlan::of_division(division(code), name)
}
