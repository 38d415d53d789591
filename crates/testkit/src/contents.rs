//! The whole content of a database, a digest a table: for tests that two databases hold the same.

use std::collections::BTreeMap;
use std::path::Path;

use sqlx::postgres::PgPoolOptions;
use sqlx::{AssertSqlSafe, PgPool};
use store::cluster::{Cluster, DATABASE, Place, Startup};

/// For each table its rows and a digest of all their values; and for each index, constraint, policy, trigger and
/// privilege what the catalogue says of it.
pub async fn contents(owner: &PgPool) -> BTreeMap<String, String> {
    let tables: Vec<String> = sqlx::query_scalar(
        "SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname IN ('public', 'auth') AND c.relkind IN ('r', 'p') AND c.relname <> '_sqlx_migrations'",
    )
    .fetch_all(owner)
    .await
    .expect("the tables are listed");
    let mut contents = BTreeMap::new();
    for table in tables {
        let digest = format!(
            "SELECT count(*) || ' ' || coalesce(md5(string_agg(md5(t::text), '' ORDER BY md5(t::text))), '') FROM {table} t"
        );
        let digest: String = sqlx::query_scalar(AssertSqlSafe(digest))
            .fetch_one(owner)
            .await
            .expect("the table is read");
        contents.insert(table, digest);
    }
    let described: Vec<(String, String)> = sqlx::query_as(
        "SELECT 'index ' || indexname, indexdef FROM pg_indexes WHERE schemaname IN ('public', 'auth')
         UNION ALL SELECT 'constraint ' || conrelid::regclass || '.' || conname, pg_get_constraintdef(oid) || convalidated
         FROM pg_constraint WHERE connamespace IN ('public'::regnamespace, 'auth'::regnamespace)
         UNION ALL SELECT 'policy ' || tablename || '.' || policyname, concat_ws(' ', permissive, roles, cmd, qual, with_check)
         FROM pg_policies
         UNION ALL SELECT 'trigger ' || tgrelid::regclass || '.' || tgname, tgenabled::text || pg_get_triggerdef(oid)
         FROM pg_trigger WHERE NOT tgisinternal
         UNION ALL SELECT 'rights ' || oid::regclass, concat_ws(' ', relrowsecurity, relacl) FROM pg_class
         WHERE relnamespace IN ('public'::regnamespace, 'auth'::regnamespace) AND relkind IN ('r', 'p', 'S')
         UNION ALL SELECT 'sequence ' || schemaname || '.' || sequencename, coalesce(last_value::text, '-') FROM pg_sequences",
    )
    .fetch_all(owner)
    .await
    .expect("the catalogue is read");
    contents.extend(described);
    contents
}

/// As [`contents`], of the private cluster in this data folder, which is started and stopped.
pub async fn contents_of_folder(data: &Path) -> BTreeMap<String, String> {
    let place = Place::at(data).expect("a place");
    let cluster = Cluster::start(&place, Startup { allow_nobody: true })
        .await
        .expect("the cluster starts");
    let owner = PgPoolOptions::new()
        .max_connections(1)
        .connect_with(cluster.owner_options(DATABASE))
        .await
        .expect("the database answers");
    let found = contents(&owner).await;
    owner.close().await;
    cluster.stop().await;
    found
}
