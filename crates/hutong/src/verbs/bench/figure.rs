//! A figure: measured several times, beside its raw limit, against what was promised.

use serde_json::{Value, json};

/// What was measured, repeatedly.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Measured {
    pub(super) median: f64,
    pub(super) min: f64,
    pub(super) max: f64,
}

impl Measured {
    /// Median and extremes; all zero where nothing was measured.
    pub(super) fn of(samples: &[f64]) -> Self {
        let mut sorted = samples.to_vec();
        sorted.sort_by(f64::total_cmp);
        let at = |index: usize| sorted.get(index).copied().unwrap_or_default();
        let middle = sorted.len() / 2;
        let median = if sorted.len().is_multiple_of(2) && middle > 0 {
            f64::midpoint(at(middle - 1), at(middle))
        } else {
            at(middle)
        };
        Self {
            median,
            min: at(0),
            max: at(sorted.len().saturating_sub(1)),
        }
    }

    fn json(self) -> Value {
        json!({ "median": self.median, "min": self.min, "max": self.max })
    }
}

/// The value that this share of the samples does not pass.
pub(super) fn percentile(samples: &[f64], share: f64) -> f64 {
    let mut sorted = samples.to_vec();
    sorted.sort_by(f64::total_cmp);
    let rank = (share * sorted.len() as f64).ceil() as usize;
    sorted
        .get(rank.clamp(1, sorted.len().max(1)) - 1)
        .copied()
        .unwrap_or_default()
}

/// What was promised.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Target {
    /// Less than this.
    Below(f64),
    /// At least this.
    AtLeast(f64),
}

impl Target {
    fn is_met(self, value: f64) -> bool {
        match self {
            Self::Below(limit) => value < limit,
            Self::AtLeast(limit) => value >= limit,
        }
    }

    /// As it stands in the table.
    pub(super) fn text(self) -> String {
        match self {
            Self::Below(limit) => format!("< {limit}"),
            Self::AtLeast(limit) => format!("≥ {limit}"),
        }
    }

    fn json(self) -> Value {
        match self {
            Self::Below(limit) => json!({ "below": limit }),
            Self::AtLeast(limit) => json!({ "at_least": limit }),
        }
    }
}

/// One figure of the report.
#[derive(Debug, Clone)]
pub(super) struct Figure {
    /// Stable name, such as `import.children_per_second`.
    pub(super) key: String,
    /// What it is, in Chinese and in English.
    pub(super) zh: String,
    pub(super) en: String,
    /// Unit of value, raw limit and target.
    pub(super) unit: &'static str,
    pub(super) value: Measured,
    /// What the raw limit is, in Chinese and in English, and its measure.
    pub(super) beside: (&'static str, &'static str),
    pub(super) raw: Measured,
    pub(super) target: Option<Target>,
    /// Left to the file; the table does without.
    pub(super) is_detail: bool,
}

impl Figure {
    /// Whether the promise is kept, by the median; `None` where nothing was promised.
    pub(super) fn met(&self) -> Option<bool> {
        self.target.map(|target| target.is_met(self.value.median))
    }

    /// As it stands in the file. A quick run is too small for its targets to say anything.
    pub(super) fn json(&self, is_quick: bool) -> Value {
        let met = if is_quick { None } else { self.met() };
        json!({
            "key": self.key,
            "what": self.en,
            "unit": self.unit,
            "value": self.value.json(),
            "raw_limit": { "what": self.beside.1, "value": self.raw.json() },
            "target": self.target.map(Target::json),
            "met": met,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_median_is_the_middle_or_between_the_two_middles() {
        assert_eq!(
            Measured::of(&[3.0, 1.0, 2.0]),
            Measured {
                median: 2.0,
                min: 1.0,
                max: 3.0
            }
        );
        assert_eq!(Measured::of(&[4.0, 1.0]).median, 2.5);
        assert_eq!(Measured::of(&[]).max, 0.0);
    }

    #[test]
    fn a_percentile_is_a_sample() {
        let samples: Vec<f64> = (1..=100).map(f64::from).collect();
        assert_eq!(
            (percentile(&samples, 0.5), percentile(&samples, 0.95)),
            (50.0, 95.0)
        );
        assert_eq!(
            (percentile(&[7.0], 0.95), percentile(&[], 0.95)),
            (7.0, 0.0)
        );
    }

    #[test]
    fn targets_are_met_or_missed() {
        assert!(Target::Below(3.0).is_met(2.9) && !Target::Below(3.0).is_met(3.0));
        assert!(Target::AtLeast(3.0).is_met(3.0) && !Target::AtLeast(3.0).is_met(2.9));
    }
}
