//! Kills of PostgreSQL and of the program.

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use sqlx::{ConnectOptions, PgConnection};
use store::cluster::{Cluster, ClusterError, DATABASE, Health, Place};

use super::{Scratch, count, execute, owner, start};

/// Names the data folder for a process that plays the program; see [`program`].
const PLAY: &str = "HUTONG_TEST_PROGRAM_DATA";

pub(super) fn kill(pid: u32) {
    kill_process(
        Pid::from_raw(pid.try_into().unwrap()).unwrap(),
        Signal::KILL,
    )
    .unwrap();
}

/// Connects again as a pool would, until the database is back.
async fn reconnect(cluster: &Cluster) -> PgConnection {
    let began = Instant::now();
    loop {
        match cluster.owner_options(DATABASE).connect().await {
            Ok(connection) => {
                println!("back after {:?}", began.elapsed());
                return connection;
            }
            Err(error) => assert!(
                began.elapsed() < Duration::from_secs(30),
                "not back: {error}"
            ),
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(
            began.elapsed() < Duration::from_secs(60),
            "{what} did not happen"
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_killed_postmaster_comes_back_with_every_committed_row() {
    let scratch = Scratch::new();
    let cluster = scratch.start().await.unwrap();
    execute(&mut owner(&cluster).await, "CREATE TABLE kept (n int)").await;
    for round in 1..=3 {
        let mut connection = owner(&cluster).await;
        execute(&mut connection, "INSERT INTO kept VALUES (1)").await;
        execute(&mut connection, "BEGIN; INSERT INTO kept VALUES (2)").await;
        let killed = cluster.postmaster().unwrap();
        kill(killed);
        until("the restart", || {
            cluster.postmaster().is_some_and(|pid| pid != killed)
        })
        .await;
        assert_eq!(count(&mut reconnect(&cluster).await, "kept").await, round);
        assert_eq!(cluster.health(), Health::Running);
    }
    cluster.stop().await;
}

#[tokio::test]
async fn a_busy_backend_of_a_killed_postmaster_does_not_stand_in_the_way() {
    let scratch = Scratch::new();
    let cluster = scratch.start().await.unwrap();
    let mut busy = owner(&cluster).await;
    // Never waits, so the backend does not notice by itself that its postmaster is gone.
    let spinning = tokio::spawn(async move {
        sqlx::raw_sql("SELECT count(*) FROM generate_series(1, 1000000000) a")
            .execute(&mut busy)
            .await
            .map(drop)
    });
    tokio::time::sleep(Duration::from_millis(300)).await;
    let killed = cluster.postmaster().unwrap();
    kill(killed);
    until("the restart", || {
        cluster.postmaster().is_some_and(|pid| pid != killed)
    })
    .await;
    reconnect(&cluster).await;
    assert!(spinning.await.unwrap().is_err());
}

#[tokio::test]
async fn a_postmaster_that_dies_again_and_again_is_left_alone() {
    let scratch = Scratch::new();
    let cluster = scratch.start().await.unwrap();
    let began = Instant::now();
    while cluster.health() != Health::Down {
        if let Some(pid) = cluster.postmaster() {
            kill(pid);
            until("the end", || cluster.postmaster() != Some(pid)).await;
        }
        assert!(began.elapsed() < Duration::from_secs(60));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    drop(cluster);
    let cluster = scratch.start().await.unwrap();
    assert_eq!(cluster.health(), Health::Running, "a new start begins anew");
}

/// Not a test of its own: with [`PLAY`] set this process is the program that others kill.
#[tokio::test]
async fn program() {
    let Some(data) = std::env::var_os(PLAY) else {
        println!("plays the program for the tests beside it");
        return;
    };
    match start(&Place::at(data).unwrap()).await {
        Ok(cluster) => {
            let mut connection = owner(&cluster).await;
            execute(
                &mut connection,
                "CREATE TABLE IF NOT EXISTS kept (n int); INSERT INTO kept VALUES (1)",
            )
            .await;
            execute(&mut connection, "BEGIN; INSERT INTO kept VALUES (2)").await;
            println!("READY {}", cluster.postmaster().unwrap());
            tokio::time::sleep(Duration::from_secs(120)).await;
        }
        Err(error) => println!("REFUSED {error}"),
    }
}

/// Runs this test binary again as the program, and answers the process id of its postmaster.
fn play(data: &Path) -> (Child, u32) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "cluster::kills::program", "--nocapture"])
        .env(PLAY, data)
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .process_group(0)
        .spawn()
        .unwrap();
    let said = BufReader::new(child.stdout.take().unwrap())
        .lines()
        .map_while(Result::ok);
    let ready = said
        .inspect(|line| println!("program: {line}"))
        .find_map(|line| line.split_once("READY ")?.1.trim().parse().ok());
    (child, ready.expect("the program starts"))
}

#[tokio::test]
async fn a_killed_program_is_taken_over() {
    let scratch = Scratch::new();
    let (mut program, orphan) = play(&scratch.data());
    assert!(
        matches!(scratch.start().await, Err(ClusterError::InUse { pid: Some(pid), .. }) if pid == program.id()),
        "while it lives its folder is refused"
    );
    program.kill().unwrap();
    program.wait().unwrap();
    assert!(
        Path::new(&format!("/proc/{orphan}/cwd")).exists(),
        "the postmaster outlives the program"
    );

    let began = Instant::now();
    let cluster = scratch.start().await.unwrap();
    println!("takeover: {:?}", began.elapsed());
    assert_ne!(cluster.postmaster(), Some(orphan));
    assert_eq!(count(&mut owner(&cluster).await, "kept").await, 1);
    cluster.stop().await;
}

#[tokio::test]
async fn program_and_postmaster_killed_together() {
    let scratch = Scratch::new();
    let (mut program, orphan) = play(&scratch.data());
    program.kill().unwrap();
    kill(orphan);
    program.wait().unwrap();
    let cluster = scratch.start().await.unwrap();
    assert_eq!(count(&mut owner(&cluster).await, "kept").await, 1);
}

#[tokio::test]
async fn a_pid_file_that_names_a_stranger_does_not_stop_the_start() {
    let scratch = Scratch::new();
    let cluster = scratch.start().await.unwrap();
    let pid_file = scratch.data().join("cluster/postmaster.pid");
    let text = std::fs::read_to_string(&pid_file).unwrap();
    cluster.stop().await;
    // This very process stands for one that was given the dead postmaster's number.
    let rest = text.split_once('\n').unwrap().1;
    std::fs::write(&pid_file, format!("{}\n{rest}", std::process::id())).unwrap();
    scratch.start().await.unwrap().stop().await;
}

#[tokio::test]
async fn a_second_start_in_the_same_program_is_refused() {
    let scratch = Scratch::new();
    let cluster = scratch.start().await.unwrap();
    assert!(matches!(
        scratch.start().await,
        Err(ClusterError::InUse { .. })
    ));
    count(&mut owner(&cluster).await, "pg_class").await;
    cluster.stop().await;
    scratch.start().await.unwrap();
}
