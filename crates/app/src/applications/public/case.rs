//! A case filled in: begun, gone on with on any telephone, saved.

use domain::applications::{KEPT_DAYS, days_after};
use domain::registry::Hidden;
use jiff::Timestamp;
use store::accounts::TicketCode;
use store::applications::public::{
    Case, Photo, Proof, PublicStore, begin as begin_case, photos, resume as find, save as save_case,
};
use store::error::StoreError;

use super::error::{PublicError, PublicObstacle};
use super::form::{Form, phone};
use super::patience::{Try, Visit, visit};

/// A case that was begun.
#[derive(Debug)]
pub struct Begun {
    /// Its code, in plain for the applicant alone.
    pub code: TicketCode,
    /// Until when it is kept unless it is saved again.
    pub until: Timestamp,
}

/// A case gone on with.
#[derive(Debug)]
pub struct Resumed {
    /// What is filled in; none once it is submitted.
    pub form: Option<Form>,
    /// Its photographs.
    pub photos: Vec<Photo>,
    /// The number of the application it became.
    pub number: Option<String>,
    /// Until when the code holds.
    pub until: Timestamp,
}

/// Begins a case, which is known by a fresh code and this phone.
///
/// # Errors
/// [`PublicObstacle::CountyAlone`] before anything is kept; [`PublicError::Misfit`], [`PublicError::Wait`].
pub async fn begin(
    store: &PublicStore,
    address: &str,
    number: &str,
    form: Form,
) -> Result<Begun, PublicError> {
    form.keepable()?;
    let number = phone(number)?;
    visit(store, address, Visit::Begins).await?;
    let code = TicketCode::generate(store.entropy());
    let proof = Proof::by_phone(store, &code, &number);
    let form = Form {
        phone: Some(Hidden::new(number)),
        ..form
    };
    let until = days_after(store.clock().now(), KEPT_DAYS);
    begin_case(store, &proof, &written(&form)?, until).await?;
    Ok(Begun { code, until })
}

/// The case of this code and phone.
///
/// # Errors
/// [`PublicError::NoSuchCase`], [`PublicError::Wait`].
pub async fn resume(
    store: &PublicStore,
    address: &str,
    code: &TicketCode,
    number: &str,
) -> Result<Resumed, PublicError> {
    let (case, proof) = known(store, address, code, number).await?;
    Ok(Resumed {
        form: form_of(&case)?,
        photos: photos(store, &proof).await?,
        number: case.number,
        until: case.until,
    })
}

/// Saves what is filled in by now; answers until when it is kept.
///
/// # Errors
/// As [`begin`]; [`PublicError::NoSuchCase`], [`PublicObstacle::Submitted`].
pub async fn save(
    store: &PublicStore,
    address: &str,
    code: &TicketCode,
    number: &str,
    form: Form,
) -> Result<Timestamp, PublicError> {
    form.keepable()?;
    let (case, proof) = known(store, address, code, number).await?;
    visit(store, address, Visit::Saves).await?;
    let form = Form {
        phone: Some(Hidden::new(phone(number)?)),
        ..form
    };
    let until = days_after(store.clock().now(), KEPT_DAYS);
    match save_case(store, &proof, case.id, &written(&form)?, until).await? {
        true => Ok(until),
        false => Err(PublicObstacle::Submitted.into()),
    }
}

/// The case of a code and phone, and how it is known from here. The digests are taken first: both, for any code.
pub(super) async fn known(
    store: &PublicStore,
    address: &str,
    code: &TicketCode,
    number: &str,
) -> Result<(Case, Proof), PublicError> {
    let proof = Proof::by_phone(store, code, number);
    let tried = Try::begin(store, code, address).await?;
    let case = find(store, &proof).await?;
    Ok((tried.found(store, case).await?, proof))
}

pub(super) fn form_of(case: &Case) -> Result<Option<Form>, PublicError> {
    let read = |plain: &zeroize::Zeroizing<Vec<u8>>| {
        serde_json::from_slice(plain).map_err(|_| StoreError::Corrupt {
            table: "auth.ticket",
            column: "draft",
        })
    };
    Ok(case.form.as_ref().map(read).transpose()?)
}

fn written(form: &Form) -> Result<Vec<u8>, PublicError> {
    serde_json::to_vec(form).map_err(|_| PublicError::Misfit("facts"))
}
