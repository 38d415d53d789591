//! A month's run through kills of the program that serves the office: what the next one completes is there once.

use std::collections::BTreeMap;

use app::allowances::record_fact;
use domain::allowances::{Digest, Due, Fact, History, Known, Payee, due};
use jiff::ToSpan;
use jiff::civil::date;
use kernel::category::Category::{
    DeFactoUnattended, InstitutionOrphan, KeyHardship, ScatteredOrphan,
};
use kernel::clock::{Clock, SystemClock};
use kernel::ids::ChildId;
use kernel::money::Money;
use kernel::month::Month;
use policy::Rulebook;
use policy::allowance::KnownRules;
use serde_json::json;
use store::allowances::AllowanceFact;
use store::cluster::Place;
use testkit::Office;
use testkit::between::{Between, Cut};
use testkit::builders::Child;
use testkit::office::{JINGHE_VILLAGE, Persona, division};

use crate::folder::Folder;
use crate::served::{Served, Told};

const OFFICER: Persona = Persona::TengzhouOfficer;
const CHILDREN: usize = 200;
/// Of the statements of a run every so many is the program's last.
const EVERY: usize = 5;
/// With the one begins what a run asks of its database, with the other it ends.
const RUN: (&str, &str) = ("auth.hold_months", "COMMIT");

/// An office whose database is reached through a place between, and what is on record as the test knows it.
struct Scene {
    office: Office,
    between: Between,
    folder: Folder,
    cookie: String,
    children: Vec<ChildId>,
    histories: Vec<History>,
    first: Month,
    month: Month,
}

impl Scene {
    async fn set() -> Self {
        let office = Office::found().await;
        // What is on record was known the day before, on the machine's own clock.
        let yesterday = SystemClock.today().saturating_sub(1.day());
        office.clock.set_day(yesterday);
        let classes = [
            InstitutionOrphan,
            ScatteredOrphan,
            DeFactoUnattended,
            KeyHardship,
        ];
        let (born, on) = (date(2020, 6, 5), date(2021, 11, 10));
        let at = office.clock.now();
        let of = |number: usize| {
            let class = classes[number % classes.len()];
            let child = Child::named("虚构", JINGHE_VILLAGE)
                .born(born)
                .status(class, on);
            let fact = Fact::Recognised { class, on };
            let facts = vec![Known { at, fact }];
            let place = division(JINGHE_VILLAGE);
            (child, History { place, born, facts })
        };
        let (children, histories): (Vec<_>, Vec<_>) = (0..CHILDREN).map(of).unzip();
        let children = office.register(OFFICER, &children).await;
        let token = office.sign_in(OFFICER).await;
        let between = Between::stand(office.database.app_options()).await;
        between.count_between(RUN.0, RUN.1);
        let folder = Folder::new();
        let keys = Place::at(folder.data()).unwrap().key_file();
        Office::put_keys(&keys);
        let first: Month = "2022-01".parse().unwrap();
        Self {
            office,
            between,
            folder,
            cookie: format!("__Host-hutong={}", token.cookie_text()),
            children,
            histories,
            first,
            month: first.prev(),
        }
    }

    fn serve(&self) -> Served {
        let (app, owner) = (self.between.url(), self.office.database.owner_url());
        let variables = [("DATABASE_URL", &*app), ("HUTONG_OWNER_URL", &*owner)];
        Served::over_tls_with(&self.folder, &[], &variables)
    }

    /// Has the month prepared; nothing where the program ended in the middle.
    fn prepare(&self, served: &Served) -> Option<Told> {
        let begins = (self.month == self.first).then_some(self.first);
        let order = json!({ "month": self.month, "begins": begins }).to_string();
        let line = "POST /api/allowances/batches";
        served.try_send(line, &self.cookie, "application/json", order.as_bytes())
    }

