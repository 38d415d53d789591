//! Filing the city's applications, each step by the officer whose it is, on the day it was taken.

use std::sync::Arc;

use domain::applications::{Act, Applicant, Body, Capacity, Duty, Matter, transition};
use jiff::ToSpan;
use kernel::clock::FixedClock;
use kernel::ids::{ApplicationId, AppointmentId, ChildId, UnitId};
use kernel::roles::Role;
use serde_json::{Map, Value};
use store::applications::application;
use store::error::StoreError;
use store::organisation::{Founder, NewPost};
use store::session;
use store::work::{Store, Work};

use super::applications::{Applied, Done, InventedApplication};
use crate::applications::{ApplicationError, Asked, ForChild, NewApplication, draft, step};

/// Why the officers work.
const PURPOSE: &str = "建立演示城市";

/// Files applications, and takes the steps of each.
pub(super) struct Filing<'a> {
    pub(super) founder: &'a Founder<'a>,
    pub(super) store: &'a Store,
    pub(super) units: &'a [UnitId],
    pub(super) posts: &'a [NewPost],
    pub(super) children: &'a [Option<ChildId>],
}

impl Filing<'_> {
    /// Files one. On a day whose rules do not allow a step it stays where it is then.
    pub(super) async fn file(&self, invented: &InventedApplication) -> Result<(), StoreError> {
        match self.take(invented).await {
            Err(ApplicationError::Store(error)) => Err(error),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    async fn take(&self, invented: &InventedApplication) -> Result<(), ApplicationError> {
        let Some(&window) = self.units.get(invented.window) else {
            return Ok(());
        };
        let Some(new) = self.application(invented) else {
            return Ok(());
        };
        let begun = invented.steps.first().map_or(0, |first| first.ago);
        let opener = match invented.category.is_sealed() {
            true => Role::CountyOfficer,
            false => Role::ChildSupervisor,
        };
        let mut work = self.work(window, opener, begun).await?;
        let id = draft(&mut work, &new).await?;
        work.commit().await?;
        for done in invented.steps {
            self.step(id, window, opener, done).await?;
        }
        Ok(())
    }

    fn application(&self, invented: &InventedApplication) -> Option<NewApplication> {
        let child = match &invented.child {
            Applied::OnFile(index) => ForChild::OnFile((*self.children.get(*index)?)?),
            Applied::Newcomer {
                name,
                household,
                birth,
                sex,
            } => ForChild::Stated {
                name: name.clone(),
                household: *household,
                fields: Map::from_iter([
                    ("birth".to_owned(), Value::from(birth.to_string())),
                    ("sex".to_owned(), Value::from(sex.code())),
                ]),
            },
        };
        let (name, relation) = &invented.applicant;
        Some(NewApplication {
            matter: match invented.is_change {
                true => Matter::Change(invented.category),
                false => Matter::Recognition(invented.category),
            },
            child,
            applicant: Applicant {
                name: name.clone(),
                capacity: Capacity::Guardian,
                relation: Some((*relation).to_owned()),
                phone: None,
            },
            facts: invented.facts.clone(),
        })
    }

    /// Takes a step as the officer whose it is.
    async fn step(
        &self,
        id: ApplicationId,
        window: UnitId,
        opener: Role,
        done: &Done,
    ) -> Result<(), ApplicationError> {
        let mut seen = self.work(window, opener, done.ago).await?;
        let found = application(&mut seen, id).await?;
        drop(seen);
        let found = found.ok_or(ApplicationError::NotFound)?;
        let case = &found.case;
        let row = transition(case.stage, done.act, case.route());
        let Some(row) = row else {
            return Err(ApplicationError::NotFound);
        };
        let role = match (row.duty, row.by) {
            (Duty::Decides, _) => Role::CountyApprover,
            (Duty::Proposes, _) => Role::CountyOfficer,
            (Duty::Handles, Body::Accepting) => opener,
            (Duty::Handles, Body::Verifying) => Role::ChildSupervisor,
            (Duty::Handles, Body::Deciding) => Role::CountyOfficer,
        };
        let mut work = self.work(case.unit(row.by), role, done.ago).await?;
        let asked = Asked {
            act: done.act,
            duty: row.duty,
            version: found.version,
            reason: Some(done.reason).filter(|reason| !reason.is_empty()),
            outcome: (done.act == Act::Propose).then_some(done.outcome),
        };
        step(&mut work, id, &asked).await?;
        Ok(work.commit().await?)
    }

    /// Work of a unit's officer, so many days ago.
    async fn work(&self, unit: UnitId, role: Role, ago: u8) -> Result<Work, StoreError> {
        let post = self.posts.iter();
        let mut post = post.filter(|post| post.unit == unit && post.role == role);
        let post: AppointmentId = post.next().ok_or(StoreError::NotFound)?.appointment;
        let token = session::open(self.founder.owner, post, self.founder.entropy).await?;
        let then = self
            .founder
            .now
            .saturating_sub((24 * i64::from(ago)).hours());
        let then = then.unwrap_or(self.founder.now);
        let store = self.store.at(Arc::new(FixedClock::at(then)));
        store.begin(&token, PURPOSE).await
    }
}
