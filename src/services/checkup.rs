//! The check of journal and documents while the server runs: one at a time, in the background.
//!
//! Invariant: it only reads; what it found last is remembered until the server ends.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use munshi_actors::{doctor, node::Node};
use munshi_protocols::system::{DoctorResult, DoctorStatus};
use tokio::task::JoinHandle;

use crate::app::App;

/// Whether a check runs, and what the last one found.
#[derive(Debug, Default)]
pub struct Checkup {
    status: Mutex<DoctorStatus>,
    task: Mutex<Option<JoinHandle<()>>>,
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Checkup {
    /// How it stands.
    pub fn status(&self) -> DoctorStatus {
        held(&self.status).clone()
    }

    /// Begins a check unless one runs.
    pub fn begin(app: &App) -> DoctorStatus {
        let checkup = app.checkup();
        let mut status = held(&checkup.status);
        if !status.running {
            status.running = true;
            status.since = Some(app.node().now().to_string());
            let app = app.clone();
            let task = tokio::spawn(async move {
                let result = check(app.node()).await;
                let last = Some(result);
                *held(&app.checkup().status) = DoctorStatus { running: false, since: None, last };
            });
            *held(&checkup.task) = Some(task);
        }
        status.clone()
    }

    /// Ends a check that runs.
    pub async fn close(&self) {
        let task = held(&self.task).take();
        if let Some(task) = task {
            task.abort();
            // Aborted, or over already.
            let _ = task.await;
        }
    }
}

async fn check(node: &Node) -> DoctorResult {
    let began = Instant::now();
    let head = node.status().head;
    // Documents trail; what was acknowledged when the check began is in them before they are looked at.
    let report = if node.wait_for(head).await {
        doctor::beside(node.store(), head).await.map_err(|error| error.to_string())
    } else {
        Err("documents trail the journal by too much; try again later".to_owned())
    };
    let (at, seconds) = (node.now().to_string(), began.elapsed().as_secs());
    let report = report.inspect_err(|why| tracing::warn!(why, "the check could not be carried out"));
    let failure = report.as_ref().err().cloned();
    let report = report.unwrap_or_default();
    if !report.is_clean() {
        tracing::error!(faults = report.fault_count, "the check found faults");
    }
    DoctorResult {
        at,
        seconds,
        head,
        entries: report.entries,
        documents: report.entities,
        problems: report.faults,
        problem_count: report.fault_count,
        failure,
    }
}
