//! An office of December 2020 with the rates of two years, and a month prepared in it.

use app::allowances::{MonthError, MonthOrder, PreparedMonth, prepare_and_commit};
use jiff::civil::{Date, date};
use kernel::category::Category::{
    self, AidsAffected, DeFactoUnattended, InstitutionOrphan, KeyHardship, ScatteredOrphan,
};
use kernel::ids::ChildId;
use kernel::month::Month;
use policy::Rulebook;
use policy::allowance::AllowanceRules;
use store::session::SessionToken;
use testkit::Office;
use testkit::builders::Child;

/// The rates of 2020 and those of 2021, announced at the end of August 2021 and in force since January.
const RATES: [(Category, u32, u32); 5] = [
    (InstitutionOrphan, 1760, 2000),
    (ScatteredOrphan, 1400, 1600),
    (AidsAffected, 1400, 1600),
    (DeFactoUnattended, 1400, 1600),
    (KeyHardship, 980, 1100),
];

pub(super) fn rules() -> AllowanceRules {
    let rows = RATES.map(|(class, old, new)| {
        format!(
            r#"
            [[allowance_rate]]
            class = "{class}"
            place = "3704"
            monthly = "{old}.00"
            from = 2020-01-01
            cite = "2020年标准"
            verified = false
            [[allowance_rate]]
            class = "{class}"
            place = "3704"
            monthly = "{new}.00"
            from = 2021-01-01
            announced = 2021-08-25T09:00:00+08:00
            cite = "《关于提高困难群众救助保障水平的通知》"
            verified = false
            [[allowance_class]]
            class = "{class}"
            start_months_after = 1
            deducts = ["minimum_living"]
            study_extends = true
            from = 2011-01-01
            cite = "国办发〔2010〕54号"
            verified = false"#
        )
    });
    let share = r#"
        [[recovery_share]]
        percent = 100
        from = 2011-01-01
        cite = "暂定"
        verified = false"#;
    Rulebook::parse(&(rows.join("\n") + share))
        .unwrap()
        .allowances()
        .clone()
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
    let Month { .. } = order.month;
    let day = order.month.first().with().day(20).build().unwrap();
    office.clock.set_day(day);
    prepare_and_commit(&office.store, token, &rules(), "试验", order).await
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
