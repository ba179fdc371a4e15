//! A Gauge topic, and the pace at which a connection is told of it.

use std::sync::Arc;

use super::{From, Pages, Source, Start, StepText};
use crate::{
    client::Since,
    ids::{Epoch, JournalSeq},
    limits,
    payload::Payload,
    topic::{Class, Topic},
};

/// One value. Its epoch is random for each start of the server, its offset a local count.
#[derive(Clone, Debug)]
pub struct GaugeTopic {
    topic: Topic,
    epoch: Epoch,
    off: JournalSeq,
    value: Option<Payload>,
}

impl GaugeTopic {
    /// Without a value yet.
    pub const fn new(topic: Topic, epoch: Epoch) -> Self {
        Self { topic, epoch, off: JournalSeq::ZERO, value: None }
    }

    /// Takes a value. The same again is nothing new.
    pub fn set(&mut self, value: Payload) -> Option<StepText> {
        if self.value.as_ref() == Some(&value) {
            return None;
        }
        self.off = self.off.next();
        let text = StepText::gauge(self.off, &value);
        self.value = Some(value);
        Some(text)
    }

    /// The value.
    pub const fn value(&self) -> Option<&Payload> {
        self.value.as_ref()
    }
}

impl Source for GaugeTopic {
    fn class(&self) -> Class {
        Class::Gauge
    }

    fn off(&self) -> JournalSeq {
        self.off
    }

    /// Always a snapshot: a value costs no more than the word that it is unchanged.
    fn start(&mut self, _: Option<&Since>, _: usize) -> Start {
        let pages = Pages::gauge(&self.topic, &self.epoch, self.off, self.value.clone());
        Start { epoch: self.epoch.clone(), off: self.off, from: From::Snapshot(Arc::new(pages)), ahead: false }
    }

    fn merged(&mut self, _: JournalSeq) -> Option<StepText> {
        self.value.as_ref().map(|value| StepText::gauge(self.off, value))
    }
}

/// When a gauge may be sent next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pacer {
    every_ms: u64,
    next_ms: u64,
}

impl Pacer {
    /// So many times a second; [`limits::GAUGE_HZ`] where the client names no rate.
    pub fn new(max_hz: Option<u8>) -> Self {
        let hz = max_hz.unwrap_or(limits::GAUGE_HZ).clamp(1, limits::GAUGE_HZ_MAX);
        Self { every_ms: 1_000 / u64::from(hz), next_ms: 0 }
    }

    /// When the next value may go.
    pub const fn due_ms(&self) -> u64 {
        self.next_ms
    }

    /// A value goes now.
    pub const fn sent(&mut self, now_ms: u64) {
        self.next_ms = now_ms + self.every_ms;
    }
}
