//! The second factor: who needs one, and which one-time code counts.

use jiff::Timestamp;
use kernel::roles::{Action, Role, can};

/// How long a one-time code is shown, in seconds (RFC 6238).
pub const STEP_SECONDS: i64 = 30;

/// Whether a role signs in with a second factor: whoever confirms, pays, or keeps accounts.
///
/// ```
/// use domain::organisation::second_factor::needs_second_factor;
/// use kernel::roles::Role;
/// assert!(needs_second_factor(Role::Admin) && !needs_second_factor(Role::ChildDirector));
/// ```
#[must_use]
pub fn needs_second_factor(role: Role) -> bool {
    can(role, Action::ConfirmAppointment)
        || can(role, Action::ManageAccounts)
        || role == Role::FinanceOfficer
}

/// The step of a moment.
#[must_use]
pub fn step_at(now: Timestamp) -> i64 {
    now.as_second().div_euclid(STEP_SECONDS)
}

/// The steps whose codes count at `now`: this one and its neighbours, because clocks differ, and none that was used
/// already or lies before one that was: a code seen over somebody's shoulder is worth nothing.
///
/// ```
/// use domain::organisation::second_factor::steps_that_count;
/// let now = jiff::Timestamp::from_second(3000)?;
/// assert_eq!(steps_that_count(now, None), [99, 100, 101]);
/// assert_eq!(steps_that_count(now, Some(100)), [101]);
/// # Ok::<(), jiff::Error>(())
/// ```
#[must_use]
pub fn steps_that_count(now: Timestamp, last_used: Option<i64>) -> Vec<i64> {
    let step = step_at(now);
    (step - 1..=step + 1)
        .filter(|step| last_used.is_none_or(|used| *step > used))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_confirms_pays_or_keeps_accounts_needs_one() {
        let needing: Vec<Role> = Role::ALL
            .into_iter()
            .filter(|role| needs_second_factor(*role))
            .collect();
        assert_eq!(
            needing,
            [
                Role::CountyApprover,
                Role::CityApprover,
                Role::FinanceOfficer,
                Role::Admin
            ]
        );
    }

    #[test]
    fn no_code_counts_twice() {
        for second in 0..300 {
            let now = Timestamp::from_second(second).unwrap();
            for step in steps_that_count(now, None) {
                let later = Timestamp::from_second(second + 29).unwrap();
                assert!(!steps_that_count(later, Some(step)).contains(&step));
            }
        }
    }
}
