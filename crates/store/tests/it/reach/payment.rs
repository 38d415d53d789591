//! Money is moved in the hands whose it is to move, whatever is asked of the database itself.

use sqlx::{AssertSqlSafe, Connection, PgConnection};
use testkit::office::Persona;

use super::scene::{Scene, run};

/// What a county's officer, who prepares batches, is refused.
const NOT_HIS: [&str; 12] = [
    "UPDATE allowances_account SET confirmed_by = auth.officer(), confirmed_at = now()",
    "UPDATE allowances_account SET number = number",
    "DELETE FROM allowances_account",
    "INSERT INTO allowances_recovery (id, pay_month, number, batch_id, unit_id, child_id, payee, amount_fen, reason, notice, sealed, confirmed_by, confirmed_at)
     SELECT gen_random_uuid(), pay_month, number, batch_id, batch_id, child_id, 0, 1, decode(repeat('5a', 48), 'hex'), decode(repeat('5a', 48), 'hex'), false,
         auth.officer(), now() FROM allowances_line LIMIT 1",
    "SELECT auth.claim_batch(id, 0) FROM allowances_batch",
    "UPDATE allowances_claim SET offset_fen = payable_fen",
    "SELECT auth.open_bank_file(gen_random_uuid(), false, 'general_csv', now())",
    "INSERT INTO allowances_transfer (file_id, serial, claim_id, account_id, unit_id, amount_fen)
     SELECT file_id, serial + 1, claim_id, account_id, unit_id, amount_fen FROM allowances_transfer",
    "UPDATE allowances_transfer SET amount_fen = 1",
    "INSERT INTO allowances_paid SELECT file_id, 1, 1, id, unit_id FROM allowances_return",
    "UPDATE allowances_paid SET last_serial = 3",
    "DELETE FROM allowances_bank_file",
];

#[tokio::test]
async fn an_officer_neither_confirms_nor_sends_nor_answers() {
    let scene = Scene::set().await;
    let mut connection = scene.office.bare_connection(Persona::TengzhouOfficer).await;
    for statement in NOT_HIS {
        let mut transaction = connection.begin().await.unwrap();
        let done = sqlx::raw_sql(AssertSqlSafe(statement))
            .execute(&mut *transaction)
            .await;
        let error = done.err().unwrap_or_else(|| panic!("done: {statement}"));
        let code = error.as_database_error().and_then(|error| error.code());
        assert_eq!(code.as_deref(), Some("42501"), "{statement}");
    }
    let answered = "UPDATE allowances_transfer SET returned_in = file_id";
    let answered = sqlx::raw_sql(answered)
        .execute(&mut connection)
        .await
        .unwrap();
    assert_eq!(
        answered.rows_affected(),
        0,
        "what he sees is not his to answer"
    );
    scene.office.close().await;
}

