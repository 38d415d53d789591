//! Whatever an office learns and whenever it runs, the lines of every month add up to what is due for it.

use std::collections::BTreeMap;

use app::allowances::{MonthError, MonthOrder, WhatIfOrder, prepare_and_commit, what_if_by};
use domain::allowances::{Due, Fact, History, Known, Payee, Proposal, WhatIf, due};
use jiff::civil::{Date, date};
use jiff::{Timestamp, ToSpan};
use kernel::category::Category::{
    self, DeFactoUnattended, InstitutionOrphan, KeyHardship, ScatteredOrphan,
};
use kernel::clock::{Entropy, SeededEntropy, start_of};
use kernel::ids::{AllowanceFactId, ChildId, SpanId};
use kernel::money::Money;
use kernel::month::Month;
use policy::allowance::{AllowanceRules, KnownRules, Rate};
use store::allowances::{AllowanceFact, FactRecorded};
use store::registry::{Span, SpanEnded, SpanEntered, files};
use testkit::Office;
use testkit::builders::Child;
use testkit::office::{JINGHE, JINGHE_VILLAGE, LONGQUAN_VILLAGE, Persona, TENGZHOU, division};

use crate::month_scene::{self, month};

const OFFICER: Persona = Persona::TengzhouOfficer;
const CHILDREN: usize = 40;
const CLASSES: [Category; 4] = [
    InstitutionOrphan,
    ScatteredOrphan,
    DeFactoUnattended,
    KeyHardship,
];

/// The rates of the city, and more than they for scattered orphans of one town.
fn rules() -> AllowanceRules {
    month_scene::rules().with_rates([Rate {
        class: ScatteredOrphan,
        place: division(JINGHE),
        monthly: Money::from_yuan(1900),
        from: date(2021, 1, 1),
        until: None,
        announced: start_of(date(2020, 12, 1)),
        cite: "试验".into(),
        verified: false,
    }])
}

struct Chance(SeededEntropy);

impl Chance {
    fn below(&self, bound: u8) -> u8 {
        let mut byte = [0];
        self.0.fill(&mut byte);
        byte[0] % bound
    }

    fn month(&self, by: Month) -> Month {
        by.plus(1 - i32::from(self.below(6)))
    }

    fn end(&self, from: Month) -> Option<Month> {
        (self.below(2) == 0).then(|| from.plus(i32::from(self.below(5))))
    }
}

/// A child as the test knows it: its facts, its statuses with when they and their ends became known, and which is open.
struct Told {
    child: ChildId,
    history: History,
    statuses: Vec<(Span, Timestamp, Option<Timestamp>)>,
    open: Option<Span>,
    /// Where its household is.
    village: i64,
}

impl Told {
    /// The office learns something about the child, and so does the test.
    async fn learn(&mut self, office: &Office, chance: &Chance) {
        let today = office.store.clock().today();
        let by = Month::of(today);
        let (from, back) = (chance.month(by), i32::from(chance.below(70)));
        match (chance.below(8), self.open) {
            (0 | 1, Some(span)) => {
                let to = today.checked_sub(back.days()).unwrap().max(span.from);
                self.end(office, span, to).await;
            }
            (0..=2, None) => self.open(office, chance, today).await,
            (3, _) => {
                let fact = AllowanceFact::Benefit {
                    benefit: "minimum_living".into(),
                    monthly: Money::from_yuan(i32::from(chance.below(3)) * 300),
                    from,
                    to: chance.end(from),
                };
                self.record(office, fact).await;
            }
            (4, _) => {
                let to = Some(from.plus(i32::from(chance.below(3))));
                self.record(office, AllowanceFact::Suspended { from, to })
                    .await;
            }
            (5, _) => {
                self.record(
                    office,
                    AllowanceFact::Study {
                        from,
                        to: chance.end(from),
                    },
                )
                .await
            }
            (6, _) => {
                // To the town that pays more or back, and now and then both on one day.
                for _ in 0..=chance.below(2) {
                    self.move_house(office, today).await;
                }
            }
            _ => {}
        }
    }

    async fn move_house(&mut self, office: &Office, on: Date) {
        self.village = match self.village {
            JINGHE_VILLAGE => LONGQUAN_VILLAGE,
            _ => JINGHE_VILLAGE,
        };
        let moved = office.database.move_household(self.child, self.village, on);
        moved.await;
        let place = division(self.village);
        self.history.facts.push(Known {
            at: Timestamp::MIN,
            fact: Fact::Moved { place, on },
        });
    }

