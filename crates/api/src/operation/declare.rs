//! Declaring an operation: method, path, who may call it, and the handler.

use axum::Router;
use axum::handler::Handler;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodFilter, MethodRouter, on};
use kernel::roles::{Action, Role, can};

use super::describe::{Describes, Description};
use super::guard::{Guarded, guard};
use crate::problem::Kind;
use crate::state::ApiState;

/// Who may call an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anyone, without a session.
    Public,
    /// Any officer with a session, whatever the role.
    AnySignedIn,
    /// Officers whose role allows this action; for anyone else the operation does not exist.
    Needs(Action),
}

impl Access {
    /// Whether an officer in this role may call it; what is found beyond that is a question of reach.
    #[must_use]
    pub fn allows(self, role: Role) -> bool {
        match self {
            Self::Public | Self::AnySignedIn => true,
            Self::Needs(action) => can(role, action),
        }
    }
}

/// The HTTP method of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Method {
    /// Reads.
    Get,
    /// Creates or does.
    Post,
    /// Changes a part.
    Patch,
    /// Replaces.
    Put,
    /// Removes or ends.
    Delete,
}

impl Method {
    /// Its name, in capitals.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Patch => "PATCH",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }

    /// Whether it changes nothing.
    #[must_use]
    pub const fn is_safe(self) -> bool {
        matches!(self, Self::Get)
    }

    const fn filter(self) -> MethodFilter {
        match self {
            Self::Get => MethodFilter::GET,
            Self::Post => MethodFilter::POST,
            Self::Patch => MethodFilter::PATCH,
            Self::Put => MethodFilter::PUT,
            Self::Delete => MethodFilter::DELETE,
        }
    }
}

/// The most bytes of a body that are read unless an operation says otherwise.
const BODY_LIMIT: usize = 64 * 1024;

/// An operation that has not yet said who may call it: it can be given no handler and is no route.
#[must_use]
pub struct Undeclared {
    id: &'static str,
    method: Method,
    path: &'static str,
}

impl Undeclared {
    /// For officers whose role allows `action`; for anyone else there is nothing here.
    pub fn needs(self, action: Action) -> Declared {
        self.access(Access::Needs(action))
    }

    /// For any officer with a session.
    pub fn any_signed_in(self) -> Declared {
        self.access(Access::AnySignedIn)
    }

    /// For anyone, without a session.
    pub fn public(self) -> Declared {
        self.access(Access::Public)
    }

    fn access(self, access: Access) -> Declared {
        Declared {
            id: self.id,
            method: self.method,
            path: self.path,
            access,
            summary: "",
            body_limit: BODY_LIMIT,
            from_elsewhere: false,
            problems: Vec::new(),
        }
    }
}

/// An operation that has said who may call it.
#[must_use]
pub struct Declared {
    id: &'static str,
    method: Method,
    path: &'static str,
    access: Access,
    summary: &'static str,
    body_limit: usize,
    from_elsewhere: bool,
    problems: Vec<Kind>,
}

impl Declared {
    /// What it does, in one line for documents.
    pub fn summary(self, summary: &'static str) -> Self {
        Self { summary, ..self }
    }

    /// The most bytes of its body that are read (64 KiB unless said).
    pub fn body_limit(self, bytes: usize) -> Self {
        Self {
            body_limit: bytes,
            ..self
        }
    }

    /// For another program, known by what it sends: it names no page of ours as its origin. There is no session either.
    pub fn from_elsewhere(self) -> Self {
        Self {
            access: Access::Public,
            from_elsewhere: true,
            ..self
        }
    }

    /// Kinds of problem its handler answers by itself, beyond those that follow from the declaration.
    pub fn answers_problems(mut self, kinds: &[Kind]) -> Self {
        self.problems.extend(kinds);
        self
    }

