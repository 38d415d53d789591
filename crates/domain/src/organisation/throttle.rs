//! Growing delays and lock-out: how soon a login name, or an address, may be tried again.
//!
//! **Invariant.** The answer depends on failures and times alone, not on whether the login name exists: nobody learns
//! from a delay who has an account.

use jiff::{SignedDuration, Timestamp};

/// What is counted: failures in a row, the last at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tries {
    /// Failures in a row.
    pub failures: u32,
    /// The last of them.
    pub last: Timestamp,
}

/// Whose failures are counted, and how patiently.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Counted {
    /// One login name, from wherever it is tried.
    Login,
    /// One address, whatever names it tries; a whole office may stand behind it.
    Address,
    /// One code of an applicant, from wherever it is tried, whether it exists or not.
    Code,
}

/// Whether a try may go ahead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Patience {
    /// It may.
    Go,
    /// Not before this moment.
    Wait(Timestamp),
    /// Locked out until this moment, or until whoever keeps the accounts unlocks it.
    LockedOut(Timestamp),
}

impl Counted {
    /// Failures that cost no time: fingers slip.
    const fn forgiven(self) -> u32 {
        match self {
            Self::Login | Self::Code => 3,
            Self::Address => 50,
        }
    }

    /// Failures after which it is locked out.
    #[must_use]
    pub const fn locks_out_at(self) -> u32 {
        match self {
            Self::Login | Self::Code => 10,
            Self::Address => 100,
        }
    }
}

/// The delay after the first failure that is not forgiven; it doubles with each further one.
const FIRST_DELAY: SignedDuration = SignedDuration::from_secs(5);
/// How long a lock-out lasts.
pub const LOCK_OUT: SignedDuration = SignedDuration::from_hours(1);
/// After this long without a failure the count begins anew.
pub const FORGOTTEN: SignedDuration = SignedDuration::from_hours(24);

/// Whether one more try may be made at `now`.
///
/// ```
/// use domain::organisation::throttle::{Counted, Patience, Tries, patience};
/// let last = "2021-11-04T01:00:00Z".parse()?;
/// let after = |failures| patience(Counted::Login, Tries { failures, last }, last);
/// assert_eq!(after(2), Patience::Go);
/// assert_eq!(after(4), Patience::Wait("2021-11-04T01:00:10Z".parse()?));
/// assert_eq!(after(10), Patience::LockedOut("2021-11-04T02:00:00Z".parse()?));
/// # Ok::<(), jiff::Error>(())
/// ```
#[must_use]
pub fn patience(counted: Counted, tries: Tries, now: Timestamp) -> Patience {
    let locked = tries.failures >= counted.locks_out_at();
    let until = later(
        tries.last,
        if locked {
            LOCK_OUT
        } else {
            delay(counted, tries.failures)
        },
    );
    match (until > now, locked) {
        (false, _) => Patience::Go,
        (true, true) => Patience::LockedOut(until),
        (true, false) => Patience::Wait(until),
    }
}

/// The count as it stands at `now`: forgotten after a day without a failure.
#[must_use]
pub fn standing(tries: Tries, now: Timestamp) -> Tries {
    match later(tries.last, FORGOTTEN) <= now {
        true => Tries {
            failures: 0,
            last: tries.last,
        },
        false => tries,
    }
}

fn delay(counted: Counted, failures: u32) -> SignedDuration {
    match failures.checked_sub(counted.forgiven()) {
        None => SignedDuration::ZERO,
        // Between three and ten failures 5 s become 320 s; for an address the doubling stops there.
        Some(more) => FIRST_DELAY.saturating_mul(1 << more.min(6)),
    }
}

fn later(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.checked_add(by).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn ten_wrong_passwords_lock_a_name_for_an_hour_and_a_hundred_an_address() {
        for (counted, limit) in [(Counted::Login, 10), (Counted::Address, 100)] {
            let last = at(0);
            let tries = |failures| Tries { failures, last };
            assert!(matches!(
                patience(counted, tries(limit - 1), at(0)),
                Patience::Wait(_)
            ));
            assert_eq!(
                patience(counted, tries(limit), at(3599)),
                Patience::LockedOut(at(3600))
            );
            assert_eq!(patience(counted, tries(limit), at(3600)), Patience::Go);
            assert_eq!(standing(tries(limit), at(86_399)).failures, limit);
            assert_eq!(standing(tries(limit), at(86_400)).failures, 0);
        }
    }

    #[test]
    fn an_office_behind_one_address_is_not_slowed_by_a_few_slips() {
        let tries = Tries {
            failures: 49,
            last: at(0),
        };
        assert_eq!(patience(Counted::Address, tries, at(0)), Patience::Go);
    }

    proptest! {
        #[test]
        fn more_failures_never_shorten_the_wait(failures in 0..200_u32, after in 0..10_000_i64) {
            for counted in [Counted::Login, Counted::Address] {
                let may = |failures| patience(counted, Tries { failures, last: at(0) }, at(after)) == Patience::Go;
                prop_assert!(may(failures) || !may(failures + 1));
            }
        }

        /// Whoever tries as fast as allowed gets this many guesses at one name in a day, and no more.
        #[test]
        fn a_day_of_guessing_is_short(start in 0..1_000_000_i64) {
            let (mut now, mut tries, mut guesses) = (start, Tries { failures: 0, last: at(start) }, 0);
            while now < start + 86_400 {
                match patience(Counted::Login, standing(tries, at(now)), at(now)) {
                    Patience::Go => {
                        tries = Tries { failures: tries.failures + 1, last: at(now) };
                        guesses += 1;
                    }
                    Patience::Wait(until) | Patience::LockedOut(until) => now = until.as_second(),
                }
            }
            prop_assert!(guesses <= 34, "{guesses} guesses");
        }
    }
}
