//! A door on loopback that can be shut: what callers of it see is a server that is there, away, refusing or silent.
//!
//! Invariant: its address stays the same for the whole run, and a change cuts every connection of the time before.

use std::{net::SocketAddr, time::Duration};

use tokio::{
    io::{AsyncWriteExt, copy_bidirectional},
    net::{TcpListener, TcpStream},
    sync::watch,
};

use crate::server::Fault;

/// What is behind the door.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Behind {
    /// This server.
    Server(SocketAddr),
    /// Nothing: 503, as a proxy answers while its server starts again.
    Nothing,
    /// The port is shut: connections are refused.
    Shut,
    /// Connections are taken, and never answered.
    Silence,
}

/// The door. Dropping it shuts it.
#[derive(Debug)]
pub struct Front {
    /// Its address.
    pub address: SocketAddr,
    behind: watch::Sender<Behind>,
}

impl Front {
    /// Opens a door on a free port.
    ///
    /// # Errors
    /// When nothing can be listened on.
    pub async fn open(behind: Behind) -> Result<Self, Fault> {
        let listener = TcpListener::bind("127.0.0.1:0").await.map_err(|error| error.to_string())?;
        let address = listener.local_addr().map_err(|error| error.to_string())?;
        let (behind, watched) = watch::channel(behind);
        tokio::spawn(serve(listener, address, watched));
        Ok(Self { address, behind })
    }

    /// From now on this is behind it.
    pub fn turn(&self, behind: Behind) {
        self.behind.send_replace(behind);
    }
}

async fn serve(listener: TcpListener, address: SocketAddr, mut behind: watch::Receiver<Behind>) {
    let mut open = Some(listener);
    loop {
        let now = *behind.borrow_and_update();
        if now == Behind::Shut {
            open = None;
            if behind.changed().await.is_err() {
                return;
            }
            continue;
        }
        let Some(listener) = open.take() else {
            match TcpListener::bind(address).await {
                Ok(again) => open = Some(again),
                // Somebody's outgoing connection has the port for a moment.
                Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
            }
            continue;
        };
        tokio::select! {
            accepted = listener.accept() => {
                if let Ok((stream, _)) = accepted {
                    tokio::spawn(carry(stream, now, behind.clone()));
                }
            }
            changed = behind.changed() => if changed.is_err() {
                return;
            },
        }
        open = Some(listener);
    }
}

async fn carry(mut stream: TcpStream, to: Behind, mut behind: watch::Receiver<Behind>) {
    if *behind.borrow() != to {
        return;
    }
    let carried = async {
        let Behind::Server(address) = to else {
            return if to == Behind::Nothing { Some(stream) } else { std::future::pending().await };
        };
        let Ok(mut server) = TcpStream::connect(address).await else { return Some(stream) };
        let _ = (stream.set_nodelay(true), server.set_nodelay(true));
        // Either side may end it at any time; that is what is practised here.
        let _ = copy_bidirectional(&mut stream, &mut server).await;
        None
    };
    tokio::select! {
        refused = carried => if let Some(mut stream) = refused {
            let answer = b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
            let _ = stream.write_all(answer).await;
            let _ = stream.shutdown().await;
        },
        _ = behind.changed() => {}
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncReadExt;

    use super::*;

    async fn ask(address: SocketAddr) -> Option<String> {
        let mut stream = TcpStream::connect(address).await.ok()?;
        stream.write_all(b"GET / HTTP/1.1\r\n\r\n").await.ok()?;
        let mut said = String::new();
        let read = tokio::time::timeout(Duration::from_millis(300), stream.read_to_string(&mut said)).await;
        Some(if read.is_err() { "silence".into() } else { said.lines().next().unwrap_or_default().to_owned() })
    }

    async fn becomes(address: SocketAddr, wanted: Option<&str>) {
        for _ in 0..500 {
            if ask(address).await.as_deref() == wanted {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("the door does not become {wanted:?}");
    }

    #[tokio::test]
    async fn a_door_shows_what_is_behind_it_and_keeps_its_address() {
        let server = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let behind = server.local_addr().unwrap();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = server.accept().await {
                stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap();
            }
        });
        let front = Front::open(Behind::Nothing).await.unwrap();
        for (now, wanted) in [
            (Behind::Nothing, Some("HTTP/1.1 503 Service Unavailable")),
            (Behind::Server(behind), Some("HTTP/1.1 200 OK")),
            (Behind::Shut, None),
            (Behind::Silence, Some("silence")),
            (Behind::Server(behind), Some("HTTP/1.1 200 OK")),
        ] {
            front.turn(now);
            becomes(front.address, wanted).await;
        }
    }
}
