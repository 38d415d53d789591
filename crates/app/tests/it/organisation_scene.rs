//! A real office from its first minute: three founding officers with accounts, a county with nobody in it.

use std::sync::Arc;

use app::organisation::{
    Acceptance, Appointee, Appointing, Confirmed, FoundingOfficers, SecondFactor, SignIn,
    SignInError, SignedIn, accept_invitation, confirm_appointment, found_office, open_invitation,
    propose_appointment, sign_in,
};
use domain::organisation::UnitPlan;
use domain::organisation::second_factor::step_at;
use jiff::SignedDuration;
use kernel::clock::{Clock, FixedClock, SeededEntropy};
use kernel::ids::{OfficerId, ProposalId, UnitId};
use kernel::roles::Role;
use store::accounts::{InvitationCode, RecoveryCode, Term, TotpSecret, invitation};
use store::installation::{self, Installation, Kind};
use store::keys::KeyFile;
use store::organisation::{Founder, NewUnit, UnitsFounded};
use store::seal::Sealer;
use store::session::SessionToken;
use store::work::{Store, Work};
use testkit::TestDatabase;
use testkit::office::{CITY, TENGZHOU, TODAY, division};
use zeroize::Zeroizing;

/// Somebody with an account, and what he or she knows.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) officer: OfficerId,
    pub(crate) login: String,
    pub(crate) password: String,
    pub(crate) secret: Option<TotpSecret>,
    pub(crate) recovery: Vec<RecoveryCode>,
}

pub(crate) struct Scene {
    pub(crate) database: TestDatabase,
    pub(crate) store: Store,
    pub(crate) clock: Arc<FixedClock>,
    pub(crate) city: UnitId,
    pub(crate) county: UnitId,
    pub(crate) admin: Person,
    pub(crate) approver: Person,
    pub(crate) second_approver: Person,
}

pub(crate) fn typed(text: &str) -> Zeroizing<String> {
    Zeroizing::new(text.to_owned())
}

impl Scene {
    pub(crate) async fn found() -> Self {
        let database = TestDatabase::new().await;
        let clock = Arc::new(FixedClock::on(TODAY));
        let entropy = Arc::new(SeededEntropy::new(42));
        let folder = tempfile::tempdir().unwrap();
        let keys = KeyFile::create(&folder.path().join("test.keys"), &*clock, &*entropy).unwrap();
        let sealer = Arc::new(Sealer::new(&keys, entropy.clone()));
        let store = Store::new(
            database.app.clone(),
            sealer.clone(),
            clock.clone(),
            entropy.clone(),
        );
        let installation = Installation {
            id: UnitId::generate(clock.now(), &*entropy).uuid(),
            kind: Kind::Office,
            keys: keys.fingerprint(),
            shift_days: 0,
        };
        installation::found(&database.owner, &installation, clock.now())
            .await
            .unwrap();
        let founder = Founder {
            owner: &database.owner,
            entropy: &*entropy,
            now: clock.now(),
        };
        let officers = FoundingOfficers {
            admin: "管理员（虚构）",
            approvers: ["审批甲（虚构）", "审批乙（虚构）"],
        };
        let plan = UnitPlan::of_division(division(CITY), "枣庄市");
        let founded = found_office(&founder, &sealer, &plan, &officers)
            .await
            .unwrap();
        let mut people = Vec::new();
        for (officer, login) in
            founded
                .officers
                .iter()
                .zip(["admin.one", "approver.a", "approver.b"])
        {
            people.push(accept(&store, officer.officer, &officer.code, login).await);
        }
        let [admin, approver, second_approver] = people.try_into().unwrap();
        let mut scene = Self {
            database,
            store,
            clock,
            city: founded.unit,
            county: founded.unit,
            admin,
            approver,
            second_approver,
        };
        scene.county = scene.found_county().await;
        scene
    }

