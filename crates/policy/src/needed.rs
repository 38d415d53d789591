//! Which papers an application needs: those of its class, and the evidence of what its facts say.

use jiff::civil::Date;
use kernel::category::Category;
use kernel::division::Division;

use crate::error::NotInForce;
use crate::facts::{Facts, ParentFacts};
use crate::point::{FactName, Parent, Point};
use crate::rulebook::Rulebook;
use crate::situation::Situation;

/// One paper that is needed, or one of several that each would do.
///
/// ```
/// use jiff::civil::date;
/// use kernel::{category::Category, division::Division, explain::Lang};
/// let rules = policy::Rulebook::builtin();
/// let facts = serde_json::from_str(r#"{"father":{"situation":"dead"},"mother":{"situation":"lost_contact"}}"#)?;
/// let tengzhou = Division::parse("370481")?;
/// let needed = rules.required_papers(Category::DeFactoUnattended, &facts, date(2021, 11, 4), tengzhou)?;
/// let last = needed.last().unwrap();
/// assert_eq!(last.any_of, ["lost_contact_receipt", "joint_finding"]);
/// assert_eq!(last.because.unwrap().to_string(), "mother.lost_contact");
/// assert_eq!(rules.paper_name(last.any_of[0], Lang::Zh), "儿童失联父母查找情况回执单");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Needed<'r> {
    /// Codes of papers of which one does.
    pub any_of: Vec<&'r str>,
    /// The fact that it shows; none where every application of the class needs it.
    pub because: Option<Point>,
    /// Whether the rule that asks for it is verified.
    pub verified: bool,
}

impl Rulebook {
    /// The papers that an application of `category` needs with these facts, in the order of a checklist. A
    /// fact that is not known yet asks for nothing.
    ///
    /// # Errors
    /// [`NotInForce`] where no rule says which papers the class needs.
    pub fn required_papers(
        &self,
        category: Category,
        facts: &Facts,
        on: Date,
        place: Division,
    ) -> Result<Vec<Needed<'_>>, NotInForce> {
        let of_class = self.papers(category, on, place)?;
        let always = of_class.value.iter().map(|paper| Needed {
            any_of: vec![paper.as_str()],
            because: None,
            verified: of_class.verified,
        });
        let shown = shown(category, facts).into_iter();
        let evidence = shown.filter_map(|(situation, because)| {
            let rule = self.situations.find(situation, on, place)?;
            let any_of: Vec<_> = rule.value.evidence.iter().map(String::as_str).collect();
            (!any_of.is_empty()).then_some(Needed {
                any_of,
                because: Some(because),
                verified: rule.verified,
            })
        });
        Ok(always.chain(evidence).collect())
    }
}

/// The situations that the facts name and a class of this kind turns on.
fn shown(category: Category, facts: &Facts) -> Vec<(Situation, Point)> {
    let mut shown = Vec::new();
    if category != Category::AidsAffected {
        shown.extend(parent(Parent::Father, &facts.father));
        shown.extend(parent(Parent::Mother, &facts.mother));
    }
    if category == Category::KeyHardship {
        let child = &facts.child;
        if child.disability.known().is_some() {
            let because = Point::Fact(FactName::ChildDisability);
            shown.push((Situation::SevereDisability, because));
        }
        for (ill, name) in [
            (child.major_illness, FactName::MajorIllness),
            (child.rare_illness, FactName::RareIllness),
        ] {
            if ill.holds() == Some(true) {
                shown.push((Situation::SeriousIllness, Point::Fact(name)));
            }
        }
    }
    shown
}

fn parent(parent: Parent, facts: &ParentFacts) -> Option<(Situation, Point)> {
    let situation = *facts.situation.known()?;
    Some((situation, Point::Situation(parent, situation)))
}
