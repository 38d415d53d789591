//! `hutong demo`: an invented city on a shifted clock, served until told to stop.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use api::{ApiState, Away, DemoOfficerView, DemoView, Listening, Settings};
use app::applications::run_rounds;
use app::demo::{OFFICERS, PASSWORD, SECOND_FACTOR};
use app::registry::run_jobs;
use jiff::civil::Date;
use kernel::explain::Lang;
use kernel::gazetteer::Gazetteer;
use store::cluster::{Place, Startup};
use store::demo;
use store::installation::{Opened, Wanted};
use store::organisation::Founder;
use tokio::net::TcpListener;
use tracing::Level;

use super::serve::log;
use crate::arguments::{DATE, date};
use crate::configuration::LogFormat;
use crate::figures::{self, Line};
use crate::outcome::{Fault, Outcome, Verdict};
use crate::progress::Bar;
use crate::runtime;

/// The day of the press conference that the figures come from.
const PRESS_DAY: Date = jiff::civil::date(2021, 11, 4);
/// The seed where none is named.
const SEED: u64 = 1;
/// What the demo notes about the city once it stands; without it, a city is unfinished and founded anew.
const MARKER: &str = "demo.json";

/// Arguments of `demo`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The demo's today.
    #[arg(long, value_name = DATE, value_parser = date, default_value_t = PRESS_DAY)]
    today: Date,
    /// Another seed gives other people with the same figures [default: 1].
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Port to answer on, at 127.0.0.1.
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Port of the public pages, at 127.0.0.1 [default: the next one that is free].
    #[arg(long)]
    public_port: Option<u16>,
    /// Data folder (default: the installation's usual folder, below `demo`).
    #[arg(long)]
    data: Option<PathBuf>,
    /// Found the city and print its figures, but do not serve.
    #[arg(long)]
    no_serve: bool,
    /// Print the figures as JSON.
    #[arg(long)]
    json: bool,
}

/// Founds the city unless it stands, prints its figures, and serves.
pub(crate) fn run(args: &Args, lang: Lang) -> Verdict {
    runtime::block_on(show(args, lang))
}

async fn show(args: &Args, lang: Lang) -> Verdict {
    // The port first: nothing is started for a city that could not be served.
    let listeners = if args.no_serve {
        None
    } else {
        let office = listen(args.port).await?;
        Some((office, listen_public(args).await?))
    };
    let place = place(args.data.as_deref())?;
    let opened = runtime::unless_told_to_stop(open(&place, args, lang)).await?;
    let lines = count(&opened, args.today).await;
    let printed = lines.as_ref().map_or(Ok(()), |lines| {
        figures::print(lines, args.today, args.json, lang)
    });
    let served = match (&lines, listeners) {
        (Ok(_), Some(listeners)) => serve(&opened, listeners, lang).await,
        _ => Ok(()),
    };
    opened.close().await;
    lines?;
    printed?;
    served?;
    Ok(Outcome::Done)
}

fn place(data: Option<&Path>) -> Result<Place, Fault> {
    match data {
        Some(data) => Ok(Place::find(Some(data))?),
        None => Ok(Place::at(Place::find(None)?.data().join("demo"))?),
    }
}

async fn listen(port: u16) -> Result<TcpListener, Fault> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    TcpListener::bind(address)
        .await
        .map_err(|cause| runtime::PortTaken { port, cause }.into())
}

/// The port that was named, or else the one after the console's, or any where that is taken.
async fn listen_public(args: &Args) -> Result<TcpListener, Fault> {
    if let Some(port) = args.public_port {
        return listen(port).await;
    }
    let next = match args.port {
        0 => 0,
        port => port.checked_add(1).unwrap_or(0),
    };
    match listen(next).await {
        Ok(listener) => Ok(listener),
        Err(_) => listen(0).await,
    }
}

/// Opens the demo of this place; founds its city where there is none, or where an earlier founding was interrupted.
async fn open(place: &Place, args: &Args, lang: Lang) -> Result<Opened, Fault> {
    let startup = Startup { allow_nobody: true };
    let marker = place.data().join(MARKER);
    let mut opened = Opened::open(place, startup, Wanted::Demo(args.today)).await?;
    if let Ok(note) = std::fs::read_to_string(&marker) {
        tell_other_seed(&note, args, lang);
        return Ok(opened);
    }
    if !opened.is_new {
        opened = opened.again(place, startup, args.today).await?;
    }
    found(&opened, args, lang).await?;
    let note = serde_json::json!({ "today": args.today, "seed": args.seed.unwrap_or(SEED) });
    std::fs::write(&marker, format!("{note}\n")).map_err(|cause| runtime::Unwritable {
        path: marker,
        cause,
    })?;
    Ok(opened)
}

/// Notes that the city of this place stands whole, restored from a backup.
pub(super) fn note_restored(place: &Place) -> Result<(), Fault> {
    let path = place.data().join(MARKER);
    let note = serde_json::json!({ "restored": true });
    std::fs::write(&path, format!("{note}\n"))
        .map_err(|cause| runtime::Unwritable { path, cause }.into())
}

