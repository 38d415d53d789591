//! Searching among many children under row-level security, beside the same statement by the tables' owner.

use std::time::Instant;

use app::demo::{LedgerRow, Ledgers};
use domain::registry::name_keys;
use kernel::division::{Division, Level};
use kernel::gazetteer::Gazetteer;
use kernel::reach::Reach;
use kernel::roles::Role;
use store::bench::{Ground, Office};
use store::cluster::DATABASE;
use store::registry::search;
use store::session::SessionToken;

use super::figure::{Figure, Measured, Target, percentile};
use super::importing::{rules, take_in};
use super::ledgers;
use crate::outcome::Fault;

const MILLISECONDS: Target = Target::Below(30.0);
/// 枣庄市, whose villages the children are spread over.
const CITY: i64 = 370_400_000_000;
/// The county, town and village of the three officers: the largest county, its seat, its first village.
const PLACES: [(Role, i64); 3] = [
    (Role::CountyOfficer, 370_481_000_000),
    (Role::ChildSupervisor, 370_481_001_000),
    (Role::ChildDirector, 370_481_001_001),
];

/// How a reader looks for a child.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Name,
    Surname,
    Pinyin,
    Initials,
    ResidentId,
}

impl Kind {
    const ALL: [Self; 5] = [
        Self::Name,
        Self::Surname,
        Self::Pinyin,
        Self::Initials,
        Self::ResidentId,
    ];

    fn code(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Surname => "surname",
            Self::Pinyin => "pinyin",
            Self::Initials => "initials",
            Self::ResidentId => "resident_id",
        }
    }

    fn zh(self) -> &'static str {
        match self {
            Self::Name => "姓名两三字",
            Self::Surname => "单个姓氏",
            Self::Pinyin => "拼音前缀",
            Self::Initials => "拼音首字母",
            Self::ResidentId => "身份证号",
        }
    }

    fn en(self) -> &'static str {
        match self {
            Self::Name => "2–3 characters",
            Self::Surname => "one surname",
            Self::Pinyin => "pinyin prefix",
            Self::Initials => "initials",
            Self::ResidentId => "resident id",
        }
    }

    /// What a reader would type to find this child; `turn` varies how much of it.
    fn query(self, row: &LedgerRow, turn: usize) -> Option<String> {
        let (name, id) = (&row.cells[1], &row.cells[4]);
        let first = |text: &str, length: usize| text.chars().take(length).collect::<String>();
        let spelled = |from: usize, to: usize| {
            let is_pinyin = |key: &&String| key.is_ascii() && (from..=to).contains(&key.len());
            name_keys(name)
                .iter()
                .filter(is_pinyin)
                .max_by_key(|key| key.len())
                .cloned()
        };
        match self {
            Self::Name => Some(first(name, 2 + turn % 2)),
            Self::Surname => Some(first(name, 1)),
            Self::Pinyin => spelled(5, 40).map(|key| first(&key, 3 + turn % 6)),
            Self::Initials => spelled(2, 3).map(|key| first(&key, 2 + turn % 2)),
            Self::ResidentId => Some(id.clone()),
        }
    }
}

/// Fills the product's database with so many children of the whole city, where they stay, and measures `queries` of each
/// kind for each officer.
pub(super) async fn measure(
    ground: &Ground,
    children: usize,
    queries: usize,
    repetitions: usize,
) -> Result<Vec<Figure>, Fault> {
    let office = ground.office(DATABASE).await?;
    let rows = fill(&office, children).await?;
    ground.settle(&office).await?;
    let mut figures = Vec::new();
    for (role, place) in PLACES {
        let Ok(place) = Division::new(place) else {
            continue;
        };
        let officer = Officer {
            office: &office,
            token: office.session(place, role).await?,
            role,
            reach: Reach::of([place]),
        };
        for kind in Kind::ALL {
            let asked = officer.queries(kind, &rows, queries);
            figures.extend(officer.measure(kind, &asked, repetitions).await?);
        }
    }
    office.close().await;
    figures.extend(slowest(&figures));
    Ok(figures)
}

