//! The writer of one socket: takes frames out of the outbox and sends them.
//!
//! Invariant: it waits for the outbox and its socket only; whoever reads too slowly is let go of after one write's time.

use std::{sync::Arc, time::Duration};

use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket};
use futures_util::{SinkExt, stream::SplitSink};
use munshi_protocols::{
    code::Close,
    topicsm::{Fed, FrameText, Want},
};

use super::{Live, link::Link};

/// What there is to do.
enum Next {
    Send(Fed),
    Fetch(Want),
    Wait(Option<u64>),
}

/// Sends until the connection ends; then says so to the reader.
pub async fn run(live: Live, link: Arc<Link>, mut sink: SplitSink<WebSocket, Message>) {
    let _counted = live.counted(|inner| &inner.tasks);
    let limit = live.settings().write_timeout.duration();
    let end = write(&live, &link, &mut sink, limit).await;
    if let Some((code, reason)) = end {
        metrics::counter!("munshi_live_closed_total", "code" => code.to_string()).increment(1);
        let _ = tokio::time::timeout(limit, sink.send(close_message(code, reason))).await;
    }
    link.ended.notify_one();
}

/// A close frame.
pub fn close_message(code: u16, reason: &'static str) -> Message {
    Message::Close(Some(CloseFrame { code, reason: Utf8Bytes::from_static(reason) }))
}

/// Answers the close to end with; nothing if the socket is gone.
async fn write(
    live: &Live,
    link: &Arc<Link>,
    sink: &mut SplitSink<WebSocket, Message>,
    limit: Duration,
) -> Option<(u16, &'static str)> {
    loop {
        if link.is_gone() {
            return None;
        }
        if let Some(code) = link.failed() {
            return Some((code, ""));
        }
        match next(live, link) {
            Next::Send(fed) => {
                if !fed.frames.is_empty() {
                    match tokio::time::timeout(limit, send(live, sink, &fed.frames)).await {
                        Ok(true) => {}
                        Ok(false) => return None,
                        Err(_) => {
                            // A close frame would wait behind what is not read.
                            metrics::counter!("munshi_live_closed_total", "code" => "4008").increment(1);
                            return None;
                        }
                    }
                }
                if let Some(close) = fed.close {
                    return Some((close.num(), close.text()));
                }
            }
            Next::Fetch(Want::Merged { topic, base }) => match link.board(&topic) {
                Some(board) => board.catch_up(link, base),
                None => link.outbox().unsubscribe(&topic),
            },
            Next::Fetch(Want::Snapshot { topic }) => match link.board(&topic) {
                Some(board) => board.restart(link, live.now_ms()),
                None => link.outbox().unsubscribe(&topic),
            },
            Next::Wait(Some(due)) => {
                let wait = Duration::from_millis(due.saturating_sub(live.now_ms()).max(1));
                // Whichever comes first: something to send, or a gauge that is due.
                let _ = tokio::time::timeout(wait, link.wake.notified()).await;
            }
            Next::Wait(None) => link.wake.notified().await,
        }
    }
}

fn next(live: &Live, link: &Link) -> Next {
    let mut outbox = link.outbox();
    let fed = outbox.feed(live.now_ms());
    link.drained.notify_one();
    if !fed.frames.is_empty() || fed.close.is_some() {
        return Next::Send(fed);
    }
    match outbox.want() {
        Some(want) => Next::Fetch(want),
        None => Next::Wait(outbox.due_ms()),
    }
}

/// One message, flushed; `false` if the socket is gone.
async fn send(live: &Live, sink: &mut SplitSink<WebSocket, Message>, frames: &[FrameText]) -> bool {
    let bytes = frames.iter().map(FrameText::len).sum();
    let mut text = String::with_capacity(bytes);
    frames.iter().for_each(|frame| frame.append_to(&mut text));
    live.meters().frames.increment(frames.len() as u64);
    live.meters().bytes.increment(text.len() as u64);
    sink.send(Message::Text(text.into())).await.is_ok()
}

/// Ends a socket that never became a connection.
pub async fn refuse(mut socket: WebSocket, text: Option<String>, code: u16, reason: &'static str) {
    const PATIENCE: Duration = Duration::from_secs(1);
    metrics::counter!("munshi_live_closed_total", "code" => code.to_string()).increment(1);
    let farewell = async {
        if let Some(text) = text {
            let _ = socket.send(Message::Text(text.into())).await;
        }
        let _ = socket.send(close_message(code, reason)).await;
        // Until the other side has read it: a socket closed with unread input loses what was sent.
        while let Some(Ok(_)) = socket.recv().await {}
        if code < 4_000 {
            // What broke the rules cannot be read on.
            std::future::pending::<()>().await;
        }
    };
    let _ = tokio::time::timeout(PATIENCE, farewell).await;
}

/// As [`refuse`], for a close of the protocol.
pub async fn refuse_for(socket: WebSocket, text: Option<String>, close: Close) {
    refuse(socket, text, close.num(), close.text()).await;
}
