//! What the HTTP layer asks of the program below it.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use jiff::civil::Date;
use kernel::clock::Clock;

use crate::page::Figure;

/// The database did not answer; the reason is for the log, not for the caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Away(pub String);

/// A database that answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Database {
    /// The version of its schema: the number of the last migration applied.
    pub schema: i64,
}

type Answer<T> = Pin<Box<dyn Future<Output = Result<T, Away>> + Send>>;
type Question<T> = Arc<dyn Fn() -> Answer<T> + Send + Sync>;

/// What every handler may ask. It holds nothing that a second instance of the program would miss.
///
/// ```
/// use std::sync::Arc;
/// use api::{ApiState, Database};
/// use jiff::civil::date;
/// use kernel::clock::FixedClock;
///
/// let clock = Arc::new(FixedClock::on(date(2021, 11, 4)));
/// let state = ApiState::new("0.1.0", clock, || async { Ok(Database { schema: 3 }) });
/// let router = api::router(state);
/// # let _ = router;
/// ```
#[derive(Clone)]
pub struct ApiState {
    version: Arc<str>,
    clock: Arc<dyn Clock>,
    database: Question<Database>,
    figures: Option<Question<Vec<Figure>>>,
}

impl ApiState {
    /// The state of a program of this version, with its legal clock and a probe of its database.
    pub fn new<F, A>(version: &str, clock: Arc<dyn Clock>, database: F) -> Self
    where
        F: Fn() -> A + Send + Sync + 'static,
        A: Future<Output = Result<Database, Away>> + Send + 'static,
    {
        Self {
            version: version.into(),
            clock,
            database: Arc::new(move || Box::pin(database())),
            figures: None,
        }
    }

    /// Makes this a demonstration, whose first page shows these figures, counted afresh for each reader.
    #[must_use]
    pub fn with_demo_figures<F, A>(self, figures: F) -> Self
    where
        F: Fn() -> A + Send + Sync + 'static,
        A: Future<Output = Result<Vec<Figure>, Away>> + Send + 'static,
    {
        Self {
            figures: Some(Arc::new(move || Box::pin(figures()))),
            ..self
        }
    }

    /// The program's version.
    pub(crate) fn version(&self) -> &str {
        &self.version
    }

    /// The legal day it is.
    pub(crate) fn today(&self) -> Date {
        self.clock.today()
    }

    /// Whether this is the demonstration.
    pub(crate) fn is_demo(&self) -> bool {
        self.figures.is_some()
    }

    /// Asks the database whether it is there.
    pub(crate) async fn database(&self) -> Result<Database, Away> {
        (self.database)().await
    }

    /// The demonstration's figures; `None` anywhere else.
    pub(crate) async fn figures(&self) -> Option<Result<Vec<Figure>, Away>> {
        match &self.figures {
            Some(count) => Some(count().await),
            None => None,
        }
    }
}
