//! A city bureau that proposes and publishes standards.

use app::allowances::{StandardsError, propose_standard, publish_standard};
use domain::allowances::{StandardDocument, StandardDraft};
use kernel::category::Category;
use kernel::ids::StandardId;
use kernel::money::Money;
use kernel::roles::Role;
use store::session::SessionToken;
use store::work::Work;
use testkit::Office;
use testkit::office::{CITY, Persona, division};

use crate::month_scene::month;

/// Who proposes standards for the city, and who publishes them.
pub(super) struct Bureau {
    pub(super) proposer: SessionToken,
    pub(super) publisher: SessionToken,
}

impl Bureau {
    /// The auditor helps out as approver.
    pub(super) async fn of(office: &Office) -> Self {
        let second = office.officer_of(Persona::Auditor).await;
        Self {
            proposer: office.sign_in(Persona::CityOfficer).await,
            publisher: office
                .second_post(second, office.root, Role::CityApprover)
                .await,
        }
    }

    pub(super) async fn propose(
        &self,
        office: &Office,
        draft: &StandardDraft,
    ) -> Result<StandardId, StandardsError> {
        let mut work = begin(office, &self.proposer).await;
        let id = propose_standard(&mut work, draft).await?;
        work.commit().await.unwrap();
        Ok(id)
    }

    pub(super) async fn publish(
        &self,
        office: &Office,
        id: StandardId,
    ) -> Result<(), StandardsError> {
        let mut work = begin(office, &self.publisher).await;
        publish_standard(&mut work, id, false).await?;
        work.commit().await.unwrap();
        Ok(())
    }
}

pub(super) async fn begin(office: &Office, token: &SessionToken) -> Work {
    office.store.begin(token, "测试").await.unwrap()
}

/// A rate of the city from January 2021 on.
pub(super) fn of_the_city(class: Category, monthly: Money) -> StandardDraft {
    StandardDraft {
        class,
        place: division(CITY),
        monthly,
        from: month("2021-01"),
        document: StandardDocument {
            number: None,
            title: "关于提高困难群众救助保障水平的通知".into(),
            on: None,
        },
    }
}
