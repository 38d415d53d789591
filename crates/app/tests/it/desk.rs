//! A desk in a small office: ledgers are written down here and imported.

use std::fmt::Write as _;
use std::sync::Arc;

use app::registry::{ImportError, ImportRequest, Imported, import};
use jiff::civil::{Date, date};
use kernel::explain::Lang;
use kernel::gazetteer::Gazetteer;
use kernel::resident_id::ResidentId;
use ledger::Limits;
use ledger::check::{AgeLimits, Rules};
use ledger::header::Synonyms;
use ledger::values::Places;
use policy::Rulebook;
use store::registry::{ChildFile, files, search};
use testkit::builders::resident_id;
use testkit::office::{JINGHE_VILLAGE, Persona, SHANTING, TENGZHOU, division};
use testkit::{Census, Office};

/// 滕州市龙泉街道安康社区
pub(crate) const OTHER_VILLAGE: i64 = 370_481_002_039;
pub(crate) const SUMMER: Date = date(2021, 7, 31);
pub(crate) const AUTUMN: Date = date(2021, 10, 31);

/// A row as an office keeps it.
#[derive(Clone)]
pub(crate) struct Line {
    pub(crate) name: String,
    pub(crate) birth: String,
    pub(crate) id: String,
    pub(crate) village: i64,
    pub(crate) category: &'static str,
    pub(crate) guardian: String,
    pub(crate) phone: String,
    pub(crate) remark: String,
}

impl Line {
    /// A scattered orphan of 荆河街道, born on 5 June 2012.
    pub(crate) fn of(name: &str) -> Self {
        Self {
            name: name.into(),
            birth: "2012-06-05".into(),
            id: String::new(),
            village: JINGHE_VILLAGE,
            category: "社会散居孤儿",
            guardian: String::new(),
            phone: String::new(),
            remark: String::new(),
        }
    }

    pub(crate) fn id(self, serial: u16) -> Self {
        self.raw_id(sound(serial).reveal())
    }

    pub(crate) fn raw_id(mut self, id: &str) -> Self {
        self.id = id.into();
        self
    }

    pub(crate) fn birth(mut self, birth: &str) -> Self {
        self.birth = birth.into();
        self
    }

    pub(crate) fn village(mut self, village: i64) -> Self {
        self.village = village;
        self
    }

    pub(crate) fn category(mut self, category: &'static str) -> Self {
        self.category = category;
        self
    }

    pub(crate) fn guardian(mut self, name: &str, phone: &str) -> Self {
        (self.guardian, self.phone) = (name.into(), phone.into());
        self
    }

    pub(crate) fn remark(mut self, remark: &str) -> Self {
        self.remark = remark.into();
        self
    }

    fn write(&self, text: &mut String) {
        let names = Gazetteer::builtin();
        let village = names.get(division(self.village)).unwrap();
        let town = names.get(village.parent.unwrap()).unwrap();
        let Self {
            name,
            birth,
            id,
            category,
            guardian,
            phone,
            remark,
            ..
        } = self;
        let (town, village) = (&town.name, &village.name);
        writeln!(
            text,
            "{name},{birth},\t{id},{town},{village},{category},{guardian},{phone},{remark}"
        )
        .unwrap();
    }
}

/// The sound resident id with this number, of a child born on 5 June 2012.
pub(crate) fn sound(serial: u16) -> ResidentId {
    resident_id(date(2012, 6, 5), serial)
}

/// The ledger of these rows; the first child stands in row 2.
pub(crate) fn ledger(lines: &[Line]) -> Vec<u8> {
    let mut text =
        "姓名,出生日期,身份证号,镇（街）,村（居）,类别,监护人姓名,联系电话,备注\n".to_owned();
    lines.iter().for_each(|line| line.write(&mut text));
    text.into_bytes()
}

pub(crate) struct Desk {
    pub(crate) office: Office,
}

impl Desk {
    pub(crate) async fn new() -> Self {
        Self {
            office: Office::found().await,
        }
    }

    /// What importing these bytes comes to, committed.
    pub(crate) async fn try_bytes(
        &self,
        persona: Persona,
        content: &[u8],
        as_of: Date,
    ) -> Result<Imported, ImportError> {
        let place = division(match persona {
            Persona::ShantingOfficer => SHANTING,
            _ => TENGZHOU,
        });
        let rules = Arc::new(Rules {
            places: Places::new(Gazetteer::builtin(), place).unwrap(),
            synonyms: Synonyms::builtin().unwrap(),
            ages: AgeLimits::in_force(Rulebook::builtin(), as_of, place).unwrap(),
            as_of,
        });
        let request = ImportRequest {
            file_name: "台账.csv".into(),
            content: content.to_vec(),
            place,
            as_of,
        };
        let mut work = self.office.work(persona).await;
        let imported = import(
            &mut work,
            &rules,
            Limits::default(),
            &request,
            Lang::En,
            |_| (),
        )
        .await?;
        work.commit().await.unwrap();
        Ok(imported)
    }

    /// Imports these rows as 滕州's officer.
    pub(crate) async fn import(&self, lines: &[Line], as_of: Date) -> Imported {
        self.import_as(Persona::TengzhouOfficer, lines, as_of).await
    }

    pub(crate) async fn import_as(
        &self,
        persona: Persona,
        lines: &[Line],
        as_of: Date,
    ) -> Imported {
        let imported = self
            .try_bytes(persona, &ledger(lines), as_of)
            .await
            .unwrap();
        let census = self.census().await;
        assert_eq!(census.contradictions, [""; 0]);
        imported
    }

    pub(crate) async fn census(&self) -> Census {
        let mut census = Census::take(&self.office.database.owner).await;
        // Each persona signs in anew for whatever it does here.
        census.rows.remove("auth.session");
        census
    }

    /// The files of the children of this name that the persona sees, in the order of their file numbers.
    pub(crate) async fn files_as(&self, persona: Persona, name: &str) -> Vec<ChildFile> {
        let mut work = self.office.work(persona).await;
        let found: Vec<_> = search(&mut work, name)
            .await
            .unwrap()
            .into_iter()
            .filter(|found| found.name == name)
            .map(|found| found.child)
            .collect();
        let mut files = files(&mut work, &found).await.unwrap();
        files.sort_by(|one, other| one.file_number.cmp(&other.file_number));
        files
    }

    /// The one file of this name.
    pub(crate) async fn file(&self, name: &str) -> ChildFile {
        let files = self.files_as(Persona::TengzhouOfficer, name).await;
        let [file] = <[ChildFile; 1]>::try_from(files).unwrap();
        file
    }

    pub(crate) async fn close(self) {
        self.office.close().await;
    }
}

/// The outcome in the order of its counts: registered, changed, linked, unchanged, elsewhere, left out, work items.
pub(crate) fn counts(imported: &Imported) -> [u64; 7] {
    [
        imported.registered,
        imported.changed,
        imported.linked,
        imported.unchanged,
        imported.elsewhere,
        imported.left_out.len() as u64,
        imported.work_items,
    ]
}