/// Imports a ledger of every county, each as large as its share of the city's villages.
async fn fill(office: &Office, children: usize) -> Result<Vec<LedgerRow>, Fault> {
    let gazetteer = Gazetteer::builtin();
    let Ok(city) = Division::new(CITY) else {
        return Ok(Vec::new());
    };
    let villages = |place| {
        gazetteer
            .within(place)
            .filter(|entry| entry.level == Level::Village)
            .count()
    };
    let total = villages(city).max(1);
    let mut invented = Ledgers::new(2, gazetteer);
    let mut all = Vec::new();
    for county in gazetteer.children(city) {
        let share = (children * villages(county.division)).div_ceil(total);
        let rows = invented.of(county.division, share);
        if !rows.is_empty() {
            let rules = rules(county.division)?;
            take_in(office, &rules, county.division, &ledgers::csv(&rows)).await?;
            all.extend(rows);
        }
    }
    Ok(all)
}

struct Officer<'a> {
    office: &'a Office,
    token: SessionToken,
    role: Role,
    reach: Reach,
}

impl Officer<'_> {
    /// Nine of ten for a child within reach, the tenth for one that may be anybody's.
    fn queries(&self, kind: Kind, rows: &[LedgerRow], count: usize) -> Vec<String> {
        let own: Vec<&LedgerRow> = rows
            .iter()
            .filter(|row| self.reach.contains(row.village))
            .collect();
        let all: Vec<&LedgerRow> = rows.iter().collect();
        // A step without a common factor with the number of rows goes through all of them.
        let pick = |from: &[&LedgerRow], turn: usize| {
            from.get(turn * 7919 % from.len().max(1))
                .map(|row| (*row).clone())
        };
        (0..count)
            .filter_map(|turn| {
                let row = if turn % 10 == 9 {
                    pick(&all, turn)
                } else {
                    pick(&own, turn)
                };
                row.and_then(|row| kind.query(&row, turn))
            })
            .collect()
    }

    /// Median and 95th percentile of every repetition. A search is what a request does: begin, search, end.
    async fn measure(
        &self,
        kind: Kind,
        queries: &[String],
        repetitions: usize,
    ) -> Result<[Figure; 2], Fault> {
        let (mut ours, mut raw) = (Vec::new(), Vec::new());
        for _ in 0..repetitions {
            let (mut through, mut bare) = (Vec::new(), Vec::new());
            for query in queries {
                let began = Instant::now();
                let mut work = self.office.store.begin(&self.token, "查找儿童").await?;
                search(&mut work, query).await?;
                work.commit().await?;
                through.push(began.elapsed().as_secs_f64() * 1000.0);
                let began = Instant::now();
                self.office.search_bare(query, &self.reach).await?;
                bare.push(began.elapsed().as_secs_f64() * 1000.0);
            }
            ours.push(through);
            raw.push(bare);
        }
        Ok([(50, 0.5), (95, 0.95)].map(|(percent, share)| {
            let of = |runs: &[Vec<f64>]| {
                let values: Vec<f64> = runs.iter().map(|run| percentile(run, share)).collect();
                Measured::of(&values)
            };
            let is_detail = percent == 50;
            Figure {
                key: format!("search.{}.{}.p{percent}", kind.code(), self.role.code()),
                zh: format!("查找（{}，{}）p{percent}", kind.zh(), self.role.zh()),
                en: format!("search by {}, {}: p{percent}", kind.en(), self.role.en()),
                unit: "ms",
                value: of(&ours),
                beside: (
                    "同一语句，无行级安全",
                    "the same statement without policies",
                ),
                raw: of(&raw),
                target: (!is_detail).then_some(MILLISECONDS),
                is_detail,
            }
        }))
    }
}

/// The slowest of all, named once more.
fn slowest(figures: &[Figure]) -> Option<Figure> {
    let slowest = figures
        .iter()
        .filter(|figure| !figure.is_detail)
        .max_by(|a, b| a.value.median.total_cmp(&b.value.median))?;
    Some(Figure {
        key: "search.slowest.p95".into(),
        zh: format!("最慢的一种：{}", slowest.zh),
        en: format!("the slowest of these: {}", slowest.en),
        ..slowest.clone()
    })
}
