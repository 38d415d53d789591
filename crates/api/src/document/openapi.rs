//! `openapi.json`: the operations in OpenAPI 3.1.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::openapi::path::{
    HttpMethod, OperationBuilder, Parameter, ParameterBuilder, ParameterIn, PathsBuilder,
};
use utoipa::openapi::schema::{KnownFormat, SchemaFormat, Type};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{
    ComponentsBuilder, Content, InfoBuilder, ObjectBuilder, OpenApi, OpenApiBuilder, PathItem, Ref,
    RefOr, Required, Response, ResponseBuilder,
};
use utoipa::{PartialSchema, ToSchema};

use crate::operation::{Access, COOKIE, Method, Operation};
use crate::problem::{Kind, MEDIA_TYPE};

/// The name of the session in the document.
const SESSION: &str = "session";

/// Something wrong, as told to the caller (RFC 9457). Further members depend on the code.
#[derive(Serialize, ToSchema)]
#[schema(as = Problem)]
struct ProblemBody {
    /// Always `about:blank`: the code says what kind it is.
    r#type: String,
    /// The HTTP status.
    status: u16,
    /// The stable code.
    code: String,
    /// One sentence for the person, in Chinese or English.
    title: String,
    /// `urn:uuid:` and the id of the request, as in `X-Request-Id`.
    instance: String,
}

/// The document of these operations, as it is committed.
#[must_use]
pub fn openapi(operations: &[Operation]) -> OpenApi {
    let mut paths = PathsBuilder::new();
    let mut components = ComponentsBuilder::new().schema("Problem", ProblemBody::schema());
    for operation in operations {
        let described = described(operation);
        let item = PathItem::new(method(operation.method()), described);
        paths = paths.path(operation.path(), item);
        for (name, schema) in &operation.description().schemas {
            components = components.schema(name, schema.clone());
        }
    }
    let cookie =
        ApiKeyValue::with_description(COOKIE, "The session; unsafe methods need `Origin` besides.");
    let components =
        components.security_scheme(SESSION, SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
    let info = InfoBuilder::new()
        .title("Hutong")
        .version(env!("CARGO_PKG_VERSION"))
        .build();
    OpenApiBuilder::new()
        .info(info)
        .paths(paths)
        .components(Some(components.build()))
        .build()
}

fn method(method: Method) -> HttpMethod {
    match method {
        Method::Get => HttpMethod::Get,
        Method::Post => HttpMethod::Post,
        Method::Patch => HttpMethod::Patch,
        Method::Put => HttpMethod::Put,
        Method::Delete => HttpMethod::Delete,
    }
}

fn described(operation: &Operation) -> OperationBuilder {
    let subsystem = operation.id().split('.').next().unwrap_or_default();
    let mut described = OperationBuilder::new()
        .operation_id(Some(operation.id().replace('.', "_")))
        .tag(subsystem)
        .summary(Some(operation.summary))
        .description(Some(needs(operation)))
        .request_body(operation.description().body.clone());
    for parameter in parameters_of(operation.path())
        .into_iter()
        .chain(operation.description().parameters.iter().cloned())
    {
        described = described.parameter(parameter);
    }
    if operation.access() != Access::Public {
        let none: [&str; 0] = [];
        described = described.security(SecurityRequirement::new(SESSION, none));
    }
    for (status, response) in responses(operation) {
        described = described.response(status.to_string(), response);
    }
    described
}

fn needs(operation: &Operation) -> String {
    match operation.access() {
        Access::Public if operation.is_on_public_listener() => {
            "Anyone may call this, at the public listener.".to_owned()
        }
        Access::Public => "Anyone may call this.".to_owned(),
        Access::AnySignedIn => "Any officer with a session may call this.".to_owned(),
        Access::Needs(action) => format!("Needs the action `{}`.", action.code()),
    }
}

/// The parameters that a path's template names; those called `id` or `…_id` are UUIDs.
fn parameters_of(path: &str) -> Vec<Parameter> {
    let names = path
        .split('/')
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    names
        .map(|name| {
            let is_id = name == "id" || name.ends_with("_id");
            let format = is_id.then_some(SchemaFormat::KnownFormat(KnownFormat::Uuid));
            let schema = ObjectBuilder::new()
                .schema_type(Type::String)
                .format(format);
            ParameterBuilder::new()
                .name(name)
                .parameter_in(ParameterIn::Path)
                .required(Required::True)
                .schema(Some(schema))
                .build()
        })
        .collect()
}

/// Every answer by status: the good ones, and for each status the codes of its problems.
fn responses(operation: &Operation) -> BTreeMap<u16, Response> {
    let description = operation.description();
    let mut problems: BTreeMap<u16, Vec<Kind>> = BTreeMap::new();
    for kind in &description.kinds {
        let status = kind.status().as_u16();
        problems.entry(status).or_default().push(*kind);
    }
    let mut all = BTreeMap::new();
    for (status, kinds) in problems {
        let codes: Vec<String> = kinds
            .iter()
            .map(|kind| format!("`{}`", kind.code()))
            .collect();
        let problem = Content::new(Some(RefOr::from(Ref::from_schema_name("Problem"))));
        let response = ResponseBuilder::new()
            .description(codes.join(", "))
            .content(MEDIA_TYPE, problem);
        all.insert(status, response.build());
    }
    for (status, good) in &description.answers {
        let mut response = all.remove(status).unwrap_or_default();
        response.description = good.words.to_owned();
        if let Some((media_type, schema)) = &good.content {
            let content = Content::new(Some(schema.clone()));
            response
                .content
                .insert((*media_type).to_owned(), RefOr::T(content));
        }
        all.insert(*status, response);
    }
    all
}
