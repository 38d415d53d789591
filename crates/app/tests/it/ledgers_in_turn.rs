//! Ledgers of one county one after another: the newest counts, and what an older one says late undoes nothing.

use app::registry::ImportError;
use jiff::civil::{Date, date};
use kernel::category::Category::{self, ScatteredOrphan};
use kernel::explain::Explain;
use testkit::office::{Persona, TODAY};

use crate::desk::{AUTUMN, Desk, Line, SUMMER, counts, ledger};

const SPRING: Date = date(2021, 4, 30);
const ORPHAN: &str = "社会散居孤儿";
const DE_FACTO: &str = "事实无人抚养儿童";

/// The child with this telephone, in this class.
fn line(phone: &str, class: &'static str) -> [Line; 1] {
    let line = Line::of("虚构甲").id(11).category(class);
    [line.guardian("虚构乙", phone)]
}

/// The telephone on file and the open class with its first day.
async fn on_file(desk: &Desk) -> (String, Category, Date) {
    let file = desk.file("虚构甲").await;
    let [status] = file.statuses[..] else {
        panic!("one class is open: {:?}", file.statuses);
    };
    let phone = file.facts.guardian_phone.unwrap();
    (phone.reveal().to_owned(), status.category, status.from)
}

#[tokio::test]
async fn what_is_said_again_after_something_else_is_news() {
    let desk = Desk::new().await;
    desk.import(&line("13900000001", ORPHAN), SPRING).await;
    desk.import(&line("13900000002", DE_FACTO), SUMMER).await;
    let again = desk.import(&line("13900000001", ORPHAN), AUTUMN).await;
    assert_eq!(counts(&again), [0, 1, 0, 0, 0, 0, 0]);
    let expected = ("13900000001".to_owned(), ScatteredOrphan, AUTUMN);
    assert_eq!(on_file(&desk).await, expected);
    // The same three once more: each is known by its own day.
    for (said, of) in [
        (line("13900000001", ORPHAN), SPRING),
        (line("13900000002", DE_FACTO), SUMMER),
        (line("13900000001", ORPHAN), AUTUMN),
    ] {
        assert_eq!(counts(&desk.import(&said, of).await), [0, 0, 0, 1, 0, 0, 0]);
    }
    assert_eq!(on_file(&desk).await, expected);
    desk.close().await;
}

#[tokio::test]
async fn an_older_ledger_that_comes_late_undoes_nothing() {
    let desk = Desk::new().await;
    desk.import(&line("13900000001", ORPHAN), SPRING).await;
    let same = desk.import(&line("13900000001", ORPHAN), AUTUMN).await;
    assert_eq!(counts(&same), [0, 0, 0, 1, 0, 0, 0]);
    let late = desk.import(&line("13900000002", DE_FACTO), SUMMER).await;
    // That the two disagree about the class is an officer's to settle.
    assert_eq!(counts(&late), [0, 0, 1, 0, 0, 0, 1]);
    assert_eq!(desk.census().await.work_items["category.conflict"], 1);
    let expected = ("13900000001".to_owned(), ScatteredOrphan, SPRING);
    assert_eq!(on_file(&desk).await, expected);
    desk.close().await;
}

/// The list of orphans and that of de facto unattended children are two files of one day, quarter after quarter.
#[tokio::test]
async fn two_ledgers_side_by_side_say_nothing_new_when_they_come_again() {
    let desk = Desk::new().await;
    let lists = ["", "东院"].map(|remark| {
        let line = Line::of("虚构甲").id(11).category("农村留守儿童");
        [line.remark(remark)]
    });
    for list in &lists {
        desk.import(list, SUMMER).await;
    }
    let before = desk.file("虚构甲").await.facts;
    for list in &lists {
        assert_eq!(
            counts(&desk.import(list, AUTUMN).await),
            [0, 0, 0, 1, 0, 0, 0]
        );
    }
    assert_eq!(desk.file("虚构甲").await.facts, before);
    desk.close().await;
}

#[tokio::test]
async fn a_doubt_that_waits_is_not_raised_again() {
    let desk = Desk::new().await;
    let doubtful = |remark| {
        [Line::of("虚构甲")
            .raw_id("370481201206050000")
            .remark(remark)]
    };
    let first = desk.import(&doubtful(""), SUMMER).await;
    assert!(first.work_items > 0);
    let changed = desk.import(&doubtful("东院"), AUTUMN).await;
    assert_eq!((changed.changed, changed.work_items), (1, 0));
    desk.close().await;
}

#[tokio::test]
async fn a_ledger_of_a_day_to_come_is_refused() {
    let desk = Desk::new().await;
    let content = ledger(&line("13900000001", ORPHAN));
    let tomorrow = TODAY.tomorrow().unwrap();
    let refused = desk
        .try_bytes(Persona::TengzhouOfficer, &content, tomorrow)
        .await;
    let Err(error) = refused else {
        panic!("tomorrow's ledger is taken in");
    };
    assert!(matches!(error, ImportError::Day(_)), "{error:?}");
    assert_eq!(error.code(), "registry.days");
    assert_eq!(desk.census().await.count(), 0);
    desk.close().await;
}
