//! An office that takes in every kind of secret, and meets every kind of failure on the way.

use domain::allowances::{NameMatch, StatedAccount};
use domain::registry::{Hidden, amend};
use jiff::civil::date;
use kernel::category::Category::{DeFactoUnattended, ScatteredOrphan};
use kernel::explain::{Explain, Lang};
use kernel::ids::{AccountId, AppointmentId, ChildId, LedgerId, OfficerId, WorkItemId};
use kernel::roles::Role;
use store::allowances::{AccountProposed, AccountSubject};
use store::error::StoreError;
use store::organisation::{NewPost, Staffed};
use store::registry::{
    Amended, LedgerTaken, Registered, Registration, RowTaken, WorkItem, WorkItemsOpened, files,
    search,
};
use store::work::Work;
use testkit::Office;
use testkit::builders::{Child, resident_id};
use testkit::office::{JINGHE_VILLAGE, Persona, SHANTING_VILLAGE, TENGZHOU, TODAY, division};

const OFFICER: Persona = Persona::TengzhouOfficer;

/// Every secret that goes in, each recognisable and nobody's.
pub(super) struct Secrets {
    child_id: String,
    guardian_id: String,
    mother_id: String,
    guardian_phone: String,
    newer_phone: String,
    mother_phone: String,
    officer_phone: String,
    account: String,
    newer_account: String,
    address: String,
    newer_address: String,
    note: String,
    raw_id: String,
    raw_account: String,
    only_in_the_file: String,
}

impl Secrets {
    pub(super) fn new() -> Self {
        Self {
            child_id: resident_id(date(2012, 6, 5), 701).reveal().into(),
            guardian_id: resident_id(date(1951, 2, 3), 702).reveal().into(),
            mother_id: resident_id(date(1985, 4, 5), 703).reveal().into(),
            guardian_phone: "13870707001".into(),
            newer_phone: "13870707002".into(),
            mother_phone: "13870707003".into(),
            officer_phone: "13870707004".into(),
            account: "6222027070700010005".into(),
            newer_account: "6222027070700010006".into(),
            address: "虚构路七零七号甲单元".into(),
            newer_address: "虚构路七零七号乙单元".into(),
            note: "虚构备注七零七".into(),
            raw_id: "37999920120605707".into(),
            raw_account: "6222 0270 7070 0010 008".into(),
            only_in_the_file: "13870707009".into(),
        }
    }

    pub(super) fn all(&self) -> Vec<String> {
        let Self {
            child_id,
            guardian_id,
            mother_id,
            guardian_phone,
            newer_phone,
            mother_phone,
            officer_phone,
            account,
            newer_account,
            address,
            newer_address,
            note,
            raw_id,
            raw_account,
            only_in_the_file,
        } = self;
        let all = [
            child_id,
            guardian_id,
            mother_id,
            guardian_phone,
            newer_phone,
            mother_phone,
            officer_phone,
            account,
            newer_account,
            address,
            newer_address,
            note,
            raw_id,
            raw_account,
            only_in_the_file,
        ];
        all.into_iter().cloned().collect()
    }

    fn child(&self, name: &str, village: i64) -> Child {
        let mut child = Child::named(name, village)
            .with_id(701)
            .guardian("虚构祖父", &self.guardian_phone)
            .mother("虚构母亲", &self.mother_phone)
            .status(ScatteredOrphan, TODAY);
        let facts = &mut child.facts;
        facts.guardian_resident_id = Some(Hidden::new(self.guardian_id.as_str()));
        facts.relatives[0].resident_id = Some(Hidden::new(self.mother_id.as_str()));
        facts.address = Some(Hidden::new(self.address.as_str()));
        facts.bank_account = Some(Hidden::new(self.account.as_str()));
        facts.note = Some(Hidden::new(self.note.as_str()));
        child
    }

    /// The ledger as the office sent it, long enough to be stored out of line.
    fn ledger(&self) -> Vec<u8> {
        let mut text = String::from("姓名,身份证号,监护人电话,账号\n");
        for row in 0..400 {
            text.push_str(&format!(
                "虚构{row},{},{},{}\n",
                self.child_id, self.only_in_the_file, self.account
            ));
        }
        text.into_bytes()
    }
}

/// An account that the child's money shall go to, with a remark why it is in another's name.
async fn propose_account(office: &Office, work: &mut Work, child: ChildId, secrets: &Secrets) {
    let file = files(work, &[child]).await.unwrap().remove(0);
    let stated = StatedAccount {
        holder: "虚构乙".into(),
        bank: "虚构银行".into(),
        number: Hidden::new(secrets.newer_account.as_str()),
        reason: Some(Hidden::new(secrets.note.as_str())),
    };
    let proposed = AccountProposed {
        id: AccountId::generate(work.now(), office.store.entropy()),
        subject: AccountSubject::Child(&file),
        unit: office.unit(OFFICER),
        stated: &stated,
        name_match: NameMatch::Other,
    };
    work.apply(&proposed).await.unwrap();
}

