//! Accepts connections and serves HTTP/1.1 on them until told to stop.
//!
//! Invariant: a connection that does not send the head of a request in time is closed, before its first request and
//! between two; so many connections are open at most, and while there are more they wait unaccepted. A socket that was
//! upgraded is no longer counted here: it has bounds of its own.

use std::{convert::Infallible, net::SocketAddr, pin::pin, sync::Arc, time::Duration};

use axum::{
    Router,
    body::Body,
    extract::ConnectInfo,
    http::{Request, Response},
};
use hyper::{body::Incoming, server::conn::http1, service::Service};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore, watch},
};

/// Bytes that may wait unsent in the kernel for one connection.
const NOT_SENT_BYTES: u32 = 16 * 1024;
/// How long sent bytes may stay unacknowledged.
const UNACKNOWLEDGED: Duration = Duration::from_secs(20);
/// Pause after the system could not hand out a connection, as when files have run out.
const AGAIN: Duration = Duration::from_millis(200);

/// Bounds of connections.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Longest that the head of a request may take, and that a connection may be idle between two.
    pub header: Duration,
    /// Connections at once.
    pub connections: u32,
}

/// Serves until told to stop, then until every request in flight is answered.
pub async fn serve(listener: TcpListener, router: Router, bounds: Bounds, mut stopped: watch::Receiver<bool>) {
    let room = Arc::new(Semaphore::new(bounds.connections as usize));
    let end = stopped.clone();
    let accepting = async {
        loop {
            // The semaphore is never closed.
            let Ok(permit) = Arc::clone(&room).acquire_owned().await else { return };
            match listener.accept().await {
                Ok((stream, peer)) => {
                    tune(&stream);
                    tokio::spawn(connection(stream, peer, router.clone(), bounds.header, end.clone(), permit));
                }
                Err(error) => {
                    tracing::warn!(%error, "a connection cannot be accepted");
                    tokio::time::sleep(AGAIN).await;
                }
            }
        }
    };
    tokio::select! {
        () = accepting => {}
        () = told(&mut stopped) => {}
    }
    drop(listener);
    // Every connection holds one.
    let _ = room.acquire_many(bounds.connections).await;
}

async fn told(stopped: &mut watch::Receiver<bool>) {
    // A dropped sender means the same as a stop.
    let _ = stopped.wait_for(|stop| *stop).await;
}

fn tune(stream: &TcpStream) {
    // Small answers go out at once; a socket that refuses an option still works.
    let _ = stream.set_nodelay(true);
    let socket = socket2::SockRef::from(stream);
    // What waits in the kernel cannot be replaced by something newer, so little may wait there.
    let _ = socket.set_tcp_notsent_lowat(NOT_SENT_BYTES);
    // Who acknowledges nothing for so long is gone.
    let _ = socket.set_tcp_user_timeout(Some(UNACKNOWLEDGED));
}

/// The router, told who asks.
struct Answering {
    inner: TowerToHyperService<Router>,
    peer: SocketAddr,
}

impl Service<Request<Incoming>> for Answering {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = <TowerToHyperService<Router> as Service<Request<Incoming>>>::Future;

    fn call(&self, mut request: Request<Incoming>) -> Self::Future {
        request.extensions_mut().insert(ConnectInfo(self.peer));
        self.inner.call(request)
    }
}

async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    header: Duration,
    mut stopped: watch::Receiver<bool>,
    permit: OwnedSemaphorePermit,
) {
    // Not by a builder that first looks whether it is HTTP/2: there is no limit to how long that look takes.
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(header);
    let service = Answering { inner: TowerToHyperService::new(router), peer };
    let mut serving = pin!(builder.serve_connection(TokioIo::new(stream), service).with_upgrades());
    // How a connection ends is the client's business; what a request came to was answered or logged.
    tokio::select! {
        ended = serving.as_mut() => drop(ended),
        () = told(&mut stopped) => {
            serving.as_mut().graceful_shutdown();
            drop(serving.await);
        }
    }
    drop(permit);
}
