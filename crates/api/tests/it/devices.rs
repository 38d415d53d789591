//! Where officers are signed in, as whoever keeps the accounts sees and ends it.

use axum::body::Body;
use axum::http::StatusCode;
use testkit::office::Persona;

use crate::desk::{Desk, OFFICER};

#[tokio::test]
async fn an_administrator_ends_a_session_of_an_officer_and_the_journal_keeps_it() {
    let desk = Desk::open().await;
    let officer = desk.office.officer(OFFICER).await;
    desk.office.database.give_account(officer, "county").await;
    let sessions = desk.office.database.devices_of(officer, 2).await;
    let devices = format!("/api/organisation/officers/{officer}/devices");
    let (status, told) = desk.get(Persona::Admin, &devices).await;
    assert_eq!(status, StatusCode::OK, "{told}");
    assert_eq!(told["items"].as_array().unwrap().len(), 2);

    let one = format!("{devices}/{}", sessions[0]);
    let delete = async |persona| desk.ask(persona, "DELETE", &one, Body::empty(), "").await.0;
    for persona in [Persona::ShantingOfficer, Persona::Auditor, OFFICER] {
        assert_eq!(delete(persona).await, StatusCode::NOT_FOUND, "{persona:?}");
    }
    assert_eq!(delete(Persona::Admin).await, StatusCode::NO_CONTENT);
    assert_eq!(
        delete(Persona::Admin).await,
        StatusCode::NOT_FOUND,
        "it is over"
    );
    let (_, told) = desk.get(Persona::Admin, &devices).await;
    assert_eq!(told["items"].as_array().unwrap().len(), 1);
    let journal = desk.office.database.journal_of(officer.uuid()).await;
    assert_eq!(journal.last().unwrap(), "organisation.session_ended");
    desk.office.close().await;
}
