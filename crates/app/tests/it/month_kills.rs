//! The month through kills of program and PostgreSQL at every statement, four programs at once, and runs of two months at
//! once: the same lines, once.

use std::collections::BTreeMap;

use app::allowances::{MonthError, MonthOrder, PreparedMonth, prepare_and_commit};
use domain::allowances::{Due, Fact, History, Known, Payee, due};
use jiff::civil::{Date, date};
use kernel::category::Category::{
    DeFactoUnattended, InstitutionOrphan, KeyHardship, ScatteredOrphan,
};
use kernel::ids::{AllowanceFactId, ChildId};
use kernel::money::Money;
use kernel::month::Month;
use policy::allowance::{AllowanceRules, KnownRules};
use store::allowances::{AllowanceFact, FactRecorded};
use store::registry::files;
use store::session::SessionToken;
use testkit::between::{Between, Cut};
use testkit::builders::Child;
use testkit::office::{JINGHE_VILLAGE, Persona, division};
use testkit::{Office, TestDatabase};

use crate::month_scene::{month, rules};

const OFFICER: Persona = Persona::TengzhouOfficer;
const CHILDREN: usize = 200;

/// An office with children, and what is on record about them as the test knows it.
struct Scene {
    office: Office,
    token: SessionToken,
    rules: AllowanceRules,
    children: Vec<ChildId>,
    histories: Vec<History>,
    pay_month: Month,
}

impl Scene {
    async fn set(database: TestDatabase) -> Self {
        let office = Office::found_in(database, store::installation::Kind::Office).await;
        let classes = [
            InstitutionOrphan,
            ScatteredOrphan,
            DeFactoUnattended,
            KeyHardship,
        ];
        let on = date(2020, 12, 10);
        let born = date(2020, 6, 5);
        let of = |number: usize| {
            let class = classes[number % classes.len()];
            let child = Child::named("虚构", JINGHE_VILLAGE)
                .born(born)
                .status(class, on);
            let recognised = Known {
                at: "2020-12-10T00:00:00Z".parse().unwrap(),
                fact: Fact::Recognised { class, on },
            };
            (
                child,
                History {
                    place: division(JINGHE_VILLAGE),
                    born,
                    facts: vec![recognised],
                },
            )
        };
        let (children, histories): (Vec<_>, Vec<_>) = (0..CHILDREN).map(of).unzip();
        office.clock.set_day(date(2020, 12, 11));
        let children = office.register(OFFICER, &children).await;
        let token = office.sign_in(OFFICER).await;
        Self {
            office,
            token,
            rules: rules(),
            children,
            histories,
            pay_month: month("2021-02"),
        }
    }

    fn order(&self, month: Month) -> MonthOrder {
        let begins = (month == self::month("2021-03")).then_some(self::month("2021-01"));
        MonthOrder {
            month,
            sealed: false,
            begins,
        }
    }

    /// A month goes by, and the office learns of a benefit that a child has drawn for two months.
    async fn month_goes_by(&mut self) {
        self.pay_month = self.pay_month.next();
        let day: Date = self.pay_month.first().with().day(20).build().unwrap();
        self.office.clock.set_day(day);
        let number = usize::try_from(self.pay_month.since(Month::MIN)).unwrap() * 7 % CHILDREN;
        let (monthly, from) = (
            Money::from_yuan(i32::from(self.pay_month.month()) * 10),
            self.pay_month.plus(-2),
        );
        let fact = AllowanceFact::Benefit {
            benefit: "minimum_living".into(),
            monthly,
            from,
            to: None,
        };
        let mut work = self.office.work(OFFICER).await;
        let file = files(&mut work, &[self.children[number]])
            .await
            .unwrap()
            .pop()
            .unwrap();
        let id = AllowanceFactId::generate(work.now(), self.office.store.entropy());
        work.apply(&FactRecorded {
            id,
            file: &file,
            fact: &fact,
        })
        .await
        .unwrap();
        let at = work.now();
        work.commit().await.unwrap();
        let fact = Fact::Benefit {
            benefit: "minimum_living".into(),
            monthly,
            from,
            to: None,
        };
        self.histories[number].facts.push(Known { at, fact });
    }

    /// A program that starts and runs the month.
    async fn run(&self, between: &Between, month: Month) -> Result<PreparedMonth, MonthError> {
        let store = self.office.store_over(between.pool());
        prepare_and_commit(&store, &self.token, &self.rules, "试验", self.order(month)).await
    }

    /// A month's run whose program is killed at this statement, and then made again; whether there were so many.
    async fn is_killed(&mut self, between: &Between, number: usize, cut: Cut) -> bool {
        self.month_goes_by().await;
        let month = self.pay_month;
        between.kill_program(number, cut);
        let alive = tokio::select! {
            biased;
            () = between.death() => None,
            prepared = self.run(between, month) => Some(prepared.unwrap()),
        };
        between.let_pass();
        if let Some(prepared) = &alive {
            assert!(prepared.is_new, "statement {number}");
            return false;
        }
        let resumed = self.run(between, month).await.unwrap();
        assert!(
            !resumed.from_lines,
            "the levels add up, killed {cut:?} statement {number}"
        );
        self.holds_of_late(&format!("killed {cut:?} statement {number}"))
            .await;
        true
    }

