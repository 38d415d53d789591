//! The officers of the invented city whom anybody may be: what they sign in by is known to all.

use domain::organisation::Login;
use domain::organisation::second_factor::needs_second_factor;
use kernel::division::Division;
use kernel::ids::AppointmentId;
use kernel::roles::Role;
use store::accounts::{NewAccount, TotpSecret, accept, hash, login_key};
use store::demo::invite;
use store::error::StoreError;
use store::organisation::{Founder, NewPost};
use store::work::Store;
use zeroize::Zeroizing;

/// The password of all of them.
pub const PASSWORD: &str = "hutong-demo-2021";
/// The second factor of those who need one, as an authenticator reads it.
pub const SECOND_FACTOR: &str = "NB2XI33OM4WWIZLNN4WTEMBSGEWTCMJN";
/// The bytes of [`SECOND_FACTOR`].
const SECRET: [u8; 20] = *b"hutong-demo-2021-11-";

/// An officer whom a visitor of the demonstration may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DemoOfficer {
    /// The login name.
    pub login: &'static str,
    /// The role.
    pub role: Role,
    /// The division of the unit, as its code.
    pub division: i64,
    /// The unit's name.
    pub unit: &'static str,
    /// Whether a second factor is asked for.
    pub second_factor: bool,
}

const fn officer(
    login: &'static str,
    role: Role,
    division: i64,
    unit: &'static str,
    second_factor: bool,
) -> DemoOfficer {
    DemoOfficer {
        login,
        role,
        division,
        unit,
        second_factor,
    }
}

/// One of every desk there is, from the city bureau down to the village, and a town of another county.
pub const OFFICERS: [DemoOfficer; 12] = [
    officer(
        "county",
        Role::CountyOfficer,
        370_481_000_000,
        "滕州市民政局",
        false,
    ),
    officer(
        "county-approver",
        Role::CountyApprover,
        370_481_000_000,
        "滕州市民政局",
        true,
    ),
    officer(
        "county-finance",
        Role::FinanceOfficer,
        370_481_000_000,
        "滕州市民政局",
        true,
    ),
    officer(
        "town",
        Role::ChildSupervisor,
        370_481_106_000,
        "西岗镇",
        false,
    ),
    officer(
        "village",
        Role::ChildDirector,
        370_481_106_200,
        "西岗镇的一个村",
        false,
    ),
    officer(
        "city",
        Role::CityOfficer,
        370_400_000_000,
        "枣庄市民政局",
        false,
    ),
    officer(
        "city-approver",
        Role::CityApprover,
        370_400_000_000,
        "枣庄市民政局",
        true,
    ),
    officer(
        "finance",
        Role::FinanceOfficer,
        370_400_000_000,
        "枣庄市民政局",
        true,
    ),
    officer(
        "home",
        Role::HomeStaff,
        370_400_000_000,
        "枣庄市儿童福利院",
        false,
    ),
    officer(
        "auditor",
        Role::Auditor,
        370_400_000_000,
        "枣庄市民政局",
        false,
    ),
    officer("admin", Role::Admin, 370_400_000_000, "枣庄市民政局", true),
    officer(
        "far-town",
        Role::ChildSupervisor,
        370_405_001_000,
        "运河街道",
        false,
    ),
];

/// Makes their accounts; an officer whose post the city has not is left out.
pub(super) async fn open_accounts(
    founder: &Founder<'_>,
    store: &Store,
    admin: AppointmentId,
    posts: &[NewPost],
) -> Result<(), StoreError> {
    let password = Zeroizing::new(PASSWORD.to_owned());
    let password = hash(password, founder.entropy).await?;
    for officer in &OFFICERS {
        let appointment = match officer.role {
            Role::Admin => Some(admin),
            _ => post_of(officer, posts),
        };
        let (Some(appointment), Ok(login)) = (appointment, officer.login.parse::<Login>()) else {
            continue;
        };
        let (officer_id, code) = invite(founder, store.sealer(), appointment).await?;
        let second_factor =
            needs_second_factor(officer.role).then(|| (TotpSecret::known(SECRET), 0));
        let account = NewAccount {
            officer: officer_id,
            login: &login,
            key: login_key(store.sealer(), &login),
            password: &password,
            second_factor,
            recovery: &[],
        };
        accept(store, &code, &account).await?;
    }
    Ok(())
}

/// The first such post in the officer's division, or, of a village, in the town of the division.
fn post_of(officer: &DemoOfficer, posts: &[NewPost]) -> Option<AppointmentId> {
    let place = Division::new(officer.division).ok()?;
    let in_role = || posts.iter().filter(|post| post.role == officer.role);
    let found = in_role().find(|post| post.division == place).or_else(|| {
        in_role().find(|post| {
            place
                .parent()
                .is_some_and(|town| town.contains(post.division))
        })
    });
    Some(found?.appointment)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_needs_a_second_factor_is_said_to() {
        for officer in OFFICERS {
            assert_eq!(
                officer.second_factor,
                needs_second_factor(officer.role),
                "{}",
                officer.login
            );
            assert!(officer.login.parse::<Login>().is_ok());
        }
    }

    #[test]
    fn the_secret_that_is_shown_is_the_secret() {
        let address = TotpSecret::known(SECRET).address("demo");
        assert!(
            address.contains(&format!("secret={SECOND_FACTOR}&")),
            "{}",
            *address
        );
    }
}