    async fn open(&mut self, office: &Office, chance: &Chance, today: Date) {
        // Never before an earlier status ended: no two of a group on one day.
        let ends = self.statuses.iter().filter_map(|(span, ..)| span.to);
        let earliest = ends.max().unwrap_or(date(2021, 1, 1));
        let back = i32::from(chance.below(40));
        let from = today.checked_sub(back.days()).unwrap().max(earliest);
        let class = CLASSES[usize::from(chance.below(4))];
        let mut work = office.work(OFFICER).await;
        let file = files(&mut work, &[self.child])
            .await
            .unwrap()
            .pop()
            .unwrap();
        let id = SpanId::generate(work.now(), office.store.entropy());
        let span = Span {
            id,
            category: class,
            from,
            to: None,
        };
        work.apply(&SpanEntered { file: &file, span })
            .await
            .unwrap();
        let at = work.now();
        work.commit().await.unwrap();
        self.open = Some(span);
        self.statuses.push((span, at, None));
    }

    async fn end(&mut self, office: &Office, span: Span, to: Date) {
        let mut work = office.work(OFFICER).await;
        let file = files(&mut work, &[self.child])
            .await
            .unwrap()
            .pop()
            .unwrap();
        work.apply(&SpanEnded {
            file: &file,
            span,
            to,
        })
        .await
        .unwrap();
        let at = work.now();
        work.commit().await.unwrap();
        self.open = None;
        if let Some((last, _, end)) = self.statuses.last_mut() {
            (last.to, *end) = (Some(to), Some(at));
        }
    }

    /// The whole history: a status that held is a recognition, and where none follows at once, a stop.
    fn whole(&self) -> History {
        let mut history = self.history.clone();
        let held = || {
            let all = self.statuses.iter();
            all.filter(|(span, ..)| span.to != Some(span.from))
        };
        for (span, at, end) in held() {
            let (class, on) = (span.category, span.from);
            let fact = Fact::Recognised { class, on };
            history.facts.push(Known { at: *at, fact });
            if let (Some(on), Some(at)) = (span.to, *end)
                && !held().any(|(next, ..)| next.from == on)
            {
                let reason = "ended".into();
                let fact = Fact::Stopped { on, reason };
                history.facts.push(Known { at, fact });
            }
        }
        history
    }

    async fn record(&mut self, office: &Office, recorded: AllowanceFact) {
        let mut work = office.work(OFFICER).await;
        let file = files(&mut work, &[self.child])
            .await
            .unwrap()
            .pop()
            .unwrap();
        let id = AllowanceFactId::generate(work.now(), office.store.entropy());
        work.apply(&FactRecorded {
            id,
            file: &file,
            fact: &recorded,
        })
        .await
        .unwrap();
        let at = work.now();
        work.commit().await.unwrap();
        let fact = match recorded {
            AllowanceFact::Benefit {
                benefit,
                monthly,
                from,
                to,
            } => Fact::Benefit {
                benefit: benefit.into(),
                monthly,
                from,
                to,
            },
            AllowanceFact::Study { from, to } => Fact::Study { from, to },
            AllowanceFact::Suspended { from, to } => Fact::Suspended { from, to },
            AllowanceFact::Stopped { on, reason } => Fact::Stopped {
                on,
                reason: reason.into(),
            },
            AllowanceFact::Revoked { of, on } => Fact::Revoked { of, on },
            AllowanceFact::Moved { to, on, .. } => Fact::Moved { place: to, on },
        };
        self.history.facts.push(Known { at, fact });
    }

    /// Whether a month lies in a suspension that is not over by the pay month: of those with one first month the one known
    /// last counts.
    fn is_withheld(&self, month: Month, pay_month: Month) -> bool {
        let mut suspensions = BTreeMap::new();
        for known in &self.history.facts {
            if let Fact::Suspended { from, to } = known.fact {
                suspensions.insert(from, to.unwrap_or(Month::MAX));
            }
        }
        let covers =
            |(from, to): (&Month, &Month)| *from <= month && month <= *to && pay_month <= *to;
        suspensions.iter().any(covers)
    }
}

/// Children about whom nothing is told yet.
async fn strangers(office: &Office) -> Vec<Told> {
    // Some come of age on the way.
    let births: Vec<Date> = (0..CHILDREN)
        .map(|number| match number % 8 {
            0 => date(2003, 5, 20),
            _ => date(2012, 6, 5),
        })
        .collect();
    let children: Vec<Child> = births
        .iter()
        .map(|born| Child::named("虚构", JINGHE_VILLAGE).born(*born))
        .collect();
    let ids = office.register(OFFICER, &children).await;
    ids.iter()
        .zip(births)
        .map(|(child, born)| Told {
            child: *child,
            history: History {
                place: division(JINGHE_VILLAGE),
                born,
                facts: Vec::new(),
            },
            statuses: Vec::new(),
            open: None,
            village: JINGHE_VILLAGE,
        })
        .collect()
}

