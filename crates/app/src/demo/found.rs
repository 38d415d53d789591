//! Founding the invented city in an empty demo database, each part by an officer who may.
//!
//! The administrator founds units and fills posts and sees no child; each county's officer registers the children of
//! that county, and so is the one officer the sealed child is known to.

use domain::organisation::UnitKind;
use kernel::clock::legal_day;
use kernel::ids::{AppointmentId, ChildId, OfficerId, UnitId};
use kernel::reach::Reach;
use kernel::roles::Role;
use store::error::StoreError;
use store::organisation::{
    Founder, FounderPost, NewPost, NewUnit, Staffed, UnitsFounded, found_root,
};
use store::registry::{Registered, Registration, refresh_statistics};
use store::session;
use store::work::{Store, Work};

use super::city::{City, InventedChild, InventedUnit};
use super::filing::Filing;
use super::officers::open_accounts;

/// Rows written together.
const BATCH: usize = 1_000;

/// Why the founding officer works.
const PURPOSE: &str = "建立演示城市";

/// Founds the city; `progress` is told how many of its units and children are done.
///
/// # Errors
/// When the database does not answer. The city is then unfinished and has to be founded anew.
pub async fn found(
    founder: &Founder<'_>,
    store: &Store,
    city: &City,
    progress: impl Fn(usize),
) -> Result<(), StoreError> {
    Founding {
        founder,
        store,
        city,
        progress,
    }
    .run()
    .await
}

/// A founding under way.
struct Founding<'a, P> {
    founder: &'a Founder<'a>,
    store: &'a Store,
    city: &'a City,
    progress: P,
}

impl<P: Fn(usize)> Founding<'_, P> {
    async fn run(&self) -> Result<(), StoreError> {
        let Some(root) = self.city.units.first() else {
            return Ok(());
        };
        let admin = FounderPost {
            name: "系统管理员",
            role: Role::Admin,
            invented: true,
        };
        let (root, admins) = found_root(self.founder, &root.plan, &[admin]).await?;
        let (units, posts) = self.organise(root, &admins).await?;
        if let Some(admin) = admins.first() {
            open_accounts(self.founder, self.store, *admin, &posts).await?;
        }
        (self.progress)(units.len());
        let mut known = vec![None; self.city.children.len()];
        for (officer, reach) in self.county_officers(&posts) {
            let children = self.city.children.iter().enumerate();
            let children: Vec<(usize, &InventedChild)> = children
                .filter(|(_, child)| reach.contains(child.particulars.household))
                .collect();
            self.register(officer, &children, &units, &mut known)
                .await?;
        }
        let filing = Filing {
            founder: self.founder,
            store: self.store,
            units: &units,
            posts: &posts,
            children: &known,
        };
        for application in &self.city.applications {
            filing.file(application).await?;
        }
        Ok(())
    }

    /// The officer of every county bureau, with the divisions the bureau serves.
    fn county_officers(&self, posts: &[NewPost]) -> Vec<(AppointmentId, &Reach)> {
        let of_unit = |unit: &InventedUnit| {
            let post = posts.iter().find(|post| {
                post.role == Role::CountyOfficer && post.division == unit.plan.division
            })?;
            Some(post.appointment)
        };
        self.city
            .units
            .iter()
            .filter(|unit| unit.plan.kind == UnitKind::CountyBureau)
            .filter_map(|unit| Some((of_unit(unit)?, &unit.plan.serves)))
            .collect()
    }

    async fn organise(
        &self,
        root: UnitId,
        admins: &[AppointmentId],
    ) -> Result<(Vec<UnitId>, Vec<NewPost>), StoreError> {
        let Founder { now, entropy, .. } = *self.founder;
        let mut ids = vec![root];
        ids.extend(
            self.city
                .units
                .iter()
                .skip(1)
                .map(|_| UnitId::generate(now, entropy)),
        );
        let parent = |index: Option<usize>| index.and_then(|i| ids.get(i)).copied().unwrap_or(root);
        let units: Vec<NewUnit<'_>> = ids
            .iter()
            .zip(&self.city.units)
            .skip(1)
            .map(|(&id, unit)| NewUnit {
                id,
                parent: parent(unit.parent),
                plan: &unit.plan,
            })
            .collect();
        let posts: Vec<NewPost> = ids
            .iter()
            .zip(&self.city.units)
            .flat_map(|(&id, unit)| unit.posts.iter().map(move |post| (id, unit, post)))
            .map(|(id, unit, post)| NewPost {
                officer: OfficerId::generate(now, entropy),
                appointment: AppointmentId::generate(now, entropy),
                unit: id,
                division: unit.plan.division,
                name: post.name.clone(),
                phone: Some(post.phone.clone()),
                role: post.role,
                from: legal_day(now),
                invented: true,
            })
            .collect();
        let admin = admins.first().copied().ok_or(StoreError::NotFound)?;
        let mut work = self.work(admin).await?;
        for batch in units.chunks(BATCH) {
            work.apply(&UnitsFounded(batch)).await?;
        }
        for batch in posts.chunks(BATCH) {
            work.apply(&Staffed(batch)).await?;
        }
        work.commit().await?;
        Ok((ids, posts))
    }

    async fn register(
        &self,
        officer: AppointmentId,
        children: &[(usize, &InventedChild)],
        units: &[UnitId],
        known: &mut [Option<ChildId>],
    ) -> Result<(), StoreError> {
        let mut work = self.work(officer).await?;
        for batch in children.chunks(BATCH) {
            let registrations: Vec<Registration> = batch
                .iter()
                .map(|(_, child)| self.registration(child, units))
                .collect();
            work.apply(&Registered(&registrations)).await?;
            for ((index, _), registration) in batch.iter().zip(&registrations) {
                known[*index] = Some(registration.child);
            }
            (self.progress)(units.len() + known.iter().flatten().count());
        }
        refresh_statistics(&mut work).await?;
        work.commit().await
    }

    fn registration(&self, child: &InventedChild, units: &[UnitId]) -> Registration {
        Registration {
            child: ChildId::generate(self.founder.now, self.founder.entropy),
            facts: child.particulars.clone(),
            statuses: child
                .statuses
                .iter()
                .map(|status| (status.category, status.from, status.to))
                .collect(),
            placement: child.placement.and_then(|index| units.get(index)).copied(),
            opened_on: child.opened_on,
            row: None,
        }
    }

    async fn work(&self, officer: AppointmentId) -> Result<Work, StoreError> {
        let token = session::open(self.founder.owner, officer, self.founder.entropy).await?;
        self.store.begin(&token, PURPOSE).await
    }
}
