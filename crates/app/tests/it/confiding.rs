//! A sealed child and those who must know of it, so that it is paid as every other: by the hands of three people.

use app::allowances::{MonthError, MonthOrder, PayError, look, make_bank_file, reconcile};
use app::registry::{CaseError, Hindrance, confide, open};
use domain::allowances::{BatchAct, BatchError};
use jiff::civil::date;
use kernel::category::Category::AidsAffected;
use kernel::ids::{BankFileId, BatchId, ChildId, OfficerId};
use kernel::money::Money;
use kernel::roles::Role;
use store::allowances::{AccountOf, batches, statement};
use store::session::SessionToken;
use testkit::Office;
use testkit::office::{JINGHE_VILLAGE, Persona};

use crate::month_scene::{child, found, order, run};
use crate::payment_scene::{OFFICER, Paying};

const COLLEAGUE: Persona = Persona::TengzhouColleague;

/// Registers a sealed child, which its officer alone knows then.
async fn sealed(office: &Office, name: &str) -> ChildId {
    let child = child(name, JINGHE_VILLAGE, AidsAffected, date(2020, 12, 10));
    let child = child.guardian("虚构祖父", "13800000009");
    office.register(OFFICER, &[child]).await[0]
}

async fn let_know(
    office: &Office,
    by: &SessionToken,
    child: ChildId,
    whom: OfficerId,
) -> Result<(), CaseError> {
    let mut work = office.store.begin(by, "测试").await.unwrap();
    confide(&mut work, child, whom).await?;
    work.commit().await.unwrap();
    Ok(())
}

/// The sealed batch of a month, as this session prepares it.
async fn prepared(office: &Office, by: &SessionToken, month: &str) -> Result<BatchId, MonthError> {
    let wanted = MonthOrder {
        sealed: true,
        ..order(month)
    };
    Ok(run(office, by, wanted).await?.batch.id)
}

async fn sees(office: &Office, token: &SessionToken, id: BatchId) -> bool {
    let mut work = office.store.begin(token, "测试").await.unwrap();
    let all = batches(&mut work, None).await.unwrap();
    all.iter().any(|batch| batch.id == id)
}

/// What those may see of the batch who release it: what it comes to, and nobody in it.
async fn assert_neutral(paying: &Paying, id: BatchId, child: ChildId) {
    let mut work = paying.work(&paying.finance).await;
    let told = look(&mut work, id).await.unwrap();
    assert_eq!(told.batch.paid, Money::from_yuan(1400));
    assert!(
        told.parts
            .iter()
            .all(|part| part.place.is_none() && part.class.is_none()),
        "{:?}",
        told.parts
    );
    assert!(told.exceptions.is_empty());
    assert!(statement(&mut work, child).await.unwrap().is_empty());
    assert!(open(&mut work, child).await.is_err());
}

/// A file of what is to be paid under seal.
async fn sealed_file(paying: &Paying) -> Result<BankFileId, PayError> {
    let mut work = paying.work(&paying.finance).await;
    let id = make_bank_file(&mut work, "general_csv", true).await?;
    work.commit().await.unwrap();
    Ok(id)
}

#[tokio::test]
async fn a_sealed_child_is_paid_once_a_second_officer_knows_of_it() {
    let paying = Paying::scene().await;
    let office = &paying.office;
    let child = sealed(office, "虚构密").await;
    let id = prepared(office, &paying.officer, "2021-01").await.unwrap();
    let (me, unit) = (office.officer_of(OFFICER).await, office.unit(OFFICER));
    let both = office.second_post(me, unit, Role::CountyApprover).await;
    paying.step(&both, id, BatchAct::Review).await.unwrap();
    let alone = paying.step(&both, id, BatchAct::Approve).await;
    assert!(matches!(
        alone,
        Err(MonthError::Batch(BatchError::SamePerson))
    ));
    assert!(!sees(office, &paying.approver, id).await);

    let approver = office.officer_of(COLLEAGUE).await;
    let_know(office, &paying.officer, child, approver)
        .await
        .unwrap();
    paying
        .step(&paying.approver, id, BatchAct::Approve)
        .await
        .unwrap();
    for persona in [
        Persona::JingheSupervisor,
        Persona::CityOfficer,
        Persona::Auditor,
    ] {
        let token = office.sign_in(persona).await;
        assert!(!sees(office, &token, id).await, "{persona:?}");
    }

    assert_neutral(&paying, id, child).await;
    paying
        .step(&paying.finance, id, BatchAct::Release)
        .await
        .unwrap();
    assert!(matches!(sealed_file(&paying).await, Err(PayError::Nothing)));
    paying
        .account(AccountOf::Child(child), "6000000000000007")
        .await;
    let open_file = paying.make(&paying.finance, "general_csv").await;
    assert!(matches!(open_file, Err(PayError::Nothing)), "{open_file:?}");
    let file = sealed_file(&paying).await.unwrap();
    let line = ("6000000000000007".to_owned(), "1400.00".to_owned());
    assert_eq!(paying.lines(file).await, [line]);
    let answer = paying.answer(file, &[]).await;
    paying.enter(file, &answer).await.unwrap();
    for act in [BatchAct::Settle, BatchAct::Close] {
        paying.step(&paying.finance, id, act).await.unwrap();
    }
    let mut work = paying.work(&paying.finance).await;
    let money = reconcile(&mut work, id).await.unwrap().money;
    assert_eq!(money.paid.amount, Money::from_yuan(1400));
    drop(work);
    paying.office.close().await;
}

