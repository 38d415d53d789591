//! `hutong serve`: an office at work, until told to stop.

use std::fs;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use api::{ApiState, Listening, Post, Settings, Tls};
use app::applications::run_rounds;
use app::exchange::run_deliveries;
use app::registry::run_jobs;
use kernel::clock::SystemClock;
use kernel::explain::{Explain, Lang};
use press::Press;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use store::backup::{Nightly, Recipient, nightly};
use store::cluster::{DATABASE, Leaked, Place, Server, Startup};
use store::entropy::OsEntropy;
use store::installation::{Opened, Wanted};
use store::work::Store;
use tokio::net::TcpListener;
use tracing::Level;

use crate::configuration::{
    Configuration, Findings, Layers, LogFormat, Public, Sources, unsafe_settings,
};
use crate::outcome::{Fault, Outcome, Verdict};
use crate::runtime::{self, Stop};

/// Arguments of `serve`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    sources: Sources,
    /// There is a dump or backup of the database: make none before its schema is brought up to date.
    #[arg(long)]
    dumped: bool,
}

/// The address is another program's, or not this machine's.
#[derive(Debug, thiserror::Error)]
#[error("cannot listen on {address}")]
struct Unavailable {
    address: SocketAddr,
    #[source]
    cause: io::Error,
}

impl Explain for Unavailable {
    fn code(&self) -> &'static str {
        "listen.unavailable"
    }

    fn explain(&self, lang: Lang) -> String {
        let Self { address, cause } = self;
        match lang {
            Lang::Zh => format!(
                "无法监听 {address}（{cause}）。请用 --listen 换一个地址或端口，或先停止占用它的程序。"
            ),
            Lang::En => format!(
                "{address} cannot be listened on ({cause}). Name another address or port with --listen, or stop the program that holds it."
            ),
        }
    }
}

/// Checks the configuration, opens the office and serves it.
pub(crate) fn run(args: &Args, lang: Lang) -> Verdict {
    let place = args.sources.place()?;
    let configuration = configuration(args, &place)?;
    log(configuration.log_level, configuration.log_format);
    enough_files();
    runtime::block_on(serve(args, &place, &configuration, lang))
}

/// The configuration, if nothing is wrong with it: what `hutong config check` would name, no office is served with.
fn configuration(args: &Args, place: &Place) -> Result<Configuration, Fault> {
    let layers = Layers::gather(&args.sources, place)?;
    let configuration = layers.judge()?;
    match Findings::of(unsafe_settings(&configuration, &layers, place)) {
        Some(findings) => Err(findings.into()),
        None => Ok(configuration),
    }
}

/// Has what a server tells of itself written to standard error.
pub(super) fn log(level: Level, format: LogFormat) {
    let builder = tracing_subscriber::fmt()
        .with_max_level(level)
        // Where nobody reads the log any more, saying so would end the thread that says it.
        .log_internal_errors(false)
        .with_writer(io::stderr);
    match format {
        LogFormat::Text => builder.with_ansi(false).init(),
        LogFormat::Json => builder.json().flatten_event(true).init(),
    }
}

/// Every connection is an open file, of which a program may usually have 1024 until it asks for more.
fn enough_files() {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: limit.maximum,
        maximum: limit.maximum,
    };
    if let Err(error) = setrlimit(Resource::Nofile, raised) {
        tracing::warn!(%error, "the number of open files stays as it was");
    }
}

/// Says what crashes left on the disk of tables that were never committed.
async fn tell_of_leaks(opened: &Opened) {
    let Server::Private(cluster) = &opened.server else {
        return;
    };
    match cluster.leaked_files(DATABASE).await {
        Ok(Leaked { files: 0, .. }) => {}
        Ok(Leaked { files, bytes }) => {
            tracing::warn!(
                files,
                bytes,
                "a crash left files that no table owns; a backup and its restore into an empty place leave them behind"
            );
        }
        Err(error) => tracing::warn!(%error, "files that no table owns were not looked for"),
    }
}

async fn serve(args: &Args, place: &Place, configuration: &Configuration, lang: Lang) -> Verdict {
    let stop = Stop::heard();
    let tls = configuration
        .tls
        .as_ref()
        .map(|(certificate, key)| Tls::read(certificate, key))
        .transpose()?;
    let settings = settings(configuration)?;
    let plan = plan(configuration)?;
    // The addresses first: nothing is started for an office that could not be reached.
    let listener = bind(configuration.address).await?;
    let public = match &configuration.public {
        Some(public) => Some((bind(public.address).await?, public)),
        None => None,
    };
    let startup = Startup {
        allow_nobody: args.sources.data.is_some(),
    };
    let wanted = Wanted::Office {
        dumped: args.dumped,
    };
    let opened = stop
        .or(async { Ok(Opened::open(place, startup, wanted).await?) })
        .await?;
    tell(&listener, Side::Office, configuration, lang);
    if let Some((listener, _)) = &public {
        tell(listener, Side::Public, configuration, lang);
    }
    tell_of_leaks(&opened).await;
    let work = tokio::spawn(by_the_way(opened.store.clone(), Post::new()?, stop.clone()));
    let backups = plan.map(|plan| {
        let (clock, entropy) = (Arc::new(SystemClock), Arc::new(OsEntropy));
        tokio::spawn(nightly(opened.owner.clone(), plan, clock, entropy))
    });
    let state = ApiState::over(env!("CARGO_PKG_VERSION"), opened.store.clone())
        .with_console()
        .with_press(press(configuration, lang));
    let listening = listening(configuration, tls);
    let router = api::router(state.clone().with_settings(settings));
    let office = api::serve(listener, router, listening.clone(), stop.clone().told());
    let street = async {
        if let Some((listener, settings)) = public {
            serve_public(&opened, &state, (listener, settings), &listening, &stop).await?;
        }
        Ok::<_, Fault>(())
    };
    let ((), served) = tokio::join!(office, street);
    if let Some(backups) = backups {
        backups.abort();
    }
    if let Err(error) = work.await {
        tracing::error!(%error, "the worker of jobs, packages and nightly rounds ended before its time");
    }
    opened.close().await;
    served?;
    tracing::info!("stopped");
    Ok(Outcome::Done)
}

