//! `docs/operations.md`: every command in it, read from the document and executed in its order.
//!
//! Only what belongs to a machine and not to the program is stood in for: where this account is not root, the account
//! `hutong` (`runuser`, owners); the service manager (`systemctl`, which here starts what the unit's `ExecStart` names, in the unit's environment),
//! and the folders, which lie under the test's own; the external PostgreSQL is a server of its own that the test runs.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use store::cluster::Binaries;
use testkit::ledgers;

use crate::folder::{Folder, is_root};
use crate::run::run;

const DOCUMENT: &str = "../../docs/operations.md";
const UNIT: &str = "../../packaging/hutong.service";
const ROLES: &str = "../../packaging/external-postgresql.sql";
/// The first command of the section that a machine without `psql` cannot try.
const MOVE: &str = "before-move";
const PASSPHRASE: &str = "一句足够长的托管口令作证";
/// The folders of a machine that the document speaks of.
const FOLDERS: [&str; 6] = [
    "/var/lib/",
    "/etc/",
    "/srv/",
    "/run/",
    "/usr/local/bin/",
    "/usr/sbin/",
];

/// How root becomes the account that the service runs as: `runuser` would stand between the manager's signal and the
/// program, and wait two seconds after every one.
const AS_HUTONG: &str = "setpriv --reuid=hutong --regid=hutong --init-groups --";
const RUNUSER: &str = "#!/bin/sh\nshift 3\nexec \"$@\"\n";
const USERADD: &str = "#!/bin/sh\nexit 0\n";
/// Owners are another account's, which this one may not give files to.
const INSTALL: &str = "#!/bin/bash\nkept=()\nwhile [ $# -gt 0 ]; do case $1 in -o|-g) shift 2;; *) kept+=(\"$1\"); shift;; esac; done\nexec /usr/bin/install \"${kept[@]}\"\n";
const SYSTEMCTL: &str = r#"#!/bin/bash
set -eu
unit=$MACHINE/etc/systemd/system/hutong.service
# Who has ended and waits for the machine to notice has no program any more.
runs() { readlink "/proc/$(cat "$MACHINE/pid")/exe" > /dev/null; }
start() {
    files=$(sed -n 's/^EnvironmentFile=-//p' "$unit")
    $AS env $(sed -n 's/^Environment=//p' "$unit") $(cat $files 2> /dev/null) setsid $(sed -n 's/^ExecStart=//p' "$unit") \
        >> "$MACHINE/journal" 2>&1 < /dev/null & echo $! > "$MACHINE/pid"
    for _ in $(seq 600); do
        runs || exit 1
        tail -n +"$1" "$MACHINE/journal" | grep -q 'http://127.0.0.1:' && return
        sleep 0.1
    done
    exit 1
}
stop() {
    kill -TERM "$(cat "$MACHINE/pid")"
    while runs; do sleep 0.05; done
}
touch "$MACHINE/journal"
from=$(($(wc -l < "$MACHINE/journal") + 1))
case $* in
    daemon-reload) test -f "$unit" ;;
    'enable --now hutong' | 'start hutong') start "$from" ;;
    'stop hutong') stop ;;
    'restart hutong') stop; start "$from" ;;
    *) exit 1 ;;
esac
"#;

/// The commands of the document, in its order.
fn commands() -> Vec<String> {
    let document = Path::new(env!("CARGO_MANIFEST_DIR")).join(DOCUMENT);
    let text = fs::read_to_string(document).unwrap();
    let mut commands = Vec::new();
    let mut within = false;
    for line in text.lines() {
        match line {
            "```console" => within = true,
            "```" => within = false,
            line if within => commands.push(line.strip_prefix("# ").unwrap().to_owned()),
            _ => (),
        }
    }
    commands
}

/// A machine of its own: programs that stand in for others, and every folder under one.
struct Machine {
    folder: Folder,
}

impl Machine {
    fn new() -> Self {
        let machine = Self {
            folder: Folder::new(),
        };
        for folder in FOLDERS {
            fs::create_dir_all(machine.path(folder)).unwrap();
        }
        fs::create_dir_all(machine.path("/etc/systemd/system")).unwrap();
        let mut programs = vec![("useradd", USERADD), ("systemctl", SYSTEMCTL)];
        if !is_root() {
            programs.extend([("runuser", RUNUSER), ("install", INSTALL)]);
        }
        for (name, text) in programs {
            let program = machine.path("/usr/sbin/").join(name);
            fs::write(&program, text).unwrap();
            fs::set_permissions(program, fs::Permissions::from_mode(0o755)).unwrap();
        }
        // What the person brings: the program and the unit.
        fs::copy(env!("CARGO_BIN_EXE_hutong"), machine.path("/hutong")).unwrap();
        let packaged = Path::new(env!("CARGO_MANIFEST_DIR"));
        let unit = machine.here(&fs::read_to_string(packaged.join(UNIT)).unwrap());
        fs::write(machine.path("/hutong.service"), unit).unwrap();
        fs::copy(
            packaged.join(ROLES),
            machine.path("/external-postgresql.sql"),
        )
        .unwrap();
        machine
    }

    fn path(&self, absolute: &str) -> std::path::PathBuf {
        self.folder.path(absolute.trim_start_matches('/'))
    }