    /// A month goes by, and the office learns of a benefit that a child has drawn for two months.
    async fn month_goes_by(&mut self) {
        self.month = self.month.next();
        let number = usize::try_from(self.month.since(self.first)).unwrap() * 7 % CHILDREN;
        let (benefit, from) = ("minimum_living", self.month.plus(-2));
        let monthly = Money::from_yuan(i32::from(self.month.month()) * 10);
        let recorded = AllowanceFact::Benefit {
            benefit: benefit.into(),
            monthly,
            from,
            to: None,
        };
        let mut work = self.office.work(OFFICER).await;
        let child = self.children[number];
        record_fact(&mut work, child, &recorded).await.unwrap();
        let at = work.now();
        work.commit().await.unwrap();
        let fact = Fact::Benefit {
            benefit: benefit.into(),
            monthly,
            from,
            to: None,
        };
        self.histories[number].facts.push(Known { at, fact });
    }

    /// How many statements a run has.
    async fn undisturbed(&mut self) -> usize {
        self.month_goes_by().await;
        let served = self.serve();
        self.between.let_pass();
        self.prepare(&served).unwrap().with(201);
        let statements = self.between.seen();
        self.sound(served, "undisturbed").await;
        statements
    }

    /// A program is killed at this statement of a run; the next one makes it again.
    async fn killed(&mut self, number: usize, cut: Cut) {
        let what = format!("killed {cut:?} statement {number}");
        self.month_goes_by().await;
        let served = self.serve();
        let process = served.process();
        self.between
            .slay(number, cut, move || testkit::database::kill(process));
        assert!(self.prepare(&served).is_none(), "{what}");
        self.between.let_pass();
        served.log();
        let served = self.serve();
        self.prepare(&served).unwrap().with(201);
        self.sound(served, &what).await;
    }

    /// Every month of every child: what is due, and nothing else, once; nothing left over, and the digests agree.
    async fn sound(&self, served: Served, what: &str) {
        let database = &self.office.database;
        let sums = database.sums_of_lines().await;
        assert_eq!(sums, self.due(), "{what}");
        assert_eq!(database.doubled_lines().await, 0, "{what}");
        assert_eq!(database.left_over().await, 0, "{what}");
        let digest = Digest::through(self.month);
        let of = |((child, payee, month), fen): (&(ChildId, i16, String), &i64)| {
            let (month, payee) = (
                month.parse().unwrap(),
                [Payee::Guardian, Payee::Home][usize::try_from(*payee).unwrap()],
            );
            digest.of(
                child.uuid().as_u128(),
                payee,
                month,
                month,
                Money::from_fen(*fen),
            )
        };
        let of_lines = sums.iter().map(of).fold(0, u64::wrapping_add);
        assert_eq!(database.digest_of_last_batch().await, of_lines, "{what}");
        // Levels that do not add up to that are found by the next run, which says so.
        let log = served.log();
        assert!(
            !log.iter().any(|line| line.contains("add up")),
            "{what}: {log:?}"
        );
    }

    fn due(&self) -> BTreeMap<(ChildId, i16, String), i64> {
        let rules = Rulebook::builtin().allowances();
        let known = KnownRules::of(rules, self.office.clock.now());
        let mut all = BTreeMap::new();
        for (child, history) in self.children.iter().zip(&self.histories) {
            let mut month = self.first;
            while month <= self.month {
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_killed_within_a_run_leaves_a_month_that_the_next_one_completes() {
    let mut scene = Scene::set().await;
    // The first run of an office begins its series besides.
    scene.undisturbed().await;
    let statements = scene.undisturbed().await;
    assert!(statements > 20, "{statements}");
    for number in (0..statements).step_by(EVERY) {
        scene.killed(number, Cut::Before).await;
    }
    // The commit: the server never hears of it, or nobody hears its answer.
    scene.killed(statements - 1, Cut::Before).await;
    scene.killed(statements - 1, Cut::After).await;
    println!("{statements} statements");
    scene.office.close().await;
}
