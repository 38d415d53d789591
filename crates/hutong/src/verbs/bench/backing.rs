//! A night's backup and its restore else equal by content, beside PostgreSQL's own dump and restore.

use std::path::Path;
use std::time::Instant;

use store::bench::Ground;

use super::child::{hutong, timed};
use super::error::BenchError;
use super::figure::{Figure, Measured, Target};
use crate::outcome::Fault;

const SECONDS: Target = Target::Below(180.0);

/// Measures the office that stands in the ground of this folder; nobody runs its cluster. What is restored lies in
/// `scratch`, a folder that is removed each time.
pub(super) async fn measure(
    folder: &Path,
    scratch: &Path,
    children: usize,
    repetitions: usize,
) -> Result<[Figure; 2], Fault> {
    let (mut whole, mut backups, mut bare, mut dumps) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..repetitions {
        std::fs::create_dir_all(scratch).map_err(BenchError::io(scratch))?;
        let (backup, restore) = there_and_back(folder, scratch).await?;
        backups.push(backup);
        whole.push(backup + restore);
        let ground = Ground::again(folder).await?;
        let began = Instant::now();
        let dump = scratch.join("bare.dump");
        ground.dump_bare(&dump).await?;
        dumps.push(began.elapsed().as_secs_f64());
        ground.restore_bare(&dump).await?;
        bare.push(began.elapsed().as_secs_f64());
        ground.stop().await;
        std::fs::remove_dir_all(scratch).map_err(BenchError::io(scratch))?;
    }
    let figure = Figure {
        key: "backup.and_restore.seconds".into(),
        zh: format!("备份 {children} 名儿童并在别处恢复，逐表比对内容一致"),
        en: format!(
            "backup of {children} children and restore elsewhere, every table equal by content"
        ),
        unit: "s",
        value: Measured::of(&whole),
        beside: (
            "pg_dump 加 pg_restore，不加密、不比对",
            "pg_dump and pg_restore, neither sealed nor compared",
        ),
        raw: Measured::of(&bare),
        target: Some(SECONDS),
        is_detail: false,
    };
    let backup = Figure {
        key: "backup.seconds".into(),
        zh: "其中备份".into(),
        en: "of that, the backup".into(),
        value: Measured::of(&backups),
        beside: ("pg_dump", "pg_dump"),
        raw: Measured::of(&dumps),
        target: None,
        ..figure.clone()
    };
    Ok([figure, backup])
}

/// The seconds of `hutong backup`, and of `hutong restore`, which ends well only when the digest of every table's rows is
/// the one the backup tells.
async fn there_and_back(folder: &Path, scratch: &Path) -> Result<(f64, f64), Fault> {
    let text = |path: &Path| path.to_string_lossy().into_owned();
    let identity = text(&scratch.join("backup.key"));
    let recipient = scratch.join("backup.recipient");
    let mut key = hutong(&["backup", "key", "--out", &identity])?;
    let out = std::fs::File::create(&recipient).map_err(BenchError::io(&recipient))?;
    key.stdout(out);
    timed("backup key", key, &[0]).await?;
    let (data, file) = (text(folder), text(&scratch.join("night.backup")));
    let keys = text(&folder.join("keys/hutong.keys"));
    let restored = text(&scratch.join("restored"));
    let recipient = text(&recipient);
    let backup = hutong(&[
        "backup",
        "--to",
        &file,
        "--recipient",
        &recipient,
        "--data",
        &data,
    ])?;
    let backup = timed("backup", backup, &[0]).await?;
    let restore = hutong(&[
        "restore",
        &file,
        "--identity",
        &identity,
        "--keys",
        &keys,
        "--data",
        &restored,
    ])?;
    let restore = timed("restore", restore, &[0]).await?;
    Ok((backup.seconds, restore.seconds))
}
