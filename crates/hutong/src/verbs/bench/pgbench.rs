//! The same SQL without us: `pgbench` with a script and as many clients as there were connections.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use super::asking::Pace;
use super::error::BenchError;
use super::figure::percentile;

/// Runs a script with so many clients for so long. `command` is `pgbench` with its way in to the database.
pub(super) async fn run(
    mut command: Command,
    script: &Path,
    clients: usize,
    lasts: Duration,
) -> Result<Pace, BenchError> {
    let folder = script.parent().unwrap_or(script).to_path_buf();
    let log = format!("{}.took", script.display());
    command
        .args(["--protocol=prepared", "--log", "--define=turn=0"])
        .arg(format!("--log-prefix={log}"))
        .arg(format!("--client={clients}"))
        .arg(format!("--time={}", lasts.as_secs().max(1)))
        .arg(format!("--file={}", script.display()))
        .current_dir(folder)
        .stdin(Stdio::null());
    let ended = tokio::process::Command::from(command)
        .kill_on_drop(true)
        .output()
        .await
        .map_err(BenchError::io("pgbench"))?;
    let said = String::from_utf8_lossy(&ended.stdout);
    let per_second = said.lines().find_map(|line| {
        let number = line.strip_prefix("tps = ")?.split(' ').next()?;
        number.parse().ok()
    });
    let (true, Some(per_second)) = (ended.status.success(), per_second) else {
        return Err(BenchError::Failed {
            what: "pgbench",
            status: ended.status.to_string(),
            said: String::from_utf8_lossy(&ended.stderr).into_owned(),
        });
    };
    let p99 = percentile(&took(script.parent(), &log)?, 0.99);
    Ok(Pace { per_second, p99 })
}

/// What every transaction took, milliseconds, from the logs; they are removed.
fn took(folder: Option<&Path>, prefix: &str) -> Result<Vec<f64>, BenchError> {
    let mut took = Vec::new();
    let folder = folder.unwrap_or(Path::new("."));
    for file in std::fs::read_dir(folder).map_err(BenchError::io(folder))? {
        let path = file.map_err(BenchError::io(folder))?.path();
        if !path.display().to_string().starts_with(prefix) {
            continue;
        }
        let text = std::fs::read_to_string(&path).map_err(BenchError::io(&path))?;
        let times = text
            .lines()
            .filter_map(|line| line.split(' ').nth(2)?.parse::<f64>().ok());
        took.extend(times.map(|micros| micros / 1000.0));
        std::fs::remove_file(&path).map_err(BenchError::io(&path))?;
    }
    Ok(took)
}
