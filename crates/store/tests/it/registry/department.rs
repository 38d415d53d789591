//! Whom a list of another department names: found by one reading of those who belong to the children.

use std::time::Duration;

use domain::registry::{Hidden, Kinship};
use jiff::civil::{Date, date};
use sqlx::PgPool;
use store::registry::{bonds, kin_index, refresh_statistics};
use testkit::Office;
use testkit::builders::{Child, resident_id};
use testkit::office::{JINGHE_VILLAGE, Persona, TENGZHOU, TODAY, division};

const CHILDREN: u16 = 300;
const ELDERS: Date = date(1985, 1, 1);

/// A child whose mother has a number of her own.
fn child(serial: u16) -> Child {
    let mut child = Child::named("虚构多", JINGHE_VILLAGE)
        .with_id(serial)
        .guardian("虚构祖父", "13811110001")
        .mother("虚构母亲", "13811110002");
    let mother = resident_id(ELDERS, serial);
    child.facts.relatives[0].resident_id = Some(Hidden::new(mother.reveal()));
    child
}

#[tokio::test]
async fn a_list_costs_one_reading_of_the_relatives_however_many_children_there_are() {
    let office = Office::found().await;
    let children: Vec<Child> = (1..=CHILDREN).map(child).collect();
    let ids = office.register(Persona::TengzhouOfficer, &children).await;
    let mut work = office.work(Persona::TengzhouOfficer).await;
    refresh_statistics(&mut work).await.unwrap();
    work.commit().await.unwrap();

    let mother = resident_id(ELDERS, 7);
    let listed = [kin_index(office.store.sealer(), mother.reveal())];
    let token = office.sign_in(Persona::TengzhouOfficer).await;
    let own = PgPool::connect_with(office.database.app_options())
        .await
        .unwrap();
    let mut reader = office
        .store_over(own.clone())
        .begin(&token, "试验")
        .await
        .unwrap();
    let found = bonds(&mut reader, division(TENGZHOU), (&[], &listed), TODAY).await;
    let found = found.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(
        (found[0].child, found[0].kinship),
        (ids[6], Kinship::Mother)
    );
    drop(reader);
    own.close().await;

    let all = i64::from(CHILDREN);
    let read = rows_read(&office, "registry_relative", all).await;
    assert!(read <= 2 * all, "{read} rows of {all} relatives");
    office.close().await;
}

/// The rows of a table that were read since it is there, once at least so many are told of: a connection tells at its end.
async fn rows_read(office: &Office, table: &str, least: i64) -> i64 {
    let told = "SELECT coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0) FROM pg_stat_user_tables WHERE relname = $1";
    for _ in 0..500 {
        let told = sqlx::query_scalar(told).bind(table);
        let read: i64 = told.fetch_one(&office.database.owner).await.unwrap();
        if read >= least {
            return read;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("nobody tells of reading {table}");
}
