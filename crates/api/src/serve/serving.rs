//! Accepting connections and answering on them until told to stop.

use std::future::Future;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tower::ServiceExt;

use super::client::Client;
use super::network::Network;
use super::tls::Tls;

/// How long open requests may take to finish after the word to stop, unless told otherwise.
pub const GRACE: Duration = Duration::from_secs(10);

/// How long a caller may take to say what it wants, unless told otherwise.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long no connection is accepted when the machine refuses one more, as when it is out of file handles.
const PAUSE: Duration = Duration::from_millis(200);

/// How connections are taken.
#[derive(Debug, Clone)]
pub struct Listening {
    /// TLS, or none.
    pub tls: Option<Tls>,
    /// The proxies that are believed about who calls. Without TLS, where there are any, nobody else on the network is
    /// answered.
    pub trusted_proxies: Vec<Network>,
    /// The most connections open at once; a caller beyond them waits.
    pub connections: usize,
    /// How long a caller may take to say what it wants: for the TLS handshake, for a request's head, and between two
    /// requests on one connection.
    pub patience: Duration,
    /// How long open requests may take to finish after the word to stop.
    pub grace: Duration,
}

impl Listening {
    /// Without TLS or proxies, as on 127.0.0.1.
    #[must_use]
    pub fn plain() -> Self {
        Self {
            tls: None,
            trusted_proxies: Vec::new(),
            connections: 1_000,
            patience: PATIENCE,
            grace: GRACE,
        }
    }

    /// Whether somebody at this address is answered at all.
    fn admits(&self, peer: SocketAddr) -> bool {
        let address = peer.ip().to_canonical();
        self.tls.is_some()
            || self.trusted_proxies.is_empty()
            || address.is_loopback()
            || self
                .trusted_proxies
                .iter()
                .any(|proxy| proxy.contains(address))
    }
}

/// Answers on `listener` until `shutdown` ends; then takes no new connection, and gives open requests the grace to
/// finish.
/// A connection that cannot be accepted is logged, and accepting goes on.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    listening: Listening,
    shutdown: impl Future<Output = ()> + Send,
) {
    let grace = listening.grace;
    let house = Arc::new(House {
        router,
        room: Arc::new(Semaphore::new(listening.connections)),
        listening,
    });
    let graceful = GracefulShutdown::new();
    let mut open = JoinSet::new();
    let mut shutdown = pin!(shutdown);
    loop {
        let (stream, peer, seat) = tokio::select! {
            next = house.next(&listener) => next,
            () = &mut shutdown => break,
        };
        while open.try_join_next().is_some() {}
        open.spawn(Arc::clone(&house).receive(stream, peer, seat, graceful.watcher()));
    }
    drop(listener);
    if tokio::time::timeout(grace, graceful.shutdown())
        .await
        .is_err()
    {
        tracing::warn!(
            ?grace,
            "requests still open after the word to stop were cut off"
        );
    }
}

/// What all connections share.
struct House {
    router: Router,
    room: Arc<Semaphore>,
    listening: Listening,
}

impl House {
    /// The next caller, once there is room for one.
    async fn next(
        &self,
        listener: &TcpListener,
    ) -> (TcpStream, SocketAddr, Option<OwnedSemaphorePermit>) {
        // The semaphore is never closed, so there always is a seat.
        let seat = Arc::clone(&self.room).acquire_owned().await.ok();
        loop {
            match listener.accept().await {
                Ok((stream, peer)) if self.listening.admits(peer) => return (stream, peer, seat),
                Ok((_, peer)) => {
                    tracing::warn!(address = %peer.ip(), "a caller that is no trusted proxy was turned away");
                }
                Err(error) => {
                    tracing::warn!(%error, "a connection was not accepted");
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
    }

    /// Answers one caller until either side has enough.
    async fn receive(
        self: Arc<Self>,
        stream: TcpStream,
        peer: SocketAddr,
        seat: Option<OwnedSemaphorePermit>,
        watcher: Watcher,
    ) {
        // An answer goes out at once; where that cannot be set, it goes out a little later.
        let _ = stream.set_nodelay(true);
        match &self.listening.tls {
            None => self.answer(stream, peer, watcher).await,
            Some(tls) => {
                let handshake = tls.acceptor().accept(stream);
                match tokio::time::timeout(self.listening.patience, handshake).await {
                    Ok(Ok(stream)) => self.answer(stream, peer, watcher).await,
                    Ok(Err(error)) => tracing::debug!(%error, "no TLS handshake"),
                    Err(_) => tracing::debug!("a TLS handshake took too long"),
                }
            }
        }
        drop(seat);
    }

    async fn answer(
        &self,
        stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
        peer: SocketAddr,
        watcher: Watcher,
    ) {
        let (tls, proxies) = (
            self.listening.tls.is_some(),
            self.listening.trusted_proxies.clone(),
        );
        let service = self
            .router
            .clone()
            .map_request(move |request: Request<Incoming>| {
                let mut request = request.map(Body::new);
                let client = Client::behind(peer, tls, &proxies, request.headers_mut());
                request.extensions_mut().insert(client);
                request.extensions_mut().insert(ConnectInfo(peer));
                request
            });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.listening.patience)
            .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
        if let Err(error) = watcher.watch(connection).await {
            tracing::debug!(%error, "a connection ended early");
        }
    }
}
