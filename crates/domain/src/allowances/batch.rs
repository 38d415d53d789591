//! A batch's way: prepared, reviewed, approved, released, settled, closed.
//!
//! **Invariant.** Whoever prepared a batch does not approve it, and neither of the two releases it; a stage is never left
//! backwards, and a closed batch is never opened again.

use kernel::explain::{Explain, Lang};
use kernel::ids::OfficerId;
use kernel::roles::{Action, Role, can};

/// How far a batch has come.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum BatchStage {
    /// 已编制: its lines are committed.
    Prepared,
    /// 已复核: somebody looked through it, its exceptions first.
    Reviewed,
    /// 已审批: a second person answers for exactly these lines.
    Approved,
    /// 已拨付: the bank has its files.
    Released,
    /// 已结清: what the bank returned is entered.
    Settled,
    /// 已关账: nothing about it changes any more.
    Closed,
}

impl BatchStage {
    /// Every stage, in order.
    pub const ALL: [Self; 6] = [
        Self::Prepared,
        Self::Reviewed,
        Self::Approved,
        Self::Released,
        Self::Settled,
        Self::Closed,
    ];

    /// The stable code, as stored.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Prepared => "prepared",
            Self::Reviewed => "reviewed",
            Self::Approved => "approved",
            Self::Released => "released",
            Self::Settled => "settled",
            Self::Closed => "closed",
        }
    }

    /// The stage with this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.code() == code)
    }
}

/// What is done with a prepared batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BatchAct {
    /// 复核
    Review,
    /// 审批
    Approve,
    /// 拨付
    Release,
    /// 结清
    Settle,
    /// 关账
    Close,
}

/// Whose hands a batch went through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BatchHands {
    /// Who prepared it.
    pub preparer: OfficerId,
    /// Who approved it.
    pub approver: Option<OfficerId>,
}

/// Why a batch does not move on. Nothing was changed then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BatchError {
    /// The batch is not at the stage from which this is done.
    #[error("the batch is {0:?}")]
    Stage(BatchStage),
    /// The same person prepared, approved and released, or two of these.
    #[error("a second person is needed")]
    SamePerson,
    /// The role does not do this.
    #[error("the role does not do this")]
    Role,
}

impl Explain for BatchError {
    fn code(&self) -> &'static str {
        match self {
            Self::Stage(_) => "batch.stage",
            Self::SamePerson => "batch.same_person",
            Self::Role => "batch.role",
        }
    }

    fn explain(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::Stage(_), Lang::Zh) => "批次不在可办理此事的环节，未作改动。请刷新后查看进度。",
            (Self::Stage(_), Lang::En) => {
                "The batch is not at the stage for this, and nothing was changed: look how far it has come."
            }
            (Self::SamePerson, Lang::Zh) => {
                "编制、审批、拨付须由不同的人办理，换任职也不行，未作改动。请由另一人办理。"
            }
            (Self::SamePerson, Lang::En) => {
                "Preparing, approving and releasing take different people, whatever their posts; nothing was changed. Somebody else has to do this."
            }
            (Self::Role, Lang::Zh) => "您的岗位不办理此事。",
            (Self::Role, Lang::En) => "Your post does not do this.",
        }
        .to_owned()
    }
}

