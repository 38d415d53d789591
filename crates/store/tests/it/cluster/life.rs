//! Start, stop, roles and databases.

use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::time::Instant;

use sqlx::{ConnectOptions, Connection};
use store::cluster::{Access, ClusterError, DATABASE, Health, Server, Startup};

use super::{Scratch, connect, count, execute, owner};

#[tokio::test]
async fn starts_stops_and_starts_again_with_its_data() {
    let scratch = Scratch::new();
    let began = Instant::now();
    let cluster = scratch.start().await.unwrap();
    println!("first start, with initdb: {:?}", began.elapsed());
    let mut connection = owner(&cluster).await;
    execute(
        &mut connection,
        "CREATE TABLE kept (n int); INSERT INTO kept VALUES (1), (2)",
    )
    .await;
    drop(connection);
    assert_eq!(cluster.health(), Health::Running);
    cluster.stop().await;

    let began = Instant::now();
    let cluster = scratch.start().await.unwrap();
    println!("start once initialised: {:?}", began.elapsed());
    assert_eq!(count(&mut owner(&cluster).await, "kept").await, 2);
    let began = Instant::now();
    cluster.stop().await;
    println!("stop: {:?}", began.elapsed());
    assert!(!scratch.data().join("cluster/postmaster.pid").exists());
}

#[tokio::test]
async fn dropping_it_stops_postgresql() {
    let scratch = Scratch::new();
    let cluster = scratch.start().await.unwrap();
    let pid = cluster.postmaster().unwrap();
    drop(cluster);
    assert!(!std::path::Path::new(&format!("/proc/{pid}")).exists());
}

#[tokio::test]
async fn it_is_as_safe_as_it_says() {
    let scratch = Scratch::new();
    let cluster = scratch.start().await.unwrap();
    let mut connection = connect(cluster.superuser_options("postgres")).await;
    for (setting, value) in [
        ("listen_addresses", ""),
        ("data_checksums", "on"),
        ("fsync", "on"),
        ("password_encryption", "scram-sha-256"),
        ("log_statement", "none"),
        ("log_min_error_statement", "panic"),
        ("log_error_verbosity", "terse"),
        ("log_parameter_max_length_on_error", "0"),
        ("server_encoding", "UTF8"),
    ] {
        let found: String = sqlx::query_scalar("SELECT current_setting($1)")
            .bind(setting)
            .fetch_one(&mut connection)
            .await
            .unwrap();
        assert_eq!(found, value, "{setting}");
    }
    let methods: Vec<(String, String)> =
        sqlx::query_as("SELECT DISTINCT type, auth_method FROM pg_hba_file_rules ORDER BY 1, 2")
            .fetch_all(&mut connection)
            .await
            .unwrap();
    assert_eq!(
        methods,
        [
            ("host".into(), "reject".into()),
            ("local".into(), "scram-sha-256".into())
        ]
    );
    assert_eq!(
        listening_inodes(cluster.postmaster().unwrap()),
        Vec::<u64>::new(),
        "a TCP port is open"
    );

    let socket = std::fs::metadata(cluster.socket()).unwrap();
    assert_eq!(socket.mode() & 0o777, 0o700);
    for role in ["postgres", "hutong_owner", "hutong_app"] {
        let file = std::fs::metadata(cluster.place().secrets().join(role)).unwrap();
        assert_eq!(file.permissions().mode() & 0o777, 0o600, "{role}");
    }
    let wrong = cluster.app_options(DATABASE).password("wrong");
    assert!(
        wrong.connect().await.is_err(),
        "a wrong password is refused"
    );
}

/// The TCP sockets of a process, by inode; Unix sockets are not in these tables.
fn listening_inodes(pid: u32) -> Vec<u64> {
    let open: Vec<String> = std::fs::read_dir(format!("/proc/{pid}/fd"))
        .unwrap()
        .flatten()
        .filter_map(|entry| {
            std::fs::read_link(entry.path())
                .ok()?
                .to_str()
                .map(str::to_owned)
        })
        .collect();
    let tables = ["tcp", "tcp6"].map(|table| {
        std::fs::read_to_string(format!("/proc/{pid}/net/{table}")).unwrap_or_default()
    });
    let inodes = tables
        .iter()
        .flat_map(|table| table.lines().skip(1))
        .filter_map(|line| line.split_whitespace().nth(9)?.parse().ok());
    inodes
        .filter(|inode: &u64| open.contains(&format!("socket:[{inode}]")))
        .collect()
}

#[tokio::test]
async fn the_programs_role_owns_nothing_and_makes_nothing() {
    let scratch = Scratch::new();
    let cluster = scratch.start().await.unwrap();
    execute(
        &mut owner(&cluster).await,
        "CREATE TABLE secret (n int); CREATE EXTENSION btree_gist",
    )
    .await;

    let mut app = connect(cluster.app_options(DATABASE)).await;
    for refused in [
        "SELECT * FROM secret",
        "CREATE TABLE mine (n int)",
        "CREATE SCHEMA mine",
        "CREATE ROLE friend",
        "CREATE DATABASE mine",
        "SET ROLE hutong_owner",
        "ALTER ROLE hutong_app BYPASSRLS",
        "COPY (SELECT 1) TO PROGRAM 'cat'",
    ] {
        let error = sqlx::raw_sql(refused).execute(&mut app).await.unwrap_err();
        assert_eq!(
            error.as_database_error().unwrap().code().as_deref(),
            Some("42501"),
            "{refused}: {error}"
        );
    }
    execute(&mut app, "CREATE TEMPORARY TABLE pile (n int)").await;
    let compiles: String = sqlx::query_scalar("SHOW jit")
        .fetch_one(&mut app)
        .await
        .unwrap();
    assert_eq!(compiles, "off", "a list waits for no compiler");
    for other in ["postgres", "template1"] {
        let refused = cluster.app_options(other).connect().await.unwrap_err();
        assert_eq!(
            refused.as_database_error().unwrap().code().as_deref(),
            Some("42501"),
            "{other}"
        );
    }
}

