//! Children for scenes, and numbers for them. Everybody is invented.

use domain::registry::{Hidden, Particulars, Relation, Relative};
use jiff::civil::{Date, date};
use kernel::category::Category;
use kernel::ids::{ChildId, UnitId};
use kernel::resident_id::ResidentId;
use store::registry::{Registration, RowTaken};
use store::work::Store;

use crate::office::division;

/// A region of 山东 that does not exist, so that no invented number can be a living person's.
const NOWHERE: u32 = 379_999;

/// A sound resident id that nobody has.
pub fn resident_id(birth: Date, serial: u16) -> ResidentId {
    let (year, month, day) = (birth.year(), birth.month(), birth.day());
    let body = format!("{NOWHERE}{year:04}{month:02}{day:02}{:03}", serial % 1000);
    "0123456789X"
        .chars()
        .find_map(|check| ResidentId::parse(&format!("{body}{check}")).ok())
        .expect("one of the check characters fits")
}

/// A child of a scene.
#[derive(Debug, Clone)]
pub struct Child {
    /// What is known of it.
    pub facts: Particulars,
    statuses: Vec<(Category, Date, Option<Date>)>,
    placement: Option<UnitId>,
    row: Option<RowTaken>,
}

impl Child {
    /// A child with a name in a village, born on 5 June 2012.
    pub fn named(name: &str, village: i64) -> Self {
        let mut facts = Particulars::of(name, division(village));
        facts.birth = Some(date(2012, 6, 5));
        Self {
            facts,
            statuses: Vec::new(),
            placement: None,
            row: None,
        }
    }

    /// Born on another day, or on none that is known.
    #[must_use]
    pub fn born(mut self, birth: impl Into<Option<Date>>) -> Self {
        self.facts.birth = birth.into();
        self
    }

    /// With a sound resident id.
    #[must_use]
    pub fn with_id(mut self, serial: u16) -> Self {
        let birth = self.facts.birth.expect("a birth");
        let id = resident_id(birth, serial);
        self.facts.sex = Some(id.sex());
        self.facts.resident_id = Some(id);
        self
    }

    /// With a status that is open.
    #[must_use]
    pub fn status(mut self, category: Category, from: Date) -> Self {
        self.statuses.push((category, from, None));
        self
    }

    /// With a status that has ended.
    #[must_use]
    pub fn ended_status(mut self, category: Category, from: Date, to: Date) -> Self {
        self.statuses.push((category, from, Some(to)));
        self
    }

    /// Living in a unit, such as the home.
    #[must_use]
    pub fn placed_in(mut self, unit: UnitId) -> Self {
        self.placement = Some(unit);
        self
    }

    /// With a guardian of this name and phone.
    #[must_use]
    pub fn guardian(mut self, name: &str, phone: &str) -> Self {
        self.facts.guardian_name = Some(name.into());
        self.facts.guardian_relation = Some("祖父".into());
        self.facts.guardian_phone = Some(Hidden::new(phone));
        self
    }

    /// With a mother of this name and phone.
    #[must_use]
    pub fn mother(mut self, name: &str, phone: &str) -> Self {
        self.facts.relatives.push(Relative {
            relation: Relation::Mother,
            name: Some(name.into()),
            resident_id: None,
            phone: Some(Hidden::new(phone)),
            works_at: None,
        });
        self
    }

    /// From a row of a ledger.
    #[must_use]
    pub fn row(mut self, row: RowTaken) -> Self {
        self.row = Some(row);
        self
    }

    /// The child as the store registers it.
    pub fn registration(&self, store: &Store) -> Registration {
        Registration {
            child: ChildId::generate(store.clock().now(), store.entropy()),
            facts: self.facts.clone(),
            statuses: self.statuses.clone(),
            placement: self.placement,
            opened_on: store.clock().today(),
            row: self.row.clone(),
        }
    }
}
