//! The demo's figures are the demo's alone.

use kernel::explain::Explain;
use store::demo;
use store::installation::Kind;
use testkit::Office;
use testkit::office::TODAY;

#[tokio::test]
async fn an_office_counts_no_figures_without_a_reach() {
    let office = Office::found().await;
    let refused = demo::figures(office.store.pool(), TODAY).await.unwrap_err();
    assert_eq!(refused.code(), "store.database");
    // Not even its owner is given them.
    assert!(demo::figures(&office.database.owner, TODAY).await.is_err());
    office.close().await;

    let demo = Office::found_as(Kind::Demo).await;
    assert!(demo::figures(demo.store.pool(), TODAY).await.is_ok());
    demo.close().await;
}
