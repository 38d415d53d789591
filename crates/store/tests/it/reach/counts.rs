//! The functions that count above the policies count what the policies let the caller see, on every day.

use kernel::category::Category::{AidsAffected, DeFactoUnattended, LeftBehind, ScatteredOrphan};
use testkit::builders::Child;
use testkit::office::{JINGHE_VILLAGE, LONGQUAN_VILLAGE, Persona, SHANTING_VILLAGE};

use super::scene::{Caller, Scene, run};

/// As the scene, and children whose classes came and went; some live elsewhere than where they are registered.
async fn peopled() -> Scene {
    let scene = Scene::set().await;
    let (march, october) = (
        jiff::civil::date(2021, 3, 1),
        jiff::civil::date(2021, 10, 1),
    );
    let child = |village| Child::named("虚构来往", village);
    let children = [
        child(JINGHE_VILLAGE).status(LeftBehind, march),
        child(LONGQUAN_VILLAGE).status(AidsAffected, march),
        child(JINGHE_VILLAGE)
            .status(ScatteredOrphan, march)
            .status(LeftBehind, october),
        child(LONGQUAN_VILLAGE)
            .ended_status(DeFactoUnattended, march, october)
            .status(ScatteredOrphan, october),
        child(LONGQUAN_VILLAGE)
            .ended_status(ScatteredOrphan, march, october)
            .status(ScatteredOrphan, october),
        child(JINGHE_VILLAGE).ended_status(LeftBehind, march, october),
        child(JINGHE_VILLAGE)
            .status(AidsAffected, march)
            .status(ScatteredOrphan, october)
            .status(LeftBehind, march),
    ];
    let ids = scene
        .office
        .register(Persona::TengzhouOfficer, &children)
        .await;
    let moved = format!(
        "UPDATE registry_person SET residence_division = {SHANTING_VILLAGE} WHERE id IN ('{}', '{}')",
        ids[0], ids[1]
    );
    run(scene.owner(), moved).await;
    scene
}

async fn answers(caller: &Caller, statement: &str) -> Vec<String> {
    let mut lines: Vec<String> = caller
        .ask(statement)
        .await
        .unwrap_or_default()
        .into_iter()
        .flatten()
        .collect();
    lines.sort();
    lines
}

/// What is within the caller's reach of places, and seen by it, as the policies have it.
const SEEN: &str = "registry_span s JOIN registry_person p ON p.id = s.child_id
    AND (p.household_division <@ auth.reach() OR p.residence_division <@ auth.reach())";
/// Two parts, and what lies before, between and behind them.
const BOUNDS: &str =
    "'{0,370406000000,370407000000,370481001000,370481002000,999999999999}'::bigint[]";

#[tokio::test]
async fn children_are_counted_as_the_policies_show_them() {
    let scene = peopled().await;
    let mut counted = 0;
    for caller in scene.callers().await {
        for day in [
            "2021-02-28",
            "2021-03-01",
            "2021-09-30",
            "2021-10-01",
            "2021-11-04",
        ] {
            let held =
                format!("s.from_day <= '{day}' AND (s.to_day IS NULL OR s.to_day > '{day}')");
            let part = format!(
                "({BOUNDS})[width_bucket(CASE WHEN p.household_division <@ auth.reach() THEN p.household_division ELSE p.residence_division END, {BOUNDS})]"
            );
            let seen = answers(&caller, &format!(
                "SELECT concat_ws(' ', {part}, s.category, count(DISTINCT s.child_id)) FROM {SEEN} WHERE {held} GROUP BY {part}, s.category
                 UNION ALL SELECT concat_ws(' ', {part}, count(DISTINCT s.child_id)) FROM {SEEN} WHERE {held} GROUP BY {part}"
            ))
            .await;
            let told = answers(&caller, &format!(
                "SELECT concat_ws(' ', part, category, holders) FROM auth.count_children({BOUNDS}, '{day}')
                 WHERE part IS NOT NULL
                 UNION ALL SELECT concat_ws(' ', part, sum(children)) FROM auth.count_children({BOUNDS}, '{day}')
                 WHERE part IS NOT NULL GROUP BY part"
            ))
            .await;
            assert_eq!(told, seen, "{} on {day}", caller.name);
            counted += told.len();
        }
    }
    assert!(counted > 80, "{counted} figures are too few to compare");
    scene.office.close().await;
}

#[tokio::test]
async fn changes_are_counted_child_by_child_as_the_policies_show_them() {
    let scene = peopled().await;
    let mut counted = 0;
    for caller in scene.callers().await {
        for (first, last) in [
            ("2021-02-01", "2021-11-04"),
            ("2021-03-01", "2021-10-01"),
            ("2021-10-01", "2021-11-03"),
            ("2021-11-04", "2021-11-04"),
        ] {
            let on = |day: &str| {
                format!(
                    "max(s.category) FILTER (WHERE s.from_day <= '{day}' AND (s.to_day IS NULL OR s.to_day > '{day}'))"
                )
            };
            let seen = answers(&caller, &format!(
                "WITH classes AS (SELECT {} AS was, {} AS is_now FROM {SEEN} GROUP BY s.child_id, s.status_group)
                 SELECT concat_ws(' ', category, count(*) FILTER (WHERE was = category),
                     count(*) FILTER (WHERE is_now = category AND was IS NULL), count(*) FILTER (WHERE is_now = category AND was <> category),
                     count(*) FILTER (WHERE was = category AND is_now <> category), count(*) FILTER (WHERE was = category AND is_now IS NULL))
                 FROM classes CROSS JOIN LATERAL (SELECT was AS category UNION SELECT is_now) either WHERE category IS NOT NULL GROUP BY category",
                on(first), on(last)
            ))
            .await;
            let told = answers(
                &caller,
                &format!(
                    "SELECT concat_ws(' ', category, before, new, came, went, removed)
                 FROM auth.count_changes(0, 999999999999, '{first}', '{last}')"
                ),
            )
            .await;
            assert_eq!(told, seen, "{} from {first} to {last}", caller.name);
            counted += told.len();
        }
    }
    assert!(counted > 30, "{counted} figures are too few to compare");
    scene.office.close().await;
}