#[tokio::test]
async fn a_colleague_prepares_the_sealed_batch_once_he_knows_every_child_of_it() {
    let office = found().await;
    let officer = office.sign_in(OFFICER).await;
    let colleague = office.sign_in(COLLEAGUE).await;
    let whom = office.officer_of(COLLEAGUE).await;
    let first = sealed(&office, "虚构密").await;
    let second = sealed(&office, "虚构秘").await;
    for child in [first, second] {
        let hidden = prepared(&office, &colleague, "2021-01").await;
        assert!(matches!(hidden, Err(MonthError::Hidden)), "{hidden:?}");
        let_know(&office, &officer, child, whom).await.unwrap();
    }
    let id = prepared(&office, &colleague, "2021-01").await.unwrap();
    assert!(sees(&office, &officer, id).await);

    // One more of whom he was not told, and he knows of no sealed batch again.
    let third = sealed(&office, "虚构蜜").await;
    assert!(!sees(&office, &colleague, id).await);
    let_know(&office, &officer, third, whom).await.unwrap();
    assert!(sees(&office, &colleague, id).await);
    office.close().await;
}

#[tokio::test]
async fn nobody_confides_what_is_not_his_to_confide_and_twice_is_written_once() {
    let office = found().await;
    let child = sealed(&office, "虚构密").await;
    let plain = testkit::builders::Child::named("虚构明", JINGHE_VILLAGE);
    let plain = office.register(OFFICER, &[plain]).await[0];
    let officer = office.sign_in(OFFICER).await;
    let [me, colleague, supervisor, neighbour] = [
        office.officer_of(OFFICER).await,
        office.officer_of(COLLEAGUE).await,
        office.officer_of(Persona::JingheSupervisor).await,
        office.officer_of(Persona::ShantingOfficer).await,
    ];
    for persona in [COLLEAGUE, Persona::ShantingOfficer, Persona::CityOfficer] {
        let token = office.sign_in(persona).await;
        let unknown = let_know(&office, &token, child, colleague).await;
        assert!(matches!(unknown, Err(CaseError::NotFound)), "{persona:?}");
    }
    let not_a_colleague = |told: Result<(), CaseError>| {
        matches!(told, Err(CaseError::Hindered(Hindrance::NotAColleague)))
    };
    for whom in [supervisor, neighbour] {
        assert!(not_a_colleague(
            let_know(&office, &officer, child, whom).await
        ));
    }
    assert!(not_a_colleague(
        let_know(&office, &officer, plain, colleague).await
    ));
    for whom in [me, colleague, colleague] {
        let_know(&office, &officer, child, whom).await.unwrap();
    }
    let mut work = office.work(COLLEAGUE).await;
    let named = open(&mut work, child).await.unwrap().named;
    assert_eq!(named.len(), 2);
    assert!(open(&mut work, plain).await.unwrap().named.is_empty());
    drop(work);
    assert_eq!(
        office.journal_of(child.uuid()).await,
        [
            "registry.child_registered",
            "registry.file_refused (refused)",
            "registry.file_refused (refused)",
            "registry.file_refused (refused)",
            "registry.file_confided",
        ]
    );
    office.close().await;
}