/// A city that stands is shown as it is; whoever asks for another hears so.
fn tell_other_seed(note: &str, args: &Args, lang: Lang) {
    let founded = serde_json::from_str::<serde_json::Value>(note)
        .ok()
        .and_then(|note| note["seed"].as_u64());
    let (Some(founded), Some(asked)) = (founded, args.seed) else {
        return;
    };
    match lang {
        _ if founded == asked => {}
        Lang::Zh => eprintln!(
            "提示：这里已有用种子 {founded} 建立的城市，沿用其数据；要看种子 {asked} 的城市，请用 --data 另指一个空文件夹。"
        ),
        Lang::En => eprintln!(
            "note: the city here was founded with seed {founded} and is used as it is; for seed {asked} name an empty folder with --data."
        ),
    }
}

async fn found(opened: &Opened, args: &Args, lang: Lang) -> Result<(), Fault> {
    let city = app::demo::invent(args.today, args.seed.unwrap_or(SEED), Gazetteer::builtin());
    let founder = Founder {
        owner: &opened.owner,
        entropy: opened.store.entropy(),
        now: opened.store.clock().now(),
    };
    let word = match lang {
        Lang::Zh => "建立演示城市",
        Lang::En => "founding the demo city",
    };
    let bar = Bar::new((city.units.len() + city.children.len()) as u64, word);
    app::demo::found(&founder, &opened.store, &city, |done| bar.at(done as u64)).await?;
    bar.finish();
    Ok(())
}

async fn count(opened: &Opened, as_of: Date) -> Result<Vec<Line>, Fault> {
    Ok(figures::lines(
        &demo::figures(opened.store.pool(), as_of).await?,
    ))
}

async fn serve(
    opened: &Opened,
    (listener, public): (TcpListener, TcpListener),
    lang: Lang,
) -> Result<(), Fault> {
    // An answer that says a fault has been logged is to be believed here too.
    log(Level::WARN, LogFormat::Text);
    let (counted, today) = (opened.store.pool().clone(), opened.store.shared_clock());
    let state = ApiState::over(env!("CARGO_PKG_VERSION"), opened.store.clone())
        .with_console()
        .with_demo_officers(officers())
        .with_demo_figures(move || {
            let (pool, as_of) = (counted.clone(), today.today());
            async move {
                let figures = demo::figures(&pool, as_of)
                    .await
                    .map_err(|error| Away(error.to_string()))?;
                Ok(figures::lines(&figures)
                    .into_iter()
                    .map(Line::figure)
                    .collect())
            }
        });
    let has_console = state.has_console();
    let port = listener.local_addr().map_err(runtime::ServingEnded)?.port();
    let public_port = public.local_addr().map_err(runtime::ServingEnded)?.port();
    // A server of somebody else's may have no account for them.
    let public_store = opened.public().ok();
    let told = public_store.as_ref().map(|_| public_port);
    tell_address(port, told, has_console, lang);
    let street = async {
        let Some(store) = public_store else { return };
        let router = api::public_router(state.for_public(store.clone(), Settings::default()));
        let stopped = runtime::told_to_stop();
        api::serve(public, router, Listening::plain(), stopped).await;
        store.close().await;
    };
    let jobs = tokio::spawn(run_jobs(opened.store.clone(), runtime::told_to_stop()));
    let rounds = tokio::spawn(run_rounds(opened.store.clone(), runtime::told_to_stop()));
    let router = api::router(state.clone());
    let stopped = runtime::told_to_stop();
    let office = api::serve(listener, router, Listening::plain(), stopped);
    tokio::join!(office, street);
    rounds.abort();
    jobs.abort();
    Ok(())
}

/// Where the city is, and whom a visitor may be.
fn tell_address(port: u16, public_port: Option<u16>, has_console: bool, lang: Lang) {
    match lang {
        Lang::Zh => {
            eprintln!("演示城市：http://127.0.0.1:{port}/ （人物均为虚构；按 Ctrl-C 停止）");
        }
        Lang::En => eprintln!(
            "The demo city: http://127.0.0.1:{port}/ (everybody is invented; Ctrl-C stops it)"
        ),
    }
    match (public_port, lang) {
        (None, _) => {}
        (Some(port), Lang::Zh) => eprintln!("公众网页（查询、申请）：http://127.0.0.1:{port}/"),
        (Some(port), Lang::En) => {
            eprintln!("The public pages (asking, applying): http://127.0.0.1:{port}/");
        }
    }
    let logins = OFFICERS.map(|officer| officer.login);
    match (has_console, lang) {
        (true, Lang::Zh) => eprintln!(
            "登录账号：{}；密码均为 {PASSWORD}（登录页可直接选择身份）",
            logins.join("、")
        ),
        (true, Lang::En) => eprintln!(
            "Sign in as {}; the password of all is {PASSWORD} (the sign-in page offers them)",
            logins.join(", ")
        ),
        (false, Lang::Zh) => eprintln!("本程序未包含工作台：先运行 make build。"),
        (false, Lang::En) => {
            eprintln!("This program was built without the console: run make build.")
        }
    }
}

/// Whom a visitor may sign in as.
fn officers() -> DemoView {
    let officer = |officer: &app::demo::DemoOfficer| DemoOfficerView {
        login: officer.login.into(),
        role: officer.role.code().into(),
        unit: officer.unit.into(),
        second_factor: officer.second_factor,
    };
    DemoView {
        password: PASSWORD.into(),
        second_factor: SECOND_FACTOR.into(),
        officers: OFFICERS.iter().map(officer).collect(),
    }
}
