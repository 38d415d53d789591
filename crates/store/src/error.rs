//! What can go wrong between the program and its memory.

use kernel::explain::{Explain, Lang};

use crate::seal::SealError;

/// A fault of the store. It names tables and columns, never values.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Nothing there, or nothing within the caller's reach: one answer for both.
    #[error("not found within reach")]
    NotFound,
    /// The row changed since the caller read it.
    #[error("changed by somebody else since it was read")]
    Stale,
    /// The token names no session that is open today.
    #[error("no open session for this token")]
    NoSession,
    /// A stored row contradicts itself.
    #[error("corrupt value in {table}.{column}")]
    Corrupt {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
    },
    /// The database belongs to another program version.
    #[error("schema is at migration {found}, this program knows {known}")]
    NewerSchema {
        /// The newest migration in the database.
        found: i64,
        /// The newest migration this program carries.
        known: i64,
    },
    /// Nothing has been founded in the database yet.
    #[error("the database has not been founded")]
    NotFounded,
    /// A restore into this database was broken off.
    #[error("the database was not restored to its end")]
    HalfRestored,
    /// There is an installation already where one was to be founded.
    #[error("something has been founded here already")]
    Founded,
    /// A founding was broken off before the first officers had their codes.
    #[error("the founding was broken off")]
    HalfFounded,
    /// An office was wanted where a demo's data is.
    #[error("the database is a demo")]
    ADemo,
    /// The schema of a server that is not this program's own is to change, and nobody says that there is a dump.
    #[error("nobody dumped the database before its upgrade")]
    NotDumped,
    /// A demo was wanted where an office's data is.
    #[error("the database is not a demo")]
    NotADemo,
    /// Sealed data that does not open.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// The journal refused what it was given.
    #[error("the journal entry cannot be written")]
    Journal(#[from] serde_json::Error),
    /// The migrations failed.
    #[error("a migration failed")]
    Migration(#[source] sqlx::migrate::MigrateError),
    /// A password could not be hashed: the program is ending, or memory failed.
    #[error("a password could not be hashed")]
    Unhashed,
    /// The disk of the database is full.
    #[error("the database has no space left")]
    DiskFull,
    /// The connection was lost while the work was being committed: it may have taken effect or not.
    #[error("the connection broke during the commit")]
    InDoubt(#[source] sqlx::Error),
    /// The database did not answer, or refused.
    #[error("the database did not do it")]
    Database(#[source] sqlx::Error),
}

/// PostgreSQL's code for a disk that is full.
const DISK_FULL: &str = "53100";
/// PostgreSQL's codes for values that cannot be: the class of a date out of range or a character it does not keep, what names
/// a row that is not there, what a rule of the table forbids.
const UNFIT: [&str; 3] = ["22", "23503", "23514"];
/// PostgreSQL's codes for what is there already: the same key, days that overlap.
const COLLIDES: [&str; 2] = ["23505", "23P01"];

/// PostgreSQL's codes for a server that stops, crashed, or is not up yet.
const CUT_OFF: [&str; 3] = ["57P01", "57P02", "57P03"];
/// The class of PostgreSQL's codes for connections that broke.
const CONNECTION: &str = "08";

fn code_of(error: &sqlx::Error) -> Option<String> {
    let code = error.as_database_error()?.code()?;
    Some(code.into_owned())
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::RowNotFound => Self::NotFound,
            _ if code_of(&error).as_deref() == Some(DISK_FULL) => Self::DiskFull,
            error => Self::Database(error),
        }
    }
}

impl StoreError {
    /// Whether what was to be stored, or asked for, cannot be: a date or a character beyond the database's, or what is of
    /// nothing that is there.
    #[must_use]
    pub fn is_unfit(&self) -> bool {
        self.refusal()
            .is_some_and(|code| UNFIT.iter().any(|unfit| code.starts_with(unfit)))
    }

    /// Whether the same is there already. Where that was asked before, somebody else entered it meanwhile.
    #[must_use]
    pub fn is_collision(&self) -> bool {
        self.refusal()
            .is_some_and(|code| COLLIDES.contains(&code.as_str()))
    }

    /// Whether the database went away in the middle: it may be back in a moment, and then the work can be done again.
    #[must_use]
    pub fn is_cut_off(&self) -> bool {
        match self {
            Self::InDoubt(_) => true,
            Self::Database(sqlx::Error::Io(_) | sqlx::Error::Protocol(_)) => true,
            Self::Database(_) => self.refusal().is_some_and(|code| {
                CUT_OFF.contains(&code.as_str()) || code.starts_with(CONNECTION)
            }),
            _ => false,
        }
    }

    fn refusal(&self) -> Option<String> {
        match self {
            Self::Database(error) => code_of(error),
            _ => None,
        }
    }
}

impl Explain for StoreError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "store.not_found",
            Self::Stale => "store.stale",
            Self::NoSession => "store.no_session",
            Self::Corrupt { .. } => "store.corrupt",
            Self::NewerSchema { .. } => "store.newer_schema",
            Self::NotFounded => "store.not_founded",
            Self::HalfRestored => "store.half_restored",
            Self::Founded => "store.founded",
            Self::HalfFounded => "store.half_founded",
            Self::ADemo => "store.a_demo",
            Self::NotDumped => "store.not_dumped",
            Self::NotADemo => "store.not_a_demo",
            Self::Seal(error) => error.code(),
            Self::Journal(_) => "store.journal",
            Self::Migration(_) => "store.migration",
            Self::Unhashed => "store.unhashed",
            Self::DiskFull => "store.disk_full",
            Self::InDoubt(_) => "store.in_doubt",
            Self::Database(_) => "store.database",
        }
    }

    fn explain(&self, lang: Lang) -> String {
        match lang {
            Lang::Zh => self.in_chinese(),
            Lang::En => self.in_english(),
        }
    }
}

