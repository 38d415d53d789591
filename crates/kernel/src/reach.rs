//! Reach: the set of divisions a unit serves, which need not be one subtree of the code.
//!
//! **Invariant.** The ranges are half-open, non-empty, ascending, and never overlap or touch, exactly as
//! PostgreSQL normalises an `int8multirange`. Equal sets are therefore equal values.

use std::fmt;
use std::ops::Range;

use crate::division::{Division, Level};
use crate::explain::{Explain, Lang};

/// A text that is no multirange.
///
/// ```
/// use kernel::reach::{Reach, ReachError};
/// assert_eq!("[1,2)".parse::<Reach>(), Err(ReachError));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a multirange of division codes")]
pub struct ReachError;

impl Explain for ReachError {
    fn code(&self) -> &'static str {
        "reach.unreadable"
    }

    fn explain(&self, lang: Lang) -> String {
        match lang {
            Lang::Zh => "管辖范围格式不正确，应形如 {[370481000000,370482000000)}。".to_owned(),
            Lang::En => {
                "The reach cannot be read; it looks like {[370481000000,370482000000)}.".to_owned()
            }
        }
    }
}

/// A set of division codes.
///
/// ```
/// use kernel::division::Division;
/// use kernel::reach::Reach;
/// let xuecheng = Division::parse("370403")?;
/// let street = Division::parse("370403003")?;
/// let reach = Reach::of([xuecheng]).excluding(street);
/// assert!(reach.contains(xuecheng) && !reach.contains(street));
/// assert_eq!(reach.to_string(), "{[370403000000,370403003000),[370403004000,370404000000)}");
/// # Ok::<(), kernel::division::DivisionError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Reach(Vec<Range<i64>>);

impl Reach {
    /// The reach of a unit that serves no division.
    #[must_use]
    pub const fn nothing() -> Self {
        Self(Vec::new())
    }

    /// The subtrees of these divisions.
    #[must_use]
    pub fn of(divisions: impl IntoIterator<Item = Division>) -> Self {
        Self::normalised(divisions.into_iter().map(Division::range).collect())
    }

    /// With the subtree of `division` added.
    #[must_use]
    pub fn including(self, division: Division) -> Self {
        self.union(&Self::of([division]))
    }

    /// With the subtree of `division` taken away.
    #[must_use]
    pub fn excluding(self, division: Division) -> Self {
        self.minus(&Self::of([division]))
    }

    /// Everything in either.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        Self::normalised(self.0.iter().chain(&other.0).cloned().collect())
    }

    /// Everything in this one but not in `other`.
    #[must_use]
    pub fn minus(&self, other: &Self) -> Self {
        let mut kept = Vec::with_capacity(self.0.len());
        for range in &self.0 {
            let mut start = range.start;
            for hole in other
                .0
                .iter()
                .filter(|hole| hole.end > range.start && hole.start < range.end)
            {
                if start < hole.start {
                    kept.push(start..hole.start);
                }
                start = hole.end;
            }
            if start < range.end {
                kept.push(start..range.end);
            }
        }
        Self(kept)
    }

    /// Whether the division's own code is in the set, as PostgreSQL's `reach @> code`. A division can be in
    /// it while a part below is not; for whole subtrees ask [`Reach::covers`].
    #[must_use]
    pub fn contains(&self, division: Division) -> bool {
        let code = division.code();
        let after = self.0.partition_point(|range| range.start <= code);
        after.checked_sub(1).is_some_and(|at| code < self.0[at].end)
    }

    /// Whether everything in `other` is in this one.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        other.minus(self).is_empty()
    }

    /// Whether it holds no division at all.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The ranges, ascending and apart.
    #[must_use]
    pub fn ranges(&self) -> &[Range<i64>] {
        &self.0
    }

    /// The fewest divisions whose subtrees make it up, ascending: how it is said in words. What is left of a division of which
    /// a part was taken away is its remaining parts; codes that are no division's are passed over.
    ///
    /// ```
    /// use kernel::division::Division;
    /// use kernel::reach::Reach;
    /// let both = [Division::parse("3704")?, Division::parse("370812")?];
    /// assert!(Reach::of(both).divisions().eq(both));
    /// # Ok::<(), kernel::division::DivisionError>(())
    /// ```
    pub fn divisions(&self) -> impl Iterator<Item = Division> + '_ {
        self.0.iter().flat_map(|range| {
            let mut at = range.start;
            std::iter::from_fn(move || {
                while at < range.end {
                    let (code, level) = (at, widest(at, range.end));
                    at += level.span();
                    match Division::new(code) {
                        Ok(division) if division.level() == level => return Some(division),
                        _ => {}
                    }
                }
                None
            })
        })
    }

    fn normalised(mut ranges: Vec<Range<i64>>) -> Self {
        ranges.retain(|range| !range.is_empty());
        ranges.sort_unstable_by_key(|range| range.start);
        let mut merged: Vec<Range<i64>> = Vec::with_capacity(ranges.len());
        for range in ranges {
            match merged.last_mut() {
                Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
                _ => merged.push(range),
            }
        }
        Self(merged)
    }
}

/// The highest level of which a whole span begins at this code and ends no later than `end`.
fn widest(at: i64, end: i64) -> Level {
    let whole = |level: &Level| at % level.span() == 0 && at + level.span() <= end;
    Level::ALL.into_iter().find(whole).unwrap_or(Level::Village)
}

