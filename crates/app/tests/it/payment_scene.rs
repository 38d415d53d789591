//! A county that pays: an officer, an approver, two in finance, children with guardians and two in a home; and a bank.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use app::allowances::{
    AccountEntry, MonthError, MonthOrder, PayError, confirm_account, enter_return, make_bank_file,
    move_on_by, propose_account, record_fact, take_bank_file,
};
use domain::allowances::BatchAct;
use domain::registry::Hidden;
use jiff::civil::date;
use kernel::category::Category::{InstitutionOrphan, ScatteredOrphan};
use kernel::ids::{AccountId, BankFileId, BatchId, ChildId, ReturnId, UnitId};
use kernel::roles::Role;
use ledger::Limits;
use ledger::cell::Row;
use ledger::read::Workbook;
use policy::allowance::AllowanceRules;
use store::allowances::{AccountOf, AllowanceFact, batch};
use store::session::SessionToken;
use store::work::Work;
use testkit::Office;
use testkit::office::{JINGHE_VILLAGE, Persona};
use testkit::payments::PaymentSums;

use crate::month_scene::{child, found, month, order, rules, run};

pub(super) const OFFICER: Persona = Persona::TengzhouOfficer;
const GUARDIAN: &str = "虚构祖父";
pub(super) const BANK: &str = "虚构银行";

pub(super) struct Paying {
    pub(super) office: Office,
    pub(super) officer: SessionToken,
    pub(super) approver: SessionToken,
    pub(super) finance: SessionToken,
    pub(super) treasurer: SessionToken,
    pub(super) home: UnitId,
    /// Four with their guardian, then two in the home.
    pub(super) children: Vec<ChildId>,
}

impl Paying {
    pub(super) async fn scene() -> Self {
        let office = found().await;
        let (unit, home) = (office.unit(OFFICER), office.unit(Persona::HomeStaff));
        let of_2020 = date(2020, 12, 10);
        let with_guardian = ["虚构甲", "虚构乙", "虚构丙", "虚构丁"].map(|name| {
            let child = child(name, JINGHE_VILLAGE, ScatteredOrphan, of_2020);
            child.guardian(GUARDIAN, "13800000001")
        });
        let in_home = ["虚构戊", "虚构己"]
            .map(|name| child(name, JINGHE_VILLAGE, InstitutionOrphan, of_2020).placed_in(home));
        let children = office
            .register(OFFICER, &[&with_guardian[..], &in_home[..]].concat())
            .await;
        let mut posts = Vec::new();
        for (persona, role) in [
            (Persona::TengzhouColleague, Role::CountyApprover),
            (Persona::ShantingOfficer, Role::FinanceOfficer),
            (Persona::JingheSupervisor, Role::FinanceOfficer),
        ] {
            let officer = office.officer_of(persona).await;
            posts.push(office.second_post(officer, unit, role).await);
        }
        let [approver, finance, treasurer] = <[_; 3]>::try_from(posts).ok().unwrap();
        Self {
            officer: office.sign_in(OFFICER).await,
            office,
            approver,
            finance,
            treasurer,
            home,
            children,
        }
    }

    pub(super) async fn work(&self, token: &SessionToken) -> Work {
        self.office.store.begin(token, "测试").await.unwrap()
    }

    /// Prepares a month and takes it through all hands up to its release; from 2021-01 on it is paid.
    pub(super) async fn release(&self, text: &str) -> BatchId {
        let id = self.prepare(text).await;
        self.step(&self.finance, id, BatchAct::Release)
            .await
            .unwrap();
        id
    }

    /// Prepares a month and has it approved.
    pub(super) async fn prepare(&self, text: &str) -> BatchId {
        let begins = (text == "2021-01").then(|| month(text));
        let wanted = MonthOrder {
            begins,
            ..order(text)
        };
        let id = run(&self.office, &self.officer, wanted)
            .await
            .unwrap()
            .batch
            .id;
        for act in [BatchAct::Review, BatchAct::Approve] {
            self.step(&self.approver, id, act).await.unwrap();
        }
        id
    }

    pub(super) async fn step(
        &self,
        token: &SessionToken,
        id: BatchId,
        act: BatchAct,
    ) -> Result<(), MonthError> {
        self.step_by(&rules(), token, id, act).await
    }

    /// The same by these rules.
    pub(super) async fn step_by(
        &self,
        rules: &AllowanceRules,
        token: &SessionToken,
        id: BatchId,
        act: BatchAct,
    ) -> Result<(), MonthError> {
        let mut work = self.work(token).await;
        let version = batch(&mut work, id).await.unwrap().unwrap().version;
        move_on_by(&mut work, rules, id, act, version).await?;
        work.commit().await.unwrap();
        Ok(())
    }

