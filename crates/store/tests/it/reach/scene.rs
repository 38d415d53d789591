//! Seven children, one of each kind of visibility, with rows in every table; and everybody who may ask for them.

use jiff::civil::date;
use kernel::category::Category::{AidsAffected, LeftBehind, ScatteredOrphan};
use kernel::ids::{ChildId, LedgerId, WorkItemId};
use sqlx::{AssertSqlSafe, Connection, PgConnection, PgPool};
use store::registry::{LedgerTaken, Registered, Registration, RowTaken, WorkItem, WorkItemsOpened};
use testkit::Office;
use testkit::builders::Child;
use testkit::office::{
    JINGHE_VILLAGE, LONGQUAN_VILLAGE, Persona, SHANTING, SHANTING_VILLAGE, TENGZHOU, TODAY,
    division,
};
use tokio::sync::Mutex;

/// A child and how it is known in the tests.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub(super) name: &'static str,
    pub(super) id: ChildId,
}

/// An office with children.
pub(super) struct Scene {
    pub(super) office: Office,
    pub(super) children: Vec<Known>,
}

/// Lives in 荆河街道 of 滕州.
pub(super) const OF_JINGHE: &str = "虚构荆";
/// Lives in another street of 滕州.
pub(super) const OF_LONGQUAN: &str = "虚构龙";
/// Lives in 山亭.
pub(super) const OF_SHANTING: &str = "虚构山";
/// Of 山亭, lives in the children's home.
pub(super) const PLACED: &str = "虚构院";
/// Of 山亭, granted to 荆河街道.
pub(super) const GRANTED: &str = "虚构授";
/// Of 荆河街道, sealed.
pub(super) const SEALED: &str = "虚构密";
/// Of 荆河街道, with a sealed status and an open one.
pub(super) const HALF_SEALED: &str = "虚构半";

const NAMES: [&str; 7] = [
    OF_JINGHE,
    OF_LONGQUAN,
    OF_SHANTING,
    PLACED,
    GRANTED,
    SEALED,
    HALF_SEALED,
];

/// The children each persona sees.
pub(super) fn sees(persona: Persona) -> &'static [&'static str] {
    match persona {
        Persona::TengzhouOfficer => &[OF_JINGHE, OF_LONGQUAN, SEALED, HALF_SEALED],
        Persona::TengzhouColleague => &[OF_JINGHE, OF_LONGQUAN, HALF_SEALED],
        Persona::ShantingOfficer => &[OF_SHANTING, PLACED, GRANTED],
        Persona::JingheSupervisor => &[OF_JINGHE, HALF_SEALED, GRANTED],
        Persona::HomeStaff => &[PLACED],
        Persona::CityOfficer => &[
            OF_JINGHE,
            OF_LONGQUAN,
            OF_SHANTING,
            PLACED,
            GRANTED,
            HALF_SEALED,
        ],
        Persona::Auditor | Persona::Admin => &[],
    }
}

/// Who asks: a name for messages, the token as set (`None`: not at all), and the persona whose session it names.
pub(super) struct Caller {
    pub(super) name: String,
    token: Option<String>,
    pub(super) persona: Option<Persona>,
    /// The caller's own, because one that has seen a token remembers an empty one.
    connection: Mutex<PgConnection>,
}

impl Caller {
    /// Runs a statement as the program's role with the caller's token, rolls it back, and answers the texts it returned,
    /// or the code of the refusal.
    pub(super) async fn ask(&self, statement: &str) -> Result<Vec<Option<String>>, String> {
        let mut connection = self.connection.lock().await;
        let mut transaction = connection.begin().await.unwrap();
        if let Some(token) = &self.token {
            sqlx::query("SELECT set_config('hutong.token', $1, true)")
                .bind(token)
                .execute(&mut *transaction)
                .await
                .unwrap();
        }
        let answer = sqlx::query_scalar(AssertSqlSafe(statement.to_owned()))
            .persistent(false)
            .fetch_all(&mut *transaction)
            .await;
        transaction.rollback().await.unwrap();
        answer.map_err(|error| {
            let code = error
                .as_database_error()
                .and_then(|e| e.code())
                .map(|code| code.into_owned());
            code.unwrap_or_else(|| panic!("{}: {statement}: {error}", self.name))
        })
    }
}

