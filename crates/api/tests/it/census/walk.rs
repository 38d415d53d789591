//! Walking the cells.

use std::sync::{Arc, Mutex};

use api::operation::{COOKIE, Operation};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderValue, Request, StatusCode};
use kernel::ids::{ApplicationId, BatchId, MergeId, WorkItemId};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tower::ServiceExt;
use uuid::Uuid;

use super::scene::{Asking, CLASSES, Scene, Unit};
use super::table::{On, Row, Table};
use super::things::Spent;

/// How many requests are under way at once.
const ABREAST: usize = 8;

/// An answer as bytes, without what names the request.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Told {
    status: StatusCode,
    headers: Vec<(String, Vec<u8>)>,
    body: Vec<u8>,
}

impl Told {
    fn in_words(&self) -> String {
        let body = String::from_utf8_lossy(&self.body);
        let names: Vec<&str> = self.headers.iter().map(|(name, _)| name.as_str()).collect();
        format!("{} {} {body}", self.status, names.join(" "))
    }
}

/// What came of a walk.
pub(super) struct Report {
    pub(super) cells: usize,
    pub(super) wrong: Vec<String>,
}

impl Report {
    pub(super) fn first(&self, count: usize) -> String {
        let first: Vec<&str> = self.wrong.iter().take(count).map(String::as_str).collect();
        first.join("\n")
    }
}

/// What a cell expects.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Expected {
    /// To be let through, with one of these statuses.
    Through(Vec<u16>),
    /// To be told exactly this.
    Exactly(Told),
}

struct Cell {
    name: String,
    request: Request<Body>,
    expected: Expected,
    /// The statuses that the operation declares.
    declared: Arc<[u16]>,
}

impl Cell {
    /// What is wrong with this answer.
    fn fault(&self, answer: &Told) -> Option<String> {
        let status = answer.status.as_u16();
        let right = match &self.expected {
            Expected::Through(statuses) => statuses.contains(&status),
            Expected::Exactly(told) => answer == told,
        };
        if !right {
            return Some(format!("{}, instead {}", self.name, answer.in_words()));
        }
        let declared = self.declared.contains(&status);
        (!declared).then(|| format!("{}: {status} is not declared", self.name))
    }
}

/// What a cell is on.
struct Target {
    what: String,
    /// The first parameter of the path.
    id: Uuid,
    /// What else is named in path, query and body.
    words: Vec<(&'static str, String)>,
    /// Whether the caller may be let through as far as this goes.
    open: bool,
    /// Whether it is of another unit than the caller's.
    elsewhere: bool,
}

impl Target {
    fn new(what: impl Into<String>, id: Uuid, open: bool) -> Self {
        Self {
            what: what.into(),
            id,
            words: Vec::new(),
            open,
            elsewhere: false,
        }
    }

    /// What is not there.
    fn nothing_there() -> Self {
        Self {
            words: vec![
                ("{child}", UNKNOWN.to_string()),
                ("{document}", UNKNOWN.to_string()),
                ("{session}", UNKNOWN.to_string()),
                ("{unit}", UNKNOWN.to_string()),
                ("{officer}", UNKNOWN.to_string()),
                ("{division}", "370000000000".into()),
            ],
            ..Self::new("not there", UNKNOWN, false)
        }
    }

    fn fill(&self, text: &str) -> String {
        let fill = |text: String, (word, value): &(&str, String)| text.replace(word, value);
        self.words.iter().fold(text.to_owned(), fill)
    }
}

/// Of the places of an operation, a caller whose role may not use it tries one in so many.
const REFUSED: usize = 8;

/// An id of nothing.
const UNKNOWN: Uuid = Uuid::from_u128(1);

pub(super) struct Walk {
    router: Router,
    cells: Mutex<usize>,
    wrong: Mutex<Vec<String>>,
}

impl Walk {
    pub(super) fn new(router: Router) -> Self {
        Self {
            router,
            cells: Mutex::new(0),
            wrong: Mutex::new(Vec::new()),
        }
    }

    pub(super) fn report(&self) -> Report {
        let mut wrong = self.wrong.lock().unwrap().clone();
        wrong.sort();
        Report {
            cells: *self.cells.lock().unwrap(),
            wrong,
        }
    }

