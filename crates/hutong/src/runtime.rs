//! What a verb with a database or a network runs on, and how that can fail.

use std::future::Future;
use std::io;
use std::path::PathBuf;

use kernel::explain::{Explain, Lang};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use crate::outcome::Fault;

/// The runtime could not be made: the machine is out of threads or files.
#[derive(Debug, thiserror::Error)]
#[error("the runtime did not start")]
struct NoRuntime(#[source] io::Error);

impl Explain for NoRuntime {
    fn code(&self) -> &'static str {
        "runtime.unavailable"
    }

    fn explain(&self, lang: Lang) -> String {
        match lang {
            Lang::Zh => format!("程序无法启动工作线程：{}。请关闭其他程序后重试。", self.0),
            Lang::En => format!(
                "The program cannot start its threads: {}. Close other programs and try again.",
                self.0
            ),
        }
    }
}

/// The port is another program's.
#[derive(Debug, thiserror::Error)]
#[error("port {port} is taken")]
pub(crate) struct PortTaken {
    pub(crate) port: u16,
    #[source]
    pub(crate) cause: io::Error,
}

impl Explain for PortTaken {
    fn code(&self) -> &'static str {
        "port.unavailable"
    }

    fn explain(&self, lang: Lang) -> String {
        let Self { port, cause } = self;
        match lang {
            Lang::Zh => format!(
                "端口 {port} 不可用（{cause}）。请用 --port 换一个端口，或先停止占用它的程序。"
            ),
            Lang::En => format!(
                "Port {port} is not to be had ({cause}). Name another with --port, or stop the program that holds it."
            ),
        }
    }
}

/// A file could not be written.
#[derive(Debug, thiserror::Error)]
#[error("cannot write {}", path.display())]
pub(crate) struct Unwritable {
    pub(crate) path: PathBuf,
    #[source]
    pub(crate) cause: io::Error,
}

impl Explain for Unwritable {
    fn code(&self) -> &'static str {
        "file.unwritable"
    }

    fn explain(&self, lang: Lang) -> String {
        let (path, cause) = (self.path.display(), &self.cause);
        match lang {
            Lang::Zh => format!("无法写入 {path}：{cause}。请检查磁盘空间和权限后重试。"),
            Lang::En => format!(
                "{path} cannot be written: {cause}. Check the disk's space and the permissions, then try again."
            ),
        }
    }
}

/// A file could not be read.
#[derive(Debug, thiserror::Error)]
#[error("cannot read {}", path.display())]
pub(crate) struct Unreadable {
    pub(crate) path: PathBuf,
    #[source]
    pub(crate) cause: io::Error,
}

impl Explain for Unreadable {
    fn code(&self) -> &'static str {
        "file.unreadable"
    }

    fn explain(&self, lang: Lang) -> String {
        let (path, cause) = (self.path.display(), &self.cause);
        match lang {
            Lang::Zh => format!("无法读取 {path}：{cause}。请核对路径和权限后重试。"),
            Lang::En => {
                format!(
                    "{path} cannot be read: {cause}. Check path and permissions, then try again."
                )
            }
        }
    }
}

/// The server ended by itself.
#[derive(Debug, thiserror::Error)]
#[error("serving ended")]
pub(crate) struct ServingEnded(#[source] pub(crate) io::Error);

impl Explain for ServingEnded {
    fn code(&self) -> &'static str {
        "serve.ended"
    }

    fn explain(&self, lang: Lang) -> String {
        match lang {
            Lang::Zh => format!("网络服务意外停止：{}。数据完好，请重新启动。", self.0),
            Lang::En => format!(
                "Serving ended unexpectedly: {}. The data is safe; start again.",
                self.0
            ),
        }
    }
}

/// The person, or the service manager, told the program to stop before its work was done.
#[derive(Debug, thiserror::Error)]
#[error("told to stop")]
struct ToldToStop;

impl Explain for ToldToStop {
    fn code(&self) -> &'static str {
        "run.interrupted"
    }

    fn explain(&self, lang: Lang) -> String {
        match lang {
            Lang::Zh => "已按要求中断：正在进行的部分已撤销，此前完成的部分保留。可直接重新运行。",
            Lang::En => "Stopped as told: what was under way is undone, what was done before stays. Simply run it again.",
        }
        .to_owned()
    }
}

/// Runs work that may be broken off at any moment: told to stop, it is dropped, which rolls back and stops what it
/// started.
pub(crate) async fn unless_told_to_stop<T>(
    work: impl Future<Output = Result<T, Fault>>,
) -> Result<T, Fault> {
    tokio::select! {
        done = work => done,
        () = told_to_stop() => Err(ToldToStop.into()),
    }
}

/// Runs a verb's work to its end.
pub(crate) fn block_on<T>(work: impl Future<Output = Result<T, Fault>>) -> Result<T, Fault> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(NoRuntime)?
        .block_on(work)
}

/// The word to stop, heard from the moment this is made and kept for whoever asks later: between two who listen for
/// themselves it would be lost.
#[derive(Debug, Clone)]
pub(crate) struct Stop(watch::Receiver<bool>);

impl Stop {
    /// Listens from here on; without signals nobody ever tells.
    pub(crate) fn heard() -> Self {
        let (tell, hear) = watch::channel(false);
        let signals = [SignalKind::terminate(), SignalKind::interrupt()].map(signal);
        tokio::spawn(async move {
            if let [Ok(mut terminate), Ok(mut interrupt)] = signals {
                tokio::select! {
                    _ = terminate.recv() => (),
                    _ = interrupt.recv() => (),
                }
                tell.send_replace(true);
            } else {
                tell.closed().await;
            }
        });
        Self(hear)
    }

    /// Ends when the word has come.
    pub(crate) async fn told(mut self) {
        // An error would say that nobody tells any more, which is when the program ends.
        let _ = self.0.wait_for(|told| *told).await;
    }

    /// As [`unless_told_to_stop`].
    pub(crate) async fn or<T>(
        &self,
        work: impl Future<Output = Result<T, Fault>>,
    ) -> Result<T, Fault> {
        tokio::select! {
            done = work => done,
            () = self.clone().told() => Err(ToldToStop.into()),
        }
    }
}

/// Ends when the program is told to stop: Ctrl-C, or the service manager's SIGTERM.
pub(crate) async fn told_to_stop() {
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        return;
    };
    let interrupted = tokio::signal::ctrl_c();
    tokio::select! {
        _ = terminate.recv() => (),
        _ = interrupted => (),
    }
}
