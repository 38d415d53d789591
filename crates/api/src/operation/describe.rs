//! What a handler takes and answers, read from its signature, so that documents cannot differ from it.

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;

use utoipa::ToSchema;
use utoipa::openapi::path::Parameter;
use utoipa::openapi::request_body::RequestBody;
use utoipa::openapi::{Ref, RefOr, Schema};

use crate::problem::{Kind, Problem};

/// What is known of a handler.
#[derive(Default)]
pub struct Description {
    /// Parameters of the query and headers.
    pub parameters: Vec<Parameter>,
    /// The body it takes.
    pub body: Option<RequestBody>,
    /// What it answers when all is well: status, what it is, media type, schema.
    pub answers: BTreeMap<u16, Good>,
    /// The kinds of problem it may answer.
    pub kinds: BTreeSet<Kind>,
    /// Named schemas its body and answers refer to.
    pub schemas: Vec<(String, RefOr<Schema>)>,
    /// Whether it asks who is calling.
    pub asks_caller: bool,
    /// Whether it takes an `Idempotency-Key`.
    pub once: bool,
}

/// An answer when all is well.
pub struct Good {
    /// In words.
    pub words: &'static str,
    /// Media type and schema of its body; `None` for none.
    pub content: Option<(&'static str, RefOr<Schema>)>,
}

impl Description {
    /// Adds an answer in JSON.
    pub fn answer<T: ToSchema>(&mut self, status: u16, words: &'static str) {
        let schema = self.refer_to::<T>();
        let content = Some(("application/json", schema));
        self.answers.insert(status, Good { words, content });
    }

    /// A reference to a named schema, which it notes.
    pub(super) fn refer_to<T: ToSchema>(&mut self) -> RefOr<Schema> {
        let name = T::name().into_owned();
        self.schemas.push((name.clone(), T::schema()));
        T::schemas(&mut self.schemas);
        RefOr::Ref(Ref::from_schema_name(name))
    }

    /// Every status it may answer with.
    #[must_use]
    pub fn statuses(&self) -> Vec<u16> {
        let mut statuses: BTreeSet<u16> = self.answers.keys().copied().collect();
        statuses.extend(self.kinds.iter().map(|kind| kind.status().as_u16()));
        statuses.into_iter().collect()
    }
}

/// Something a handler takes.
pub trait Described {
    /// Adds what it takes to the description.
    fn describe(description: &mut Description);
}

/// Something a handler answers.
pub trait Answers {
    /// Adds what it answers to the description.
    fn describe(description: &mut Description);
}

impl<T: Answers> Answers for Result<T, Problem> {
    fn describe(description: &mut Description) {
        T::describe(description);
    }
}

impl Described for axum::extract::State<crate::state::ApiState> {
    fn describe(_: &mut Description) {}
}

impl Described for axum::http::HeaderMap {
    fn describe(_: &mut Description) {}
}

/// A handler whose arguments and answer describe themselves.
pub trait Describes<Arguments> {
    /// Adds all of it to the description.
    fn describe(description: &mut Description);
}

macro_rules! describes {
    ($($argument:ident)*) => {
        impl<F, Answering, R, $($argument),*> Describes<($($argument,)*)> for F
        where
            F: Fn($($argument),*) -> Answering,
            Answering: Future<Output = R>,
            R: Answers,
            $($argument: Described,)*
        {
            fn describe(description: &mut Description) {
                $($argument::describe(description);)*
                R::describe(description);
            }
        }
    };
}

describes!();
describes!(A);
describes!(A B);
describes!(A B C);
describes!(A B C D);
describes!(A B C D E);
describes!(A B C D E G);
