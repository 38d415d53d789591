//! The roles of the database and what each may do; databases and their rights.

use secrecy::ExposeSecret;
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection};

use super::access::Access;
use super::error::ClusterError;

/// The name of the product's database.
pub const DATABASE: &str = "hutong";

/// The roles of a private cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// `postgres`: makes roles and databases, and nothing else.
    Superuser,
    /// `hutong_owner`: owns the database and everything in it, runs migrations.
    Owner,
    /// `hutong_app`: what the program works as. It owns nothing, passes no policy and makes no table but temporary ones.
    App,
    /// `hutong_public`: what the public pages work as. It has no table at all, only functions granted by name.
    Public,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Superuser, Self::Owner, Self::App, Self::Public];

    /// Those that work in the product's database.
    const WORKING: [Self; 3] = [Self::Owner, Self::App, Self::Public];

    /// The role's name in PostgreSQL.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Superuser => "postgres",
            Self::Owner => "hutong_owner",
            Self::App => "hutong_app",
            Self::Public => "hutong_public",
        }
    }
}

/// What a working role may be: none is a superuser, above row-level security, or able to make roles and databases.
/// Only the owner inherits: owning the database makes it a member of `pg_database_owner`, to which `public` belongs.
fn attributes(role: Role) -> &'static str {
    match role {
        Role::Superuser | Role::Owner => {
            "LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION INHERIT"
        }
        Role::App | Role::Public => {
            "LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION NOINHERIT"
        }
    }
}

/// Makes sure that all working roles can log in to the product's database.
///
/// On a cluster that is complete this costs a log-in each. Otherwise, being new or made by a program that was
/// killed half-way, the superuser makes what is missing.
pub(super) async fn ensure(access: &Access) -> Result<(), ClusterError> {
    for role in Role::WORKING {
        match log_in(access.options(role, DATABASE)).await {
            Ok(()) => {}
            Err(error) if is_unprovisioned(&error) => {
                provision(access).await?;
                log_in(access.options(role, DATABASE))
                    .await
                    .map_err(ClusterError::Connect)?;
            }
            Err(error) => return Err(ClusterError::Connect(error)),
        }
    }
    Ok(())
}

async fn log_in(options: PgConnectOptions) -> sqlx::Result<()> {
    options.connect().await?.close().await
}

/// No such role or wrong password (28P01, 28000), no such database (3D000), not admitted to it (42501).
fn is_unprovisioned(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(|error| error.code());
    matches!(code.as_deref(), Some("28P01" | "28000" | "3D000" | "42501"))
}

async fn provision(access: &Access) -> Result<(), ClusterError> {
    let mut superuser = as_superuser(access).await?;
    for role in Role::WORKING {
        let name = role.name();
        // The passwords are made by this program from 64 harmless characters.
        let password = access.passwords.of(role).expose_secret();
        let exists: bool = sqlx::query_scalar(
            "SELECT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = $1)",
        )
        .bind(name)
        .fetch_one(&mut superuser)
        .await
        .map_err(ClusterError::Sql)?;
        let verb = if exists { "ALTER" } else { "CREATE" };
        run(
            &mut superuser,
            format!(
                "{verb} ROLE {name} {} PASSWORD '{password}'",
                attributes(role)
            ),
        )
        .await?;
    }
    // A rehearsal begins as the owner and goes on under the program's policies.
    run(
        &mut superuser,
        format!("GRANT {} TO {}", Role::App.name(), Role::Owner.name()),
    )
    .await?;
    run(
        &mut superuser,
        "REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC".into(),
    )
    .await?;
    let exists: bool =
        sqlx::query_scalar("SELECT EXISTS (SELECT FROM pg_catalog.pg_database WHERE datname = $1)")
            .bind(DATABASE)
            .fetch_one(&mut superuser)
            .await
            .map_err(ClusterError::Sql)?;
    if !exists {
        run(
            &mut superuser,
            format!("CREATE DATABASE {DATABASE} OWNER {}", Role::Owner.name()),
        )
        .await?;
    }
    admit(&mut superuser, DATABASE).await?;
    superuser.close().await.map_err(ClusterError::Sql)
}

/// Creates a database owned by the owner and open to the program's roles alone.
pub(super) async fn create_database(
    access: &Access,
    name: &str,
    template: Option<&str>,
) -> Result<(), ClusterError> {
    let template = template.unwrap_or("template1");
    check_name(name)?;
    check_name(template)?;
    let mut superuser = as_superuser(access).await?;
    run(
        &mut superuser,
        format!(
            "CREATE DATABASE {name} OWNER {} TEMPLATE {template}",
            Role::Owner.name()
        ),
    )
    .await?;
    admit(&mut superuser, name).await?;
    superuser.close().await.map_err(ClusterError::Sql)
}

/// Drops a database, ending whatever is connected to it.
pub(super) async fn drop_database(access: &Access, name: &str) -> Result<(), ClusterError> {
    check_name(name)?;
    let mut superuser = as_superuser(access).await?;
    run(
        &mut superuser,
        format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
    )
    .await?;
    superuser.close().await.map_err(ClusterError::Sql)
}

/// A database's rights are not copied from its template, so each gets them anew.
async fn admit(superuser: &mut PgConnection, database: &str) -> Result<(), ClusterError> {
    run(
        superuser,
        format!("REVOKE ALL ON DATABASE {database} FROM PUBLIC"),
    )
    .await?;
    run(
        superuser,
        format!(
            "GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {}",
            Role::App.name()
        ),
    )
    .await?;
    run(
        superuser,
        format!(
            "GRANT CONNECT ON DATABASE {database} TO {}",
            Role::Public.name()
        ),
    )
    .await
}

async fn as_superuser(access: &Access) -> Result<PgConnection, ClusterError> {
    access
        .options(Role::Superuser, "postgres")
        .connect()
        .await
        .map_err(|error| {
            if is_unprovisioned(&error) {
                ClusterError::Secrets(access.place().secrets().join(Role::Superuser.name()))
            } else {
                ClusterError::Connect(error)
            }
        })
}

/// Runs a set-up statement; PostgreSQL takes no parameters in these, so every name in it was checked before.
async fn run(connection: &mut PgConnection, statement: String) -> Result<(), ClusterError> {
    sqlx::raw_sql(AssertSqlSafe(statement))
        .execute(connection)
        .await
        .map(drop)
        .map_err(ClusterError::Sql)
}

/// Only names that need no quoting.
fn check_name(name: &str) -> Result<(), ClusterError> {
    let letters = name
        .bytes()
        .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    let begins = name
        .bytes()
        .next()
        .is_some_and(|byte| !byte.is_ascii_digit());
    if letters && begins && name.len() <= 63 {
        Ok(())
    } else {
        Err(ClusterError::Name)
    }
}

#[cfg(test)]
mod tests {
    use super::check_name;

    #[test]
    fn a_name_that_needs_quoting_is_refused() {
        for name in ["hutong", "test_1", "_x"] {
            assert!(check_name(name).is_ok(), "{name}");
        }
        for name in [
            "",
            "1x",
            "A",
            "x-y",
            "x\"; DROP DATABASE hutong",
            "枣庄",
            &"x".repeat(64),
        ] {
            assert!(check_name(name).is_err(), "{name}");
        }
    }
}
