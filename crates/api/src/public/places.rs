//! `GET /api/public/places`: the counties and towns at which somebody may apply, and those where a household may be beyond.

use axum::extract::State;
use domain::organisation::UnitKind;
use kernel::division::Division;
use serde::Serialize;
use store::applications::public::{CountyAfar, Window, counties_afar, windows};
use utoipa::ToSchema;
use uuid::Uuid;

use super::problem::store;
use crate::operation::{Answer, Operation};
use crate::problem::Problem;
use crate::state::ApiState;

pub(super) fn operation() -> Operation {
    Operation::get("public.places", "/api/public/places")
        .public()
        .summary("The county bureaus, and the towns at which somebody may apply")
        .handled_by(handle)
}

/// Where somebody may apply.
#[derive(Serialize, ToSchema)]
struct PlacesView {
    counties: Vec<CountyView>,
    /// Counties that other installations serve: a household may be there, nothing is filed there from here.
    elsewhere: Vec<ElsewhereView>,
}

/// A county that another installation serves.
#[derive(Serialize, ToSchema)]
struct ElsewhereView {
    /// Its name, with its city's.
    name: String,
    /// The code of its division.
    division: i64,
    towns: Vec<ElsewhereTown>,
}

/// A town there.
#[derive(Serialize, ToSchema)]
struct ElsewhereTown {
    name: String,
    /// The code of its division, to be named as a household.
    division: i64,
}

impl ElsewhereView {
    fn of(county: CountyAfar) -> Self {
        let town = |(name, division): (String, Division)| ElsewhereTown {
            name,
            division: division.code(),
        };
        Self {
            name: county.name,
            division: county.division.code(),
            towns: county.towns.into_iter().map(town).collect(),
        }
    }
}

/// A county's bureau with its towns.
#[derive(Serialize, ToSchema)]
struct CountyView {
    /// The bureau's name.
    name: String,
    /// The code of its division.
    division: i64,
    towns: Vec<TownView>,
}

/// A town or street.
#[derive(Serialize, ToSchema)]
struct TownView {
    /// The unit, to be named as where it is filed.
    unit: Uuid,
    name: String,
    /// The code of its division, to be named as a household.
    division: i64,
}

async fn handle(State(state): State<ApiState>) -> Result<Answer<PlacesView>, Problem> {
    let store = store(&state)?;
    let all = windows(store).await?;
    let elsewhere = counties_afar(store).await?;
    let town = |window: &Window| TownView {
        unit: window.id.uuid(),
        name: window.name.clone(),
        division: window.division.code(),
    };
    let county = |bureau: &Window| CountyView {
        name: bureau.name.clone(),
        division: bureau.division.code(),
        towns: all
            .iter()
            .filter(|window| window.kind == UnitKind::Town)
            .filter(|window| bureau.serves.contains(window.division))
            .map(town)
            .collect(),
    };
    let bureaus = all
        .iter()
        .filter(|window| window.kind == UnitKind::CountyBureau);
    Ok(Answer(PlacesView {
        counties: bureaus.map(county).collect(),
        elsewhere: elsewhere.into_iter().map(ElsewhereView::of).collect(),
    }))
}
