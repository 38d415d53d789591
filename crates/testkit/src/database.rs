//! One database per test, copied from a template that carries every migration and every division.
//!
//! `make test` starts one server for all tests and names its socket folder in `HUTONG_TEST_SERVER`; a test run without
//! it starts a private cluster of its own, which takes a few seconds more.

use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use kernel::gazetteer::Gazetteer;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection, PgPool};
use store::cluster::{Cluster, Place, Startup};
use store::{organisation, schema};

/// The variable that names the socket folder of a server for tests.
pub const SERVER: &str = "HUTONG_TEST_SERVER";

enum Server {
    Shared(String),
    Own {
        cluster: Box<Cluster>,
        _folder: tempfile::TempDir,
    },
}

/// A database of one test. Dropping it leaves the removal to the server's own end; [`TestDatabase::remove`] removes it.
pub struct TestDatabase {
    server: Server,
    name: String,
    /// Connections of the role that owns everything.
    pub owner: PgPool,
    /// Connections of the program's role.
    pub app: PgPool,
}

impl TestDatabase {
    /// An empty database with the schema and the divisions in it.
    pub async fn new() -> Self {
        Self::copied(Server::find().await).await
    }

    /// As [`TestDatabase::new`] on a cluster of its own, whose files a test may read.
    pub async fn private() -> Self {
        Self::copied(Server::own().await).await
    }

    /// A database without a schema.
    pub async fn bare() -> Self {
        let server = Server::find().await;
        let name = format!("test_{}", unique());
        let mut superuser = server.superuser().await;
        let create = format!(
            "CREATE DATABASE {name} OWNER hutong_owner TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'"
        );
        run(&mut superuser, &create).await;
        admit(&mut superuser, &name).await;
        Self::at(server, name).await
    }

    async fn copied(server: Server) -> Self {
        let mut superuser = server.superuser().await;
        let template = template(&server, &mut superuser).await;
        let name = format!("test_{}", unique());
        let create = format!(
            "CREATE DATABASE {name} OWNER hutong_owner TEMPLATE {template} STRATEGY wal_log"
        );
        run(&mut superuser, &create).await;
        admit(&mut superuser, &name).await;
        Self::at(server, name).await
    }

    async fn at(server: Server, name: String) -> Self {
        let owner = pool(server.options("hutong_owner", &name)).await;
        let app = pool(server.options("hutong_app", &name)).await;
        Self {
            server,
            name,
            owner,
            app,
        }
    }

    /// Where the program's role connects, as a test of bare SQL does.
    pub fn app_options(&self) -> PgConnectOptions {
        self.server.options("hutong_app", &self.name)
    }

    /// Where the owner connects, as a program of its own process takes it.
    pub fn owner_url(&self) -> String {
        let options = self.server.options("hutong_owner", &self.name);
        options.to_url_lossy().to_string()
    }

    /// Where the public pages' role connects.
    pub fn public_options(&self) -> PgConnectOptions {
        self.server.options("hutong_public", &self.name)
    }

