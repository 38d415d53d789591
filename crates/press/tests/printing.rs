//! Printed pages, read by a reader of PDFs that is not ours.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::Write;
use std::process::{Command, Stdio};

use domain::document::{Block, Cell, Document};
use jiff::civil::{Date, date};
use kernel::explain::{Explain, Lang};
use press::{FALLBACK_FONT, FONT, Press, PressError};

const ON: Date = date(2021, 11, 25);

/// Whether the fonts and the reader are here; if not, says so.
fn is_equipped() -> bool {
    let reads = Command::new("pdftotext").arg("-v").output().is_ok();
    let ready = Press::default().ready().is_ok();
    if !(reads && ready) {
        eprintln!("left out: needs fonts-noto-cjk or fonts-lxgw-wenkai, and poppler-utils");
    }
    reads && ready
}

/// What stands on the pages.
fn read(pdf: &[u8]) -> String {
    let mut reader = Command::new("pdftotext")
        .args(["-layout", "-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    reader.stdin.take().unwrap().write_all(pdf).unwrap();
    String::from_utf8(reader.wait_with_output().unwrap().stdout).unwrap()
}

fn letter(paragraphs: usize) -> Document {
    let said = "你（单位）于2021年11月4日提出的关于认定虚构小荆为事实无人抚养儿童的申请，已由荆河街道办事处受理并查验，现已审查终结。";
    let mut blocks = vec![
        Block::Line("申请人：虚构祖母（监护人，祖母）".into()),
        Block::Table(vec![
            vec![
                Cell::label("姓名"),
                Cell::of("虚构小荆"),
                Cell::label("性别"),
                Cell::of("女"),
            ],
            vec![
                Cell::label("意见"),
                Cell::Room("经办人：　　（盖章）".into()),
            ],
        ]),
        Block::Heading("一、事实和理由".into()),
    ];
    blocks.extend((0..paragraphs).map(|_| Block::Paragraph(said.into())));
    blocks.push(Block::Seal {
        office: "滕州市民政局".into(),
        day: "2021年11月25日".into(),
    });
    Document {
        title: "事实无人抚养儿童认定决定书".into(),
        number: Some("儿保决〔2021〕1号".into()),
        blocks,
    }
}

#[test]
fn a_letter_reads_on_paper_as_it_was_written_and_has_room_for_the_seal() {
    if !is_equipped() {
        return;
    }
    let pdf = Press::default().print(&letter(2), ON).unwrap();
    assert!(pdf.starts_with(b"%PDF-"));
    let text = read(&pdf);
    let joined: String = text.split_whitespace().collect();
    for said in [
        "事实无人抚养儿童认定决定书",
        "儿保决〔2021〕1号",
        "申请人：虚构祖母（监护人，祖母）",
        "现已审查终结。",
        "（盖章处）",
        "滕州市民政局",
        "2021年11月25日",
        "第1页共1页",
    ] {
        assert!(joined.contains(said), "{said} in:\n{text}");
    }
    for line in text.lines() {
        let head = line.trim_start().chars().next();
        assert!(!head.is_some_and(|c| "，。、；".contains(c)), "{line}");
    }
}

#[test]
fn a_long_letter_goes_on_over_pages_and_its_seal_stands_under_words_of_it() {
    if !is_equipped() {
        return;
    }
    // Every length that a letter may have, so that one ends where the seal has no room any more.
    for paragraphs in 4..=14 {
        let text = read(&Press::default().print(&letter(paragraphs), ON).unwrap());
        let pages: Vec<String> = text
            .split('\u{c}')
            .map(|page| page.split_whitespace().collect())
            .filter(|page: &String| !page.is_empty())
            .collect();
        assert!(
            pages[0].contains(&format!("第1页共{}页", pages.len())),
            "{text}"
        );
        let last = pages.last().unwrap();
        assert!(
            last.contains("滕州市民政局") && last.contains("（盖章处）"),
            "{text}"
        );
        assert!(
            last.contains("现已审查终结。"),
            "no page of nothing but a seal, at {paragraphs}: {text}"
        );
    }
}

#[test]
fn the_same_letter_gives_the_same_bytes() {
    if !is_equipped() {
        return;
    }
    let print = || Press::default().print(&letter(2), ON).unwrap();
    assert_eq!(print(), print());
}

#[test]
fn a_character_that_no_font_has_is_named_and_nothing_is_printed() {
    if !is_equipped() {
        return;
    }
    // A character of plane 3 whose code is not assigned.
    let unheard_of = char::from_u32(0x3FFF0).unwrap();
    let named = |name: &str| Document {
        title: format!("关于虚构{name}的决定书"),
        ..letter(1)
    };
    let error = Press::default().print(&named(&unheard_of.to_string()), ON);
    let error = error.unwrap_err();
    let characters = vec![unheard_of];
    assert_eq!(error, PressError::NoGlyph { characters });
    assert!(error.explain(Lang::Zh).contains("U+3FFF0"), "{error}");
    // A level-3 character is printed where one of the fonts has it, and named where none does.
    match Press::default().print(&named("𬭎"), ON) {
        Ok(pdf) => assert!(read(&pdf).contains('𬭎')),
        Err(error) => assert!(error.explain(Lang::Zh).contains("𬭎"), "{error}"),
    }
}

#[test]
fn the_second_font_stands_in_for_the_first() {
    if !is_equipped() {
        return;
    }
    let second = Press::new("/nowhere/font.ttc", FALLBACK_FONT);
    let first = Press::new(FONT, "/nowhere/font.ttf");
    for press in [second, first] {
        if press.ready().is_ok() {
            let text = read(&press.print(&letter(1), ON).unwrap());
            assert!(text.contains("滕州市民政局"), "{press:?} {text}");
        }
    }
}

#[test]
fn without_fonts_one_sentence_says_what_to_install() {
    let folder = tempfile::tempdir().unwrap();
    let none = Press::new(folder.path().join("a.ttc"), folder.path().join("b.ttf"));
    let error = none.print(&letter(1), ON).unwrap_err();
    assert_eq!(error.code(), "print.no_font");
    assert!(error.explain(Lang::Zh).contains("fonts-noto-cjk"));
    let text = folder.path().join("c.ttf");
    std::fs::write(&text, "no font").unwrap();
    let wrong = Press::new(&text, folder.path().join("b.ttf"));
    let path = text;
    assert_eq!(wrong.ready(), Err(PressError::NotAFont { path }));
}
