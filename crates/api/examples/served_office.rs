//! Serves a small invented office on a free port of this machine, runs a command beside it, and ends with its exit code.
//!
//! The command finds the address in `HUTONG_URL` and the cookie of a signed-in officer of every role of 滕州市 in
//! `HUTONG_COOKIE_<ROLE>`, such as `HUTONG_COOKIE_COUNTY_OFFICER`. Started as tests are: `cargo xtask testserver cargo
//! run --package api --example served_office -- COMMAND…`.

#![allow(clippy::expect_used, reason = "a tool for tests, like testkit")]

use std::process::ExitCode;

use api::{ApiState, Listening, router, serve};
use jiff::civil::date;
use kernel::category::Category;
use testkit::Office;
use testkit::builders::Child;
use testkit::office::{JINGHE_VILLAGE, LONGQUAN_VILLAGE, Persona, SHANTING_VILLAGE, TENGZHOU};
use tokio::net::TcpListener;
use tokio::process::Command;

#[tokio::main]
async fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    let Some(program) = arguments.next() else {
        eprintln!("served_office: no command to run");
        return ExitCode::from(2);
    };
    let office = Office::found().await;
    children(&office).await;
    let unit = office.unit(Persona::TengzhouOfficer);
    let crowd = office.crowd(&[(unit, TENGZHOU)]).await;
    let listener = TcpListener::bind(("127.0.0.1", 0))
        .await
        .expect("a free port");
    let address = listener.local_addr().expect("an address");
    let state = ApiState::over(env!("CARGO_PKG_VERSION"), office.store.clone());
    let serving = serve(
        listener,
        router(state),
        Listening::plain(),
        std::future::pending(),
    );
    let mut command = Command::new(program);
    command
        .args(arguments)
        .env("HUTONG_URL", format!("http://{address}"));
    for member in &crowd {
        let name = format!("HUTONG_COOKIE_{}", member.role.code().to_uppercase());
        let cookie = format!("__Host-hutong={}", member.token.cookie_text());
        command.env(name, cookie);
    }
    let status = tokio::select! {
        status = command.status() => status.expect("the command runs"),
        () = serving => return ExitCode::FAILURE,
    };
    office.close().await;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    ExitCode::from(code.unwrap_or(1))
}

/// Children of three places, with what a file can hold.
async fn children(office: &Office) {
    let status = |child: Child| child.status(Category::ScatteredOrphan, date(2021, 1, 1));
    let places = [JINGHE_VILLAGE, LONGQUAN_VILLAGE];
    let own: Vec<Child> = (1..=40)
        .zip(places.into_iter().cycle())
        .map(|(number, place)| status(Child::named("虚构儿童", place).with_id(number)))
        .collect();
    office.register(Persona::TengzhouOfficer, &own).await;
    let foreign = status(Child::named("虚构他乡", SHANTING_VILLAGE).with_id(41));
    office.register(Persona::ShantingOfficer, &[foreign]).await;
}
