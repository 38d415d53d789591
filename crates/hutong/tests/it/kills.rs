//! Kills of the program and of PostgreSQL while ledgers are imported: every file is wholly in or wholly out.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use kernel::clock::{Entropy, SeededEntropy};
use rustix::process::{Pid, Signal, kill_process};
use testkit::{Census, ledgers};

use crate::folder::Folder;
use crate::run::{Ran, end, start};

const FILES: u32 = 3;
const ROWS: u32 = 300;
/// Kills of one test, each in the import that takes up what the one before left.
const KILLS: usize = 5;

/// What is killed.
#[derive(Debug, Clone, Copy)]
enum Victim {
    Program,
    Postmaster,
    Both,
}

const VICTIMS: [Victim; 3] = [Victim::Program, Victim::Postmaster, Victim::Both];

struct Scene {
    folder: Folder,
    files: Vec<String>,
}

impl Scene {
    fn new() -> Self {
        let folder = Folder::with_office();
        let files = (0..FILES)
            .map(|n| folder.write(&format!("{n}.csv"), ledgers::csv(n * ROWS, ROWS)))
            .collect();
        Self { folder, files }
    }

    fn import(&self) -> std::process::Child {
        let data = self.folder.data();
        let mut arguments = vec![
            "import",
            "--place",
            "370481",
            "--as-of",
            "2021-10-31",
            "--data",
            &data,
        ];
        arguments.extend(self.files.iter().map(String::as_str));
        start(&arguments)
    }

    fn import_whole(&self) -> Duration {
        let began = Instant::now();
        let ran = end(self.import());
        assert_eq!((ran.code, &*ran.stderr), (Some(0), ""));
        began.elapsed()
    }

    /// The postmaster of this folder, while one runs.
    fn postmaster(&self) -> Option<Pid> {
        let cluster = self.folder.path("data/cluster");
        let noted = fs::read_to_string(cluster.join("postmaster.pid")).ok()?;
        let pid: i32 = noted.lines().next()?.trim().parse().ok()?;
        let works_here = fs::read_link(format!("/proc/{pid}/cwd")).is_ok_and(|cwd| cwd == cluster);
        works_here.then(|| Pid::from_raw(pid)).flatten()
    }

    /// Imports, and kills the victim at this moment. Answers how the program ended, and who was there to be killed.
    fn killed_at(&self, moment: Duration, victim: Victim) -> (Ran, &'static str) {
        let mut program = self.import();
        std::thread::sleep(moment);
        let postmaster = self.postmaster();
        if !matches!(victim, Victim::Postmaster) {
            // One that has ended already cannot be killed any more.
            let _ = program.kill();
        }
        let struck = match (victim, postmaster) {
            (Victim::Program, _) => "the program",
            (_, None) => "no postmaster there",
            (_, Some(pid)) => {
                let _ = kill_process(pid, Signal::KILL);
                "the postmaster"
            }
        };
        (end(program), struck)
    }

    async fn census(&self) -> Census {
        Census::of_folder(Path::new(&self.folder.data())).await
    }

    /// Each file in or out, in their order, and the journal with the tables. Answers how many are in.
    async fn whole_files(&self) -> usize {
        let census = self.census().await;
        assert_eq!(census.contradictions, [""; 0]);
        let within = census.ledgers.len();
        assert_eq!(census.ledgers, self.files[..within]);
        assert_eq!(
            census.count(),
            i64::try_from(within).unwrap() * i64::from(ROWS)
        );
        let registered = census.journal.get("registry.child_registered").copied();
        assert_eq!(registered.unwrap_or(0), census.count());
        within
    }

    /// Completes what the kills left, and compares it with what would be there without them.
    async fn completes_to(&self, expected: &Census) {
        self.import_whole();
        let mut census = self.census().await;
        census.ledgers.clear();
        // Sessions of killed programs end by themselves after their time.
        census.rows.insert("auth.session".into(), 0);
        assert_eq!(&census, expected, "as if nothing had happened");
    }
}

/// Kills at random moments of the time that an import takes, and completes it.
async fn disturb(seed: u64, first: usize) {
    println!("seed {seed}");
    let chance = SeededEntropy::new(seed);
    let mut scene = Scene::new();
    let lasts = scene.import_whole();
    let mut expected = scene.census().await;
    expected.ledgers.clear();
    println!("undisturbed: {lasts:?}");
    scene = Scene::new();
    let mut before = 0;
    for kill in 0..KILLS {
        let victim = VICTIMS[(first + kill) % VICTIMS.len()];
        let mut bytes = [0; 2];
        chance.fill(&mut bytes);
        let part = f64::from(u16::from_le_bytes(bytes)) / 65_536.0;
        // Files that are in already are passed quickly.
        let left = 1.0 - before as f64 / f64::from(2 * FILES);
        let moment = lasts.mul_f64(part * left);
        let (ran, struck) = scene.killed_at(moment, victim);
        if let Some(code) = ran.code {
            assert!(code == 0 || ran.refusal_code().is_some(), "{}", ran.stderr);
        }
        let after = scene.whole_files().await;
        assert!(after >= before, "what is in stays in");
        println!(
            "{:>5} ms: {victim:?}, struck {struck}, exit {:?}, files in before {before}, after {after}",
            moment.as_millis(),
            ran.code
        );
        before = after;
        if after == scene.files.len() && kill + 1 < KILLS {
            scene.completes_to(&expected).await;
            (scene, before) = (Scene::new(), 0);
        }
    }
    scene.completes_to(&expected).await;
}

// Twenty kills in four tests, which run beside one another.

#[tokio::test]
async fn a_killed_import_leaves_whole_files_and_completes_when_run_again() {
    disturb(20_211_104, 0).await;
}

#[tokio::test]
async fn a_second_killed_import_does_so_too() {
    disturb(4_110_212, 1).await;
}

#[tokio::test]
async fn a_third_killed_import_does_so_too() {
    disturb(535, 2).await;
}

#[tokio::test]
async fn a_fourth_killed_import_does_so_too() {
    disturb(2_447, 0).await;
}