impl BatchAct {
    /// Every act, in order.
    pub const ALL: [Self; 5] = [
        Self::Review,
        Self::Approve,
        Self::Release,
        Self::Settle,
        Self::Close,
    ];

    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Review => "review",
            Self::Approve => "approve",
            Self::Release => "release",
            Self::Settle => "settle",
            Self::Close => "close",
        }
    }

    /// The stage it is done at and the one it leads to, and the action it takes.
    const fn row(self) -> (BatchStage, BatchStage, Action) {
        match self {
            Self::Review => (
                BatchStage::Prepared,
                BatchStage::Reviewed,
                Action::ReviewMonth,
            ),
            Self::Approve => (
                BatchStage::Reviewed,
                BatchStage::Approved,
                Action::ApproveMonth,
            ),
            Self::Release => (
                BatchStage::Approved,
                BatchStage::Released,
                Action::ReleaseMonth,
            ),
            Self::Settle => (
                BatchStage::Released,
                BatchStage::Settled,
                Action::ReleaseMonth,
            ),
            Self::Close => (
                BatchStage::Settled,
                BatchStage::Closed,
                Action::ReleaseMonth,
            ),
        }
    }

    /// What the role must be allowed.
    #[must_use]
    pub const fn needs(self) -> Action {
        self.row().2
    }

    /// The stage a batch comes to by this.
    ///
    /// ```
    /// use domain::allowances::{BatchAct, BatchError, BatchHands, BatchStage};
    /// use jiff::Timestamp;
    /// use kernel::{clock::SeededEntropy, ids::OfficerId, roles::Role};
    /// let entropy = SeededEntropy::new(1);
    /// let [one, two] = [0, 1].map(|_| OfficerId::generate(Timestamp::UNIX_EPOCH, &entropy));
    /// let hands = BatchHands { preparer: one, approver: None };
    /// let approve = |who| BatchAct::Approve.by(who, Role::CountyApprover, BatchStage::Reviewed, hands);
    /// assert_eq!(approve(two), Ok(BatchStage::Approved));
    /// assert_eq!(approve(one), Err(BatchError::SamePerson));
    /// ```
    ///
    /// # Errors
    /// [`BatchError`].
    pub fn by(
        self,
        officer: OfficerId,
        role: Role,
        stage: BatchStage,
        hands: BatchHands,
    ) -> Result<BatchStage, BatchError> {
        let (from, to, action) = self.row();
        if !can(role, action) {
            return Err(BatchError::Role);
        }
        if stage != from {
            return Err(BatchError::Stage(stage));
        }
        let is_preparers = officer == hands.preparer;
        let is_same = match self {
            Self::Review => false,
            Self::Approve => is_preparers,
            Self::Release | Self::Settle | Self::Close => {
                is_preparers || hands.approver == Some(officer)
            }
        };
        match is_same {
            true => Err(BatchError::SamePerson),
            false => Ok(to),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use kernel::clock::SeededEntropy;

    use super::*;

    /// Every act, by every role, at every stage, by every hand.
    #[test]
    fn a_batch_goes_one_way_and_through_three_peoples_hands() {
        let entropy = SeededEntropy::new(1);
        let people: Vec<OfficerId> = (0..3)
            .map(|_| OfficerId::generate(Timestamp::UNIX_EPOCH, &entropy))
            .collect();
        let mut moved = 0;
        for act in BatchAct::ALL {
            for role in Role::ALL {
                for stage in BatchStage::ALL {
                    for &officer in &people {
                        let hands = BatchHands {
                            preparer: people[0],
                            approver: (stage >= BatchStage::Approved).then_some(people[1]),
                        };
                        let Ok(to) = act.by(officer, role, stage, hands) else {
                            continue;
                        };
                        moved += 1;
                        assert_eq!(to as usize, stage as usize + 1);
                        assert!(can(role, act.needs()));
                        assert!(to == BatchStage::Reviewed || officer != people[0]);
                        assert!(to <= BatchStage::Approved || officer == people[2]);
                    }
                }
            }
        }
        // Two roles review, any of three; one approves, any of two; one releases, settles and closes, the third alone.
        assert_eq!(moved, 2 * 3 + 2 + 3);
    }

    #[test]
    fn codes_are_the_same_everywhere() {
        for stage in BatchStage::ALL {
            assert_eq!(BatchStage::from_code(stage.code()), Some(stage));
            assert_eq!(
                serde_json::to_string(&stage).unwrap(),
                format!("\"{}\"", stage.code())
            );
        }
    }
}
