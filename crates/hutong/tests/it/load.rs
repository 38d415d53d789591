//! `hutong serve` when many come at once, and when some of them are slow or send too much: everybody else is answered.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::Child;
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use crate::folder::Folder;
use crate::run::{Ran, end, start};

/// Two gibibytes, in the KiB that the kernel tells.
const TWO_GIB: u64 = 2 << 20;

/// An empty office at work behind a proxy on this machine.
struct Serving {
    child: Child,
    port: u16,
    _folder: Folder,
}

impl Serving {
    fn start() -> Self {
        let folder = Folder::with_office();
        let data = folder.data();
        let mut child = start(&[
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--trusted-proxy",
            "127.0.0.1/32",
            "--data",
            &data,
        ]);
        let mut said = BufReader::new(child.stderr.take().unwrap());
        let port = loop {
            let mut line = String::new();
            assert_ne!(said.read_line(&mut line).unwrap(), 0, "it ended");
            if let Some((_, address)) = line.split_once("http://127.0.0.1:") {
                break address.split('/').next().unwrap().parse().unwrap();
            }
        };
        // A log that nobody reads would stop the server.
        thread::spawn(move || std::io::copy(&mut said, &mut std::io::sink()));
        Self {
            child,
            port,
            _folder: folder,
        }
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(60)))
            .unwrap();
        stream
    }

    /// The program's largest resident set so far, KiB.
    fn peak(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = line.unwrap().trim().strip_suffix(" kB").unwrap();
        kib.parse().unwrap()
    }

    fn stop(self) -> Ran {
        let pid = Pid::from_raw(i32::try_from(self.child.id()).unwrap()).unwrap();
        kill_process(pid, Signal::TERM).unwrap();
        end(self.child)
    }
}

/// The status of what is answered, 0 for nothing.
fn status(stream: &mut TcpStream) -> u16 {
    let mut answer = Vec::new();
    // Whoever is cut off may find the connection reset.
    let _ = stream.read_to_end(&mut answer);
    let text = String::from_utf8_lossy(&answer);
    text.strip_prefix("HTTP/1.1 ")
        .and_then(|rest| rest.get(..3)?.parse().ok())
        .unwrap_or_default()
}

/// A sign-in by somebody unknown, which costs as much work as one by somebody known.
fn sign_in(mut stream: TcpStream, number: u8) -> u16 {
    let body = format!(r#"{{"login":"nobody{number}","password":"correct horse {number}"}}"#);
    write!(
        stream,
        "POST /api/organisation/session HTTP/1.1\r\nHost: hutong.example\r\nOrigin: https://hutong.example\r\n\
         X-Forwarded-For: 10.9.8.{number}\r\nX-Forwarded-Proto: https\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    status(&mut stream)
}

#[test]
fn a_hundred_sign_ins_at_once_stay_within_two_gibibytes() {
    let serving = Serving::start();
    let mut answers = BTreeMap::new();
    let asking: Vec<_> = (1..=100)
        .map(|number| (serving.connect(), number))
        .map(|(stream, number)| thread::spawn(move || sign_in(stream, number)))
        .collect();
    for one in asking {
        *answers.entry(one.join().unwrap()).or_insert(0) += 1;
    }
    // Whoever finds no place in time is asked to come again; nobody is refused for another reason.
    assert!(
        answers.keys().all(|code| [401, 503].contains(code)),
        "{answers:?}"
    );
    assert!(answers[&401] >= 64, "{answers:?}");
    let peak = serving.peak();
    assert!(peak < TWO_GIB, "{peak} KiB");
    assert_eq!(serving.stop().code, Some(0));
}

#[test]
fn slow_and_oversized_requests_keep_nobody_else_waiting() {
    let serving = Serving::start();
    let slow: Vec<TcpStream> = (0..200)
        .map(|number| {
            let mut stream = serving.connect();
            let head = match number % 2 {
                0 => "GET /api/health HTTP/1.1\r\nHost: hutong.example\r\nX-Slow: ",
                _ => {
                    "POST /api/organisation/session HTTP/1.1\r\nHost: hutong.example\r\nOrigin: https://hutong.example\r\n\
                     Content-Type: application/json\r\nContent-Length: 60000\r\n\r\n{"
                }
            };
            stream.write_all(head.as_bytes()).unwrap();
            stream
        })
        .collect();
    for number in 0..100 {
        let mut normal = serving.connect();
        normal
            .write_all(
                b"GET /api/health HTTP/1.1\r\nHost: hutong.example\r\nConnection: close\r\n\r\n",
            )
            .unwrap();
        assert_eq!(status(&mut normal), 200, "after {number}");
        if number % 10 == 0 {
            let mut large = serving.connect();
            let head = "POST /api/organisation/session HTTP/1.1\r\nHost: hutong.example\r\n\
                        Origin: https://hutong.example\r\nContent-Length: 1000000\r\n\r\n";
            large.write_all(head.as_bytes()).unwrap();
            let _ = large.write_all(&vec![b'x'; 1_000_000]);
            let told = status(&mut large);
            assert!([0, 413].contains(&told), "{told}");
        }
    }
    for mut stream in slow {
        let told = status(&mut stream);
        assert!(
            [0, 408].contains(&told),
            "cut off, not answered with {told}"
        );
    }
    assert_eq!(serving.stop().code, Some(0));
}
