//! Importing a ledger into an empty registry, every step of it, beside a bare COPY of the same rows.

use std::sync::Arc;
use std::time::Instant;

use app::demo::LEDGER_DAY;
use app::registry::{ImportRequest, Imported, import};
use kernel::division::Division;
use kernel::explain::Lang;
use kernel::gazetteer::Gazetteer;
use kernel::roles::Role;
use ledger::Limits;
use ledger::check::{AgeLimits, Rules};
use ledger::header::Synonyms;
use ledger::values::Places;
use policy::Rulebook;
use store::bench::{Ground, Office};

use super::figure::{Figure, Measured, Target};
use crate::outcome::Fault;

/// How many columns the rows have.
const COLUMNS: usize = 14;
const PER_SECOND: Target = Target::AtLeast(10_000.0);

/// Measures the import of a workbook; `rows` are the same rows as bare text, without headings.
pub(super) async fn measure(
    ground: &Ground,
    county: Division,
    xlsx: &[u8],
    rows: &[u8],
    repetitions: usize,
) -> Result<Figure, Fault> {
    let rules = rules(county)?;
    let (mut ours, mut raw, mut children) = (Vec::new(), Vec::new(), 0);
    for repetition in 0..repetitions {
        let office = ground.office(&format!("bench_import_{repetition}")).await?;
        let began = Instant::now();
        let copied = office.copy_bare(rows, COLUMNS).await?;
        raw.push(copied as f64 / began.elapsed().as_secs_f64());
        office.drop_bare().await?;
        let began = Instant::now();
        let imported = take_in(&office, &rules, county, xlsx).await?;
        children = imported.registered;
        ours.push(children as f64 / began.elapsed().as_secs_f64());
        ground.remove(office).await?;
    }
    Ok(Figure {
        key: "import.children_per_second".into(),
        zh: format!("导入 {children} 名儿童（读取、核查、加密、写入、留痕、提交）"),
        en: format!("import of {children} children (read, check, seal, write, journal, commit)"),
        unit: "children/s",
        value: Measured::of(&ours),
        beside: ("同样各行直接 COPY", "bare COPY of the same rows"),
        raw: Measured::of(&raw),
        target: Some(PER_SECOND),
        is_detail: false,
    })
}

/// What the ledgers of a county are read by.
pub(super) fn rules(county: Division) -> Result<Arc<Rules>, Fault> {
    Ok(Arc::new(Rules {
        places: Places::new(Gazetteer::builtin(), county)?,
        synonyms: Synonyms::builtin()?,
        ages: AgeLimits::in_force(Rulebook::builtin(), LEDGER_DAY, county)?,
        as_of: LEDGER_DAY,
    }))
}

/// Imports a ledger as `hutong import` does, and commits.
pub(super) async fn take_in(
    office: &Office,
    rules: &Arc<Rules>,
    county: Division,
    content: &[u8],
) -> Result<Imported, Fault> {
    let token = office.session(county, Role::CountyOfficer).await?;
    let request = ImportRequest {
        file_name: "台账".into(),
        content: content.to_vec(),
        place: county,
        as_of: LEDGER_DAY,
    };
    let mut work = office.store.begin(&token, "导入台账").await?;
    let imported = import(
        &mut work,
        rules,
        Limits::default(),
        &request,
        Lang::Zh,
        |_| (),
    )
    .await?;
    work.commit().await?;
    Ok(imported)
}