    /// Every cell of one operation.
    pub(super) async fn operation(
        &self,
        scene: &Scene,
        table: &Table,
        row: &Row,
        operation: &Operation,
    ) {
        if row.is_public() {
            return;
        }
        let declared = operation.description().statuses().into();
        let nothing = self.nothing(scene).await;
        let asked = Asked {
            row,
            operation,
            declared,
            nothing,
        };
        let mut cells = asked.without_session(&scene.ended);
        for index in 0..scene.callers.len() {
            cells.extend(asked.of_caller(scene, table, index));
            cells.extend(asked.on_another_site(&scene.callers[index]));
        }
        self.all(cells).await;
    }

    /// What is told of a place where nothing is.
    async fn nothing(&self, scene: &Scene) -> Told {
        let request = Request::get("/api/nowhere")
            .header("cookie", cookie(&scene.callers[0].token.cookie_text()))
            .body(Body::empty());
        told(&self.router, request.unwrap()).await
    }

    async fn all(&self, cells: Vec<Cell>) {
        *self.cells.lock().unwrap() += cells.len();
        let abreast = Arc::new(Semaphore::new(ABREAST));
        let mut walking = JoinSet::new();
        for mut cell in cells {
            let place = abreast.clone().acquire_owned().await.unwrap();
            let router = self.router.clone();
            walking.spawn(async move {
                let request = std::mem::take(&mut cell.request);
                let answer = told(&router, request).await;
                drop(place);
                cell.fault(&answer)
            });
            while let Some(done) = walking.try_join_next() {
                self.wrong.lock().unwrap().extend(done.unwrap());
            }
        }
        while let Some(done) = walking.join_next().await {
            self.wrong.lock().unwrap().extend(done.unwrap());
        }
    }
}

/// One operation and its row.
struct Asked<'a> {
    row: &'a Row,
    operation: &'a Operation,
    declared: Arc<[u16]>,
    /// What is told of nothing.
    nothing: Told,
}

