//! Serving until told to stop.

use std::future::{Future, IntoFuture};
use std::io;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// How long open requests may take to finish after the word to stop.
pub const GRACE: Duration = Duration::from_secs(10);

/// Answers on `listener` until `shutdown` ends; then takes no new connection, and gives open requests
/// [`GRACE`] to finish.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let (stop, stopped) = oneshot::channel();
    let server = axum::serve(listener, router).with_graceful_shutdown(async move {
        shutdown.await;
        // The receiver is gone only when serving has ended already.
        let _ = stop.send(());
    });
    let overdue = async move {
        match stopped.await {
            Ok(()) => tokio::time::sleep(GRACE).await,
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        done = server.into_future() => done,
        () = overdue => {
            tracing::warn!(grace = ?GRACE, "requests still open after the word to stop were cut off");
            Ok(())
        }
    }
}
