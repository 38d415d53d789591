//! An officer of every role in every kind of unit, for tests that try all of them.

use domain::organisation::UnitPlan;
use kernel::division::Division;
use kernel::ids::{AppointmentId, OfficerId, UnitId};
use kernel::roles::Role;
use store::organisation::{NewPost, NewUnit, Staffed, UnitsFounded};
use store::session::{self, SessionToken};

use crate::office::{Office, TODAY, division};

/// One of the crowd.
#[derive(Debug, Clone)]
pub struct Member {
    /// The unit.
    pub unit: UnitId,
    /// The role in it.
    pub role: Role,
    /// The officer.
    pub officer: OfficerId,
    /// The appointment.
    pub appointment: AppointmentId,
    /// A session.
    pub token: SessionToken,
}

impl Office {
    /// Founds a unit for this division below the city bureau.
    pub async fn found_unit(&self, code: i64, name: &str) -> UnitId {
        let plan = UnitPlan::of_division(division(code), name);
        let id = UnitId::generate(self.store.clock().now(), self.store.entropy());
        let unit = NewUnit {
            id,
            parent: self.root,
            plan: &plan,
        };
        let mut work = self.founding_work().await;
        work.apply(&UnitsFounded(&[unit]))
            .await
            .expect("the unit is founded");
        work.commit().await.expect("committed");
        id
    }

    /// Somebody in this role and unit, without an account and not signed in.
    pub async fn hire(&self, unit: UnitId, code: i64, role: Role) -> OfficerId {
        let post = self.post_in(unit, division(code), role);
        let officer = post.officer;
        let mut work = self.founding_work().await;
        work.apply(&Staffed(&[post]))
            .await
            .expect("the post is filled");
        work.commit().await.expect("committed");
        officer
    }

    /// An officer of every role in each of these units, signed in.
    pub async fn crowd(&self, units: &[(UnitId, i64)]) -> Vec<Member> {
        let posts: Vec<NewPost> = units
            .iter()
            .flat_map(|&(unit, code)| {
                Role::ALL.map(|role| self.post_in(unit, division(code), role))
            })
            .collect();
        let mut work = self.founding_work().await;
        work.apply(&Staffed(&posts))
            .await
            .expect("the posts are filled");
        work.commit().await.expect("committed");
        let mut members = Vec::new();
        for post in posts {
            let owner = &self.database.owner;
            let token = session::open(owner, post.appointment, self.store.entropy())
                .await
                .expect("the session opens");
            members.push(Member {
                unit: post.unit,
                role: post.role,
                officer: post.officer,
                appointment: post.appointment,
                token,
            });
        }
        members
    }

    fn post_in(&self, unit: UnitId, division: Division, role: Role) -> NewPost {
        let (now, entropy) = (self.store.clock().now(), self.store.entropy());
        NewPost {
            officer: OfficerId::generate(now, entropy),
            appointment: AppointmentId::generate(now, entropy),
            unit,
            division,
            name: format!("{role}（虚构）"),
            phone: None,
            role,
            from: TODAY,
            invented: true,
        }
    }
}