impl Scene {
    pub(super) async fn set() -> Self {
        let office = Office::found().await;
        let mut children = Vec::new();
        let of_tengzhou = [
            child(OF_JINGHE, JINGHE_VILLAGE, 1).status(ScatteredOrphan, TODAY),
            child(OF_LONGQUAN, LONGQUAN_VILLAGE, 2).status(ScatteredOrphan, TODAY),
            child(SEALED, JINGHE_VILLAGE, 3).status(AidsAffected, TODAY),
            child(HALF_SEALED, JINGHE_VILLAGE, 4)
                .status(AidsAffected, TODAY)
                .status(LeftBehind, TODAY),
        ];
        let of_shanting = [
            child(OF_SHANTING, SHANTING_VILLAGE, 5).status(ScatteredOrphan, TODAY),
            child(PLACED, SHANTING_VILLAGE, 6)
                .status(ScatteredOrphan, TODAY)
                .placed_in(office.unit(Persona::HomeStaff)),
            child(GRANTED, SHANTING_VILLAGE, 7).status(ScatteredOrphan, TODAY),
        ];
        for (persona, place, batch) in [
            (Persona::TengzhouOfficer, TENGZHOU, &of_tengzhou[..]),
            (Persona::ShantingOfficer, SHANTING, &of_shanting[..]),
        ] {
            children.extend(import(&office, persona, place, batch).await);
        }
        let scene = Self { office, children };
        scene.fill().await;
        scene
    }

    pub(super) fn owner(&self) -> &PgPool {
        &self.office.database.owner
    }

    pub(super) fn child(&self, name: &str) -> ChildId {
        let found = self.children.iter().find(|known| known.name == name);
        found.expect("a child of the scene").id
    }

    /// Whether this caller may see this child.
    pub(super) fn may_see(&self, caller: &Caller, child: &Known) -> bool {
        caller
            .persona
            .is_some_and(|persona| sees(persona).contains(&child.name))
    }

    /// Everybody, and the tokens that are nobody's.
    pub(super) async fn callers(&self) -> Vec<Caller> {
        let expired = self.office.expired_token(Persona::TengzhouOfficer).await;
        let mut callers = Vec::new();
        for (name, token) in [
            ("no token", None),
            ("an empty token", Some(String::new())),
            ("a token that is no token", Some("' OR true --".into())),
            ("a token nobody has", Some("ab".repeat(32))),
            ("an expired session", Some(expired)),
        ] {
            callers.push(self.caller(name.into(), token, None).await);
        }
        for persona in [
            Persona::ShantingOfficer,
            Persona::Admin,
            Persona::Auditor,
            Persona::TengzhouOfficer,
            Persona::TengzhouColleague,
            Persona::JingheSupervisor,
            Persona::HomeStaff,
            Persona::CityOfficer,
        ] {
            let token = self.office.bare_token(persona).await;
            let caller = self.caller(format!("{persona:?}"), Some(token), Some(persona));
            callers.push(caller.await);
        }
        callers
    }

    async fn caller(
        &self,
        name: String,
        token: Option<String>,
        persona: Option<Persona>,
    ) -> Caller {
        let options = self.office.database.app_options();
        let connection = PgConnection::connect_with(&options).await.unwrap();
        Caller {
            name,
            token,
            persona,
            connection: Mutex::new(connection),
        }
    }

