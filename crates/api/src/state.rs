//! What the HTTP layer asks of the program below it.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use jiff::civil::Date;
use kernel::clock::{Clock, Entropy, SeededEntropy};
use press::Press;
use store::applications::public::PublicStore;
use store::schema;
use store::work::Store;
use uuid::Uuid;

use crate::observe::Metrics;
use crate::operation::Gate;
use crate::page::Figure;
use crate::session::DemoView;
use crate::settings::Settings;

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

/// What every handler may ask. It holds nothing that a second instance of the program would miss: figures for operators
/// and the places at work are those of this process by nature.
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
    store: Option<Store>,
    public: Option<PublicStore>,
    entropy: Arc<dyn Entropy>,
    metrics: Arc<Metrics>,
    gate: Gate,
    settings: Arc<Settings>,
    press: Arc<Press>,
    console: bool,
    demonstration: Option<Arc<DemoView>>,
}

impl ApiState {
    /// The state of a program of this version over its store: everything is answered.
    #[must_use]
    pub fn over(version: &str, store: Store) -> Self {
        let pool = store.pool().clone();
        let probe = move || {
            let pool = pool.clone();
            async move {
                let schema = schema::applied(&pool)
                    .await
                    .map_err(|error| Away(error.to_string()))?;
                Ok(Database { schema })
            }
        };
        Self {
            entropy: store.shared_entropy(),
            store: Some(store.clone()),
            ..Self::new(version, store.shared_clock(), probe)
        }
    }

    /// The state of a program without a store, with a clock and a probe: it has a first page and its health, and says
    /// of everything else that the database is away.
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
            store: None,
            public: None,
            entropy: Arc::new(SeededEntropy::new(0)),
            metrics: Arc::default(),
            gate: Gate::new(Settings::default().places),
            settings: Arc::default(),
            press: Arc::default(),
            console: false,
            demonstration: None,
        }
    }

    /// The same program at its public listener: other settings, places and connections, and no officer's store.
    #[must_use]
    pub fn for_public(&self, store: PublicStore, settings: Settings) -> Self {
        Self {
            store: None,
            public: Some(store),
            console: false,
            demonstration: None,
            ..self.clone()
        }
        .with_settings(settings)
    }

    /// What the public pages remember; none at the office's listener.
    pub(crate) fn public(&self) -> Option<&PublicStore> {
        self.public.as_ref()
    }

    /// With an installation's settings.
    #[must_use]
    pub fn with_settings(self, settings: Settings) -> Self {
        Self {
            gate: Gate::new(settings.places),
            settings: Arc::new(settings),
            ..self
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

    /// Tells everybody whom one may sign in as: for a demonstration.
    #[must_use]
    pub fn with_demo_officers(self, told: DemoView) -> Self {
        Self {
            demonstration: Some(Arc::new(told)),
            ..self
        }
    }

    /// What a demonstration tells everybody; `None` anywhere else.
    pub(crate) fn demonstration(&self) -> Option<&DemoView> {
        self.demonstration.as_deref()
    }

    /// With the officers' console as its pages, where this program was built with one.
    #[must_use]
    pub fn with_console(self) -> Self {
        Self {
            console: crate::console::is_built(),
            ..self
        }
    }

    /// Whether the console is among its pages.
    #[must_use]
    pub fn has_console(&self) -> bool {
        self.console
    }

    /// With the fonts of this installation.
    #[must_use]
    pub fn with_press(self, press: Press) -> Self {
        Self {
            press: Arc::new(press),
            ..self
        }
    }

    /// What prints.
    pub(crate) fn press(&self) -> &Arc<Press> {
        &self.press
    }

    /// The store; none in a program without one.
    #[must_use]
    pub fn store(&self) -> Option<&Store> {
        self.store.as_ref()
    }

    /// A fresh id for a request.
    pub(crate) fn fresh_id(&self) -> Uuid {
        kernel::ids::RequestId::generate(self.clock.now(), &*self.entropy).uuid()
    }

    pub(crate) fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    pub(crate) fn gate(&self) -> &Gate {
        &self.gate
    }

    /// The origins of our own pages.
    pub(crate) fn origins(&self) -> &[String] {
        &self.settings.origins
    }

    pub(crate) fn metrics_token(&self) -> Option<&str> {
        self.settings.metrics_token.as_deref()
    }

    /// The program's version.
    pub(crate) fn version(&self) -> &str {
        &self.version
    }

    /// The moment it is.
    pub(crate) fn now(&self) -> jiff::Timestamp {
        self.clock.now()
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
