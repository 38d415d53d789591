//! An office of December 2020 with the rates of two years, and a month prepared in it.

use app::allowances::{MonthError, MonthOrder, PreparedMonth, prepare_and_commit};
use jiff::civil::{Date, date};
use kernel::category::Category;
use kernel::ids::{AllowanceFactId, ChildId};
use kernel::month::Month;
use policy::allowance::AllowanceRules;
use store::allowances::{AllowanceFact, FactRecorded};
use store::registry::files;
use store::session::SessionToken;
use testkit::Office;
use testkit::builders::Child;
use testkit::office::Persona;
use testkit::raise::rules_with_the_raise;

/// The rates of 2020 and those of 2021, announced at the end of August 2021 and in force since January.
pub(super) fn rules() -> AllowanceRules {
    rules_with_the_raise()
}

pub(super) fn month(text: &str) -> Month {
    text.parse().unwrap()
}

pub(super) fn order(text: &str) -> MonthOrder {
    MonthOrder {
        month: month(text),
        sealed: false,
        begins: None,
    }
}

/// An office in December 2020.
pub(super) async fn found() -> Office {
    let office = Office::found().await;
    office.clock.set_day(date(2020, 12, 11));
    office
}

pub(super) fn child(name: &str, village: i64, class: Category, from: Date) -> Child {
    Child::named(name, village).status(class, from)
}

/// Prepares on the twentieth of the pay month, as whoever holds the token.
pub(super) async fn run(
    office: &Office,
    token: &SessionToken,
    order: MonthOrder,
) -> Result<PreparedMonth, MonthError> {
    run_by(office, token, &rules(), order).await
}

/// The same by these rules.
pub(super) async fn run_by(
    office: &Office,
    token: &SessionToken,
    rules: &AllowanceRules,
    order: MonthOrder,
) -> Result<PreparedMonth, MonthError> {
    let day = order.month.first().with().day(20).build().unwrap();
    office.clock.set_day(day);
    prepare_and_commit(&office.store, token, rules, "试验", order).await
}

pub(super) async fn yuan(office: &Office, child: ChildId, payee: i16) -> Vec<(String, i64)> {
    let sums = office.database.sums_of_lines().await;
    let of_child = sums
        .into_iter()
        .filter(|((of, to, _), _)| *of == child && *to == payee);
    of_child
        .map(|((.., month), fen)| (month, fen / 100))
        .collect()
}

pub(super) fn months(from: i8, through: i8, yuan: i64) -> Vec<(String, i64)> {
    (from..=through)
        .map(|month| (format!("2021-{month:02}"), yuan))
        .collect()
}

/// The county's officer records a fact.
pub(super) async fn record(office: &Office, child: ChildId, fact: &AllowanceFact) {
    let mut work = office.work(Persona::TengzhouOfficer).await;
    let file = files(&mut work, &[child]).await.unwrap().pop().unwrap();
    let id = AllowanceFactId::generate(work.now(), office.store.entropy());
    work.apply(&FactRecorded {
        id,
        file: &file,
        fact,
    })
    .await
    .unwrap();
    work.commit().await.unwrap();
}
