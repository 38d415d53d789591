//! The table of roles and actions, drawn once more as a picture.

use super::*;

/// The whole table once more, as a picture: a column per action in the order of [`Action::ALL`]. A change of
/// rights has to be made in two places, and shows in review.
const PICTURE: [(Role, &str); 12] = [
    //                        search open history register edit | merge import export clear | applications: view handle propose decide | sealed reveal | org appoint confirm accounts | journal figures | month: view prepare review quarter approve release | standard: weigh propose publish | exchange: propose confirm carry
    (
        Role::ChildDirector,
        "xxx-- ---- ---- -- x--- -- ------ --- ---",
    ),
    (
        Role::ChildSupervisor,
        "xxxxx ---x xx-- -x x--- -x ---x-- --- --x",
    ),
    (
        Role::CountyOfficer,
        "xxxxx xxxx xxx- xx xx-- -x xxxx-- xx- x-x",
    ),
    (
        Role::CountyApprover,
        "xxx-- ---- x--x xx x-x- -x x-x-x- x-x -x-",
    ),
    (
        Role::CityOfficer,
        "xxx-- ---- x--- -- xx-- -x x----- xx- x--",
    ),
    (
        Role::CityApprover,
        "xxx-- ---- x--- -- x-x- -x x----- x-x -x-",
    ),
    (
        Role::FinanceOfficer,
        "----- ---- ---- -- x--- -- x----x x-- ---",
    ),
    (Role::HomeStaff, "xxxxx ---x xx-- -x x--- -- ---x-- --- ---"),
    (
        Role::RescueStaff,
        "xxxxx ---x ---- -x x--- -- ------ --- ---",
    ),
    (Role::Partner, "----- ---- ---- -- ---- -- ------ --- ---"),
    (Role::Auditor, "----- ---- ---- -- x--- x- x----- --- ---"),
    (Role::Admin, "----- ---- ---- -- xx-x -- ------ --- x--"),
];

#[test]
fn the_table_is_exactly_the_picture() {
    assert_eq!(PICTURE.map(|(role, _)| role), Role::ALL);
    for (role, row) in PICTURE {
        let marks: Vec<bool> = row
            .chars()
            .filter(|mark| *mark != ' ')
            .map(|mark| mark == 'x')
            .collect();
        assert_eq!(marks.len(), Action::ALL.len());
        for (action, allowed) in Action::ALL.into_iter().zip(marks) {
            assert_eq!(can(role, action), allowed, "{role} {}", action.code());
        }
    }
}

#[test]
fn the_administrator_reaches_no_child() {
    for action in Action::ALL
        .into_iter()
        .filter(|action| action.touches_children())
    {
        for role in [
            Role::Admin,
            Role::Auditor,
            Role::FinanceOfficer,
            Role::Partner,
        ] {
            assert!(!can(role, action), "{role} {}", action.code());
        }
    }
}

#[test]
fn no_role_confirms_what_it_may_propose() {
    for role in Role::ALL {
        assert!(
            !(can(role, Action::ProposeDecision) && can(role, Action::DecideApplication)),
            "{role}"
        );
        assert!(
            !(can(role, Action::Appoint) && can(role, Action::ConfirmAppointment)),
            "{role}"
        );
        assert!(
            !(can(role, Action::ProposeStandard) && can(role, Action::PublishStandard)),
            "{role}"
        );
        let of_month = [
            Action::PrepareMonth,
            Action::ApproveMonth,
            Action::ReleaseMonth,
        ];
        let hands = of_month.iter().filter(|action| can(role, **action));
        assert!(hands.count() <= 1, "{role}");
    }
}

#[test]
fn sealed_statuses_stay_in_the_county() {
    let seers: Vec<_> = Role::ALL
        .into_iter()
        .filter(|role| can(*role, Action::SeeSealed))
        .collect();
    assert_eq!(seers, [Role::CountyOfficer, Role::CountyApprover]);
}

#[test]
fn codes_are_the_same_everywhere() {
    for role in Role::ALL {
        assert_eq!(role.code().parse(), Ok(role));
        assert_eq!(
            serde_json::to_string(&role).unwrap(),
            format!("\"{}\"", role.code())
        );
    }
    for action in Action::ALL {
        assert_eq!(
            serde_json::to_string(&action).unwrap(),
            format!("\"{}\"", action.code())
        );
    }
}