    /// A month's run whose server is killed at this statement, and which waits for it; whether there were so many.
    async fn is_struck(&mut self, between: &Between, number: usize, cut: Cut) -> bool {
        self.month_goes_by().await;
        let victim = self.office.database.vital_process();
        between.strike(number, cut, move || testkit::database::kill(victim));
        let prepared = self.run(between, self.pay_month).await.unwrap();
        let was_struck = between.has_struck();
        between.let_pass();
        assert!(
            !prepared.from_lines,
            "the levels add up, struck {cut:?} statement {number}"
        );
        if was_struck {
            self.office.database.is_back_without(victim).await;
        }
        self.holds_of_late(&format!("struck {cut:?} statement {number}"))
            .await;
        was_struck
    }

    /// Every month of every child: what is due, and nothing else, once; nothing left over.
    async fn holds(&self, what: &str) {
        self.holds_since(month("2021-01"), what).await;
    }

    /// The same for the months that the last runs could touch.
    async fn holds_of_late(&self, what: &str) {
        self.holds_since(self.pay_month.plus(-4), what).await;
    }

    async fn holds_since(&self, first: Month, what: &str) {
        let sums = self.office.database.sums_of_lines_since(first).await;
        assert_eq!(sums, self.due(first), "{what}");
        assert_eq!(self.office.database.doubled_lines().await, 0, "{what}");
        assert_eq!(self.office.database.left_over().await, 0, "{what}");
    }

    fn due(&self, first: Month) -> BTreeMap<(ChildId, i16, String), i64> {
        let known = KnownRules::of(&self.rules, self.office.store.clock().now());
        let mut all = BTreeMap::new();
        for (child, history) in self.children.iter().zip(&self.histories) {
            let mut month = first.max(month("2021-01"));
            while month <= self.pay_month {
                if let Due::Amount { class, amount, .. } = due(history, &known, month)
                    && amount != Money::ZERO
                {
                    let payee = i16::from(Payee::of(class) == Payee::Home);
                    all.insert((*child, payee, month.to_string()), amount.fen());
                }
                month = month.next();
            }
        }
        all
    }
}

#[tokio::test]
async fn a_program_killed_at_any_statement_leaves_a_month_that_the_next_run_completes() {
    let mut scene = Scene::set(TestDatabase::new().await).await;
    let between = Between::stand(scene.office.database.app_options()).await;
    // What the server has done before a statement that never comes is what it has done when nobody hears the answer to
    // the one before; so only the last few, the commit among them, are cut off behind as well.
    let mut killed = 0;
    while scene.is_killed(&between, killed, Cut::Before).await {
        killed += 1;
    }
    assert!(killed > 30, "{killed}");
    for last in 1..=4 {
        assert!(scene.is_killed(&between, killed - last, Cut::After).await);
    }
    println!("killed {killed} times");
    scene.holds("in the end").await;
    scene.office.close().await;
}

#[tokio::test]
async fn a_postgresql_killed_at_any_statement_is_waited_for() {
    let mut scene = Scene::set(TestDatabase::private().await).await;
    let between = Between::stand(scene.office.database.app_options()).await;
    let mut struck = 0;
    while scene.is_struck(&between, struck, Cut::Before).await {
        struck += 1;
    }
    assert!(struck > 30, "{struck}");
    for last in 1..=3 {
        assert!(scene.is_struck(&between, struck - last, Cut::After).await);
    }
    scene.holds("in the end").await;
    let leaked = scene.office.database.leaked_files().await;
    println!("struck {struck} times; {leaked:?}");
    assert!(
        leaked.files > 0,
        "what crashes left of uncommitted tables is found"
    );
    scene.office.close().await;
}

#[tokio::test]
async fn four_programs_at_once_and_two_months_at_once_pay_nobody_twice() {
    let mut scene = Scene::set(TestDatabase::new().await).await;
    let between = Between::stand(scene.office.database.app_options()).await;
    for _ in 0..3 {
        scene.month_goes_by().await;
        let month = scene.pay_month;
        let (one, two, three, four) = tokio::join!(
            scene.run(&between, month),
            scene.run(&between, month),
            scene.run(&between, month),
            scene.run(&between, month)
        );
        let all = [one, two, three, four].map(Result::unwrap);
        assert_eq!(all.iter().filter(|prepared| prepared.is_new).count(), 1);
        assert!(all.iter().all(|prepared| prepared.batch == all[0].batch));
        scene.holds("four at once").await;
    }
    for _ in 0..3 {
        scene.month_goes_by().await;
        scene.month_goes_by().await;
        let (earlier, later) = (scene.pay_month.prev(), scene.pay_month);
        let (earlier, later) =
            tokio::join!(scene.run(&between, earlier), scene.run(&between, later));
        assert!(later.unwrap().is_new);
        // Where the later month came first, the earlier one is over, and its money came with the later.
        assert!(matches!(earlier, Ok(_) | Err(MonthError::Follows(_))));
        scene.holds("two months at once").await;
    }
    scene.office.close().await;
}