impl StoreError {
    fn in_chinese(&self) -> String {
        match self {
            Self::NotFound => "没有这份档案，或不在您的范围内。".into(),
            Self::Stale => "读取之后已被他人修改，请重新打开后再保存。".into(),
            Self::NoSession => "登录已失效，请重新登录。".into(),
            Self::Corrupt { table, column } => {
                format!(
                    "数据库中 {table}.{column} 的一项内容自相矛盾，未作改动。请保留现场并联系维护人员。"
                )
            }
            Self::NewerSchema { found, known } => {
                format!("数据库结构（第 {found} 版）比本程序（第 {known} 版）新，请改用新版程序。")
            }
            Self::NotFounded => "这里还没有建立数据库。请先运行 hutong init（看演示则用 hutong demo），或用 --data 指明数据文件夹。".into(),
            Self::HalfRestored => "上次向这里恢复备份时中断，数据不完整，不能使用。请再次执行同一条 hutong restore 命令，它会先清除残留。".into(),
            Self::Founded => "这里已经建立过数据库，未作改动。要新建，请用 --data 另指一个空文件夹；要启动已有的，请运行 hutong serve。".into(),
            Self::HalfFounded => "这里的建立过程曾中断，首批人员没有拿到授权码，尚不能使用。请再次运行 hutong init，它会重新建立；外接数据库须先清空。".into(),
            Self::ADemo => "这里是演示库，人物均为虚构，不能作为业务系统启动。请用 --data 指明业务数据文件夹，或先运行 hutong init 新建。".into(),
            Self::NotDumped => "本次启动要升级外接数据库的结构，须先备份。请用该服务器自己的办法（如 pg_dump）备份，然后用 hutong serve --dumped 启动一次。".into(),
            Self::NotADemo => "这里的数据库不是演示库，演示程序不会使用它。请用 --data 另指一个空文件夹。".into(),
            Self::Seal(error) => error.explain(Lang::Zh),
            Self::Journal(_) => {
                "日志无法写入，本次操作未生效。请重试；仍不成功时联系维护人员。".into()
            }
            Self::Migration(error) => {
                format!("升级数据库结构失败，未作改动：{error}。请保留现场并联系维护人员。")
            }
            Self::Unhashed => "密码暂时无法处理，请稍后重试。".into(),
            Self::DiskFull => {
                "数据库所在磁盘已满，本次操作未生效，已有数据完好。请清理磁盘后重试。".into()
            }
            Self::InDoubt(_) => "提交时与数据库的连接中断，无法确定本次操作是否已生效。请先核对再操作；同一台账再次导入不会重复登记。".into(),
            Self::Database(error) => format!(
                "数据库没有完成本次操作，未作改动：{}。请稍后重试。",
                reason(error)
            ),
        }
    }

    fn in_english(&self) -> String {
        match self {
            Self::NotFound => "There is no such file, or it is not within your reach.".into(),
            Self::Stale => "Somebody else changed it since you read it: open it again, then save.".into(),
            Self::NoSession => "The session has ended: sign in again.".into(),
            Self::Corrupt { table, column } => {
                format!("A value in {table}.{column} contradicts itself; nothing was changed. Keep everything as it is and call maintenance.")
            }
            Self::NewerSchema { found, known } => {
                format!("The database (schema {found}) is newer than this program (schema {known}): use the newer program.")
            }
            Self::NotFounded => "There is no database here yet: run hutong init first (for a demonstration hutong demo), or name the data folder with --data.".into(),
            Self::HalfRestored => "A restore into this place was broken off, so what is here is incomplete and not put to use. Run the same hutong restore again: it clears the rest first.".into(),
            Self::Founded => "There is an installation here already, and nothing was changed. For a new one name an empty folder with --data; to start this one run hutong serve.".into(),
            Self::HalfFounded => "The founding of this place was broken off before the first officers had their codes. Run hutong init again: it begins anew; a server of your own has to be emptied first.".into(),
            Self::ADemo => "The database here is a demo with invented people and is not served as an office. Name the office's folder with --data, or run hutong init for a new one.".into(),
            Self::NotDumped => "This start changes the schema of a server that is not the program's own, so it has to be backed up first. Do so by that server's means (pg_dump), then start once with hutong serve --dumped.".into(),
            Self::NotADemo => "The database here is not a demo, and the demo leaves it alone: name an empty folder with --data.".into(),
            Self::Seal(error) => error.explain(Lang::En),
            Self::Journal(_) => "The journal cannot be written, so nothing was done. Try again, then call maintenance.".into(),
            Self::Migration(error) => format!("Upgrading the schema failed and nothing was changed: {error}. Call maintenance."),
            Self::Unhashed => "The password could not be processed just now: try again shortly.".into(),
            Self::DiskFull => "The database's disk is full; nothing was done and what was stored is safe. Free some space, then try again.".into(),
            Self::InDoubt(_) => "The connection broke while the work was being committed, so whether it took effect is not known. Look before doing it again; the same ledger imported again doubles nobody.".into(),
            Self::Database(error) => format!("The database did not do it and nothing was changed: {}. Try again shortly.", reason(error)),
        }
    }
}

/// The reason without detail lines, which may quote values.
fn reason(error: &sqlx::Error) -> String {
    error
        .as_database_error()
        .map_or_else(|| error.to_string(), |e| e.message().to_owned())
}
