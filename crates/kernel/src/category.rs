//! The classes of children the law provides for, in the words of the glossary.

use std::fmt;

use crate::explain::{Explain, Lang};

/// A code that names no category.
///
/// ```
/// use kernel::category::{Category, UnknownCategory};
/// assert_eq!("orphan".parse::<Category>(), Err(UnknownCategory));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("unknown category")]
pub struct UnknownCategory;

impl Explain for UnknownCategory {
    fn code(&self) -> &'static str {
        "category.unknown"
    }

    fn explain(&self, lang: Lang) -> String {
        let list = |name: fn(Category) -> &'static str, comma| Category::ALL.map(name).join(comma);
        match lang {
            Lang::Zh => format!(
                "儿童类别无法识别，应为下列之一：{}。",
                list(Category::zh, "、")
            ),
            Lang::En => format!(
                "Unknown category of child; it is one of: {}.",
                list(Category::code, ", ")
            ),
        }
    }
}

/// Whether a category brings money or care. A child holds at most one of each group on any day.
///
/// ```
/// use kernel::category::{Category, Group};
/// assert_eq!(Category::LeftBehind.group(), Group::Care);
/// ```
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    /// 基本生活费: one monthly allowance.
    Cash,
    /// 关爱服务: visits and services, no allowance.
    Care,
}

impl Group {
    /// The stable code: `cash` or `care`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Cash => "cash",
            Self::Care => "care",
        }
    }
}

/// A class of child.
///
/// ```
/// use kernel::category::Category;
/// let class: Category = "de_facto_unattended".parse()?;
/// assert_eq!(class.zh(), "事实无人抚养儿童");
/// assert_eq!(class.en(), "de facto unattended child");
/// assert!(Category::AidsAffected.is_sealed());
/// # Ok::<(), kernel::category::UnknownCategory>(())
/// ```
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// 机构养育孤儿 (国办发〔2010〕54号).
    InstitutionOrphan,
    /// 社会散居孤儿 (国办发〔2010〕54号).
    ScatteredOrphan,
    /// 受艾滋病影响儿童 (民发〔2012〕179号), known to the county's named officers alone.
    AidsAffected,
    /// 事实无人抚养儿童 (民发〔2019〕62号, 民发〔2020〕125号).
    DeFactoUnattended,
    /// 重点困境儿童, a class of Shandong.
    KeyHardship,
    /// 农村留守儿童 (国发〔2016〕13号).
    LeftBehind,
    /// 流动儿童 (21 departments, 2024).
    Migrant,
}

impl Category {
    /// Every category, in the order in which tables list them.
    pub const ALL: [Self; 7] = [
        Self::InstitutionOrphan,
        Self::ScatteredOrphan,
        Self::AidsAffected,
        Self::DeFactoUnattended,
        Self::KeyHardship,
        Self::LeftBehind,
        Self::Migrant,
    ];

    /// The stable code, such as `institution_orphan`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::InstitutionOrphan => "institution_orphan",
            Self::ScatteredOrphan => "scattered_orphan",
            Self::AidsAffected => "aids_affected",
            Self::DeFactoUnattended => "de_facto_unattended",
            Self::KeyHardship => "key_hardship",
            Self::LeftBehind => "left_behind",
            Self::Migrant => "migrant",
        }
    }

    /// The statutory term.
    #[must_use]
    pub const fn zh(self) -> &'static str {
        match self {
            Self::InstitutionOrphan => "机构养育孤儿",
            Self::ScatteredOrphan => "社会散居孤儿",
            Self::AidsAffected => "受艾滋病影响儿童",
            Self::DeFactoUnattended => "事实无人抚养儿童",
            Self::KeyHardship => "重点困境儿童",
            Self::LeftBehind => "农村留守儿童",
            Self::Migrant => "流动儿童",
        }
    }

    /// The English of the screens.
    #[must_use]
    pub const fn en(self) -> &'static str {
        match self {
            Self::InstitutionOrphan => "orphan in an institution",
            Self::ScatteredOrphan => "orphan living in the community",
            Self::AidsAffected => "child affected by AIDS",
            Self::DeFactoUnattended => "de facto unattended child",
            Self::KeyHardship => "child in key hardship",
            Self::LeftBehind => "left-behind child",
            Self::Migrant => "migrant child",
        }
    }

    /// Cash or care.
    #[must_use]
    pub const fn group(self) -> Group {
        match self {
            Self::LeftBehind | Self::Migrant => Group::Care,
            Self::InstitutionOrphan
            | Self::ScatteredOrphan
            | Self::AidsAffected
            | Self::DeFactoUnattended
            | Self::KeyHardship => Group::Cash,
        }
    }

    /// Whether the status itself is a secret, for everyone but the county's named officers.
    #[must_use]
    pub const fn is_sealed(self) -> bool {
        matches!(self, Self::AidsAffected)
    }
}

impl fmt::Display for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl std::str::FromStr for Category {
    type Err = UnknownCategory;

    fn from_str(code: &str) -> Result<Self, UnknownCategory> {
        Self::ALL
            .into_iter()
            .find(|category| category.code() == code)
            .ok_or(UnknownCategory)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_the_same_everywhere() {
        for category in Category::ALL {
            assert_eq!(category.code().parse(), Ok(category));
            assert_eq!(
                serde_json::to_string(&category).unwrap(),
                format!("\"{}\"", category.code())
            );
            assert_eq!(category.to_string(), category.code());
        }
    }

    #[test]
    fn only_aids_is_sealed_and_only_two_are_care() {
        let sealed: Vec<_> = Category::ALL
            .into_iter()
            .filter(|category| category.is_sealed())
            .collect();
        let care: Vec<_> = Category::ALL
            .into_iter()
            .filter(|category| category.group() == Group::Care)
            .collect();
        assert_eq!(sealed, [Category::AidsAffected]);
        assert_eq!(care, [Category::LeftBehind, Category::Migrant]);
    }
}