impl Asked<'_> {
    fn without_session(&self, ended: &str) -> Vec<Cell> {
        let nobodys = "ab".repeat(32);
        let tokens = [
            None,
            Some(""),
            Some("x"),
            Some(nobodys.as_str()),
            Some(ended),
        ];
        tokens
            .into_iter()
            .enumerate()
            .map(|(index, token)| Cell {
                name: format!("{}, no session ({index})", self.row.id),
                request: self.request(token, &Target::nothing_there()),
                expected: Expected::Through(vec![StatusCode::UNAUTHORIZED.as_u16()]),
                declared: Arc::clone(&self.declared),
            })
            .collect()
    }

    /// The caller's browser on a page of another site, which may change nothing in the caller's name.
    fn on_another_site(&self, caller: &Asking) -> Option<Cell> {
        if self.operation.method().name() == "GET" {
            return None;
        }
        let token = caller.token.cookie_text();
        let mut request = self.request(Some(&token), &Target::nothing_there());
        let elsewhere = HeaderValue::from_static("https://elsewhere.example");
        request.headers_mut().insert("origin", elsewhere);
        let (id, role, unit) = (&self.row.id, caller.role, caller.unit);
        Some(Cell {
            name: format!("{id}, {role} of {unit}, from another site: 403 expected"),
            request,
            expected: Expected::Through(vec![StatusCode::FORBIDDEN.as_u16()]),
            declared: Arc::clone(&self.declared),
        })
    }

    /// Every cell of one caller.
    fn of_caller(&self, scene: &Scene, table: &Table, index: usize) -> Vec<Cell> {
        let caller = &scene.callers[index];
        let allowed = self.row.allows(caller.role);
        let mut targets = match self.row.on {
            None | Some(On::Nothing) => {
                return vec![self.cell(caller, &Target::new("nothing", UNKNOWN, true))];
            }
            Some(on @ (On::Child | On::Application | On::WorkItem | On::Merge)) => {
                let others = self.row.every_class.then_some(index);
                on_children(on, others, scene, table, caller)
            }
            Some(on @ (On::OwnDevice | On::OwnJob | On::OwnProposal)) => on_own(on, scene, index),
            Some(on @ (On::Batch | On::OwnBatch)) => on_batches(on, scene, table, caller),
            Some(on) => on_units(on, allowed, scene, table, caller),
        };
        targets.push(Target::nothing_there());
        // A role that may not is refused before anybody looks where: its callers share the places among them.
        let step = if allowed { 1 } else { REFUSED };
        targets
            .iter()
            .skip(index % step)
            .step_by(step)
            .map(|target| self.cell(caller, target))
            .collect()
    }

    fn cell(&self, caller: &Asking, target: &Target) -> Cell {
        let statuses = match &self.row.elsewhere {
            Some(statuses) if target.elsewhere => statuses,
            _ => &self.row.allowed,
        };
        let through = self.row.allows(caller.role) && target.open;
        let (expected, word) = match through {
            true => (Expected::Through(statuses.clone()), format!("{statuses:?}")),
            false => (
                Expected::Exactly(self.nothing.clone()),
                "nothing".to_owned(),
            ),
        };
        let (id, role, unit, what) = (&self.row.id, caller.role, caller.unit, &target.what);
        Cell {
            name: format!("{id}, {role} of {unit}, {what}: {word} expected"),
            request: self.request(Some(&caller.token.cookie_text()), target),
            expected,
            declared: Arc::clone(&self.declared),
        }
    }

    fn request(&self, token: Option<&str>, target: &Target) -> Request<Body> {
        let mut address = self.address(target);
        if let Some(query) = &self.row.query {
            address = format!("{address}?{}", target.fill(query));
        }
        let mut request = Request::builder()
            .method(self.operation.method().name())
            .uri(address)
            .header("host", "hutong.example")
            .header("origin", "https://hutong.example")
            .header(
                "idempotency-key",
                format!("{} {}", self.row.id, target.what).replace(' ', "-"),
            );
        if let Some(token) = token {
            request = request.header("cookie", cookie(token));
        }
        let body = match &self.row.body {
            Some(body) => {
                request = request.header("content-type", "application/json");
                Body::from(target.fill(body))
            }
            None => Body::empty(),
        };
        request.body(body).unwrap()
    }

    /// The path with its parameters: the thing it is on first, unless query or body name it, then those of the row.
    fn address(&self, target: &Target) -> String {
        let in_path = self.row.on.is_some_and(|on| on != On::Nothing) && !self.in_text();
        let row = self.row.path.iter().map(|text| target.fill(text));
        let mut given = in_path
            .then(|| target.id.to_string())
            .into_iter()
            .chain(row);
        let parts = self.operation.path().split('/');
        let filled = parts.map(|part| match part.starts_with('{') {
            true => given.next().unwrap_or_else(|| UNKNOWN.to_string()),
            false => part.to_owned(),
        });
        filled.collect::<Vec<_>>().join("/")
    }

    /// Whether what it is on is named in the query or the body.
    fn in_text(&self) -> bool {
        let texts = [&self.row.query, &self.row.body].into_iter().flatten();
        let mut words =
            texts.flat_map(|text| ["{child}", "{unit}"].map(|word| text.contains(word)));
        words.any(|named| named)
    }
}

/// Children, and what hangs on them: those of the first class, and of the others every so many, beginning with the
/// caller's number, so that all classes are tried in every state by the callers together, and by each in some state.
fn on_children(
    on: On,
    others: Option<usize>,
    scene: &Scene,
    table: &Table,
    caller: &Asking,
) -> Vec<Target> {
    if on == On::Merge {
        let merges = scene.things.merges.iter();
        let target = |(place, merge): &(&str, MergeId)| {
            Target::new(*place, merge.uuid(), table.answers(caller.unit, place))
        };
        return merges.map(target).collect();
    }
    let mut targets = Vec::new();
    let is_tried = |number: usize| {
        others.is_some_and(|caller| (number + caller).is_multiple_of(CLASSES.len()))
    };
    let children = scene.children.iter().enumerate();
    for (_, child) in children.filter(|(number, child)| child.first || is_tried(*number)) {
        let sees = table.sees(caller.unit, child.place, child.state, child.names(caller));
        let id = match on {
            On::WorkItem => child.item.map(WorkItemId::uuid),
            On::Application => child.application.map(ApplicationId::uuid),
            _ => Some(child.id.uuid()),
        };
        let what = format!("{} {}", child.place, child.state);
        targets.extend(id.map(|id| Target {
            words: vec![
                ("{child}", child.id.to_string()),
                ("{document}", child.document.to_string()),
            ],
            ..Target::new(what, id, sees)
        }));
    }
    targets
}