/// Takes everything in, as an import does, and changes it afterwards.
pub(super) async fn work_normally(office: &Office, secrets: &Secrets) {
    let child = take_in(office, secrets).await;
    let mut work = office.work(OFFICER).await;
    let file = files(&mut work, &[child]).await.unwrap().remove(0);
    let mut stated = file.facts.clone();
    stated.guardian_phone = Some(Hidden::new(secrets.newer_phone.as_str()));
    stated.address = Some(Hidden::new(secrets.newer_address.as_str()));
    stated.bank_account = Some(Hidden::new(secrets.newer_account.as_str()));
    let amendment = amend(&file.facts, None, &stated, false);
    let amended = Amended {
        file: &file,
        amendment: amendment.as_ref(),
        status: None,
        on: TODAY,
        row: None,
    };
    work.apply(&amended).await.unwrap();
    propose_account(office, &mut work, child, secrets).await;
    work.commit().await.unwrap();
    let mut work = office.work(OFFICER).await;
    // Whole, mistyped, and what is no id at all.
    for text in [&secrets.child_id, &secrets.raw_id, &secrets.guardian_phone] {
        search(&mut work, text).await.unwrap();
    }
    appoint(office, secrets).await;
}

async fn take_in(office: &Office, secrets: &Secrets) -> ChildId {
    let (now, entropy) = (office.store.clock().now(), office.store.entropy());
    let ledger = LedgerId::generate(now, entropy);
    let mut registration = secrets
        .child("虚构甲", JINGHE_VILLAGE)
        .registration(&office.store);
    let (facts, sealer) = (&registration.facts, office.store.sealer());
    registration.row =
        Some(RowTaken::new(sealer, ledger, 3, TODAY, facts, Some(ScatteredOrphan)).unwrap());
    let item = |code, raw: &String| WorkItem {
        id: WorkItemId::generate(now, entropy),
        division: division(JINGHE_VILLAGE),
        child: Some(registration.child),
        ledger: Some(ledger),
        row: Some(3),
        code,
        field: None,
        raw: Some(raw.clone()),
    };
    let items = [
        item("id.length", &secrets.raw_id),
        item("bank.luhn", &secrets.raw_account),
    ];
    let child = registration.child;
    let mut work = office.work(OFFICER).await;
    work.apply(&Registered(&[registration])).await.unwrap();
    work.apply(&WorkItemsOpened(&items)).await.unwrap();
    let content = secrets.ledger();
    let taken = LedgerTaken {
        id: ledger,
        place: division(TENGZHOU),
        as_of: TODAY,
        file_name: "虚构台账.csv",
        content: &content,
        rows: 400,
        left_out: 0,
    };
    work.apply(&taken).await.unwrap();
    work.commit().await.unwrap();
    child
}

async fn appoint(office: &Office, secrets: &Secrets) {
    let (now, entropy) = (office.store.clock().now(), office.store.entropy());
    let post = NewPost {
        officer: OfficerId::generate(now, entropy),
        appointment: AppointmentId::generate(now, entropy),
        unit: office.root,
        division: division(TENGZHOU),
        name: "虚构".into(),
        phone: Some(Hidden::new(secrets.officer_phone.as_str())),
        role: Role::CityOfficer,
        from: TODAY,
        invented: true,
    };
    let mut work = office.founding_work().await;
    work.apply(&Staffed(&[post])).await.unwrap();
    work.commit().await.unwrap();
}

/// Meets failures with secrets in hand, and answers all that can be read of them.
pub(super) async fn fail_in_every_way(office: &Office, secrets: &Secrets) -> String {
    let registration = |name, village| secrets.child(name, village).registration(&office.store);
    let mut attempts: Vec<(&str, Registration)> = vec![
        ("23505", registration("虚构乙", JINGHE_VILLAGE)),
        ("42501", registration("虚构丙", SHANTING_VILLAGE)),
    ];
    let pending = |mut registration: Registration| {
        registration.facts.resident_id = None;
        registration
    };
    attempts.push(("23514", pending(registration("", JINGHE_VILLAGE))));
    let mut torn = pending(registration("虚构丁", JINGHE_VILLAGE));
    torn.facts.ethnicity = Some("汉\0族".into());
    attempts.push(("22021", torn));
    let mut doubled = pending(registration("虚构戊", JINGHE_VILLAGE));
    doubled.statuses.push((DeFactoUnattended, TODAY, None));
    attempts.push(("23505", doubled));
    let mut overlapping = pending(registration("虚构己", JINGHE_VILLAGE));
    let (before, after) = (date(2021, 1, 1), date(2022, 1, 1));
    overlapping
        .statuses
        .push((DeFactoUnattended, before, Some(after)));
    attempts.push(("23P01", overlapping));

    let mut told = String::new();
    for (code, registration) in attempts {
        let mut work = office.work(OFFICER).await;
        let error = work.apply(&Registered(&[registration])).await.unwrap_err();
        let StoreError::Database(cause) = &error else {
            panic!("{error:?}")
        };
        assert_eq!(
            cause.as_database_error().and_then(|e| e.code()).as_deref(),
            Some(code)
        );
        told.push_str(&format!(
            "{error}\n{error:?}\n{}\n{}\n",
            error.explain(Lang::Zh),
            error.explain(Lang::En)
        ));
    }
    told
}
