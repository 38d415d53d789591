//! A guardian who reads by code what the child is paid.

use app::allowances::{
    AccountEntry, MonthOrder, confirm_account, make_bank_file, move_on, propose_account,
};
use app::applications::public::{Form, PublicError, Standing, begin, submit, track};
use domain::allowances::{BatchAct, LineKind};
use domain::applications::{Act, Capacity};
use domain::registry::Hidden;
use jiff::civil::date;
use kernel::category::Category;
use kernel::ids::{ApplicationId, ChildId};
use kernel::roles::Role;
use serde_json::json;
use store::accounts::TicketCode;
use store::allowances::{AccountOf, ClaimState, batch};
use store::applications::InboxFilter;
use store::applications::ListedUpTo;
use store::applications::public::PublicStore;
use store::session::SessionToken;
use testkit::builders::resident_id;
use testkit::office::{JINGHE_VILLAGE, division};

use crate::applications_scene::Bureau;
use crate::month_scene::{month, order, run};

const PHONE: &str = "15400001234";
const HERE: &str = "192.0.2.7";

/// A grandmother's application from home, and its code.
async fn from_home(bureau: &Bureau, store: &PublicStore) -> (TicketCode, ApplicationId) {
    let id = resident_id(date(2013, 6, 18), 21);
    let facts = json!({
        "father": { "situation": "dead" },
        "mother": { "situation": "imprisoned", "since": "2021-02-01", "months": 18 },
        "child": { "hiv_infected": false },
    });
    let form = Form {
        town: Some(bureau.jinghe),
        category: Some(Category::DeFactoUnattended),
        child: Some("虚构小满".into()),
        resident_id: Some(Hidden::new(id.reveal())),
        household: Some(division(JINGHE_VILLAGE)),
        applicant: Some("虚构祖母".into()),
        capacity: Some(Capacity::Guardian),
        relation: Some("祖母".into()),
        phone: None,
        facts: facts.as_object().unwrap().clone(),
    };
    let code = begin(store, HERE, PHONE, form).await.unwrap().code;
    submit(store, HERE, &code, PHONE).await.unwrap();
    let mut work = bureau.window(bureau.jinghe).await;
    let filter = InboxFilter::default();
    let list = store::applications::inbox(&mut work, &filter, ListedUpTo::start(), 9);
    (code, list.await.unwrap()[0].id)
}

/// Taken in, verified, proposed and confirmed.
async fn confirmed(bureau: &Bureau, id: ApplicationId) -> ChildId {
    let work = bureau.window(bureau.jinghe).await;
    bureau.take(work, id, Act::Accept).await.unwrap();
    let child = bureau.verified(id).await;
    bureau
        .take(bureau.officer().await, id, Act::Propose)
        .await
        .unwrap();
    bureau
        .take(bureau.approver().await, id, Act::Confirm)
        .await
        .unwrap();
    child
}

struct Hands<'a> {
    bureau: &'a Bureau,
    officer: &'a SessionToken,
    approver: &'a SessionToken,
    finance: &'a SessionToken,
}

impl Hands<'_> {
    /// The first month that pays the child, prepared, approved and released.
    async fn release(&self) {
        let wanted = MonthOrder {
            begins: Some(month("2021-12")),
            ..order("2021-12")
        };
        let prepared = run(&self.bureau.office, self.officer, wanted);
        let id = prepared.await.unwrap().batch.id;
        for (token, act) in [
            (self.approver, BatchAct::Review),
            (self.approver, BatchAct::Approve),
            (self.finance, BatchAct::Release),
        ] {
            let mut work = self.bureau.work_as(token).await;
            let version = batch(&mut work, id).await.unwrap().unwrap().version;
            move_on(&mut work, id, act, version).await.unwrap();
            work.commit().await.unwrap();
        }
    }

    /// An account in the grandmother's name, confirmed by somebody else.
    async fn account(&self, child: ChildId) {
        let entry = AccountEntry {
            holder: Some("虚构祖母".into()),
            at: Some(("虚构银行".into(), Hidden::new("6000000000000001"))),
            reason: Some(Hidden::new("申请人，实际抚养人")),
        };
        let mut work = self.bureau.work_as(self.officer).await;
        let id = propose_account(&mut work, AccountOf::Child(child), &entry);
        let id = id.await.unwrap();
        work.commit().await.unwrap();
        let mut work = self.bureau.work_as(self.approver).await;
        confirm_account(&mut work, id).await.unwrap();
        work.commit().await.unwrap();
    }
}

/// The months and amounts she reads, and how far their money has come.
fn read(standing: &Standing) -> Vec<(String, LineKind, String, Option<ClaimState>)> {
    let lines = standing.payments.iter().map(|one| {
        let (month, amount) = (one.for_month.to_string(), one.amount.to_string());
        (month, one.kind, amount, one.state)
    });
    lines.collect()
}

#[tokio::test]
async fn a_guardian_reads_by_code_what_is_paid_and_how_far_it_has_come() {
    let bureau = Bureau::open().await;
    let store = bureau.office.public_store().await;
    let (code, id) = from_home(&bureau, &store).await;
    let child = confirmed(&bureau, id).await;
    let token = |role| &bureau.member(bureau.tengzhou, role).token;
    let hands = Hands {
        bureau: &bureau,
        officer: token(Role::CountyOfficer),
        approver: token(Role::CountyApprover),
        finance: token(Role::FinanceOfficer),
    };
    let end = resident_id(date(2013, 6, 18), 21).reveal()[14..].to_owned();
    let look = async || track(&store, HERE, &code, &end).await.unwrap();
    assert_eq!(read(&look().await), [], "nothing is released yet");
    hands.release().await;
    let line = |state| {
        let amount = "1600.00".to_owned();
        ("2021-12".to_owned(), LineKind::Regular, amount, Some(state))
    };
    assert_eq!(read(&look().await), [line(ClaimState::Held)]);
    hands.account(child).await;
    assert_eq!(read(&look().await), [line(ClaimState::Ready)]);
    let mut work = bureau.work_as(hands.finance).await;
    make_bank_file(&mut work, "general_csv", false)
        .await
        .unwrap();
    work.commit().await.unwrap();
    assert_eq!(read(&look().await), [line(ClaimState::Sent)]);
    let wrong = track(&store, HERE, &code, "0000").await;
    assert!(matches!(wrong, Err(PublicError::NoSuchCase)));
    bureau.office.close().await;
}