/// Batches of the counties.
fn on_batches(on: On, scene: &Scene, table: &Table, caller: &Asking) -> Vec<Target> {
    let target = |(unit, batch): &(&'static str, BatchId)| {
        let open = match on {
            On::OwnBatch => caller.unit == *unit,
            _ => table.sees_unit(caller.unit, unit),
        };
        Target::new(*unit, batch.uuid(), open)
    };
    scene.things.batches.iter().map(target).collect()
}

/// The caller's own things, and those of others.
fn on_own(on: On, scene: &Scene, index: usize) -> Vec<Target> {
    let things = &scene.things;
    let target = |(owner, id): (usize, Uuid)| {
        let whose = if owner == index { "own" } else { "another's" };
        Target::new(format!("{whose} ({owner})"), id, owner == index)
    };
    match on {
        On::OwnJob => {
            let jobs = things.jobs.iter().map(|(owner, job)| (*owner, job.uuid()));
            jobs.map(target).collect()
        }
        On::OwnProposal => {
            let own = things.own_proposals.iter().enumerate();
            let own = own.filter_map(|(owner, id)| Some((owner, (*id)?)));
            // Of a home nobody in it sees anything: it reaches no division.
            own.filter(|(owner, _)| scene.callers[*owner].unit != "home")
                .map(target)
                .collect()
        }
        _ => {
            let devices = things.devices.iter().copied().enumerate();
            let near = devices.filter(|(owner, _)| owner.abs_diff(index) <= 2);
            near.map(target).collect()
        }
    }
}

/// Units, and who and what is in them.
fn on_units(on: On, allowed: bool, scene: &Scene, table: &Table, caller: &Asking) -> Vec<Target> {
    let things = &scene.things;
    let target = |unit: &Unit| {
        let sees = table.sees_unit(caller.unit, unit.name);
        let used_up = allowed && sees;
        let id = match on {
            On::Officer | On::OfficerSession => things.with_account(unit.name).uuid(),
            On::Newcomer => things.without_account(unit.name).uuid(),
            On::Appointment => things.one(Spent::Appointment, unit.name, used_up),
            On::Proposal => things.one(Spent::Proposal, unit.name, used_up),
            _ => unit.id.uuid(),
        };
        let session = match on {
            On::OfficerSession => things.one(Spent::Session, unit.name, used_up),
            _ => UNKNOWN,
        };
        Target {
            words: vec![
                ("{session}", session.to_string()),
                ("{unit}", unit.id.to_string()),
                ("{officer}", things.with_account(unit.name).to_string()),
                ("{division}", unit.division.to_string()),
            ],
            elsewhere: unit.name != caller.unit,
            ..Target::new(unit.name, id, sees)
        }
    };
    scene.units.iter().map(target).collect()
}

fn cookie(token: &str) -> String {
    format!("{COOKIE}={token}")
}

async fn told(router: &Router, request: Request<Body>) -> Told {
    let response = router.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let headers = parts
        .headers
        .iter()
        .filter(|(name, _)| name.as_str() != "x-request-id")
        .map(|(name, value)| (name.as_str().to_owned(), value.as_bytes().to_vec()))
        .collect();
    let mut body = to_bytes(body, 1 << 24).await.unwrap().to_vec();
    // The request's id has a fixed length, so only its digits are left out and every other byte stays.
    const MARK: &[u8] = b"urn:uuid:";
    if let Some(at) = body.windows(MARK.len()).position(|part| part == MARK) {
        body[at + MARK.len()..at + MARK.len() + 36].fill(b'0');
    }
    Told {
        status: parts.status,
        headers,
        body,
    }
}
