//! Children on file: registered, amended, counted, and what the database refuses.

mod amend;
mod department;
mod figures;
mod register;
mod spans;
mod spans_at_once;

use kernel::ids::ChildId;
use store::registry::{ChildFile, files};
use testkit::Office;
use testkit::office::Persona;

/// The file as this persona sees it.
async fn file(office: &Office, persona: Persona, child: ChildId) -> Option<ChildFile> {
    let mut work = office.work(persona).await;
    files(&mut work, &[child]).await.unwrap().pop()
}

/// Holds for every person at every moment: the search keys are those of the name, with the person's divisions and seal.
async fn keys_follow_names(office: &Office) {
    let persons: Vec<(uuid::Uuid, String, Vec<String>, i64)> = sqlx::query_as(
        "SELECT p.id, p.name, array_agg(k.key ORDER BY k.key),
                count(*) FILTER (WHERE (k.household_division, k.residence_division, k.sealed)
                    IS DISTINCT FROM (p.household_division, p.residence_division, p.sealed))
         FROM registry_person p LEFT JOIN registry_name_key k ON k.person_id = p.id GROUP BY p.id",
    )
    .fetch_all(&office.database.owner)
    .await
    .unwrap();
    assert!(!persons.is_empty());
    for (id, name, keys, strayed) in persons {
        let mut expected = domain::registry::name_keys(&name);
        expected.sort();
        assert_eq!(keys, expected, "{name}");
        assert_eq!(strayed, 0, "{name} {id}");
    }
}