    /// Proposes an account with this number in the guardian's or the home's name.
    pub(super) async fn propose(&self, of: AccountOf, number: &str) -> AccountId {
        let holder = match of {
            AccountOf::Child(_) => GUARDIAN,
            AccountOf::Home(_) => "儿童福利院（虚构）",
        };
        let entry = AccountEntry {
            holder: Some(holder.into()),
            at: Some((BANK.into(), Hidden::new(number))),
            reason: None,
        };
        let mut work = self.work(&self.officer).await;
        let id = propose_account(&mut work, of, &entry).await.unwrap();
        work.commit().await.unwrap();
        id
    }

    pub(super) async fn confirm(
        &self,
        token: &SessionToken,
        id: AccountId,
    ) -> Result<(), PayError> {
        let mut work = self.work(token).await;
        confirm_account(&mut work, id).await?;
        work.commit().await.unwrap();
        Ok(())
    }

    /// An account proposed by one and confirmed by another.
    pub(super) async fn account(&self, of: AccountOf, number: &str) -> AccountId {
        let id = self.propose(of, number).await;
        self.confirm(&self.approver, id).await.unwrap();
        id
    }

    /// An account for every child with its guardian and for the home.
    pub(super) async fn accounts(&self) {
        for (at, child) in self.children[..4].iter().enumerate() {
            self.account(AccountOf::Child(*child), &format!("600000000000000{at}"))
                .await;
        }
        self.account(AccountOf::Home(self.home), "6000000000000009")
            .await;
    }

    pub(super) async fn make(
        &self,
        token: &SessionToken,
        template: &str,
    ) -> Result<BankFileId, PayError> {
        let mut work = self.work(token).await;
        let id = make_bank_file(&mut work, template, false).await?;
        work.commit().await.unwrap();
        Ok(id)
    }

    /// The lines of a file, as the bank reads them: number of the account and amount.
    pub(super) async fn lines(&self, id: BankFileId) -> Vec<(String, String)> {
        let text = self.text(id).await;
        let lines = text.lines().skip(2).map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            (cells[1].to_owned(), cells[4].to_owned())
        });
        lines.collect()
    }

    async fn text(&self, id: BankFileId) -> String {
        let mut work = self.work(&self.finance).await;
        let (_, content) = take_bank_file(&mut work, id).await.unwrap();
        work.commit().await.unwrap();
        let mut book = Workbook::from_bytes("代发.csv", content, &Limits::default()).unwrap();
        let mut text = String::new();
        let mut line = |row: &Row<'_>| {
            let cells: Vec<_> = row
                .cells
                .iter()
                .map(|cell| cell.display().into_owned())
                .collect();
            text += &format!("{}\n", cells.join(","));
            ControlFlow::Continue(())
        };
        book.rows(0, &mut line).unwrap();
        text
    }

    /// The bank's answer to a file: the accounts with these numbers are not known to it.
    pub(super) async fn answer(&self, id: BankFileId, unknown: &[&str]) -> Vec<u8> {
        let unknown: BTreeSet<&str> = unknown.iter().copied().collect();
        let text = self.text(id).await;
        let mut answer = format!(
            "{}\n序号,金额,处理结果,失败代码,失败原因\n",
            text.lines().next().unwrap()
        );
        for line in text.lines().skip(2) {
            let cells: Vec<&str> = line.split(',').collect();
            let (serial, account, amount) = (cells[0], cells[1], cells[4]);
            let result = match unknown.contains(account) {
                true => "失败,E03,账号不存在",
                false => "成功,,",
            };
            answer += &format!("{serial},{amount},{result}\n");
        }
        answer.into_bytes()
    }

    pub(super) async fn enter(&self, id: BankFileId, content: &[u8]) -> Result<ReturnId, PayError> {
        let mut work = self.work(&self.finance).await;
        let entered = enter_return(&mut work, id, "回盘.csv", content).await?;
        work.commit().await.unwrap();
        Ok(entered)
    }

    pub(super) async fn record(&self, child: ChildId, fact: &AllowanceFact) {
        let mut work = self.work(&self.officer).await;
        record_fact(&mut work, child, fact).await.unwrap();
        work.commit().await.unwrap();
    }

    /// Lines of released batches, and what was transferred and is still owed for them: nothing is lost between, and nothing
    /// is paid twice.
    pub(super) async fn assert_sums(&self) -> PaymentSums {
        let sums = self.office.database.payment_sums().await;
        let carried = sums.lines + sums.owed;
        assert_eq!(
            sums.claimed, carried,
            "transfers are lines plus the debt that is carried"
        );
        assert_eq!(sums.twice, 0, "a claim is under way or paid once");
        assert_eq!(sums.differing, 0, "an attempt pays the whole claim");
        sums
    }
}
