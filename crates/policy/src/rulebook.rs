//! The rulebook: every kind of rule of a set of files, and what of it is in force on a day in a place.

use std::sync::OnceLock;

use jiff::civil::Date;
use kernel::category::{Category, Group};
use kernel::division::Division;
use kernel::explain::Lang;

use crate::allowance::AllowanceRules;
use crate::allowance_rows::{FundingRow, GrowthRow};
use crate::clock::{Clock, Interval, Path};
use crate::error::NotInForce;
use crate::finding::{Finding, Flaw};
use crate::funding::Funding;
use crate::growth::Growth;
use crate::keyed::{Key, Keyed};
use crate::papers::PaperNames;
use crate::reading::{Entry, Reading, Row, Source};
use crate::remedy::Remedy;
use crate::rows::{
    AgeLimitRow, CategoryRow, ClockRow, IntervalRow, PaperNameRow, PapersRow, PrecedenceRow,
    RemedyRow, SituationRow, StudyExtensionRow,
};
use crate::series::Parameter;
use crate::situation::{Situation, Threshold};

const BUILTIN: [Source<'static>; 3] = [
    Source {
        name: "cn.toml",
        text: include_str!("../../../rules/cn.toml"),
    },
    Source {
        name: "cn-37.toml",
        text: include_str!("../../../rules/cn-37.toml"),
    },
    Source {
        name: "cn-3704.toml",
        text: include_str!("../../../rules/cn-3704.toml"),
    },
];

/// That there is a class, and what belongs to its definition.
///
/// ```
/// use jiff::civil::date;
/// use kernel::{category::Category, division::Division};
/// let class = policy::Rulebook::builtin()
///     .category(Category::DeFactoUnattended, date(2021, 11, 4), Division::COUNTRY)?;
/// assert!(!class.value.public_notice, "no names of de facto children are put up");
/// # Ok::<(), policy::NotInForce>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Definition {
    /// Of left-behind children: whether only those with a rural household are meant.
    pub rural_only: bool,
    /// Whether names are put up in public before the decision.
    pub public_notice: bool,
}

/// Every parameter the program goes by.
///
/// ```
/// use jiff::civil::date;
/// use kernel::{category::Category, division::Division};
/// let rules = policy::Rulebook::builtin();
/// let limit = rules.age_limit(Category::DeFactoUnattended, date(2021, 11, 4), Division::COUNTRY)?;
/// assert_eq!(limit.value, 18);
/// # Ok::<(), policy::NotInForce>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rulebook {
    pub(crate) categories: Keyed<Category, Definition>,
    pub(crate) age_limits: Keyed<Category, u8>,
    pub(crate) study_extensions: Keyed<Category, bool>,
    pub(crate) situations: Keyed<Situation, Threshold>,
    pub(crate) precedence: Keyed<(), Vec<Category>>,
    papers: Keyed<Category, Vec<String>>,
    paper_names: PaperNames,
    clocks: Keyed<(Path, Category), Clock>,
    allowances: AllowanceRules,
    growths: Keyed<Category, Growth>,
    fundings: Keyed<(), Funding>,
    intervals: Keyed<Interval, u16>,
    remedies: Keyed<Remedy, u16>,
    version: String,
}

/// A set of rules files as `rules check` sees it.
///
/// ```
/// let set = policy::Rulebook::check(policy::Rulebook::builtin_files());
/// assert!(set.findings.is_empty(), "{:?}", set.findings);
/// assert!(set.unverified > 0 && set.unverified < set.entries);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// What is wrong, by file and line.
    pub findings: Vec<Finding>,
    /// How many dated entries there are.
    pub entries: usize,
    /// How many of them are not verified.
    pub unverified: usize,
}

