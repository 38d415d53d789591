//! What PostgreSQL alone needs from its start to its first answer: the raw limit beside our own start.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use sqlx::{ConnectOptions, Connection};

use super::access::Access;
use super::account::Account;
use super::error::ClusterError;
use super::place::Place;
use super::roles::{DATABASE, Role};
use super::secret::Passwords;
use super::{data_folder, embedded, settings, socket};

/// Starts the cluster of this place with `pg_ctl`, asks it `SELECT 1`, stops it, and answers how long the answer took.
///
/// # Errors
/// When there is no cluster, or it does not start; no other program may be using it.
pub async fn bare_start(place: &Place) -> Result<Duration, ClusterError> {
    let account = Account::choose(true)?.for_cluster(&place.cluster(), true)?;
    let binaries = embedded::within_reach(data_folder::binaries_for(place)?, &account, place)?;
    let access = Access {
        place: place.clone(),
        socket: socket::prepare(place, &account)?,
        passwords: Passwords::read(place)?,
    };
    let pg_ctl = |arguments: &[&str]| {
        let mut command = Command::new(binaries.program("pg_ctl"));
        command
            .arg("-D")
            .arg(place.cluster())
            .args(["-s", "-w"])
            .args(arguments)
            .current_dir(place.cluster())
            .env("LC_ALL", "C")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let ended = account.run_as(&mut command).status();
        let ended = ended.map_err(|cause| ClusterError::io(binaries.bin(), cause))?;
        ended.success().then_some(()).ok_or(ClusterError::Start {
            log: place.log(),
            tail: "pg_ctl".into(),
        })
    };
    // pg_ctl hands its options to a shell.
    let options: Vec<String> = settings::binding(access.socket(), &place.log())
        .iter()
        .map(|option| format!("'{}'", option.replace('\'', "'\\''")))
        .collect();
    let options = options.join(" ");
    let began = Instant::now();
    pg_ctl(&["start", "-o", &options])?;
    let answered = first_answer(&access).await.map(|()| began.elapsed());
    pg_ctl(&["stop", "-m", "fast"])?;
    answered
}

async fn first_answer(access: &Access) -> Result<(), ClusterError> {
    let mut connection = access
        .options(Role::App, DATABASE)
        .connect()
        .await
        .map_err(ClusterError::Connect)?;
    sqlx::raw_sql("SELECT 1")
        .execute(&mut connection)
        .await
        .map_err(ClusterError::Sql)?;
    connection.close().await.map_err(ClusterError::Sql)
}
