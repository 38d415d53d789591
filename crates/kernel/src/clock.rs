//! Time and chance are handed in, never taken: the clock and the source of random bytes.
//!
//! **Invariant.** [`SystemClock::now`] is the only place in the product that reads the wall clock. Legal days
//! are those of Asia/Shanghai, a fixed +08:00, whatever the machine's zone.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{PoisonError, RwLock};

use jiff::civil::{Date, Time, time};
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};

/// China has kept one fixed offset since 1991; births before that are dates, not moments.
const CHINA: Offset = Offset::constant(8);

/// The day on the calendar in Asia/Shanghai at a moment.
///
/// ```
/// use jiff::civil::date;
/// let moment = "2021-11-03T16:00:00Z".parse()?;
/// assert_eq!(kernel::clock::legal_day(moment), date(2021, 11, 4));
/// # Ok::<(), jiff::Error>(())
/// ```
#[must_use]
pub fn legal_day(at: Timestamp) -> Date {
    CHINA.to_datetime(at).date()
}

/// The moment at which a day begins in Asia/Shanghai.
///
/// ```
/// use jiff::civil::date;
/// assert_eq!(kernel::clock::start_of(date(2021, 11, 4)), "2021-11-03T16:00:00Z".parse()?);
/// # Ok::<(), jiff::Error>(())
/// ```
#[must_use]
pub fn start_of(day: Date) -> Timestamp {
    on(day, Time::midnight())
}

/// The last moment, `now` at the latest, at which a clock in China showed `at`.
///
/// ```
/// use jiff::civil::time;
/// use kernel::clock::{next_at, previous_at};
/// let (now, at) = ("2021-11-04T02:29:59+08:00".parse()?, time(2, 30, 0, 0));
/// assert_eq!(previous_at(now, at), "2021-11-03T02:30:00+08:00".parse()?);
/// assert_eq!(next_at(now, at), "2021-11-04T02:30:00+08:00".parse()?);
/// # Ok::<(), jiff::Error>(())
/// ```
#[must_use]
pub fn previous_at(now: Timestamp, at: Time) -> Timestamp {
    let today = on(legal_day(now), at);
    if today <= now {
        today
    } else {
        shifted(today, -DAY)
    }
}

/// The first moment after `now` at which a clock in China shows `at`.
#[must_use]
pub fn next_at(now: Timestamp, at: Time) -> Timestamp {
    shifted(previous_at(now, at), DAY)
}

/// The moment at which a legal day begins.
///
/// ```
/// use jiff::civil::date;
/// let midnight = kernel::clock::begins(date(2021, 11, 4));
/// assert_eq!(midnight, "2021-11-03T16:00:00Z".parse()?);
/// # Ok::<(), jiff::Error>(())
/// ```
#[must_use]
pub fn begins(day: Date) -> Timestamp {
    on(day, Time::midnight())
}

const DAY: SignedDuration = SignedDuration::from_hours(24);

/// Where the time comes from.
///
/// ```
/// use jiff::civil::date;
/// use kernel::clock::{Clock, FixedClock};
/// let clock: &dyn Clock = &FixedClock::on(date(2021, 11, 4));
/// assert_eq!(clock.today(), date(2021, 11, 4));
/// ```
pub trait Clock: Send + Sync {
    /// The moment it is.
    fn now(&self) -> Timestamp;

    /// The legal day it is, in Asia/Shanghai.
    fn today(&self) -> Date {
        legal_day(self.now())
    }
}

impl<C: Clock + ?Sized> Clock for std::sync::Arc<C> {
    fn now(&self) -> Timestamp {
        (**self).now()
    }
}

/// The machine's own clock.
///
/// ```
/// use kernel::clock::{Clock, SystemClock};
/// assert!(SystemClock.today().year() >= 2026);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[allow(
        clippy::disallowed_methods,
        reason = "the one place that reads the wall clock"
    )]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// A clock that runs on from a chosen day, keeping the time of day: the demo's today.
///
/// ```
/// use jiff::civil::date;
/// use kernel::clock::{Clock, ShiftedClock, SystemClock};
/// let clock = ShiftedClock::starts_on(date(2021, 11, 4), SystemClock.now());
/// assert_eq!(clock.today().year(), 2021);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShiftedClock<C = SystemClock> {
    base: C,
    shift: SignedDuration,
}

impl ShiftedClock {
    /// A clock over the machine's own that shows `day` when the machine shows `real_now`.
    #[must_use]
    pub fn starts_on(day: Date, real_now: Timestamp) -> Self {
        Self {
            base: SystemClock,
            shift: days_from(legal_day(real_now), day),
        }
    }
}

impl<C: Clock> ShiftedClock<C> {
    /// A clock over `base` that shows `day` now.
    #[must_use]
    pub fn over(base: C, day: Date) -> Self {
        let shift = days_from(base.today(), day);
        Self { base, shift }
    }
}

impl<C: Clock> Clock for ShiftedClock<C> {
    fn now(&self) -> Timestamp {
        shifted(self.base.now(), self.shift)
    }
}

/// A clock that stands still until it is set: for tests and for recomputing the past.
///
/// ```
/// use jiff::{SignedDuration, civil::date};
/// use kernel::clock::{Clock, FixedClock};
/// let clock = FixedClock::on(date(2021, 11, 4));
/// clock.advance(SignedDuration::from_hours(24));
/// assert_eq!(clock.today(), date(2021, 11, 5));
/// ```
#[derive(Debug)]
pub struct FixedClock(RwLock<Timestamp>);

impl FixedClock {
    /// Stands at `moment`.
    #[must_use]
    pub fn at(moment: Timestamp) -> Self {
        Self(RwLock::new(moment))
    }

