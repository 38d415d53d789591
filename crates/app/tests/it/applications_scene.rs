//! Families who apply, and the officers of three units who deal with it.

use app::applications::{
    ApplicationError, Asked, ForChild, InboxBox, Linking, NewApplication, Opened, draft, inbox,
    link, open, step,
};
use domain::applications::{Act, Applicant, Capacity, Duty, Matter, Outcome, Stage};
use jiff::civil::date;
use kernel::category::Category;
use kernel::ids::{ApplicationId, ChildId, UnitId};
use kernel::roles::Role;
use serde_json::{Map, Value, json};
use store::applications::ListedUpTo;
use store::session::SessionToken;
use store::work::Work;
use testkit::Office;
use testkit::builders::resident_id;
use testkit::crowd::Member;
use testkit::office::{CITY, JINGHE, JINGHE_VILLAGE, Persona, TENGZHOU, division};

/// A town of 山亭.
pub(crate) const SHANTING_TOWN: i64 = 370_406_001_000;

pub(crate) struct Bureau {
    pub(crate) office: Office,
    crowd: Vec<Member>,
    /// The town of 山亭, far from the household.
    pub(crate) far: UnitId,
    pub(crate) jinghe: UnitId,
    pub(crate) tengzhou: UnitId,
}

impl Bureau {
    pub(crate) async fn open() -> Self {
        Self::in_office(Office::found().await).await
    }

    pub(crate) async fn in_office(office: Office) -> Self {
        let far = office.found_unit(SHANTING_TOWN, "山城街道（虚构）").await;
        let jinghe = office.unit(Persona::JingheSupervisor);
        let tengzhou = office.unit(Persona::TengzhouOfficer);
        let crowd = office
            .crowd(&[
                (far, SHANTING_TOWN),
                (jinghe, JINGHE),
                (tengzhou, TENGZHOU),
                (office.root, CITY),
            ])
            .await;
        Self {
            office,
            crowd,
            far,
            jinghe,
            tengzhou,
        }
    }

    pub(crate) fn member(&self, unit: UnitId, role: Role) -> &Member {
        let mut crowd = self.crowd.iter();
        crowd
            .find(|member| member.unit == unit && member.role == role)
            .expect("somebody in this post")
    }

    fn token(&self, unit: UnitId, role: Role) -> &SessionToken {
        &self.member(unit, role).token
    }

    pub(crate) async fn work_as(&self, token: &SessionToken) -> Work {
        self.office.store.begin(token, "测试").await.unwrap()
    }

    /// Work of the supervisor of this town.
    pub(crate) async fn window(&self, unit: UnitId) -> Work {
        self.work_as(self.token(unit, Role::ChildSupervisor)).await
    }

    pub(crate) async fn officer(&self) -> Work {
        self.work_as(self.token(self.tengzhou, Role::CountyOfficer))
            .await
    }

    pub(crate) async fn approver(&self) -> Work {
        self.work_as(self.token(self.tengzhou, Role::CountyApprover))
            .await
    }

    /// An application for 虚构小荆 of 荆河街道, begun at this town.
    pub(crate) async fn drafted(&self, unit: UnitId) -> ApplicationId {
        let mut work = self.window(unit).await;
        let id = draft(&mut work, &family(Category::DeFactoUnattended)).await;
        work.commit().await.unwrap();
        id.unwrap()
    }

    /// The same, taken in there.
    pub(crate) async fn accepted(&self, unit: UnitId) -> ApplicationId {
        let id = self.drafted(unit).await;
        for act in [Act::Submit, Act::Accept] {
            let work = self.window(unit).await;
            self.take(work, id, act).await.unwrap();
        }
        id
    }

    /// Takes a step and commits; a refusal is answered.
    pub(crate) async fn take(
        &self,
        mut work: Work,
        id: ApplicationId,
        act: Act,
    ) -> Result<(), ApplicationError> {
        let version = version(&mut work, id).await;
        step(&mut work, id, &asked(act, version)).await?;
        work.commit().await.unwrap();
        Ok(())
    }

    /// Verified by 荆河街道 and linked to a new file.
    pub(crate) async fn verified(&self, id: ApplicationId) -> ChildId {
        let mut work = self.window(self.jinghe).await;
        let at = version(&mut work, id).await;
        let child = link(&mut work, id, at, Linking::New).await.unwrap();
        work.commit().await.unwrap();
        let work = self.window(self.jinghe).await;
        self.take(work, id, Act::Verify).await.unwrap();
        child
    }

    /// Taken in, verified and proposed at the household town.
    pub(crate) async fn proposed(&self) -> (ApplicationId, ChildId) {
        let id = self.accepted(self.jinghe).await;
        let child = self.verified(id).await;
        let work = self.officer().await;
        self.take(work, id, Act::Propose).await.unwrap();
        (id, child)
    }

    pub(crate) async fn stage(&self, mut work: Work, id: ApplicationId) -> Stage {
        opened(&mut work, id).await.application.case.stage
    }
}

/// The application as this officer opens it.
pub(crate) async fn opened(work: &mut Work, id: ApplicationId) -> Opened {
    open(work, id).await.unwrap()
}

pub(crate) async fn version(work: &mut Work, id: ApplicationId) -> i32 {
    let found = store::applications::application(work, id).await.unwrap();
    found.map_or(0, |application| application.version)
}

/// A step with everything it may need: a reason, and a proposal to grant.
pub(crate) fn asked(act: Act, version: i32) -> Asked<'static> {
    let duty = match act {
        Act::Propose => Duty::Proposes,
        Act::Confirm | Act::Refuse => Duty::Decides,
        _ => Duty::Handles,
    };
    Asked {
        act,
        duty,
        version,
        reason: Some("虚构的理由"),
        outcome: (act == Act::Propose).then_some(Outcome::Grant),
    }
}

/// What a grandmother states for 虚构小荆.
pub(crate) fn family(category: Category) -> NewApplication {
    let id = resident_id(date(2013, 6, 18), 11);
    let fields =
        json!({ "sex": id.sex().code(), "birth": "2013-06-18", "resident_id": id.reveal() });
    let facts = match category {
        Category::AidsAffected => json!({ "child": { "hiv_infected": true } }),
        _ => json!({
            "father": { "situation": "dead" },
            "mother": { "situation": "imprisoned", "since": "2021-02-01", "months": 18 },
        }),
    };
    NewApplication {
        matter: Matter::Recognition(category),
        child: ForChild::Stated {
            name: "虚构小荆".into(),
            household: division(JINGHE_VILLAGE),
            fields: object(&fields),
        },
        applicant: Applicant {
            name: "虚构祖母".into(),
            capacity: Capacity::Guardian,
            relation: Some("祖母".into()),
            phone: None,
        },
        facts: object(&facts),
    }
}

fn object(value: &Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

/// The numbers in one of this officer's lists.
pub(crate) async fn numbers(work: &mut Work, which: InboxBox) -> Vec<String> {
    let page = inbox(work, which, ListedUpTo::start(), 50).await.unwrap();
    let numbers = page.into_iter().map(|waiting| waiting.application.number);
    numbers.collect()
}
