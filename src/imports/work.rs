//! The one worker: takes imports from the queue, one after the other, on a thread that may block.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, PoisonError},
    time::Duration,
};

use clap::ValueEnum;
use munshi_actors::node::Node;
use munshi_domain::{UserId, user::User};

use super::{Imports, Record, State};
use crate::{
    app::App,
    auth::Permission,
    cli::Stop,
    tools::import::{Import, Meter, What, meter::Reading},
};

/// How often progress is told.
const TELL: Duration = Duration::from_millis(250);
/// How often what is old is looked for.
const TIDY: Duration = Duration::from_secs(600);

/// The file of an import.
pub fn file(home: &Path) -> PathBuf {
    home.join("file")
}

/// Its error file.
pub fn errors(home: &Path) -> PathBuf {
    home.join("errors.csv")
}

impl Imports {
    /// Goes on with what a former life left, and takes what comes.
    pub fn start(self: &Arc<Self>, app: &App) {
        self.load(app.node().now());
        for view in self.list() {
            app.live().tell_import(&view);
        }
        let (imports, app) = (Arc::clone(self), app.clone());
        let worker = tokio::spawn(async move { imports.work(&app).await });
        *self.worker.lock().unwrap_or_else(PoisonError::into_inner) = Some(worker);
    }

    async fn work(&self, app: &App) {
        let mut tidy = tokio::time::interval(TIDY);
        while !self.is_closing() {
            self.tell_ended(app).await;
            let next = self.known().queue.pop_front();
            match next {
                Some(id) => self.one(app, &id).await,
                None => tokio::select! {
                    () = self.wake.notified() => {}
                    _ = tidy.tick() => {
                        self.tidy(app.node().now());
                        app.live().keep_imports(&self.list());
                    }
                },
            }
        }
    }

    async fn one(&self, app: &App, id: &str) {
        let meter = Arc::new(Meter::default());
        let Some(record) = self.begin(app, id, &meter) else { return };
        self.tell(app, id);
        let (node, home) = (app.node().clone(), self.home(id));
        let (running, its) = (Arc::clone(&meter), record.clone());
        let handle = tokio::runtime::Handle::current();
        // Reading a file blocks, and the rest of an import waits for commands only.
        let mut work = tokio::task::spawn_blocking(move || handle.block_on(run(&node, &home, &its, &running)));
        let mut tick = tokio::time::interval(TELL);
        let mut told = Reading::default();
        let outcome = loop {
            tokio::select! {
                outcome = &mut work => break outcome,
                _ = tick.tick() => {
                    let now = meter.reading();
                    if now != told {
                        told = now;
                        self.tell(app, id);
                    }
                }
            }
        };
        let outcome = outcome.unwrap_or_else(|_| Err(("internal", "the import ended unexpectedly".to_owned())));
        self.finish(app, id, &meter, outcome);
        self.tell(app, id);
    }

    fn tell(&self, app: &App, id: &str) {
        if let Some(view) = self.get(id) {
            app.live().tell_import(&view);
        }
    }

    /// Tells who sent them of imports that ended; what cannot be told now is told with the next.
    async fn tell_ended(&self, app: &App) {
        let ended: Vec<Record> = {
            let known = self.known();
            let records = known.imports.values().map(|entry| &entry.record);
            records.filter(|record| record.finished_at.is_some() && !record.told).cloned().collect()
        };
        for record in ended {
            let (Ok(by), Some(view)) = (UserId::parse(&record.by), self.get(&record.id)) else { continue };
            if let Err(error) = app.live().tell_import_ended(by, &view).await {
                tracing::warn!(%error, import = record.id, "how an import ended cannot be told yet");
                continue;
            }
            let mut known = self.known();
            let Some(entry) = known.imports.get_mut(&record.id) else { continue };
            entry.record.told = true;
            if let Err(error) = entry.record.write(&self.home(&record.id)) {
                tracing::warn!(%error, "the state of an import cannot be written");
            }
        }
    }

