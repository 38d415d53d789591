//! `hutong bench` at its smallest: every figure is there, beside its raw limit; no time is judged.

use std::collections::BTreeSet;

use crate::run::hutong;

#[test]
fn a_quick_bench_reports_every_figure_beside_its_raw_limit() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("bench.json");
    let ran = hutong(&["bench", "--quick", "--out", out.to_str().unwrap()], "");
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);

    let report: serde_json::Value = serde_json::from_slice(&std::fs::read(&out).unwrap()).unwrap();
    assert_eq!(report["quick"], true);
    let figures = report["figures"].as_array().unwrap();
    let keys: BTreeSet<&str> = figures.iter().map(|f| f["key"].as_str().unwrap()).collect();
    let mut expected: BTreeSet<String> = [
        "replay.child_months_per_second",
        "compute.children_per_second",
        "compute.peak_memory",
        "import.children_per_second",
        "decide.per_second",
        "search.slowest.p95",
        "start.seconds",
        "idle.resident",
    ]
    .map(String::from)
    .into();
    for file in ["xlsx", "csv"] {
        for figure in ["seconds", "rows_per_second", "peak_memory"] {
            expected.insert(format!("check.{file}.{figure}"));
        }
    }
    for kind in ["name", "surname", "pinyin", "initials", "resident_id"] {
        for role in ["county_officer", "child_supervisor", "child_director"] {
            for share in ["p50", "p95"] {
                expected.insert(format!("search.{kind}.{role}.{share}"));
            }
        }
    }
    // Without PostgreSQL's own programs there is nothing to compare with, and the bench says so.
    if !ran.stderr.contains("pgbench") {
        for kind in ["list", "open", "edit"] {
            for figure in ["per_second", "p99", "ratio"] {
                expected.insert(format!("requests.{kind}.{figure}"));
            }
        }
        expected.insert("requests.beside_slow.p99".into());
        expected.insert("backup.seconds".into());
        expected.insert("backup.and_restore.seconds".into());
    }
    assert_eq!(keys, expected.iter().map(String::as_str).collect());
    for figure in figures {
        let measured = |value: &serde_json::Value| value["median"].as_f64().unwrap() > 0.0;
        assert!(
            measured(&figure["value"]) && measured(&figure["raw_limit"]["value"]),
            "{figure}"
        );
        // A quick run is too small for its targets to say anything.
        assert!(figure["met"].is_null(), "{figure}");
    }
}

#[test]
fn a_ledger_that_the_bare_reader_cannot_read_is_named() {
    let ran = hutong(&["bench", "--alone", "/nowhere/ledger.xlsx"], "");
    assert_eq!(
        (ran.code, ran.stderr.contains("bench.unreadable")),
        (Some(2), true),
        "{}",
        ran.stderr
    );
}
