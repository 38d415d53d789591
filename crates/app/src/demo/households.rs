//! Where the children live: the villages of the data, some with several children and many with none.

use domain::organisation::UnitKind;
use domain::registry::Hidden;
use kernel::division::Division;
use kernel::gazetteer::Gazetteer;

use super::chance::Chance;
use super::city::InventedUnit;

/// How many shares of the children a village takes: villages differ in size and in how many people have left.
const SHARES: &[(usize, usize)] = &[(1, 30), (2, 30), (3, 20), (5, 14), (9, 6)];

/// The village parts of codes that the statistical office gives to village committees, as against residents'.
const RURAL: std::ops::Range<i64> = 200..300;

/// The villages to draw from, every village and the rural ones apart.
#[derive(Debug)]
pub(super) struct Households<'a> {
    gazetteer: &'a Gazetteer,
    any: Vec<(Division, usize)>,
    rural: Vec<(Division, usize)>,
}

impl<'a> Households<'a> {
    /// The villages that have a unit.
    pub(super) fn of(units: &[InventedUnit], gazetteer: &'a Gazetteer, chance: &Chance) -> Self {
        let villages = units
            .iter()
            .filter(|unit| unit.plan.kind == UnitKind::Village);
        let any: Vec<_> = villages
            .map(|unit| (unit.plan.division, chance.weighted(SHARES)))
            .collect();
        let rural = any
            .iter()
            .copied()
            .filter(|(at, _)| is_rural(*at))
            .collect();
        Self {
            gazetteer,
            any: summed(any),
            rural: summed(rural),
        }
    }

    /// A village in proportion to its shares; `None` where the data has none of the kind.
    pub(super) fn draw(&self, chance: &Chance, rural: bool) -> Option<Division> {
        let villages = if rural { &self.rural } else { &self.any };
        let total = villages.last()?.1;
        let share = chance.below(total);
        let at = villages.partition_point(|(_, sum)| *sum <= share);
        villages.get(at).map(|(village, _)| *village)
    }

    /// A street address in the village: a house number, in the towns' streets a flat.
    pub(super) fn address(&self, chance: &Chance, village: Division) -> Hidden {
        let town = village.parent().unwrap_or(village);
        let name = self.gazetteer.get(village).map_or("", |entry| &entry.name);
        let place = format!("{}{}", self.gazetteer.path(town), place_name(name));
        Hidden::new(if is_rural(village) || chance.percent(35) {
            format!("{place}{}号", chance.between(1, 320))
        } else {
            format!(
                "{place}{}号楼{}单元{}0{}室",
                chance.between(1, 28),
                chance.between(1, 4),
                chance.between(1, 6),
                chance.between(1, 4)
            )
        })
    }
}

/// Running sums instead of shares, so that a draw is a binary search.
fn summed(shares: Vec<(Division, usize)>) -> Vec<(Division, usize)> {
    let sums = shares.into_iter().scan(0, |sum, (village, share)| {
        *sum += share;
        Some((village, *sum))
    });
    sums.collect()
}

/// Whether the code is one of a village committee (村委会), not of residents (居委会) or a camp.
pub(super) fn is_rural(village: Division) -> bool {
    RURAL.contains(&(village.code() % 1000))
}

/// The place a committee is the committee of: 铁西居委会 of 铁西社区, 辘轳村委会 of 辘轳村.
fn place_name(committee: &str) -> String {
    let endings = [
        ("村民委员会", "村"),
        ("居民委员会", "社区"),
        ("村委会", "村"),
        ("居委会", "社区"),
    ];
    let named = endings
        .into_iter()
        .find_map(|(ending, place)| Some((committee.strip_suffix(ending)?, place)));
    match named {
        Some((stem, place)) if !stem.ends_with(['村', '区']) => format!("{stem}{place}"),
        Some((stem, _)) => stem.to_owned(),
        None => committee.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_committee_is_not_an_address() {
        for (committee, place) in [
            ("铁西居委会", "铁西社区"),
            ("公园社区居委会", "公园社区"),
            ("辘轳村委会", "辘轳村"),
            ("曹沃村村委会", "曹沃村"),
            ("东沙村民委员会", "东沙村"),
            ("望亭村", "望亭村"),
        ] {
            assert_eq!(place_name(committee), place);
        }
    }
}
