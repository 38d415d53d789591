//! The HTTP layer as a caller sees it.
#![allow(
    clippy::unwrap_used,
    reason = "a test stops where its preparation fails"
)]

mod accounts;
mod answers;
mod applications;
mod census;
mod circumstances;
mod desk;
mod devices;
mod divisions;
mod documents;
mod due;
mod exchange;
mod guard;
mod history;
mod hostile;
mod ledgers;
mod public;
mod registry;
mod serving;
mod standards;

use std::sync::Arc;

use api::page::Figure;
use api::{ApiState, Away, Database};
use jiff::civil::date;
use kernel::clock::FixedClock;

/// A program on 4 November 2021 whose database answers.
fn office() -> ApiState {
    let clock = Arc::new(FixedClock::on(date(2021, 11, 4)));
    ApiState::new("9.9.9", clock, || async { Ok(Database { schema: 3 }) })
}

/// A program whose database is away, for a reason that names what no caller may learn.
fn stranded() -> ApiState {
    let clock = Arc::new(FixedClock::on(date(2021, 11, 4)));
    ApiState::new("9.9.9", clock, || async {
        Err(Away("no socket in the secret folder".to_owned()))
    })
}

/// The demonstration with three figures.
fn demo() -> ApiState {
    office().with_demo_figures(|| async {
        Ok(vec![
            figure("orphans", "孤儿", "Orphans", 535, false),
            figure(
                "institution_orphan",
                "其中：机构养育孤儿",
                "of whom in an institution",
                60,
                true,
            ),
            figure(
                "de_facto_unattended",
                "事实无人抚养儿童",
                "De facto unattended children",
                1199,
                false,
            ),
        ])
    })
}

fn figure(key: &str, zh: &str, en: &str, value: i64, part: bool) -> Figure {
    let how_zh = "当日有效的身份 < 按人去重 >".to_owned();
    let how_en = "statuses in force that day < each child once >".to_owned();
    Figure {
        key: key.to_owned(),
        zh: zh.to_owned(),
        en: en.to_owned(),
        value,
        how_zh,
        how_en,
        part,
    }
}