    /// Where the superuser connects, for scans of what lies on disk.
    pub fn superuser_options(&self) -> PgConnectOptions {
        self.server.options("postgres", &self.name)
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The cluster, where it is this test's own.
    pub fn cluster(&self) -> Option<&Cluster> {
        match &self.server {
            Server::Shared(_) => None,
            Server::Own { cluster, .. } => Some(cluster),
        }
    }

    /// A process without which the server does not go on, where the server is this test's own: killing it brings the whole
    /// server down, which recovers as from a crash. (The logger comes before it, and would merely be started again.)
    pub fn vital_process(&self) -> u32 {
        self.checkpointer().expect("a running server")
    }

    fn checkpointer(&self) -> Option<u32> {
        let postmaster = self.cluster()?.postmaster()?;
        let children = format!("/proc/{postmaster}/task/{postmaster}/children");
        let children = std::fs::read_to_string(children).ok()?;
        let is_it = |pid: &u32| {
            let title = std::fs::read_to_string(format!("/proc/{pid}/cmdline"));
            title.is_ok_and(|title| title.contains("checkpointer"))
        };
        let mut children = children.split_whitespace().flat_map(str::parse);
        children.find(is_it)
    }

    /// Waits until the server has recovered from the death of its vital process, and answers again. The next one is started
    /// when all others are gone: who answers from then on does not end with them.
    pub async fn is_back_without(&self, dead: u32) {
        for _ in 0..600 {
            if self.checkpointer().is_some_and(|pid| pid != dead)
                && sqlx::query("SELECT 1").execute(&self.owner).await.is_ok()
            {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the server does not come back");
    }

    /// Removes the database.
    pub async fn remove(self) {
        // Not waited for: a work that is still open would hold them for ever, and is ended from the other side.
        drop((self.owner.close(), self.app.close()));
        let mut superuser = self.server.superuser().await;
        desert(&mut superuser, &self.name).await;
        run(
            &mut superuser,
            &format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name),
        )
        .await;
        if let Server::Own { cluster, .. } = self.server {
            cluster.stop().await;
        }
    }
}

impl Server {
    async fn find() -> Self {
        if let Ok(folder) = std::env::var(SERVER) {
            return Self::Shared(folder);
        }
        Self::own().await
    }

    async fn own() -> Self {
        let folder = tempfile::Builder::new()
            .prefix("hutong-test-")
            .tempdir()
            .expect("a temporary folder");
        open_to_all(folder.path());
        let place = Place::at(folder.path().join("data")).expect("a place");
        let cluster = Cluster::start(&place, Startup { allow_nobody: true })
            .await
            .expect("a private cluster");
        Self::Own {
            cluster: Box::new(cluster),
            _folder: folder,
        }
    }

    fn options(&self, role: &str, database: &str) -> PgConnectOptions {
        match self {
            Self::Shared(folder) => {
                let url = format!("postgres://{role}@localhost/{database}?host={folder}");
                PgConnectOptions::from_str(&url).expect("an address")
            }
            Self::Own { cluster, .. } => match role {
                "postgres" => cluster.superuser_options(database),
                "hutong_owner" => cluster.owner_options(database),
                "hutong_public" => cluster.public_options(database),
                _ => cluster.app_options(database),
            },
        }
    }

    async fn superuser(&self) -> PgConnection {
        PgConnection::connect_with(&self.options("postgres", "postgres"))
            .await
            .expect("the superuser connects")
    }
}

/// Kills a process.
pub fn kill(pid: u32) {
    let killed = std::process::Command::new("kill")
        .args(["-9", &pid.to_string()])
        .status();
    killed.expect("kill runs");
}

/// The template's name changes with the migrations, so that an old one is never used.
async fn template(server: &Server, superuser: &mut PgConnection) -> String {
    let digest = schema::MIGRATIONS
        .iter()
        .flat_map(|m| m.checksum.iter())
        .fold(0_u64, |sum, &byte| {
            sum.wrapping_mul(0x0100_0000_01b3) ^ u64::from(byte)
        });
    let name = format!("template_{digest:016x}");
    // Tests run in many processes: one makes the template, the others wait for it.
    run(superuser, "SELECT pg_advisory_lock(7040)").await;
    let exists: bool =
        sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1)")
            .bind(&name)
            .fetch_one(&mut *superuser)
            .await
            .expect("the list of databases");
    if !exists {
        let draft = format!("{name}_draft");
        run(superuser, &format!("DROP DATABASE IF EXISTS {draft}")).await;
        run(superuser, &format!("CREATE DATABASE {draft} OWNER hutong_owner TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'")).await;
        let owner = pool(server.options("hutong_owner", &draft)).await;
        schema::migrate(&owner).await.expect("the migrations apply");
        organisation::load_divisions(&owner, Gazetteer::builtin())
            .await
            .expect("the divisions load");
        // What the planner knows of them is copied with them.
        sqlx::query("ANALYZE organisation_division")
            .execute(&owner)
            .await
            .expect("the divisions are looked through");
        owner.close().await;
        run(
            superuser,
            &format!("ALTER DATABASE {draft} RENAME TO {name}"),
        )
        .await;
    }
    run(superuser, "SELECT pg_advisory_unlock(7040)").await;
    name
}

/// Ends every connection to a database. Its removal would do so too, but looks again only after a tenth of a second.
async fn desert(superuser: &mut PgConnection, name: &str) {
    for _ in 0..100 {
        let ended = sqlx::query(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1",
        )
        .bind(name)
        .execute(&mut *superuser)
        .await
        .expect("the server's connections");
        if ended.rows_affected() == 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

/// A database's rights are not copied from its template.
async fn admit(superuser: &mut PgConnection, name: &str) {
    let revoke = format!("REVOKE ALL ON DATABASE {name} FROM PUBLIC");
    run(superuser, &revoke).await;
    let grant = format!("GRANT CONNECT, TEMPORARY ON DATABASE {name} TO hutong_app");
    run(superuser, &grant).await;
    let grant = format!("GRANT CONNECT ON DATABASE {name} TO hutong_public");
    run(superuser, &grant).await;
}

async fn run(connection: &mut PgConnection, statement: &str) {
    sqlx::raw_sql(AssertSqlSafe(statement.to_owned()))
        .execute(connection)
        .await
        .expect("the statement runs");
}

async fn pool(options: PgConnectOptions) -> PgPool {
    PgPoolOptions::new()
        .max_connections(4)
        .connect_with(options)
        .await
        .expect("the database answers")
}

fn unique() -> String {
    let mut bytes = [0; 8];
    kernel::clock::Entropy::fill(&store::entropy::OsEntropy, &mut bytes);
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The server's account has to reach its data below a folder that belongs to the test's account.
fn open_to_all(folder: &Path) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o755)).expect("permissions");
}