    /// The operation, answered by this handler.
    pub fn handled_by<H, T, A>(self, handler: H) -> Operation
    where
        H: Handler<T, ApiState> + Describes<A>,
        T: 'static,
    {
        let mut description = Description::default();
        H::describe(&mut description);
        description.kinds.extend(self.problems);
        description
            .kinds
            .extend(follows(self.method, self.access, self.path));
        Operation {
            id: self.id,
            method: self.method,
            path: self.path,
            access: self.access,
            summary: self.summary,
            body_limit: self.body_limit,
            from_elsewhere: self.from_elsewhere,
            description,
            handler: on(self.method.filter(), handler),
        }
    }
}

/// The problems that any operation of this kind may answer.
fn follows(method: Method, access: Access, path: &str) -> Vec<Kind> {
    let mut kinds = vec![
        Kind::BadRequest,
        Kind::SentTooSlowly,
        Kind::TooLarge,
        Kind::Fault,
        Kind::DatabaseAway,
        Kind::Overloaded,
        Kind::TooSlow,
    ];
    if access != Access::Public {
        kinds.push(Kind::NoSession);
    }
    if matches!(access, Access::Needs(_)) || path.contains('{') {
        kinds.push(Kind::NotFound);
    }
    if !method.is_safe() {
        kinds.push(Kind::ForeignOrigin);
    }
    kinds
}

/// A route of the program: the only kind there is.
pub struct Operation {
    pub(crate) id: &'static str,
    pub(crate) method: Method,
    pub(crate) path: &'static str,
    pub(crate) access: Access,
    pub(crate) summary: &'static str,
    pub(crate) body_limit: usize,
    from_elsewhere: bool,
    pub(crate) description: Description,
    handler: MethodRouter<ApiState>,
}

impl Operation {
    /// A `GET`. `id` is `<subsystem>.<verb>`, stable: journal, logs, metrics and documents use it.
    pub const fn get(id: &'static str, path: &'static str) -> Undeclared {
        Self::at(Method::Get, id, path)
    }

    /// A `POST`.
    pub const fn post(id: &'static str, path: &'static str) -> Undeclared {
        Self::at(Method::Post, id, path)
    }

    /// A `PATCH`.
    pub const fn patch(id: &'static str, path: &'static str) -> Undeclared {
        Self::at(Method::Patch, id, path)
    }

    /// A `PUT`.
    pub const fn put(id: &'static str, path: &'static str) -> Undeclared {
        Self::at(Method::Put, id, path)
    }

    /// A `DELETE`.
    pub const fn delete(id: &'static str, path: &'static str) -> Undeclared {
        Self::at(Method::Delete, id, path)
    }

    const fn at(method: Method, id: &'static str, path: &'static str) -> Undeclared {
        Undeclared { id, method, path }
    }

    /// Its stable id, `<subsystem>.<verb>`.
    #[must_use]
    pub fn id(&self) -> &'static str {
        self.id
    }

    /// Whether it is answered at the public listener, and there alone.
    #[must_use]
    pub fn is_on_public_listener(&self) -> bool {
        self.id.starts_with("public.")
    }

    /// Its method.
    #[must_use]
    pub fn method(&self) -> Method {
        self.method
    }

    /// Its path, with `{parameters}`.
    #[must_use]
    pub fn path(&self) -> &'static str {
        self.path
    }

    /// Who may call it.
    #[must_use]
    pub fn access(&self) -> Access {
        self.access
    }

    /// What it does, in one line.
    #[must_use]
    pub fn summary(&self) -> &'static str {
        self.summary
    }

    /// What its handler takes and answers.
    #[must_use]
    pub fn description(&self) -> &Description {
        &self.description
    }

    /// Adds the route, behind its guard.
    pub(crate) fn mount(self, router: Router<ApiState>, state: &ApiState) -> Router<ApiState> {
        let guarded = Guarded {
            state: state.clone(),
            id: self.id,
            method: self.method,
            access: self.access,
            body_limit: self.body_limit,
            from_elsewhere: self.from_elsewhere,
            answers: self.description.statuses().into(),
        };
        router.route(
            self.path,
            self.handler.route_layer(from_fn_with_state(guarded, guard)),
        )
    }
}