    /// The text with the machine's folders in place of the real ones.
    fn here(&self, text: &str) -> String {
        let root = self.path("/").display().to_string();
        let root = root.trim_end_matches('/');
        FOLDERS.iter().fold(text.to_owned(), |text, folder| {
            text.replace(folder, &format!("{root}{folder}"))
        })
    }

    fn bash(&self) -> Command {
        let path = std::env::var("PATH").unwrap();
        let own = [self.path("/usr/sbin"), self.path("/usr/local/bin")];
        let own = own.map(|folder| folder.display().to_string()).join(":");
        let mut bash = Command::new("bash");
        bash.args(["-euo", "pipefail"])
            .current_dir(self.path("/"))
            .env("PATH", format!("{own}:{path}"))
            .env("MACHINE", self.path("/"))
            .env("AS", if is_root() { AS_HUTONG } else { "" })
            .env("HUTONG_PASSPHRASE", PASSPHRASE)
            .env("HUTONG_LISTEN", "127.0.0.1:0")
            .env("HUTONG_PUBLIC_LISTEN", "127.0.0.1:0")
            .env("LC_ALL", "C.UTF-8")
            .env_remove("DATABASE_URL")
            .env_remove("HUTONG_OWNER_URL")
            .env_remove("HUTONG_PUBLIC_URL");
        bash
    }
}

impl Machine {
    /// Starts the PostgreSQL that somebody else keeps for the office; `false` where there is no `psql` to reach it by.
    fn start_external(&self) -> bool {
        if Command::new("psql").arg("--version").output().is_err() {
            return false;
        }
        let bin = Binaries::find().unwrap().bin().display().to_string();
        // Passwords are asked of everybody but the superuser, who sits at that machine.
        let script = format!(
            "install -d -m 755 run/postgresql external && {{ [ -z \"$AS\" ] || chown hutong run/postgresql external; }}
             $AS {bin}/initdb --pgdata=external/data --username=postgres --auth=scram-sha-256 --auth-local=trust --no-sync > external.log
             printf 'local all postgres trust\\nlocal all all scram-sha-256\\n' > external/data/pg_hba.conf
             $AS {bin}/pg_ctl start --wait --silent --pgdata=external/data --log=external/data/log \\
                 --options=\"-c listen_addresses='' -c unix_socket_directories=$PWD/run/postgresql\""
        );
        let ran = run(self.bash().args(["-c", &script]), "");
        assert_eq!(ran.code, Some(0), "{}{}", ran.stdout, ran.stderr);
        true
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        let stop = "kill -TERM \"$(cat pid)\" && while readlink \"/proc/$(cat pid)/exe\"; do sleep 0.05; done
            [ ! -f external/data/postmaster.pid ] || kill -INT \"$(head -n 1 external/data/postmaster.pid)\"
            while [ -f external/data/postmaster.pid ]; do sleep 0.05; done";
        let _ = self
            .bash()
            .args(["+e", "-c", stop])
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .status();
    }
}

#[test]
fn every_command_of_the_document_does_what_it_says() {
    if is_root()
        && !fs::read_to_string("/etc/passwd")
            .unwrap()
            .contains("\nhutong:")
    {
        println!("not run: the set-up has not made the account hutong");
        return;
    }
    let machine = Machine::new();
    let mut commands = commands();
    assert!(commands.len() > 35, "{commands:?}");
    let moved = machine.start_external();
    if !moved {
        println!("not run: the move to an external PostgreSQL, for want of psql");
        let kept = commands.iter().position(|command| command.contains(MOVE));
        commands.truncate(kept.unwrap());
    }
    let mut script = String::new();
    for command in &commands {
        script.push_str(&format!(
            "printf '%s\\n' {} >&2\n{}\n",
            quoted(command),
            machine.here(command)
        ));
        // Between them the office works: what is restored at the end must hold it.
        if command == "systemctl restart hutong" {
            script.push_str(&imported(&machine));
        }
    }
    let began = Instant::now();
    let ran = run(machine.bash().args(["-c", &script]), "");
    let journal = fs::read_to_string(machine.path("/journal")).unwrap_or_default();
    assert_eq!(
        ran.code,
        Some(0),
        "{}\n{}\n{journal}",
        ran.stdout,
        ran.stderr
    );
    println!("{} commands in {:?}", commands.len(), began.elapsed());
    let stopped = run(machine.bash().args(["-c", "systemctl stop hutong"]), "");
    assert_eq!(stopped.code, Some(0), "{}", stopped.stderr);
    // The office that was restored, and moved, knows the child that was registered before.
    assert_ne!(machine.path("/var/lib/hutong/cluster").exists(), moved);
    let again = format!("{} | grep -q '新登记 0 人'", import(&machine));
    let ran = run(machine.bash().args(["-c", &again]), "");
    assert_eq!(ran.code, Some(0), "{}{}", ran.stdout, ran.stderr);
}

/// A ledger taken in at the machine, while the service stands still.
fn imported(machine: &Machine) -> String {
    format!(
        "systemctl stop hutong\n{}\nsystemctl start hutong\n",
        import(machine)
    )
}

fn import(machine: &Machine) -> String {
    let ledger = machine.folder.write("台账.csv", ledgers::csv(0, 5));
    let data = machine.path("/var/lib/hutong").display().to_string();
    let external = machine
        .path("/etc/hutong/database.env")
        .display()
        .to_string();
    format!(
        "$AS env $(cat {external} 2> /dev/null) hutong --lang zh import {ledger} --place 370481 --as-of 2021-10-31 --data {data}"
    )
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}
