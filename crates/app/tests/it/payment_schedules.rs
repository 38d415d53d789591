//! Whatever the order of releases, files, answers and corrections: a claim is paid once, and nothing is lost.

use app::allowances::PayError;
use kernel::clock::{Entropy, SeededEntropy};
use store::allowances::AccountOf;

use crate::payment_scene::Paying;

/// A number below this one.
fn below(entropy: &SeededEntropy, bound: u8) -> usize {
    let mut byte = [0];
    entropy.fill(&mut byte);
    usize::from(byte[0] % bound)
}

#[tokio::test]
async fn over_any_schedule_of_files_and_answers_a_claim_is_paid_once() {
    for seed in 0..3 {
        let entropy = SeededEntropy::new(seed);
        let paying = Paying::scene().await;
        let mut numbers: Vec<String> = Vec::new();
        let (mut open, mut released) = (Vec::new(), 0);
        for step in 0..40 {
            match below(&entropy, 5) {
                0 if released < 9 => {
                    released += 1;
                    paying.release(&format!("2021-{released:02}")).await;
                }
                1 | 2 => {
                    let number = format!("60000000{step:08}");
                    let of = match below(&entropy, 5) {
                        4 => AccountOf::Home(paying.home),
                        at => AccountOf::Child(paying.children[at]),
                    };
                    paying.account(of, &number).await;
                    numbers.push(number);
                }
                3 => match paying.make(&paying.finance, "general_csv").await {
                    Ok(file) => open.push(file),
                    Err(PayError::Nothing) => {}
                    Err(error) => panic!("{error}"),
                },
                _ if !open.is_empty() => {
                    let file = open.swap_remove(below(&entropy, u8::try_from(open.len()).unwrap()));
                    let failing = numbers.iter().filter(|_| below(&entropy, 3) == 0);
                    let failing: Vec<&str> = failing.map(String::as_str).collect();
                    let answer = paying.answer(file, &failing).await;
                    paying.enter(file, &answer).await.unwrap();
                }
                _ => {}
            }
            paying.assert_sums().await;
        }
        // At the end everybody has an account that works, and everything is paid.
        for file in open {
            let answer = paying.answer(file, &[]).await;
            paying.enter(file, &answer).await.unwrap();
        }
        paying.accounts().await;
        if let Ok(file) = paying.make(&paying.finance, "general_csv").await {
            let answer = paying.answer(file, &[]).await;
            paying.enter(file, &answer).await.unwrap();
        }
        assert_eq!(paying.assert_sums().await.unpaid, 0, "seed {seed}");
        paying.office.close().await;
    }
}