/// A year of news and runs; answers the last pay month.
async fn run_a_year(office: &Office, chance: &Chance, told: &mut [Told], seed: u64) -> Month {
    let (token, rules) = (office.sign_in(OFFICER).await, rules());
    let mut begins = Some(month("2021-01"));
    let mut pay_month = month("2021-01");
    let mut last = None;
    while pay_month <= month("2021-11") {
        for day in [3, 12, 19] {
            office
                .clock
                .set_day(pay_month.first().with().day(day).build().unwrap());
            for child in told.iter_mut() {
                if chance.below(3) == 0 {
                    child.learn(office, chance).await;
                }
            }
        }
        office
            .clock
            .set_day(pay_month.first().with().day(20).build().unwrap());
        let order = MonthOrder {
            month: pay_month,
            sealed: false,
            begins,
        };
        match prepare_and_commit(&office.store, &token, &rules, "试验", order).await {
            Ok(prepared) => {
                assert!(
                    prepared.is_new && !prepared.from_lines,
                    "seed {seed}, {pay_month}"
                );
                (begins, last) = (None, Some(pay_month));
            }
            Err(MonthError::Nobody) => {}
            Err(error) => panic!("seed {seed}, {pay_month}: {error}"),
        }
        // Now and then a month is left out.
        pay_month = pay_month.plus(1 + i32::from(chance.below(4) == 0));
    }
    last.expect("somebody was paid")
}

async fn scene(seed: u64) {
    let office = Office::found().await;
    office.clock.set_day(date(2020, 12, 11));
    let chance = Chance(SeededEntropy::new(seed));
    let mut told = strangers(&office).await;
    let last = run_a_year(&office, &chance, &mut told, seed).await;
    // The last run went by what was known then, and so does the test.
    office
        .clock
        .set_day(last.first().with().day(20).build().unwrap());
    let rules = rules();
    let known = KnownRules::of(&rules, office.store.clock().now());
    let sums = office.database.sums_of_lines().await;
    let mut compared = 0;
    for child in &told {
        let history = child.whole();
        let mut of_month = month("2021-01");
        while of_month <= last {
            if !child.is_withheld(of_month, last) {
                let due = due(&history, &known, of_month);
                for (payee, code) in [(Payee::Guardian, 0), (Payee::Home, 1)] {
                    let expected = due.to(payee).fen();
                    let key = (child.child, code, of_month.to_string());
                    let found = sums.get(&key).copied().unwrap_or_default();
                    assert!(!matches!(due, Due::NoRate(_)));
                    assert_eq!(found, expected, "seed {seed}, {of_month}: {:#?}", history);
                    compared += usize::from(expected > 0);
                }
            }
            of_month = of_month.next();
        }
    }
    assert!(compared > 20, "seed {seed}: {compared}");
    tries_out_as_child_by_child(&office, &told, seed).await;
    office.close().await;
}

/// What rates would bring is the same from children alike told together as from each by itself, to the fen.
async fn tries_out_as_child_by_child(office: &Office, told: &[Told], seed: u64) {
    office.clock.set_day(date(2021, 12, 20));
    let rules = rules();
    let rates = [(ScatteredOrphan, 1777), (KeyHardship, 1333)];
    let rates = rates.map(|(class, yuan)| (class, Money::from_yuan(yuan)));
    for from in ["2021-03", "2021-08", "2022-02"].map(month) {
        let order = WhatIfOrder {
            place: division(TENGZHOU),
            from,
            rates: rates.to_vec(),
        };
        let mut work = office.work(OFFICER).await;
        let weighed = what_if_by(&mut work, &rules, &order).await.unwrap();
        let known_at = work.now();
        drop(work);
        let then = rules.with_rates(rates.map(|(class, monthly)| Rate {
            class,
            place: order.place,
            monthly,
            from: from.first(),
            until: None,
            announced: known_at,
            cite: String::new(),
            verified: false,
        }));
        let proposal = Proposal::new(&rules, &then, weighed.pay_month, known_at);
        let mut one_by_one = WhatIf::new(&proposal);
        for child in told {
            let since = month("2021-01");
            one_by_one.child_since(&child.whole(), since).unwrap();
        }
        let alone = one_by_one.effect();
        assert_eq!(weighed.effect, *alone, "seed {seed}, from {from}");
        assert!(alone.heads > 0 && alone.outlook.heads > alone.heads / 2);
    }
}

#[tokio::test]
async fn incremental_runs_end_where_what_is_due_says() {
    for seed in 0..4 {
        scene(seed).await;
    }
}
