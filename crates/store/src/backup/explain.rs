//! What a person is told when a backup fails.

use kernel::explain::{Explain, Lang};

use super::error::BackupError;

impl Explain for BackupError {
    fn code(&self) -> &'static str {
        match self {
            Self::Open(error) => error.code(),
            Self::Keys(error) => error.code(),
            Self::Exists(_) => "backup.exists",
            Self::Busy(_) => "backup.busy",
            Self::NoFolder(_) => "backup.no_folder",
            Self::DiskFull(_) => "backup.disk_full",
            Self::Io { .. } => "backup.io",
            Self::NotABackup(_) => "backup.not_a_backup",
            Self::Damaged(_) => "backup.damaged",
            Self::Passphrase => "backup.passphrase",
            Self::Identity => "backup.other_key",
            Self::OtherWay { .. } => "backup.other_way",
            Self::NotAKey => "backup.not_a_key",
            Self::OtherSchema(_) => "backup.other_schema",
            Self::Occupied(_) => "restore.occupied",
            Self::KeysMissing(_) => "restore.keys_missing",
            Self::Differs(_) => "restore.differs",
            Self::BrokenOff => "backup.broken_off",
        }
    }

    fn explain(&self, lang: Lang) -> String {
        match lang {
            Lang::Zh => self.in_chinese(),
            Lang::En => self.in_english(),
        }
    }
}

impl BackupError {
    fn in_chinese(&self) -> String {
        match self {
            Self::Open(error) => error.explain(Lang::Zh),
            Self::Keys(error) => error.explain(Lang::Zh),
            Self::Exists(path) => format!("{} 已存在，不予覆盖。请另选文件名。", path.display()),
            Self::Busy(path) => {
                format!("另一个程序正在写入 {}。请等它结束后再试。", path.display())
            }
            Self::NoFolder(path) => {
                format!("没有文件夹 {}。请先建立，或改用其他位置。", path.display())
            }
            Self::DiskFull(path) => format!(
                "存放 {} 的磁盘已满，未留下半份备份，数据未受影响。请清理磁盘或换一个位置后重试。",
                path.display()
            ),
            Self::Io { path, source } => format!(
                "处理 {} 时出错：{source}。请检查磁盘和权限后重试。",
                path.display()
            ),
            Self::NotABackup(path) => {
                format!("{} 不是护童的备份文件。请核对文件名。", path.display())
            }
            Self::Damaged(path) => format!(
                "{} 已损坏或不完整，不予使用。请换用另一份备份。",
                path.display()
            ),
            Self::Passphrase => {
                "口令不正确，无法打开备份。请核对口令（区分大小写和全角半角）后重试。".into()
            }
            Self::Identity => {
                "这份备份不是为该密钥制作的。请换用制作备份时所用公钥的私钥文件。".into()
            }
            Self::OtherWay {
                by_passphrase: true,
            } => "这份备份须凭口令打开，请用 --passphrase-file 给出口令文件。".into(),
            Self::OtherWay {
                by_passphrase: false,
            } => "这份备份须用私钥文件打开，请用 --identity 给出。".into(),
            Self::NotAKey => {
                "这不是备份用的公钥或私钥文件，或有误字。请用 hutong backup key 生成的原件。".into()
            }
            Self::OtherSchema(version) => format!(
                "备份的数据库结构（第 {version} 版）与本程序的不是同一份。请改用制作备份时的程序版本恢复。"
            ),
            Self::Occupied(path) => format!(
                "{} 已有数据，恢复只能放到空的位置，现有数据未受影响。请用 --data 另指一个空文件夹。",
                path.display()
            ),
            Self::KeysMissing(ids) => format!(
                "密钥文件缺少第 {} 号密钥，备份中部分内容将无法读取，已停止恢复。请用制作备份时的密钥托管文件恢复密钥后重试。",
                list(ids)
            ),
            Self::Differs(found) => format!(
                "恢复出的数据与备份清单不符（{} 处），不予启用。请换用另一份备份。",
                found.findings.len()
            ),
            Self::BrokenOff => "工作中途中断，未留下半份结果。请重新运行。".into(),
        }
    }

    fn in_english(&self) -> String {
        match self {
            Self::Open(error) => error.explain(Lang::En),
            Self::Keys(error) => error.explain(Lang::En),
            Self::Exists(path) => format!("{} exists already and is not overwritten. Choose another name.", path.display()),
            Self::Busy(path) => format!("Another program is writing {}. Wait for it to end, then try again.", path.display()),
            Self::NoFolder(path) => format!("There is no folder {}. Make it first, or name another place.", path.display()),
            Self::DiskFull(path) => format!("The disk of {} is full; no half backup is left and the data is untouched. Free some space or name another place, then try again.", path.display()),
            Self::Io { path, source } => format!("Working on {} failed: {source}. Check the disk and the permissions, then try again.", path.display()),
            Self::NotABackup(path) => format!("{} is not a backup of Hutong. Check its name.", path.display()),
            Self::Damaged(path) => format!("{} is damaged or cut short and is not used. Use another backup.", path.display()),
            Self::Passphrase => "The passphrase does not open this backup. Check it (upper and lower case matter), then try again.".into(),
            Self::Identity => "The backup was made for another key. Use the file with the secret key of the public key it was made for.".into(),
            Self::OtherWay { by_passphrase: true } => "The backup opens with a passphrase: name its file with --passphrase-file.".into(),
            Self::OtherWay { by_passphrase: false } => "The backup opens with a secret key: name its file with --identity.".into(),
            Self::NotAKey => "This is no key for backups, or it was mistyped. Use what hutong backup key made.".into(),
            Self::OtherSchema(version) => format!("The backup's schema {version} is not the one this program knows under that number. Restore it with the program version that made it."),
            Self::Occupied(path) => format!("{} holds an installation, and a restore goes to an empty place only; the data there is untouched. Name an empty folder with --data.", path.display()),
            Self::KeysMissing(ids) => format!("The key file lacks key {}, so some of the backup could not be read; the restore was stopped. Restore the keys from the escrow of the backup's time, then try again.", list(ids)),
            Self::Differs(found) => format!("The restored data differ from the backup's manifest in {} places and are not put to use. Use another backup.", found.findings.len()),
            Self::BrokenOff => "The work was broken off and left nothing half-done. Run it again.".into(),
        }
    }
}

fn list(ids: &[u32]) -> String {
    let ids: Vec<String> = ids.iter().map(u32::to_string).collect();
    ids.join(", ")
}
