//! Walking the cells.

use std::sync::Mutex;

use api::operation::{COOKIE, Operation};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tower::ServiceExt;
use uuid::Uuid;

use super::scene::{Asking, Scene};
use super::table::{On, Row, Table};

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
}

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
        let asked = Asked { row, operation };
        let nothing = self.nothing(scene).await;
        let mut cells = asked.without_session(&scene.ended);
        for caller in &scene.callers {
            match row.on {
                Some(On::Child) => cells.extend(asked.on_children(scene, table, caller, &nothing)),
                Some(On::Nothing) | None => cells.push(asked.on_nothing(caller, &nothing)),
            }
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
        let abreast = std::sync::Arc::new(Semaphore::new(ABREAST));
        let mut walking = JoinSet::new();
        for cell in cells {
            let place = abreast.clone().acquire_owned().await.unwrap();
            let router = self.router.clone();
            walking.spawn(async move {
                let answer = told(&router, cell.request).await;
                drop(place);
                let right = match &cell.expected {
                    Expected::Through(statuses) => statuses.contains(&answer.status.as_u16()),
                    Expected::Exactly(told) => answer == *told,
                };
                (!right).then(|| format!("{}, instead {}", cell.name, answer.in_words()))
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
                request: self.request(token, Uuid::from_u128(1)),
                expected: Expected::Through(vec![StatusCode::UNAUTHORIZED.as_u16()]),
            })
            .collect()
    }

    fn on_nothing(&self, caller: &Asking, nothing: &Told) -> Cell {
        let through = self.row.allows(caller.role);
        self.cell(caller, "nothing", Uuid::from_u128(1), through, nothing)
    }

    fn on_children(
        &self,
        scene: &Scene,
        table: &Table,
        caller: &Asking,
        nothing: &Told,
    ) -> Vec<Cell> {
        let allowed = self.row.allows(caller.role);
        let mut cells: Vec<Cell> = scene
            .children
            .iter()
            .map(|child| {
                let sees = table.sees(caller.unit, child.place, child.state, child.names(caller));
                let what = format!("{} {}", child.place, child.state);
                self.cell(caller, &what, child.id.uuid(), allowed && sees, nothing)
            })
            .collect();
        cells.push(self.cell(caller, "no child", Uuid::from_u128(1), false, nothing));
        cells
    }

    fn cell(&self, caller: &Asking, what: &str, on: Uuid, through: bool, nothing: &Told) -> Cell {
        let statuses = self.row.allowed.clone();
        let (expected, word) = match through {
            true => (
                Expected::Through(statuses),
                format!("{:?}", self.row.allowed),
            ),
            false => (Expected::Exactly(nothing.clone()), "nothing".to_owned()),
        };
        let (id, role, unit) = (&self.row.id, caller.role, caller.unit);
        Cell {
            name: format!("{id}, {role} of {unit}, {what}: {word} expected"),
            request: self.request(Some(&caller.token.cookie_text()), on),
            expected,
        }
    }

    fn request(&self, token: Option<&str>, on: Uuid) -> Request<Body> {
        let mut address = self.address(on);
        if let Some(query) = &self.row.query {
            address = format!("{address}?{}", query.replace("{child}", &on.to_string()));
        }
        let mut request = Request::builder()
            .method(self.operation.method().name())
            .uri(address)
            .header("host", "hutong.example")
            .header("origin", "https://hutong.example")
            .header(
                "idempotency-key",
                Uuid::from_u128(on.as_u128() ^ 1).to_string(),
            );
        if let Some(token) = token {
            request = request.header("cookie", cookie(token));
        }
        let body = match &self.row.body {
            Some(body) => {
                request = request.header("content-type", "application/json");
                Body::from(body.replace("{child}", &on.to_string()))
            }
            None => Body::empty(),
        };
        request.body(body).unwrap()
    }

    /// The path with its parameters: the child first where it is on one, then those of the row.
    fn address(&self, on: Uuid) -> String {
        let on_child = self.row.on == Some(On::Child) && !self.in_text();
        let mut given = on_child
            .then(|| on.to_string())
            .into_iter()
            .chain(self.row.path.iter().cloned());
        let parts = self.operation.path().split('/');
        let filled = parts.map(|part| match part.starts_with('{') {
            true => given
                .next()
                .unwrap_or_else(|| Uuid::from_u128(1).to_string()),
            false => part.to_owned(),
        });
        filled.collect::<Vec<_>>().join("/")
    }

    /// Whether the child is named in the query or the body.
    fn in_text(&self) -> bool {
        [&self.row.query, &self.row.body]
            .into_iter()
            .flatten()
            .any(|text| text.contains("{child}"))
    }
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
