//! Ten thousand texts that mean harm, through the API and out again as a workbook: each comes back as the text it was.

use std::collections::BTreeSet;
use std::io::Cursor;

use app::registry::{run_next, take_file};
use axum::body::Body;
use axum::http::StatusCode;
use calamine::{Data, DataType, Reader, Xlsx};
use kernel::ids::JobId;
use serde_json::{Value, json};
use testkit::office::{JINGHE, JINGHE_VILLAGE};

use crate::desk::{Desk, OFFICER};

/// What a name is made of; a number follows, in letters, so that no two are alike and none holds a number.
const KERNELS: [&str; 16] = [
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    "\"><svg onload=alert(1)>",
    "') OR ('x'='x' --",
    "{{constructor.constructor('x')()}}",
    "=HYPERLINK(\"http://x.invalid\")",
    "=1+1",
    "+cmd|' /C calc'!A",
    "@SUM(A:A)",
    "-1+1",
    "\u{202E}甲\u{202C}",
    "\u{2067}שם\u{2069}",
    "\u{20BB7}\u{20B9F}",
    "👨‍👩‍👧",
    "&amp;%00%s%n",
    "甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲",
];
/// Rows of the ledger, each with two such texts: the child's name and the guardian's.
const ROWS: usize = 4_900;
/// Children entered one by one, each with such a name.
const ENTERED: usize = 200;

fn text(n: usize) -> String {
    let letters = n
        .to_string()
        .bytes()
        .map(|digit| char::from(b'a' + digit - b'0'))
        .collect::<String>();
    format!("{}{letters}", KERNELS[n % KERNELS.len()])
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

fn ledger() -> String {
    let mut csv = String::from("序号,姓名,性别,身份证号,镇（街）,村（居）,监护人姓名,类别\n");
    for n in 0..ROWS {
        let (name, guardian) = (quoted(&text(2 * n)), quoted(&text(2 * n + 1)));
        csv += &format!("{n},{name},女,,荆河街道,{VILLAGE},{guardian},社会散居孤儿\n");
    }
    csv
}

/// The village of the builders' children, by name.
const VILLAGE: &str = "荆庄社区";

impl Desk {
    async fn job(&self, path: &str, body: Body, key: &str) -> JobId {
        let (status, told) = self.ask(OFFICER, "POST", path, body, key).await;
        assert_eq!(status, StatusCode::CREATED, "{told}");
        while run_next(&self.office.store).await.unwrap() {}
        told["id"].as_str().unwrap().parse().unwrap()
    }

    /// Every child within reach, as the list shows it, page by page.
    async fn everybody(&self) -> Vec<Value> {
        let (mut all, mut cursor) = (Vec::new(), String::new());
        loop {
            let path = format!("/api/registry/children?limit=200{cursor}");
            let (status, mut page) = self.get(OFFICER, &path).await;
            assert_eq!(status, StatusCode::OK);
            all.append(page["items"].as_array_mut().unwrap());
            let Some(next) = page["next"].as_str() else {
                return all;
            };
            cursor = format!("&cursor={next}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_texts_that_mean_harm_come_back_as_they_were() {
    let desk = Desk::open().await;
    for n in 0..ENTERED {
        let name = text(2 * ROWS + n);
        let child =
            json!({ "name": name, "household": JINGHE_VILLAGE, "fields": { "school": name } });
        let (status, told) = desk.send("POST", "/api/registry/children", child).await;
        assert_eq!(status, StatusCode::CREATED, "{name:?} {told}");
    }
    let upload = format!("/api/registry/ledgers?place={JINGHE}&as_of=2021-10-31&name=x.csv");
    desk.job(&upload, Body::from(ledger()), "ledger").await;

    let listed = desk.everybody().await;
    assert_eq!(listed.len(), ROWS + ENTERED);
    let names: BTreeSet<&str> = listed
        .iter()
        .map(|row| row["name"].as_str().unwrap())
        .collect();
    for n in (2 * ROWS)..(2 * ROWS + ENTERED) {
        assert!(
            names.contains(text(n).as_str()),
            "{:?} was entered and is not listed",
            text(n)
        );
    }

    let order = json!({ "within": JINGHE, "purpose": "核对名册" }).to_string();
    let id = desk
        .job("/api/registry/exports", Body::from(order), "export")
        .await;
    let mut work = desk.office.work(OFFICER).await;
    let (_, bytes) = take_file(&mut work, id).await.unwrap();
    let mut workbook: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).unwrap();
    let sheet = workbook.sheet_names()[0].clone();
    assert!(
        workbook.worksheet_formula(&sheet).unwrap().is_empty(),
        "a text became a formula"
    );
    let range = workbook.worksheet_range(&sheet).unwrap();
    let cells: Vec<&[Data]> = range
        .rows()
        .skip(2)
        .filter(|row| !row[2].is_empty())
        .collect();
    let exported: BTreeSet<&str> = cells
        .iter()
        .map(|row| row[2].get_string().unwrap_or_default())
        .collect();
    assert_eq!(
        exported, names,
        "the workbook has other names than the list"
    );
    let guardians = cells.iter().filter(|row| !row[9].is_empty()).count();
    assert_eq!(guardians, ROWS);
    drop(work);
    desk.office.close().await;
}