    /// Notes that it runs; nothing if it was stopped meanwhile.
    fn begin(&self, app: &App, id: &str, meter: &Arc<Meter>) -> Option<Record> {
        let mut known = self.known();
        let entry = known.imports.get_mut(id).filter(|entry| entry.record.state == State::Queued)?;
        entry.record.state = State::Running;
        entry.record.attempts += 1;
        entry.record.started_at.get_or_insert(app.node().now().as_millis());
        entry.meter = Some(Arc::clone(meter));
        if let Err(error) = entry.record.write(&self.home(id)) {
            tracing::warn!(%error, "the state of an import cannot be written");
        }
        Some(entry.record.clone())
    }

    fn finish(&self, app: &App, id: &str, meter: &Meter, outcome: Result<(), (&'static str, String)>) {
        let mut known = self.known();
        let Some(entry) = known.imports.get_mut(id) else { return };
        entry.meter = None;
        let home = self.home(id);
        let record = &mut entry.record;
        record.seen = meter.reading().into();
        record.error_file = errors(&home).is_file();
        if self.is_closing() {
            // Not ended: the next start goes on. That it was begun does not count against it.
            record.attempts = record.attempts.saturating_sub(1);
            record.state = State::Queued;
        } else {
            let now = app.node().now();
            match outcome {
                Ok(()) if meter.is_stopped() => record.end(State::Stopped, None, now),
                Ok(()) => record.end(State::Done, None, now),
                Err(why) => record.end(State::Failed, Some(why), now),
            }
        }
        metrics::counter!("munshi_imports_total", "state" => record.state.word()).increment(1);
        tracing::info!(import = id, state = record.state.word(), "an import ended");
        if let Err(error) = record.write(&home) {
            tracing::warn!(%error, "the state of an import cannot be written");
        }
    }
}

/// Checks a file as an import would, and tells its layout.
///
/// # Errors
/// Code and words; no path of the server is in them.
pub fn check(record: &Record, file: &Path) -> Result<&'static str, (&'static str, String)> {
    prepare(record, file, &file.with_extension("errors")).map(|import| import.layout())
}

fn prepare(record: &Record, file: &Path, errors: &Path) -> Result<Import, (&'static str, String)> {
    let what = What::from_str(&record.kind, false).map_err(|_| ("bad_value", "there is no such kind".to_owned()))?;
    let layout = Some(record.layout.clone()).filter(|layout| !layout.is_empty());
    let import = Import::of_upload(what, file.to_owned(), errors.to_owned(), layout, record.warehouse.clone());
    import.map_err(|stop| explain(stop, file, &record.file))
}

async fn run(node: &Node, home: &Path, record: &Record, meter: &Meter) -> Result<(), (&'static str, String)> {
    let (file, errors) = (file(home), errors(home));
    // That of an earlier run would tell of rows that are in by now.
    match std::fs::remove_file(&errors) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(("internal", error.to_string())),
        _ => {}
    }
    let user = UserId::parse(&record.by).map_err(|_| ("internal", "nobody sent this file".to_owned()))?;
    let import = prepare(record, &file, &errors)?;
    let sender = node.snapshot::<User>(&record.by).await.map_err(|error| ("import_failed", error.to_string()))?;
    if !sender.is_some_and(|sender| !sender.disabled && Permission::ImportFiles.granted(&sender.roles)) {
        return Err(("forbidden", "who sent the file may not import any more".to_owned()));
    }
    import.run_for(node, user, meter).await.map(drop).map_err(|stop| explain(stop, &file, &record.file))
}

/// Why an import stopped, the file by the name its sender knows.
fn explain(stop: Stop, file: &Path, name: &str) -> (&'static str, String) {
    let (code, text) = match stop {
        Stop::Usage(text) => ("bad_value", text),
        Stop::Refused { code, text } => (code, text),
        Stop::Failed(text) => ("import_failed", text),
    };
    let home = file.parent().map(|home| format!("{}/", home.display())).unwrap_or_default();
    (code, text.replace(&file.display().to_string(), name).replace(&home, ""))
}