/// What is done beside the answers: jobs that officers ordered, packages for other installations, the round of each night.
async fn by_the_way(store: Store, post: Post, stop: Stop) {
    tokio::join!(
        run_jobs(store.clone(), stop.clone().told()),
        run_deliveries(store.clone(), post, stop.clone().told()),
        run_rounds(store, stop.told())
    );
}

/// The press; without fonts the office is served all the same, and its log says what cannot be printed.
fn press(configuration: &Configuration, lang: Lang) -> Press {
    let press = configuration.press();
    if let Err(error) = press.ready() {
        tracing::warn!(code = error.code(), "{}", error.explain(lang));
    }
    press
}

/// Serves the public pages until told to stop.
async fn serve_public(
    opened: &Opened,
    state: &ApiState,
    (listener, public): (TcpListener, &Public),
    listening: &Listening,
    stop: &Stop,
) -> Result<(), Fault> {
    let store = opened.public()?;
    let router = api::public_router(state.for_public(store.clone(), at(public)));
    api::serve(listener, router, listening.clone(), stop.clone().told()).await;
    store.close().await;
    Ok(())
}

async fn bind(address: SocketAddr) -> Result<TcpListener, Unavailable> {
    TcpListener::bind(address)
        .await
        .map_err(|cause| Unavailable { address, cause })
}

/// How both listeners take connections.
fn listening(configuration: &Configuration, tls: Option<Tls>) -> Listening {
    Listening {
        tls,
        trusted_proxies: configuration.trusted_proxies.clone(),
        connections: configuration.connections,
        patience: configuration.patience,
        grace: configuration.grace,
    }
}

/// The settings at the public listener, where there are no figures for operators.
fn at(public: &Public) -> Settings {
    Settings {
        origins: public.origins.clone(),
        metrics_token: None,
        places: public.requests_at_once,
    }
}

fn settings(configuration: &Configuration) -> Result<Settings, Fault> {
    let token = configuration.metrics_token.as_ref().map(|path| {
        fs::read_to_string(path).map_err(|cause| runtime::Unreadable {
            path: path.clone(),
            cause,
        })
    });
    Ok(Settings {
        origins: configuration.origins.clone(),
        metrics_token: token.transpose()?.map(|token| token.trim().to_owned()),
        places: configuration.requests_at_once,
    })
}

fn plan(configuration: &Configuration) -> Result<Option<Nightly>, Fault> {
    let Some(backup) = &configuration.backup else {
        return Ok(None);
    };
    Ok(Some(Nightly {
        folder: backup.folder.clone(),
        at: backup.at,
        keep: backup.keep,
        recipient: Recipient::read(&backup.recipient)?,
    }))
}

/// Which of the two listeners.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Office,
    Public,
}

/// Says where to go; in a log of JSON as an entry like the others.
fn tell(listener: &TcpListener, side: Side, configuration: &Configuration, lang: Lang) {
    let address = listener.local_addr().unwrap_or(configuration.address);
    let scheme = if configuration.tls.is_some() {
        "https"
    } else {
        "http"
    };
    if configuration.log_format == LogFormat::Json {
        tracing::info!(%address, scheme, public = side == Side::Public, "listening");
        return;
    }
    if side == Side::Public {
        match lang {
            Lang::Zh => eprintln!("公众网页：{scheme}://{address}/"),
            Lang::En => eprintln!("Public pages: {scheme}://{address}/"),
        }
        return;
    }
    let local = configuration.tls.is_none() && configuration.trusted_proxies.is_empty();
    match (lang, local) {
        (Lang::Zh, true) => eprintln!(
            "护童：{scheme}://{address}/ （未配置 TLS 或可信代理，只能从本机访问；按 Ctrl-C 停止）"
        ),
        (Lang::Zh, false) => eprintln!("护童：{scheme}://{address}/ （按 Ctrl-C 停止）"),
        (Lang::En, true) => eprintln!(
            "Hutong: {scheme}://{address}/ (neither TLS nor a trusted proxy: for this machine alone; Ctrl-C stops it)"
        ),
        (Lang::En, false) => eprintln!("Hutong: {scheme}://{address}/ (Ctrl-C stops it)"),
    }
}