#[tokio::test]
async fn databases_are_copied_from_a_template_and_dropped() {
    let scratch = Scratch::new();
    let cluster = scratch.start().await.unwrap();
    cluster
        .create_database("template_of_tests", None)
        .await
        .unwrap();
    let mut connection = connect(cluster.owner_options("template_of_tests")).await;
    execute(&mut connection, "CREATE TABLE kept (n int); INSERT INTO kept VALUES (1); GRANT SELECT ON kept TO hutong_app").await;
    connection.close().await.unwrap();

    let began = Instant::now();
    cluster
        .create_database("test_1", Some("template_of_tests"))
        .await
        .unwrap();
    println!("a database from a template: {:?}", began.elapsed());
    let mut held = connect(cluster.app_options("test_1")).await;
    assert_eq!(count(&mut held, "kept").await, 1);
    cluster.drop_database("test_1").await.unwrap();
    assert!(cluster.app_options("test_1").connect().await.is_err());
    cluster.drop_database("test_1").await.unwrap();
    assert!(matches!(
        cluster.create_database("x\"; --", None).await,
        Err(ClusterError::Name)
    ));
}

#[tokio::test]
async fn a_lost_password_of_a_working_role_is_made_anew() {
    let scratch = Scratch::new();
    scratch.start().await.unwrap().stop().await;
    std::fs::remove_file(scratch.place().secrets().join("hutong_app")).unwrap();
    let cluster = scratch.start().await.unwrap();
    connect(cluster.app_options(DATABASE)).await;
    cluster.stop().await;

    std::fs::remove_file(scratch.place().secrets().join("postgres")).unwrap();
    assert!(
        matches!(scratch.start().await, Err(ClusterError::Secrets(_))),
        "the superuser's cannot be"
    );
}

#[tokio::test]
async fn no_statement_and_no_value_reaches_the_log() {
    let scratch = Scratch::new();
    let cluster = scratch.start().await.unwrap();
    let mut connection = owner(&cluster).await;
    execute(
        &mut connection,
        "CREATE TABLE t (id text PRIMARY KEY); INSERT INTO t VALUES ('11010119900307MARK')",
    )
    .await;
    let twice = sqlx::query("INSERT INTO t VALUES ($1)")
        .bind("11010119900307MARK")
        .execute(&mut connection)
        .await;
    assert!(twice.is_err());
    let cast = sqlx::raw_sql("SELECT '11010119900307MARK'::int")
        .execute(&mut connection)
        .await;
    assert!(cast.is_err());
    // A killed backend is the one case where PostgreSQL logs a statement whatever the settings of the session.
    let pid: i32 = sqlx::query_scalar("SELECT pg_backend_pid()")
        .fetch_one(&mut connection)
        .await
        .unwrap();
    let sleeping = tokio::spawn(async move {
        sqlx::raw_sql("SELECT pg_sleep(30), '11010119900307MARK'")
            .execute(&mut connection)
            .await
            .map(drop)
    });
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    super::kills::kill(pid.unsigned_abs());
    assert!(sleeping.await.unwrap().is_err());
    cluster.stop().await;

    let mut logs = 0;
    let files = std::fs::read_dir(scratch.place().log())
        .unwrap()
        .flatten()
        .map(|file| file.path());
    for file in files.chain([scratch.data().join("start.log")]) {
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(!text.contains("MARK"), "{}: {text}", file.display());
        logs += text.len();
    }
    assert!(logs > 0, "the log holds the start and the crash");
}

#[tokio::test]
async fn work_beside_a_running_program_goes_through_its_cluster() {
    let scratch = Scratch::new();
    assert!(
        Access::join(&scratch.place(), true).await.is_err(),
        "there is nothing to join yet"
    );
    let startup = Startup { allow_nobody: true };
    let none = Server::open_or_join(&scratch.place(), startup).await;
    assert!(matches!(none, Err(ClusterError::None(_))));
    let cluster = scratch.start().await.unwrap();
    let beside = Server::open_or_join(&scratch.place(), startup)
        .await
        .unwrap();
    assert!(matches!(beside, Server::Joined(_)));
    let mut connection = connect(beside.owner_options().unwrap()).await;
    execute(&mut connection, "CREATE TABLE kept (n int)").await;
    connect(beside.app_options()).await;
    beside.stop().await;
    assert_eq!(
        count(&mut owner(&cluster).await, "kept").await,
        0,
        "the cluster runs on"
    );
    cluster.stop().await;
    let alone = Server::open_or_join(&scratch.place(), startup)
        .await
        .unwrap();
    assert!(matches!(alone, Server::Private(_)));
    alone.stop().await;
}
