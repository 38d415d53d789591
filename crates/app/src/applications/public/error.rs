//! Why something was not done for somebody without an account.

use jiff::Timestamp;
use kernel::explain::{Explain, Lang};
use store::error::StoreError;

use super::super::error::ApplicationError;

/// Why something was not done. Nothing was changed then.
#[derive(Debug, thiserror::Error)]
pub enum PublicError {
    /// No case of this code and number: whatever is wrong, it is this.
    #[error("no such case")]
    NoSuchCase,
    /// Too many tries, or too much at once: not before this moment.
    #[error("not before {0}")]
    Wait(Timestamp),
    /// A field is missing or does not fit.
    #[error("{0} is missing or does not fit")]
    Misfit(&'static str),
    /// Something stands against it.
    #[error("{0:?}")]
    Hindered(PublicObstacle),
    /// As at a town's own window.
    #[error(transparent)]
    Application(#[from] ApplicationError),
}

/// What stands against it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PublicObstacle {
    /// What is stated is for the county's bureau alone.
    CountyAlone,
    /// It is submitted already.
    Submitted,
    /// The photograph is of no kind that is kept.
    PhotoKind,
    /// The photograph is empty or too large.
    PhotoSize,
    /// The case has no more room for photographs.
    NoRoom,
}

impl PublicObstacle {
    const fn code(self) -> &'static str {
        match self {
            Self::CountyAlone => "public.county_alone",
            Self::Submitted => "public.submitted",
            Self::PhotoKind => "public.photo_kind",
            Self::PhotoSize => "public.photo_size",
            Self::NoRoom => "public.no_room",
        }
    }

    const fn zh(self) -> &'static str {
        match self {
            Self::CountyAlone => {
                "这类申请由户籍地区（县）民政局专人直接受理，不经乡镇（街道），不在网上填报。没有保存任何内容，请按页面说明前往办理。"
            }
            Self::Submitted => {
                "这件申请已经提交，不能再修改。需要补充材料的，请联系受理的乡镇（街道）。"
            }
            Self::PhotoKind => "只能上传 JPEG、PNG、WebP 格式的照片，请重新拍照或另选一张。",
            Self::PhotoSize => "照片为空或超过 8 MB，请重新拍照或另选一张。",
            Self::NoRoom => "照片已满（最多 24 张、60 MB），请先删除不需要的照片。",
        }
    }

    const fn en(self) -> &'static str {
        match self {
            Self::CountyAlone => {
                "This kind of application goes straight to a named officer of the county's bureau, past the town, and is not filled in online. Nothing was kept: go there as the page says."
            }
            Self::Submitted => {
                "This application is submitted and cannot be changed: ask the town that takes it in."
            }
            Self::PhotoKind => {
                "Only JPEG, PNG and WebP photographs are kept: take or choose another."
            }
            Self::PhotoSize => {
                "The photograph is empty or larger than 8 MB: take or choose another."
            }
            Self::NoRoom => {
                "There is no more room for photographs (24, or 60 MB): take one out first."
            }
        }
    }
}

impl From<PublicObstacle> for PublicError {
    fn from(obstacle: PublicObstacle) -> Self {
        Self::Hindered(obstacle)
    }
}

impl From<StoreError> for PublicError {
    fn from(error: StoreError) -> Self {
        Self::Application(error.into())
    }
}

impl Explain for PublicError {
    fn code(&self) -> &'static str {
        match self {
            Self::NoSuchCase => "public.no_such_case",
            Self::Wait(_) => "public.wait",
            Self::Misfit(_) => "public.misfit",
            Self::Hindered(obstacle) => obstacle.code(),
            Self::Application(error) => error.code(),
        }
    }

    fn explain(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::NoSuchCase, Lang::Zh) => {
                "没有找到：查询码与所填号码不符，或者已经过期。请核对后再试；查询码遗失的，请带身份证到受理的乡镇（街道）查询。".into()
            }
            (Self::NoSuchCase, Lang::En) => {
                "Nothing found: code and number do not belong together, or the code is over. Check both; if the code is lost, ask the town that takes the application in, with your id.".into()
            }
            (Self::Wait(_), Lang::Zh) => "操作过于频繁，请稍后再试。".into(),
            (Self::Wait(_), Lang::En) => "Too many tries; wait a little and try again.".into(),
            (Self::Misfit(field), Lang::Zh) => format!("“{field}”没有填写或填写有误，请改正。"),
            (Self::Misfit(field), Lang::En) => {
                format!("“{field}” is missing or does not fit: correct it.")
            }
            (Self::Hindered(obstacle), Lang::Zh) => obstacle.zh().into(),
            (Self::Hindered(obstacle), Lang::En) => obstacle.en().into(),
            (Self::Application(error), _) => error.explain(lang),
        }
    }
}