    async fn found_county(&self) -> UnitId {
        let mut work = self.work(&self.admin).await;
        let plan = UnitPlan::of_division(division(TENGZHOU), "滕州市");
        let id = UnitId::generate(self.clock.now(), self.store.entropy());
        let unit = NewUnit {
            id,
            parent: self.city,
            plan: &plan,
        };
        work.apply(&UnitsFounded(&[unit])).await.unwrap();
        work.commit().await.unwrap();
        id
    }

    /// The six digits of the moment, and half a minute passes.
    pub(crate) fn digits(&self, person: &Person) -> Option<SecondFactor> {
        self.clock.advance(SignedDuration::from_secs(30));
        let step = step_at(self.clock.now());
        let code = person.secret.as_ref()?.code(step);
        Some(SecondFactor::Code(code))
    }

    pub(crate) async fn try_sign_in(
        &self,
        person: &Person,
        password: &str,
        second: Option<SecondFactor>,
    ) -> Result<SignedIn, SignInError> {
        let asked = SignIn {
            login: &person.login,
            password: typed(password),
            second,
            address: "192.0.2.7",
            device: "虚构浏览器",
            appointment: None,
        };
        sign_in(&self.store, asked).await
    }

    pub(crate) async fn token(&self, person: &Person) -> SessionToken {
        let second = self.digits(person);
        let signed_in = self.try_sign_in(person, &person.password, second).await;
        signed_in.unwrap().token
    }

    pub(crate) async fn work(&self, person: &Person) -> Work {
        let token = self.token(person).await;
        self.store.begin(&token, "测试").await.unwrap()
    }

    pub(crate) fn appointing(&self, name: &str, unit: UnitId, role: Role) -> Appointing {
        Appointing {
            appointee: Appointee::New(name.into()),
            unit,
            role,
            term: Term {
                from: TODAY,
                to: None,
                deputy_for: None,
            },
        }
    }

    /// The administrator proposes somebody new.
    pub(crate) async fn propose(&self, name: &str, unit: UnitId, role: Role) -> ProposalId {
        let mut work = self.work(&self.admin).await;
        let taken = propose_appointment(&mut work, &self.appointing(name, unit, role)).await;
        work.commit().await.unwrap();
        taken.unwrap().proposal
    }

    pub(crate) async fn confirm(&self, by: &Person, proposal: ProposalId) -> Confirmed {
        let mut work = self.work(by).await;
        let confirmed = confirm_appointment(&mut work, proposal).await.unwrap();
        work.commit().await.unwrap();
        confirmed
    }

    /// Two people appoint somebody new, who then makes an account.
    pub(crate) async fn appoint(
        &self,
        login: &str,
        unit: UnitId,
        role: Role,
        by: &Person,
    ) -> Person {
        let proposal = self.propose("新人（虚构）", unit, role).await;
        let confirmed = self.confirm(by, proposal).await;
        accept(
            &self.store,
            confirmed.officer,
            &confirmed.code.unwrap(),
            login,
        )
        .await
    }
}

/// Whoever holds the code makes an account with it.
pub(crate) async fn accept(
    store: &Store,
    officer: OfficerId,
    code: &InvitationCode,
    login: &str,
) -> Person {
    let needed = open_invitation(store, code)
        .await
        .unwrap()
        .second_factor_needed;
    let invited = invitation(store, code).await.unwrap().unwrap();
    let secret = invited.second_factor.filter(|_| needed);
    let password = format!("柳树发芽-{}", code.reveal());
    let digits = secret
        .as_ref()
        .map(|secret| secret.code(step_at(store.clock().now())));
    let acceptance = Acceptance {
        code: code.clone(),
        login,
        password: typed(&password),
        second_factor: digits.as_deref(),
    };
    let accepted = accept_invitation(store, acceptance).await.unwrap();
    Person {
        officer,
        login: login.into(),
        password,
        secret,
        recovery: accepted.recovery_codes,
    }
}