    /// Stands at nine in the morning, Chinese time, of `day`.
    #[must_use]
    pub fn on(day: Date) -> Self {
        Self::at(morning(day))
    }

    /// Moves to `moment`, forwards or back.
    pub fn set(&self, moment: Timestamp) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = moment;
    }

    /// Moves to nine in the morning, Chinese time, of `day`.
    pub fn set_day(&self, day: Date) {
        self.set(morning(day));
    }

    /// Moves on by `span`.
    pub fn advance(&self, span: SignedDuration) {
        let mut moment = self.0.write().unwrap_or_else(PoisonError::into_inner);
        *moment = shifted(*moment, span);
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        *self.0.read().unwrap_or_else(PoisonError::into_inner)
    }
}

fn days_from(from: Date, to: Date) -> SignedDuration {
    from.duration_until(to)
}

/// Stops at the ends of representable time (years −9999 and 9999) instead of failing there.
fn shifted(moment: Timestamp, span: SignedDuration) -> Timestamp {
    let end = if span.is_negative() {
        Timestamp::MIN
    } else {
        Timestamp::MAX
    };
    moment.checked_add(span).unwrap_or(end)
}

fn morning(day: Date) -> Timestamp {
    on(day, time(9, 0, 0, 0))
}

fn on(day: Date, at: Time) -> Timestamp {
    CHINA
        .to_timestamp(day.to_datetime(at))
        .unwrap_or(Timestamp::MAX)
}

/// Where random bytes come from. The operating system's source lives in `store`; the kernel only knows this.
///
/// ```
/// use kernel::clock::{Entropy, SeededEntropy};
/// let mut bytes = [0; 16];
/// SeededEntropy::new(7).fill(&mut bytes);
/// assert_ne!(bytes, [0; 16]);
/// ```
pub trait Entropy: Send + Sync {
    /// Overwrites all of `bytes` with fresh random bytes.
    fn fill(&self, bytes: &mut [u8]);
}

impl<E: Entropy + ?Sized> Entropy for std::sync::Arc<E> {
    fn fill(&self, bytes: &mut [u8]) {
        (**self).fill(bytes);
    }
}

/// The same bytes for the same seed, for the demo and for tests. Predictable: never for a secret.
///
/// ```
/// use kernel::clock::{Entropy, SeededEntropy};
/// let (mut one, mut two) = ([0; 20], [0; 20]);
/// SeededEntropy::new(1).fill(&mut one);
/// SeededEntropy::new(1).fill(&mut two);
/// assert_eq!(one, two);
/// ```
#[derive(Debug)]
pub struct SeededEntropy(AtomicU64);

impl SeededEntropy {
    /// A source that repeats itself exactly for the same `seed`.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(AtomicU64::new(seed))
    }

    /// The next 64 bits of SplitMix64 (Steele, Lea and Flood, 2014): its state is one addition, so threads
    /// can share it without a lock.
    fn next(&self) -> u64 {
        const STEP: u64 = 0x9E37_79B9_7F4A_7C15;
        let mut mixed = self.0.fetch_add(STEP, Ordering::Relaxed).wrapping_add(STEP);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let fresh = self.next().to_le_bytes();
            chunk.copy_from_slice(&fresh[..chunk.len()]);
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_legal_day_turns_at_sixteen_hours_utc() {
        let before: Timestamp = "2021-11-03T15:59:59.999Z".parse().unwrap();
        let after: Timestamp = "2021-11-03T16:00:00Z".parse().unwrap();
        assert_eq!(legal_day(before), date(2021, 11, 3));
        assert_eq!(legal_day(after), date(2021, 11, 4));
    }

    #[test]
    fn a_shifted_clock_keeps_the_time_of_day_and_runs_on() {
        let real = FixedClock::at("2026-11-23T23:30:00+08:00".parse().unwrap());
        let shifted = ShiftedClock::over(std::sync::Arc::new(real), date(2021, 11, 4));
        assert_eq!(shifted.now(), "2021-11-04T23:30:00+08:00".parse().unwrap());
        shifted.base.advance(SignedDuration::from_hours(1));
        assert_eq!(shifted.today(), date(2021, 11, 5));
    }

    #[test]
    fn the_seeded_source_is_splitmix64() {
        // The reference implementation's first output for seed 0.
        let mut bytes = [0; 8];
        SeededEntropy::new(0).fill(&mut bytes);
        assert_eq!(u64::from_le_bytes(bytes), 0xE220_A839_7B1D_CDAF);
    }

    proptest! {
        #[test]
        fn every_moment_lies_between_two_nights(seconds in 0i64..4_000_000_000, hour in 0i8..24, minute in 0i8..60) {
            let (now, at) = (Timestamp::from_second(seconds).unwrap(), time(hour, minute, 0, 0));
            let (before, after) = (previous_at(now, at), next_at(now, at));
            prop_assert!(before <= now && now < after);
            for moment in [before, after] {
                prop_assert_eq!(CHINA.to_datetime(moment).time(), at);
            }
            prop_assert_eq!(after.duration_since(before), DAY);
            prop_assert_eq!(previous_at(before, at), before, "at the very moment it is time");
        }

        #[test]
        fn a_fixed_clock_stands_on_its_day(year in 1900i16..=9998, month in 1i8..=12, day in 1i8..=28) {
            let day = date(year, month, day);
            prop_assert_eq!(FixedClock::on(day).today(), day);
        }

        #[test]
        fn a_shifted_clock_starts_on_its_day(
            seconds in 0i64..4_000_000_000, year in 1950i16..=2100, month in 1i8..=12, day in 1i8..=28,
        ) {
            let day = date(year, month, day);
            let base = FixedClock::at(Timestamp::from_second(seconds).unwrap());
            prop_assert_eq!(ShiftedClock::over(base, day).today(), day);
        }
    }
}
