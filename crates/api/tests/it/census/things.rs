//! What hangs on units and officers: people, posts, proposals, sessions, jobs.

use std::collections::BTreeMap;
use std::sync::Mutex;

use app::registry::{ExportForm, ExportOrder, order_export, run_next};
use kernel::division::Division;
use kernel::ids::{BatchId, JobId, MergeId, OfficerId};
use kernel::roles::Role;
use testkit::office::{TODAY, division};
use uuid::Uuid;

use super::scene::{Asking, Scene};

/// The most that is used up in one unit by one operation: each of its callers once.
const ENOUGH: i32 = 80;

#[derive(Default)]
pub(super) struct Things {
    /// Somebody in each unit with an account, and somebody without.
    people: BTreeMap<&'static str, (OfficerId, OfficerId)>,
    /// What a call uses up, by kind and unit.
    spare: Mutex<BTreeMap<(Spent, &'static str), Vec<Uuid>>>,
    /// One that nobody uses up, by kind and unit.
    standing: BTreeMap<(Spent, &'static str), Uuid>,
    /// A second session of each caller, and a proposal of each who proposes, by the caller's place in the crowd.
    pub(super) devices: Vec<Uuid>,
    pub(super) own_proposals: Vec<Option<Uuid>>,
    /// The jobs that are done, and who ordered them.
    pub(super) jobs: Vec<(usize, JobId)>,
    /// The merges, by the place of their children.
    pub(super) merges: Vec<(&'static str, MergeId)>,
    /// The batches, by their units.
    pub(super) batches: Vec<(&'static str, BatchId)>,
}

/// What a call that is let through uses up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Spent {
    Appointment,
    Proposal,
    Session,
}

impl Things {
    pub(super) async fn of(scene: &Scene) -> Self {
        let mut things = Self::default();
        let database = &scene.office.database;
        for (index, unit) in scene.units.iter().enumerate() {
            let new = async || {
                let staffed = scene.office.hire(unit.id, unit.division, Role::Auditor);
                staffed.await
            };
            let (has, has_none) = (new().await, new().await);
            database
                .give_account(has, &format!("somebody{index}"))
                .await;
            things.people.insert(unit.name, (has, has_none));
            let posts = database.partner_posts(has_none, unit.id, ENOUGH).await;
            let proposals = database.proposals(has, unit.id, ENOUGH).await;
            let sessions = database.devices_of(has, ENOUGH).await;
            for (kind, mut ids) in [
                (Spent::Appointment, posts),
                (Spent::Proposal, proposals),
                (Spent::Session, sessions),
            ] {
                things
                    .standing
                    .extend(ids.pop().map(|id| ((kind, unit.name), id)));
                things
                    .spare
                    .get_mut()
                    .unwrap()
                    .insert((kind, unit.name), ids);
            }
        }
        for (index, caller) in scene.callers.iter().enumerate() {
            things.add_own(scene, index, caller).await;
        }
        for unit in ["tengzhou", "shanting"] {
            let found = scene.units.iter().find(|known| known.name == unit);
            let (id, officer) = (found.unwrap().id, things.people[unit].0);
            let batch = database.invent_batch(id, officer).await;
            database.invent_bank_file(batch, id, officer).await;
            things.batches.push((unit, batch));
        }
        let county = scene.units.iter().find(|known| known.name == "tengzhou");
        let officer = things.people["tengzhou"].0;
        let sealer = scene.office.store.sealer();
        let children = scene.children.iter().map(|known| known.id);
        let county = (county.unwrap().id, officer);
        database.invent_accounts(sealer, children, county).await;
        while run_next(&scene.office.store).await.unwrap() {}
        things
    }

    async fn add_own(&mut self, scene: &Scene, index: usize, caller: &Asking) {
        let database = &scene.office.database;
        let device = database.another_device(caller.appointment).await;
        self.devices.push(device);
        let unit = scene.units.iter().find(|unit| unit.name == caller.unit);
        let unit = unit.unwrap();
        let proposes = [Role::CountyOfficer, Role::CityOfficer, Role::Admin];
        let own = match proposes.contains(&caller.role) {
            true => database.proposals(caller.officer, unit.id, 1).await.pop(),
            false => None,
        };
        self.own_proposals.push(own);
        // A home has no division of which it could export.
        if caller.role == Role::CountyOfficer && caller.unit != "home" {
            let mut work = scene
                .office
                .store
                .begin(&caller.token, "测试")
                .await
                .unwrap();
            let order = export_of(division(unit.division));
            let job = order_export(&mut work, &order, "测试").await.unwrap();
            work.commit().await.unwrap();
            self.jobs.push((index, job));
        }
    }

    pub(super) fn with_account(&self, unit: &str) -> OfficerId {
        self.people[unit].0
    }

    pub(super) fn without_account(&self, unit: &str) -> OfficerId {
        self.people[unit].1
    }

    /// One of this kind in the unit: its own for each call that is let through.
    pub(super) fn one(&self, kind: Spent, unit: &'static str, used_up: bool) -> Uuid {
        match used_up {
            true => {
                let mut spare = self.spare.lock().unwrap();
                spare.get_mut(&(kind, unit)).and_then(Vec::pop).unwrap()
            }
            false => self.standing[&(kind, unit)],
        }
    }
}

fn export_of(within: Division) -> ExportOrder {
    ExportOrder {
        within,
        category: None,
        on: TODAY,
        sex: None,
        born_from: None,
        born_to: None,
        chosen: Vec::new(),
        form: ExportForm::List,
    }
}
