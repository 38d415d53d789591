//! Why nothing was exchanged.

use domain::applications::PathError;
use domain::exchange::{CardError, ContentError, PeerError};
use envelope::EnvelopeError;
use jiff::Timestamp;
use kernel::explain::{Explain, Lang};
use policy::NotInForce;
use store::error::StoreError;

use crate::applications::{ApplicationError, Obstacle};

/// Why nothing was exchanged. Nothing was changed then.
#[derive(Debug, thiserror::Error)]
pub enum ExchangeError {
    /// The role does not do this, or there is nothing within reach: one answer for all.
    #[error("not found within reach")]
    NotFound,
    /// The envelope is not opened.
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
    /// The other installation may not do this.
    #[error(transparent)]
    Peer(#[from] PeerError),
    /// The content is not understood.
    #[error(transparent)]
    Content(#[from] ContentError),
    /// The card is none.
    #[error(transparent)]
    Card(#[from] CardError),
    /// A field does not fit.
    #[error("{0} does not fit")]
    Misfit(&'static str),
    /// The report is about an application that did not come yet.
    #[error("unknown application")]
    UnknownCase,
    /// The package's receipt is there already.
    #[error("received already")]
    Received,
    /// The package is taken still.
    #[error("not run out")]
    StillGood,
    /// There is no such peer, or no such package within reach.
    #[error("nothing of that id")]
    NoSuch,
    /// Too much came from this address that was not taken: until when it waits.
    #[error("too much came from there that was not taken")]
    Wait(Timestamp),
    /// The application is not taken in here.
    #[error(transparent)]
    Application(ApplicationError),
    /// The store's fault.
    #[error(transparent)]
    Store(StoreError),
}

impl From<StoreError> for ExchangeError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound => Self::NotFound,
            error => Self::Store(error),
        }
    }
}

impl From<ApplicationError> for ExchangeError {
    fn from(error: ApplicationError) -> Self {
        match error {
            ApplicationError::NotFound => Self::NotFound,
            ApplicationError::Store(error) => Self::Store(error),
            error => Self::Application(error),
        }
    }
}

impl From<Obstacle> for ExchangeError {
    fn from(obstacle: Obstacle) -> Self {
        Self::Application(obstacle.into())
    }
}

impl From<PathError> for ExchangeError {
    fn from(error: PathError) -> Self {
        Self::Application(error.into())
    }
}

impl From<NotInForce> for ExchangeError {
    fn from(error: NotInForce) -> Self {
        Self::Application(error.into())
    }
}

impl Explain for ExchangeError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => StoreError::NotFound.code(),
            Self::Envelope(error) => error.code(),
            Self::Peer(error) => error.code(),
            Self::Content(error) => error.code(),
            Self::Card(error) => error.code(),
            Self::Misfit(_) => "exchange.misfit",
            Self::UnknownCase => "exchange.unknown_case",
            Self::Received => "exchange.received",
            Self::StillGood => "exchange.still_good",
            Self::NoSuch => "exchange.no_such",
            Self::Wait(_) => "exchange.wait",
            Self::Application(error) => error.code(),
            Self::Store(error) => error.code(),
        }
    }

    fn explain(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::NotFound, _) => StoreError::NotFound.explain(lang),
            (Self::Envelope(error), _) => error.explain(lang),
            (Self::Peer(error), _) => error.explain(lang),
            (Self::Content(error), _) => error.explain(lang),
            (Self::Card(error), _) => error.explain(lang),
            (Self::Misfit(field), Lang::Zh) => {
                format!("“{field}”的内容不合要求，未接收。请更正后重试。")
            }
            (Self::Misfit(field), Lang::En) => {
                format!("The field {field} does not fit, and nothing was taken: correct it and try again.")
            }
            (Self::UnknownCase, Lang::Zh) => {
                "本系统尚未收到该申请，进展未登记。请先导入申请数据包，再导入此包。".into()
            }
            (Self::UnknownCase, Lang::En) => {
                "The application itself has not come yet, so nothing was noted: take its package first, then this one again.".into()
            }
            (Self::Received, Lang::Zh) => "对方已签收该数据包，无需再传递。".into(),
            (Self::Received, Lang::En) => {
                "The other side has received this package: it need not be carried again.".into()
            }
            (Self::StillGood, Lang::Zh) => {
                "该数据包仍在有效期内，无需重新生成，请直接导出传递。".into()
            }
            (Self::StillGood, Lang::En) => {
                "This package has not run out: carry it as it is.".into()
            }
            (Self::NoSuch, Lang::Zh) => "没有这项登记或数据包，请刷新后重试。".into(),
            (Self::NoSuch, Lang::En) => {
                "There is no such installation or package: read the list again.".into()
            }
            (Self::Wait(_), Lang::Zh) => {
                "该地址多次传来不能接收的数据包，请稍后再试，并核对登记和密钥。".into()
            }
            (Self::Wait(_), Lang::En) => {
                "Too much came from this address that could not be taken: wait a while, and check the entry and the keys.".into()
            }
            (Self::Application(error), _) => error.explain(lang),
            (Self::Store(error), _) => error.explain(lang),
        }
    }
}