    /// An application for this child, with a step, a paper, a decision and packages about it; it bears the child's id.
    async fn apply_for(&self, known: &Known) {
        let (child, sealed) = (known.id, known.name == SEALED);
        let (category, path) = match sealed {
            true => ("aids_affected", "sealed"),
            false => ("key_hardship", "within_county"),
        };
        // The units of a case see it, so each is its own county's.
        let county = self.office.unit(match known.name {
            OF_SHANTING | PLACED | GRANTED => Persona::ShantingOfficer,
            _ => Persona::TengzhouOfficer,
        });
        let three = "SELECT (array_agg(id ORDER BY id))[1:3] AS ids FROM organisation_officer";
        run(self.owner(), format!("INSERT INTO applications_application (id, number, matter, category, path, stage, accepting_unit, verifying_unit,
                deciding_unit, household, child_id, child_name, stated, opened_at)
            SELECT '{child}', '{child}', 'recognition', '{category}', '{path}', 'closed', '{county}', '{county}', '{county}', p.household_division,
                p.id, p.name, decode(repeat('5a', 48), 'hex'), now() FROM registry_person p WHERE p.id = '{child}'")).await;
        run(self.owner(), format!("INSERT INTO applications_step (id, application_id, act, stage, at, officer_id, unit_id)
            SELECT gen_random_uuid(), '{child}', 'submit', 'submitted', now(), ids[1], '{county}' FROM ({three}) t")).await;
        run(self.owner(), format!("INSERT INTO applications_paper (id, application_id, code, state, noted_at, noted_by)
            SELECT gen_random_uuid(), '{child}', 'household_register', 'checked', now(), ids[1] FROM ({three}) t")).await;
        run(self.owner(), format!("INSERT INTO applications_limit (id, child_id, category, kind, on_day, rule, cite, verified, noted_at)
            VALUES (gen_random_uuid(), '{child}', '{category}', 'age', '2021-11-20', 'age_limit', 'cite', true, now())")).await;
        run(self.owner(), format!("INSERT INTO applications_decision
            SELECT gen_random_uuid(), '{child}', 'refuse', '2021-11-04', '0', decode(repeat('5a', 48), 'hex'), ids[1], ids[2], ids[3], now()
            FROM ({three}) t")).await;
        run(self.owner(), format!("INSERT INTO applications_entered (decision_id, application_id, on_day, entered_by, entered_at)
            SELECT id, application_id, decided_on, decider_id, now() FROM applications_decision WHERE application_id = '{child}'")).await;
        run(self.owner(), format!("INSERT INTO exchange_peer (id, name, sign, open, serves, proposed_by, proposed_at)
            SELECT '{child}', '虚构市', sha256('{child}'), sha256('x'), '{{[320500000000,320600000000)}}', ids[1], now() FROM ({three}) t")).await;
        run(self.owner(), format!("INSERT INTO exchange_case (application_id, peer_id, shared, far_unit) VALUES ('{child}', '{child}', '{child}', '虚构镇')")).await;
        run(self.owner(), format!("INSERT INTO exchange_outbox (id, application_id, peer_id, kind, package, made_at, expires_at, next_at)
            VALUES (gen_random_uuid(), '{child}', '{child}', 'status', 'x', now(), now(), now())")).await;
        run(
            self.owner(),
            format!(
                "INSERT INTO exchange_inbox (peer_id, id, application_id, kind, at, taken, receipt)
            VALUES ('{child}', gen_random_uuid(), '{child}', 'status', now(), 'applied', 'x')"
            ),
        )
        .await;
    }

    /// A month's batches of both counties, one of them sealed as well, with a line, a level, a fact and an exception for
    /// each child.
    async fn pay(&self) {
        for (persona, sealed) in [
            (Persona::TengzhouOfficer, false),
            (Persona::TengzhouOfficer, true),
            (Persona::ShantingOfficer, false),
        ] {
            let unit = self.office.unit(persona);
            let officer = self.office.officer_of(persona).await;
            run(
                self.owner(),
                format!("INSERT INTO allowances_series VALUES ('{unit}', {sealed}, '2021-11-01')"),
            )
            .await;
            run(self.owner(), format!("INSERT INTO allowances_batch (id, pay_month, unit_id, sealed, stage, known_at, rulebook, first_line, lines,
                    children, exceptions, paid_fen, recovered_fen, lines_hash, digest, prepared_by, prepared_at)
                VALUES (gen_random_uuid(), '2021-11-01', '{unit}', {sealed}, 'prepared', now(), '0', 1, 1, 1, 1, 1, 0, sha256('x'), 1, '{officer}', now())")).await;
        }
        run(self.owner(), "SELECT auth.part_months()".into()).await;
        run(self.owner(), "INSERT INTO allowances_reason SELECT id, 0, unit_id, sealed, '虚构', 'invented', '' FROM allowances_batch".into()).await;
        for (number, known) in (1..).zip(&self.children) {
            let child = known.id;
            let batch = format!("FROM registry_person p JOIN organisation_unit u ON u.kind = 'county_bureau' AND p.household_division <@ u.serves
                JOIN allowances_batch b ON b.unit_id = u.id AND b.sealed = auth.is_paid_sealed(p.id) WHERE p.id = '{child}'");
            run(self.owner(), format!("INSERT INTO allowances_line SELECT b.pay_month, {number}, b.id, p.id, 0, b.pay_month, 0, 1, p.household_division,
                160000, 160000, 0, b.sealed {batch}")).await;
            run(self.owner(), format!("INSERT INTO allowances_level SELECT b.pay_month, b.unit_id, b.sealed, p.id, 0, b.pay_month, 160000 {batch}")).await;
            run(self.owner(), format!("INSERT INTO allowances_exception SELECT b.id, p.id, 'no_rate', b.pay_month, b.pay_month, b.sealed {batch}")).await;
            run(self.owner(), format!("INSERT INTO allowances_fact (id, child_id, kind, known, from_month, officer_id)
                SELECT gen_random_uuid(), p.id, 'study', now(), b.pay_month, b.prepared_by {batch}")).await;
            run(self.owner(), format!("INSERT INTO allowances_fact (id, child_id, kind, known, from_month, code, monthly_fen, officer_id)
                SELECT gen_random_uuid(), p.id, 'benefit', now(), b.pay_month, 'minimum_living', 1, b.prepared_by {batch}")).await;
            run(self.owner(), format!("INSERT INTO allowances_confirmation (id, child_id, quarter, confirmed_by, confirmed_at)
                SELECT gen_random_uuid(), p.id, '2021-10-01', b.prepared_by, now() {batch}")).await;
        }
    }

    /// The batches' money on its way: an account, a recovery and a claim of each child, a file of each unit and seal, and
    /// the bank's answer to it.
    async fn transfer(&self) {
        let blob = "decode(repeat('5a', 48), 'hex')";
        let digest = "sha256(uuid_send(gen_random_uuid()))";
        let of_line = "FROM allowances_line l JOIN allowances_batch b ON b.id = l.batch_id";
        for statement in [
            "ALTER TABLE allowances_recovery DISABLE TRIGGER fill_recovery".to_owned(),
            format!("INSERT INTO allowances_account (id, child_id, unit_id, holder, bank, number, number_index, name_match, proposed_by, proposed_at)
                SELECT gen_random_uuid(), l.child_id, b.unit_id, '虚构', '虚构银行', {blob}, {digest}, 'guardian', b.prepared_by, now() {of_line}"),
            format!("INSERT INTO allowances_recovery (id, pay_month, number, batch_id, unit_id, child_id, payee, amount_fen, reason, notice, sealed, confirmed_by, confirmed_at)
                SELECT gen_random_uuid(), l.pay_month, l.number, b.id, b.unit_id, l.child_id, 0, 1, {blob}, {blob}, l.sealed, b.prepared_by, now() {of_line}"),
            format!("INSERT INTO allowances_claim (id, batch_id, unit_id, sealed, payee, child_id, payable_fen, offset_fen)
                SELECT gen_random_uuid(), b.id, b.unit_id, b.sealed, 0, l.child_id, l.amount_fen, 0 {of_line}"),
            "INSERT INTO allowances_claim_child SELECT id, child_id, payable_fen, sealed FROM allowances_claim".to_owned(),
            format!("INSERT INTO allowances_bank_file (id, number, unit_id, sealed, template, count, total_fen, content, made_by, made_at)
                SELECT id, id::text, unit_id, sealed, 'general_csv', 2, 1, {blob}, prepared_by, now() FROM allowances_batch"),
            "INSERT INTO allowances_transfer (file_id, serial, claim_id, account_id, unit_id, amount_fen)
                SELECT c.batch_id, row_number() OVER (PARTITION BY c.batch_id), c.id, a.id, c.unit_id, c.amount_fen
                FROM allowances_claim c JOIN allowances_account a ON a.child_id = c.child_id".to_owned(),
            format!("INSERT INTO allowances_return SELECT gen_random_uuid(), id, unit_id, sealed, {digest}, 0, 0, 0, 0, {blob}, made_by, now() FROM allowances_bank_file"),
            "INSERT INTO allowances_paid SELECT file_id, 2, 2, id, unit_id FROM allowances_return".to_owned(),
            "ALTER TABLE allowances_recovery ENABLE TRIGGER fill_recovery".to_owned(),
        ] {
            run(self.owner(), statement).await;
        }
    }

    /// Rows for what no change writes yet.
    async fn fill(&self) {
        self.pay().await;
        self.transfer().await;
        let (home, town) = (
            self.office.unit(Persona::HomeStaff),
            self.office.unit(Persona::JingheSupervisor),
        );
        let granted = self.child(GRANTED);
        let double = self.child(OF_LONGQUAN);
        for known in &self.children {
            let child = known.id;
            run(self.owner(), format!("INSERT INTO registry_revision SELECT '{child}', 2, now(), id, '{{school}}' FROM organisation_officer LIMIT 1")).await;
            run(self.owner(), format!("INSERT INTO registry_merge SELECT gen_random_uuid(), '{child}', CASE WHEN '{child}'::uuid = '{double}' THEN '{granted}' ELSE '{double}'::uuid END,
                '{{}}', decode(repeat('5a', 48), 'hex'), now(), id, now(), id FROM organisation_officer LIMIT 1")).await;
            run(self.owner(), format!("INSERT INTO registry_grant VALUES (gen_random_uuid(), '{child}', '{town}', '已过期', '2021-11-05')")).await;
            run(self.owner(), format!("INSERT INTO registry_placement VALUES (gen_random_uuid(), '{child}', '{home}', '2020-01-01', '2020-02-01')")).await;
            self.apply_for(known).await;
            run(self.owner(), format!("INSERT INTO registry_person (id, name, household_division, merged_into)
                SELECT gen_random_uuid(), '虚构假', household_division, id FROM registry_person WHERE id = '{child}'")).await;
            run(self.owner(), format!("INSERT INTO registry_document VALUES (gen_random_uuid(), '{child}', 'scan', '户口簿', 'image/png', decode(repeat('5a', 48), 'hex'), now())")).await;
        }
        run(self.owner(), format!("INSERT INTO registry_grant VALUES (gen_random_uuid(), '{granted}', '{town}', '异地受理', '2999-12-31')")).await;
        let admin = self.office.appointment(Persona::Admin);
        run(self.owner(), format!("INSERT INTO organisation_proposal (id, matter, officer_id, name, unit_id, proposed_by, proposed_at)
            SELECT gen_random_uuid(), 'invite', o.id, o.name, o.unit_id, a.officer_id, now() FROM organisation_officer o
            JOIN organisation_appointment a ON a.id = '{admin}' AND a.officer_id <> o.id")).await;
        for (persona, place) in [
            (Persona::TengzhouOfficer, TENGZHOU),
            (Persona::ShantingOfficer, SHANTING),
        ] {
            let appointment = self.office.appointment(persona);
            run(self.owner(), format!("INSERT INTO registry_job (id, kind, officer_id, appointment_id, place, purpose, request, made_at)
                SELECT gen_random_uuid(), 'children_export', officer_id, id, {place}, '虚构', '{{}}', now() FROM organisation_appointment WHERE id = '{appointment}'")).await;
        }
    }
}

/// A child with something in every column that a file can hold.
fn child(name: &'static str, village: i64, serial: u16) -> Child {
    let mut child = Child::named(name, village)
        .with_id(serial)
        .guardian("虚构祖父", "13800000001")
        .mother("虚构母亲", "13800000002");
    child.facts.national_number = Some(format!("虚构编号{serial}"));
    child
}

/// Registers children as rows of a ledger, and opens a work item for each and one for the place.
async fn import(office: &Office, persona: Persona, place: i64, batch: &[Child]) -> Vec<Known> {
    let mut work = office.work(persona).await;
    let (now, entropy) = (office.store.clock().now(), office.store.entropy());
    let ledger = LedgerId::generate(now, entropy);
    let registrations: Vec<Registration> = (3..)
        .zip(batch)
        .map(|(number, child)| as_row(office, ledger, number, child))
        .collect();
    let item = |child: Option<ChildId>| WorkItem {
        id: WorkItemId::generate(now, entropy),
        division: division(place),
        child,
        ledger: Some(ledger),
        row: Some(3),
        code: "phone.invalid",
        field: Some("联系电话".into()),
        raw: Some("1380000".into()),
    };
    let children = registrations.iter().map(|r| Some(r.child));
    let items: Vec<WorkItem> = children.chain([None]).map(item).collect();
    work.apply(&Registered(&registrations)).await.unwrap();
    work.apply(&WorkItemsOpened(&items)).await.unwrap();
    let taken = LedgerTaken {
        id: ledger,
        place: division(place),
        as_of: date(2021, 10, 31),
        file_name: "虚构台账.csv",
        content: "虚构".as_bytes(),
        rows: u32::try_from(batch.len()).unwrap(),
        left_out: 0,
    };
    work.apply(&taken).await.unwrap();
    work.commit().await.unwrap();
    let known = |r: &Registration| Known {
        name: NAMES
            .into_iter()
            .find(|name| *name == r.facts.name)
            .unwrap(),
        id: r.child,
    };
    registrations.iter().map(known).collect()
}

/// The child as a row of a ledger that states its first status.
fn as_row(office: &Office, ledger: LedgerId, number: u32, child: &Child) -> Registration {
    let mut registration = child.registration(&office.store);
    let category = registration.statuses[0].0;
    let (sealer, facts) = (office.store.sealer(), &registration.facts);
    let row = RowTaken::new(sealer, ledger, number, TODAY, facts, Some(category));
    registration.row = Some(row.unwrap());
    registration
}

/// Runs a statement of this test.
pub(super) async fn run(pool: &PgPool, statement: String) {
    sqlx::raw_sql(AssertSqlSafe(statement))
        .execute(pool)
        .await
        .unwrap();
}
