//! Decisions told on paper: the words that are kept, and the pages that are printed.

use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::Arc;

use app::applications::{ApplicationError, ForChild, Obstacle, draft, print_form, print_letter};
use domain::applications::Act;
use kernel::category::Category;
use kernel::explain::Explain;
use kernel::ids::DecisionId;
use kernel::roles::Role;
use press::Press;
use uuid::Uuid;

use crate::applications_scene::{Bureau, family, opened};

/// What stands on the pages, without spaces; nothing where there is no reader of PDFs.
fn read(pdf: &[u8]) -> Option<String> {
    let reader = Command::new("pdftotext")
        .args(["-layout", "-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let Ok(mut reader) = reader else {
        eprintln!("left out: the pages are not read without poppler-utils");
        return None;
    };
    reader.stdin.take().unwrap().write_all(pdf).unwrap();
    let text = String::from_utf8(reader.wait_with_output().unwrap().stdout).unwrap();
    Some(text.split_whitespace().collect())
}

/// The fonts of this machine, if it has any.
fn fonts() -> Option<Arc<Press>> {
    let press = Press::default();
    match press.ready() {
        Ok(()) => Some(Arc::new(press)),
        Err(error) => {
            eprintln!("left out: {error}");
            None
        }
    }
}

#[tokio::test]
async fn a_grandmother_holds_the_decision_in_her_hands_in_the_words_it_was_made_in() {
    let bureau = Bureau::open().await;
    let (id, _) = bureau.proposed().await;
    let work = bureau.approver().await;
    bureau.take(work, id, Act::Confirm).await.unwrap();
    let mut work = bureau.officer().await;
    let decision = opened(&mut work, id).await.decisions.remove(0);
    assert_eq!(decision.number.as_deref(), Some("儿保决〔2021〕1号"));
    let kept = decision.grounds.letter.as_ref().unwrap().lines().join("\n");
    for said in [
        "事实无人抚养儿童认定决定书",
        "申请人：虚构祖母（监护人，祖母）",
        "2021年11月4日提出的关于认定虚构小荆为事实无人抚养儿童的申请",
        "父亲死亡；母亲服刑在押",
        "民发〔2019〕62号",
        "认定虚构小荆为事实无人抚养儿童，自2021年11月4日起纳入保障。",
        "行政复议",
        "行政诉讼",
    ] {
        assert!(kept.contains(said), "{said} in:\n{kept}");
    }
    drop(work);
    if let Some(press) = fonts() {
        // The town that took it in hands it out.
        let mut work = bureau.window(bureau.jinghe).await;
        let pdf = print_letter(&mut work, &press, id, decision.id).await;
        work.commit().await.unwrap();
        if let Some(text) = read(&pdf.unwrap()) {
            for line in kept.lines().take(5) {
                let line: String = line.split_whitespace().collect();
                assert!(text.contains(&line), "{line} in:\n{text}");
            }
            assert!(text.contains("（盖章处）"), "{text}");
        }
        let journal = bureau.office.journal_of(id.uuid()).await;
        assert!(
            journal.contains(&"applications.letter_printed".into()),
            "{journal:?}"
        );
    }
    bureau.office.close().await;
}

#[tokio::test]
async fn a_letter_on_a_decision_that_is_not_there_is_not_printed() {
    let bureau = Bureau::open().await;
    let (id, _) = bureau.proposed().await;
    let mut work = bureau.officer().await;
    let none = DecisionId::from_uuid(Uuid::nil());
    let told = print_letter(&mut work, &Arc::default(), id, none).await;
    assert!(
        matches!(
            told,
            Err(ApplicationError::Hindered(Obstacle::NoSuchDecision))
        ),
        "{told:?}"
    );
    drop(work);
    bureau.office.close().await;
}

#[tokio::test]
async fn a_letter_is_told_again_as_it_was_after_its_office_has_another_name() {
    let bureau = Bureau::open().await;
    let (id, _) = bureau.proposed().await;
    let work = bureau.approver().await;
    bureau.take(work, id, Act::Confirm).await.unwrap();
    let mut work = bureau.officer().await;
    let before = opened(&mut work, id).await.decisions.remove(0);
    drop(work);
    bureau
        .office
        .rename_unit(bureau.tengzhou, "滕州市民政和社会事务局（虚构）")
        .await;
    let mut work = bureau.officer().await;
    let after = opened(&mut work, id).await.decisions.remove(0);
    assert_eq!(before.grounds.letter, after.grounds.letter);
    drop(work);
    bureau.office.close().await;
}

#[tokio::test]
async fn a_form_is_printed_from_a_draft_and_a_machine_without_fonts_says_so() {
    let bureau = Bureau::open().await;
    let id = bureau.drafted(bureau.jinghe).await;
    let mut work = bureau.window(bureau.jinghe).await;
    let none = Arc::new(Press::new("/nowhere/a.ttc", "/nowhere/b.ttf"));
    let told = print_form(&mut work, &none, id).await.unwrap_err();
    assert_eq!(told.code(), "print.no_font");
    drop(work);
    if let Some(press) = fonts() {
        let mut work = bureau.window(bureau.jinghe).await;
        let pdf = print_form(&mut work, &press, id).await.unwrap();
        if let Some(text) = read(&pdf) {
            for said in [
                "虚构小荆",
                "服刑在押，自2021年2月1日起",
                "虚构祖母",
                "申请人承诺",
            ] {
                assert!(text.contains(said), "{said} in:\n{text}");
            }
            assert!(
                !text.contains("379999201306180"),
                "the id stays masked: {text}"
            );
        }
    }
    bureau.office.close().await;
}

#[tokio::test]
async fn the_letter_of_the_sealed_path_names_no_class_and_leaves_no_gap_in_the_numbers() {
    let bureau = Bureau::open().await;
    let mut work = bureau.officer().await;
    let mut wanted = family(Category::AidsAffected);
    if let ForChild::Stated { fields, .. } = &mut wanted.child {
        // Another child than the one of the next application.
        fields.remove("resident_id");
    }
    let id = draft(&mut work, &wanted).await.unwrap();
    work.commit().await.unwrap();
    for act in [Act::Submit, Act::Accept, Act::Verify] {
        let work = bureau.officer().await;
        bureau.take(work, id, act).await.unwrap();
    }
    let proposer = bureau
        .office
        .sign_in(testkit::office::Persona::TengzhouColleague)
        .await;
    let approver = bureau
        .member(bureau.tengzhou, Role::CountyApprover)
        .token
        .clone();
    for token in [&proposer, &approver] {
        let named = bureau.work_as(token).await.officer();
        let mut work = bureau.officer().await;
        app::applications::confide(&mut work, id, named)
            .await
            .unwrap();
        work.commit().await.unwrap();
    }
    let work = bureau.work_as(&proposer).await;
    bureau.take(work, id, Act::Propose).await.unwrap();
    let work = bureau.work_as(&approver).await;
    bureau.take(work, id, Act::Confirm).await.unwrap();
    let mut work = bureau.work_as(&approver).await;
    let decision = opened(&mut work, id).await.decisions.remove(0);
    assert_eq!(decision.number.as_deref(), Some("儿保决〔2021〕特1号"));
    let kept = decision.grounds.letter.unwrap().lines().join("\n");
    for hidden in ["艾滋", "感染", "179号"] {
        assert!(!kept.contains(hidden), "{hidden} in:\n{kept}");
    }
    drop(work);
    let mut work = bureau.window(bureau.jinghe).await;
    let told = print_letter(&mut work, &Arc::default(), id, decision.id).await;
    assert!(matches!(told, Err(ApplicationError::NotFound)), "{told:?}");
    drop(work);
    let (open, _) = bureau.proposed().await;
    let work = bureau.approver().await;
    bureau.take(work, open, Act::Confirm).await.unwrap();
    let mut work = bureau.officer().await;
    let number = opened(&mut work, open).await.decisions.remove(0).number;
    assert_eq!(
        number.as_deref(),
        Some("儿保决〔2021〕1号"),
        "the sealed one is not among them"
    );
    drop(work);
    bureau.office.close().await;
}