impl fmt::Display for Reach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("{")?;
        for (at, range) in self.0.iter().enumerate() {
            let comma = if at == 0 { "" } else { "," };
            write!(f, "{comma}[{},{})", range.start, range.end)?;
        }
        f.write_str("}")
    }
}

impl std::str::FromStr for Reach {
    type Err = ReachError;

    /// Reads PostgreSQL's own output: bounded ranges, start included, end excluded.
    fn from_str(text: &str) -> Result<Self, ReachError> {
        let inner = text
            .strip_prefix('{')
            .and_then(|rest| rest.strip_suffix('}'))
            .ok_or(ReachError)?;
        if inner.is_empty() {
            return Ok(Self::nothing());
        }
        let inner = inner
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(')'))
            .ok_or(ReachError)?;
        inner
            .split("),[")
            .map(bounds)
            .collect::<Result<_, _>>()
            .map(Self::normalised)
    }
}

fn bounds(text: &str) -> Result<Range<i64>, ReachError> {
    let (start, end) = text.split_once(',').ok_or(ReachError)?;
    let bound = |digits: &str| digits.parse().map_err(|_| ReachError);
    let (start, end): (i64, i64) = (bound(start)?, bound(end)?);
    if start > end {
        Err(ReachError)
    } else {
        Ok(start..end)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn reach(text: &str) -> Reach {
        text.parse().unwrap()
    }

    #[test]
    fn neighbours_melt_together() {
        let both = Reach::of([
            Division::parse("370402").unwrap(),
            Division::parse("370403").unwrap(),
        ]);
        assert_eq!(both.to_string(), "{[370402000000,370404000000)}");
        assert_eq!(reach("{[5,7),[1,3),[3,5)}"), reach("{[1,7)}"));
    }

    #[test]
    fn nothing_holds_nothing() {
        assert!(Reach::nothing().is_empty());
        assert_eq!(Reach::nothing().to_string(), "{}");
        assert_eq!(reach("{}"), Reach::nothing());
        assert!(!Reach::nothing().contains(Division::COUNTRY));
        assert!(Reach::nothing().covers(&Reach::nothing()));
    }

    #[test]
    fn a_division_partly_excluded_is_contained_but_not_covered() {
        let county = Division::parse("370403").unwrap();
        let reach = Reach::of([county]).excluding(Division::parse("370403003").unwrap());
        assert!(reach.contains(county));
        assert!(!reach.covers(&Reach::of([county])));
        assert_eq!(
            reach.including(Division::parse("370403003").unwrap()),
            Reach::of([county])
        );
    }

    #[test]
    fn what_is_left_of_a_county_is_said_by_its_towns_and_what_is_no_division_is_passed_over() {
        let county = Division::parse("370403").unwrap();
        let street = Division::parse("370403003").unwrap();
        let rest = Reach::of([county]).excluding(street);
        let said: Vec<Division> = rest.divisions().collect();
        assert_eq!(said[0], Division::parse("370403001").unwrap());
        assert!(!said.contains(&street) && !said.contains(&county));
        assert_eq!(said.len(), 998, "999 codes of towns but one");
        assert_eq!(reach("{[1,3)}").divisions().next(), None);
        let country = Reach::of([Division::COUNTRY]);
        assert!(country.divisions().eq([Division::COUNTRY]));
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [
            "",
            "{",
            "{[1,2]}",
            "{(1,2)}",
            "{[1,)}",
            "{[2,1)}",
            "{[1,2)[3,4)}",
            "{[1,2),}",
            "{[a,b)}",
            "empty",
        ] {
            assert_eq!(text.parse::<Reach>(), Err(ReachError), "{text}");
        }
    }

    /// Small numbers, so that ranges often touch and overlap; the set of points is the model.
    fn small() -> impl Strategy<Value = Reach> {
        proptest::collection::vec((0i64..40, 0i64..10), 0..6).prop_map(|pairs| {
            Reach::normalised(
                pairs
                    .into_iter()
                    .map(|(start, length)| start..start + length)
                    .collect(),
            )
        })
    }

    fn has(reach: &Reach, point: i64) -> bool {
        reach.ranges().iter().any(|range| range.contains(&point))
    }

    proptest! {
        #[test]
        fn union_and_minus_are_those_of_sets(one in small(), two in small()) {
            let (union, minus) = (one.union(&two), one.minus(&two));
            for point in 0..60 {
                prop_assert_eq!(has(&union, point), has(&one, point) || has(&two, point));
                prop_assert_eq!(has(&minus, point), has(&one, point) && !has(&two, point));
            }
            prop_assert_eq!(one.covers(&two), (0..60).all(|p| !has(&two, p) || has(&one, p)));
        }

        #[test]
        fn ranges_stay_normalised(one in small(), two in small()) {
            for reach in [one.union(&two), one.minus(&two)] {
                prop_assert!(reach.ranges().iter().all(|range| range.start < range.end));
                prop_assert!(reach.ranges().windows(2).all(|pair| pair[0].end < pair[1].start));
                prop_assert_eq!(&reach, &reach.to_string().parse::<Reach>().unwrap());
            }
        }

        #[test]
        fn containment_agrees_with_the_ranges(codes in proptest::collection::vec(11i64..90, 1..6), asked in 11i64..90) {
            let divisions: Vec<_> = codes.iter().map(|c| Division::new(c * 10_000_000_000).unwrap()).collect();
            let reach = Reach::of(divisions.iter().copied());
            prop_assert_eq!(reach.contains(Division::new(asked * 10_000_000_000).unwrap()), codes.contains(&asked));
        }
    }
}