impl Rulebook {
    /// The rules that come with the program.
    #[must_use]
    pub fn builtin() -> &'static Self {
        static RULES: OnceLock<Rulebook> = OnceLock::new();
        // The files are part of the program and a test reads them, so the default, which knows no rule, is
        // never taken.
        RULES.get_or_init(|| Self::of(&BUILTIN).unwrap_or_default())
    }

    /// The files of [`builtin`](Self::builtin).
    #[must_use]
    pub const fn builtin_files() -> &'static [Source<'static>] {
        &BUILTIN
    }

    /// The rules of these files and of no others.
    ///
    /// # Errors
    /// The first [`Finding`] that [refuses](Flaw::refuses) them. Rules with a gap or without a citation are
    /// taken; what is lacking is told when it is needed.
    pub fn of(sources: &[Source<'_>]) -> Result<Self, Finding> {
        let (rules, reading) = Self::read(sources);
        let mut found = reading.findings.into_iter();
        match found.find(|finding| finding.flaw.refuses()) {
            Some(finding) => Err(finding),
            None => Ok(rules),
        }
    }

    /// The rules of one text.
    ///
    /// # Errors
    /// As [`of`](Self::of).
    pub fn parse(toml: &str) -> Result<Self, Finding> {
        let name = "rules.toml";
        Self::of(&[Source { name, text: toml }])
    }

    /// Everything that is wrong with these files.
    #[must_use]
    pub fn check(sources: &[Source<'_>]) -> Checked {
        let (_, reading) = Self::read(sources);
        Checked {
            findings: reading.findings,
            entries: reading.entries,
            unverified: reading.unverified,
        }
    }

    fn read<'a>(sources: &[Source<'a>]) -> (Self, Reading<'a>) {
        let mut reading = Reading::of(sources);
        let categories = reading.dated::<CategoryRow>();
        let situations = reading.dated::<SituationRow>();
        let papers = reading.dated::<PapersRow>();
        let names = reading.undated::<PaperNameRow>();
        let paper_names = PaperNames::of(names, &mut reading.findings);
        let age_limits = taken(&mut reading, |row: AgeLimitRow| (row.category, row.under));
        let study_extensions = taken(&mut reading, |row: StudyExtensionRow| {
            (row.category, row.extends.unwrap_or(true))
        });
        let precedence = taken(&mut reading, |row: PrecedenceRow| ((), row.order));
        let clocks = taken(&mut reading, |row: ClockRow| {
            ((row.path, row.category), Clock { legs: row.legs })
        });
        let allowances = AllowanceRules::read(&mut reading);
        let growths = taken(&mut reading, GrowthRow::split);
        let fundings = taken(&mut reading, FundingRow::split);
        let intervals = taken(&mut reading, |row: IntervalRow| {
            (row.interval, row.working_days)
        });
        let remedies = taken(&mut reading, |row: RemedyRow| (row.remedy, row.term));
        let mut rules = Self {
            age_limits,
            allowances,
            growths,
            fundings,
            study_extensions,
            precedence,
            clocks,
            intervals,
            remedies,
            paper_names,
            version: version(sources),
            ..Self::default()
        };
        let findings = &mut reading.findings;
        rules.find_unnamed(&situations, |row| &row.evidence, findings);
        rules.find_unnamed(&papers, |row| &row.required, findings);
        rules.find_missing(&categories, !situations.is_empty(), findings);
        rules.categories = Keyed::of(categories, CategoryRow::split, findings);
        rules.situations = Keyed::of(situations, SituationRow::split, findings);
        rules.papers = Keyed::of(papers, |row| (row.category, row.required), findings);
        reading.finish();
        (rules, reading)
    }

    /// Papers that are asked for and have no name.
    fn find_unnamed<R>(
        &self,
        entries: &[Entry<R>],
        papers: impl Fn(&R) -> &[String],
        findings: &mut Vec<Finding>,
    ) {
        for entry in entries {
            let unnamed = papers(&entry.row)
                .iter()
                .filter(|paper| !self.paper_names.contains(paper));
            findings.extend(unnamed.map(|paper| entry.finding(Flaw::Unnamed(paper.clone()))));
        }
    }

    /// What a decision on a class would ask for in vain on the class's first day.
    fn find_missing(
        &self,
        categories: &[Entry<CategoryRow>],
        knows_situations: bool,
        findings: &mut Vec<Finding>,
    ) {
        let mut cash: Vec<_> = categories
            .iter()
            .map(|entry| entry.row.category)
            .filter(|category| category.group() == Group::Cash)
            .collect();
        cash.sort_unstable();
        cash.dedup();
        for entry in categories {
            let (category, head) = (entry.row.category, &entry.head);
            let (day, place) = (head.from, head.place);
            let mut missing = |series: String| {
                findings.push(entry.finding(Flaw::Missing { series, day }));
            };
            if let Err(error) = self.age_limits.on(category, day, place) {
                missing(error.series);
            }
            if cash.len() > 1
                && category.group() == Group::Cash
                && let Err(error) = self.precedence.on((), day, place)
            {
                missing(error.series);
            }
            if category == Category::DeFactoUnattended && !knows_situations {
                missing(SituationRow::KIND.to_owned());
            }
        }
    }

    /// The rules about allowances.
    #[must_use]
    pub const fn allowances(&self) -> &AllowanceRules {
        &self.allowances
    }

    /// Which rules these are: the same for the same files, and for no others that anybody writes. A decision
    /// keeps it, so that it can be made again from the same rules.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The class as it is defined on `on` in `place`.
    ///
    /// # Errors
    /// [`NotInForce`] where there is no such class.
    pub fn category(
        &self,
        category: Category,
        on: Date,
        place: Division,
    ) -> Result<&Parameter<Definition>, NotInForce> {
        self.categories.on(category, on, place)
    }

    /// The age in full years (周岁) that a child of `category` must not have reached, but where
    /// [study extends](Self::study_extends) it.
    ///
    /// # Errors
    /// [`NotInForce`]; of the built-in rules, for days before the law on minors, 1 January 1992.
    pub fn age_limit(
        &self,
        category: Category,
        on: Date,
        place: Division,
    ) -> Result<&Parameter<u8>, NotInForce> {
        self.age_limits.on(category, on, place)
    }

    /// Whether a child who studies full time stays in the class beyond its age limit.
    #[must_use]
    pub fn study_extends(&self, category: Category, on: Date, place: Division) -> bool {
        self.study_extensions
            .find(category, on, place)
            .is_some_and(|extension| extension.value)
    }

    /// The rule by which full-time study keeps a child in the class beyond its age limit; none where nothing does.
    #[must_use]
    pub fn study_extension(
        &self,
        category: Category,
        on: Date,
        place: Division,
    ) -> Option<&Parameter<bool>> {
        let rule = self.study_extensions.find(category, on, place);
        rule.filter(|rule| rule.value)
    }

    /// From when on a situation counts, and what shows it.
    ///
    /// # Errors
    /// [`NotInForce`] where it does not count at all.
    pub fn situation(
        &self,
        situation: Situation,
        on: Date,
        place: Division,
    ) -> Result<&Parameter<Threshold>, NotInForce> {
        self.situations.on(situation, on, place)
    }

    /// The cash classes, the highest first.
    ///
    /// # Errors
    /// [`NotInForce`].
    pub fn precedence(
        &self,
        on: Date,
        place: Division,
    ) -> Result<&Parameter<Vec<Category>>, NotInForce> {
        self.precedence.on((), on, place)
    }

    /// Codes of the papers that every application for a class needs, whatever the parents' situations.
    ///
    /// # Errors
    /// [`NotInForce`].
    pub fn papers(
        &self,
        category: Category,
        on: Date,
        place: Division,
    ) -> Result<&Parameter<Vec<String>>, NotInForce> {
        self.papers.on(category, on, place)
    }

    /// What a paper is called, or its code where the rules do not say.
    #[must_use]
    pub fn paper_name<'a>(&'a self, paper: &'a str, lang: Lang) -> &'a str {
        self.paper_names.name(paper, lang)
    }

    /// Working days that no path's clock sets.
    ///
    /// # Errors
    /// [`NotInForce`].
    pub fn interval(
        &self,
        interval: Interval,
        on: Date,
        place: Division,
    ) -> Result<&Parameter<u16>, NotInForce> {
        self.intervals.on(interval, on, place)
    }

    /// How long a decision can be appealed against: days or months, as the remedy says.
    ///
    /// # Errors
    /// [`NotInForce`].
    pub fn remedy(
        &self,
        remedy: Remedy,
        on: Date,
        place: Division,
    ) -> Result<&Parameter<u16>, NotInForce> {
        self.remedies.on(remedy, on, place)
    }

    /// How the rate of `class` follows an index in `place`.
    ///
    /// # Errors
    /// [`NotInForce`] where no mechanism is known.
    pub fn growth(
        &self,
        class: Category,
        on: Date,
        place: Division,
    ) -> Result<&Parameter<Growth>, NotInForce> {
        self.growths.on(class, on, place)
    }

    /// Which level of government pays how much of the allowances in `place`, and under which heading of the budget.
    ///
    /// # Errors
    /// [`NotInForce`] where the rules do not say.
    pub fn funding(&self, on: Date, place: Division) -> Result<&Parameter<Funding>, NotInForce> {
        self.fundings.on((), on, place)
    }

    /// The legs an application for `category` takes on `path`.
    ///
    /// # Errors
    /// [`NotInForce`] where the path is not open to the class.
    pub fn clock(
        &self,
        path: Path,
        category: Category,
        on: Date,
        place: Division,
    ) -> Result<&Parameter<Clock>, NotInForce> {
        self.clocks.on((path, category), on, place)
    }

    /// Every clock there is, with its path and class.
    pub fn clocks(&self) -> impl Iterator<Item = (Path, Category, &Parameter<Clock>)> {
        self.clocks.all().flat_map(|((path, category), series)| {
            series
                .parameters()
                .map(move |clock| (path, category, clock))
        })
    }
}

fn taken<K: Key, R: Row, T>(reading: &mut Reading<'_>, split: impl Fn(R) -> (K, T)) -> Keyed<K, T> {
    let entries = reading.dated::<R>();
    Keyed::of(entries, split, &mut reading.findings)
}

/// A fingerprint of names and texts (FNV-1a, 64 bits): it tells sets apart, it does not seal them.
fn version(sources: &[Source<'_>]) -> String {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for source in sources {
        for byte in [source.name, "\0", source.text, "\0"]
            .into_iter()
            .flat_map(str::bytes)
        {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    format!("{hash:016x}")
}

#[cfg(test)]
#[path = "rulebook_tests.rs"]
mod tests;