/// Finance, with a post of its own in the county that pays.
async fn finance(scene: &Scene) -> PgConnection {
    let officer = scene.office.officer_of(Persona::ShantingOfficer).await;
    let unit = scene.office.unit(Persona::TengzhouOfficer);
    let token = "cd".repeat(32);
    run(scene.owner(), format!("WITH post AS (INSERT INTO organisation_appointment (id, officer_id, unit_id, role, from_day)
            VALUES (gen_random_uuid(), '{officer}', '{unit}', 'finance_officer', '2021-01-01') RETURNING id)
        INSERT INTO auth.session (token_hash, appointment_id, expires_at) SELECT sha256(decode('{token}', 'hex')), id, now() + interval '1 hour' FROM post")).await;
    let options = scene.office.database.app_options();
    let mut connection = PgConnection::connect_with(&options).await.unwrap();
    sqlx::query("SELECT set_config('hutong.token', $1, false)")
        .bind(token)
        .execute(&mut connection)
        .await
        .unwrap();
    connection
}

/// What finance does with the two files of its county, of whose attempts the second of each is paid, and what comes of it: rows,
/// or the database's code.
const ANSWERED: [(&str, Result<u64, &str>); 8] = [
    (
        "INSERT INTO allowances_return SELECT gen_random_uuid(), id, unit_id, sealed, sha256(convert_to(id::text, 'UTF8')), 0, 0, 0, 0,
             decode(repeat('5a', 48), 'hex'), auth.officer(), now() FROM allowances_bank_file",
        Ok(2),
    ),
    // What is paid is neither paid again nor returned.
    (
        "INSERT INTO allowances_paid SELECT file_id, 1, 2, id, unit_id FROM allowances_return WHERE loaded_by = auth.officer()",
        Err("23P01"),
    ),
    (
        "UPDATE allowances_transfer SET returned_in = file_id WHERE serial = 2",
        Err("42501"),
    ),
    // Nor is what was never sent.
    (
        "INSERT INTO allowances_paid SELECT file_id, 3, 3, id, unit_id FROM allowances_return WHERE loaded_by = auth.officer()",
        Err("42501"),
    ),
    // Another's answer is not finance's to go on with.
    (
        "INSERT INTO allowances_paid SELECT file_id, 1, 1, id, unit_id FROM allowances_return WHERE loaded_by <> auth.officer()",
        Err("42501"),
    ),
    (
        "UPDATE allowances_transfer SET returned_in = file_id WHERE serial = 1",
        Ok(2),
    ),
    // An attempt is answered once.
    (
        "UPDATE allowances_transfer SET returned_in = file_id WHERE serial = 1",
        Ok(0),
    ),
    (
        "INSERT INTO allowances_paid SELECT file_id, 1, 1, id, unit_id FROM allowances_return WHERE loaded_by = auth.officer()",
        Err("42501"),
    ),
];

#[tokio::test]
async fn finance_sees_files_and_neither_child_nor_account_and_answers_its_own() {
    let scene = Scene::set().await;
    let mut connection = finance(&scene).await;
    for (statement, expected) in [
        ("SELECT count(*) FROM registry_person", 0),
        ("SELECT count(*) FROM allowances_account", 0),
        ("SELECT count(*) FROM allowances_claim", 0),
        ("SELECT count(*) FROM allowances_claim_state", 0),
        ("SELECT count(*) FROM allowances_recovery", 0),
        // Of its own county both batches, of the other none.
        ("SELECT count(*) FROM allowances_bank_file", 2),
        ("SELECT count(*) FROM allowances_transfer", 4),
        (
            "SELECT count(*) FROM auth.bank_file_lines((SELECT id FROM allowances_bank_file LIMIT 1))",
            0,
        ),
        (
            "SELECT count(*) FROM allowances_batch b, auth.batch_money(b.id)",
            2,
        ),
    ] {
        let found: i64 = sqlx::query_scalar(statement)
            .fetch_one(&mut connection)
            .await
            .unwrap();
        assert_eq!(found, expected, "{statement}");
    }
    for (statement, expected) in ANSWERED {
        let mut transaction = connection.begin().await.unwrap();
        let done = sqlx::raw_sql(statement).execute(&mut *transaction).await;
        let told = match done {
            Ok(done) => Ok(done.rows_affected()),
            Err(error) => Err(error
                .as_database_error()
                .and_then(|e| e.code())
                .unwrap()
                .into_owned()),
        };
        assert_eq!(
            told.as_ref().map_err(String::as_str),
            expected.as_ref().map_err(|code| *code),
            "{statement}"
        );
        match told {
            Ok(_) => transaction.commit().await.unwrap(),
            Err(_) => transaction.rollback().await.unwrap(),
        }
    }
    scene.office.close().await;
}

/// A stage of 滕州市 for a month, opened in the connection's transaction, and what it holds afterwards.
async fn staged(connection: &mut PgConnection, into: &str) -> Result<u64, String> {
    let batch = "00000000-0000-7000-8000-0000000033aa";
    let statements = [
        format!("SELECT auth.open_stage('{batch}', '2031-05-01', false)"),
        into.replace("STAGE", &format!("month.line_{}", batch.replace('-', ""))),
    ];
    let mut transaction = connection.begin().await.unwrap();
    let mut rows = Ok(0);
    for statement in statements {
        let done = sqlx::raw_sql(AssertSqlSafe(statement))
            .execute(&mut *transaction)
            .await;
        rows = done.map(|done| done.rows_affected()).map_err(|error| {
            let code = error.as_database_error().and_then(|error| error.code());
            code.unwrap_or_default().into_owned()
        });
    }
    rows
}

#[tokio::test]
async fn a_run_writes_what_differs_and_the_stage_says_whose_it_is() {
    let scene = Scene::set().await;
    let mut connection = scene.office.bare_connection(Persona::TengzhouOfficer).await;
    let own = "INSERT INTO STAGE (number, child_id, payee, for_month, kind, class, place, amount_fen, due_fen, reason)
               VALUES (1, gen_random_uuid(), 0, '2031-05-01', 0, 0, 370481, 1, 1, 0)";
    assert_eq!(staged(&mut connection, own).await, Ok(1));
    for (column, value) in [
        ("batch_id", "gen_random_uuid()"),
        ("pay_month", "'2031-04-01'"),
        ("sealed", "true"),
    ] {
        let another = own
            .replace("reason)", &format!("reason, {column})"))
            .replace("1, 0)", &format!("1, 0, {value})"));
        let refused = staged(&mut connection, &another).await;
        assert_eq!(refused, Err("42501".to_owned()), "{column}");
    }
    let later = own.replace("2031-05-01", "2031-06-01");
    assert_eq!(
        staged(&mut connection, &later).await,
        Err("23514".to_owned()),
        "no month is paid before it has come"
    );
    scene.office.close().await;
}
