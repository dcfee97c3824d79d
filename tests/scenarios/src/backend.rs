//! Backend that scenarios run against.

use std::{
    collections::BTreeMap,
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, RwLock, Weak},
};

use tempfile::TempDir;

use crate::{
    client::Caller,
    clock::instant,
    need::Need,
    process::{self, Ended, Output, Process},
    settings::{OPERATOR_TOKEN, Settings},
    watch::Watch,
};

/// Running Latchhook.
///
/// A backend started here is stopped when the last scenario has dropped it; it must then exit
/// cleanly and must not have logged any secret.
#[derive(Debug, Clone)]
pub struct Backend(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    base: RwLock<String>,
    operator_token: String,
    watch: Watch,
    own: Option<Own>,
}

#[derive(Debug)]
struct Own {
    settings: Settings,
    data: TempDir,
    output: Output,
    process: Mutex<Option<Process>>,
}

/// Folder of what a released version left behind.
fn kept_data(version: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(version)
}

/// Running backends that scenarios share.
static SHARED: Mutex<BTreeMap<Settings, Weak<Inner>>> = Mutex::new(BTreeMap::new());

impl Backend {
    /// Returns the backend that most scenarios share; each has its own accounts.
    #[must_use]
    pub fn visit() -> Self {
        deployed().unwrap_or_else(|| Self::shared(&Settings::default()))
    }

    /// Returns the shared backend; `None`, with a printed reason, if it can't meet the `need`.
    #[must_use]
    pub fn visit_for(need: Need) -> Option<Self> {
        can(need).then(Self::visit)
    }

    /// Returns whether the backend can meet the `need`; prints the reason if it can't.
    #[must_use]
    pub fn can(need: Need) -> bool {
        can(need)
    }

    /// Returns whether the backend is a deployment of functions rather than one process.
    #[must_use]
    pub fn is_deployed() -> bool {
        deployed().is_some()
    }

    /// Returns a backend with these settings, shared by scenarios with the same ones; `None`, with
    /// a printed reason, if the backend can't be configured.
    #[must_use]
    pub fn with(settings: &Settings) -> Option<Self> {
        can(Need::Settings).then(|| Self::shared(settings))
    }

    /// Starts a backend of the scenario's own; `None`, with a printed reason, if it can't meet the
    /// `need`.
    #[must_use]
    pub fn alone(need: Need, settings: &Settings) -> Option<Self> {
        can(need).then(|| Self::start(settings))
    }

    /// Starts a backend on a copy of the data directory of an earlier version, which is kept in
    /// `tests/scenarios/data`; `None`, with a printed reason, if the backend has no process.
    #[must_use]
    pub fn on_data_of(version: &str, settings: &Settings) -> Option<Self> {
        if !can(Need::Process) {
            return None;
        }
        let kept = kept_data(version);
        let files = ["latchhook.db", "key-ring"].map(|name| (kept.join(name), name));
        let data = copied(files.each_ref().map(|(path, name)| (path.as_path(), *name)));
        Some(Self::start_on(data, settings))
    }

    /// Starts a backend on what a new installation imported of an earlier version's export, which is
    /// kept in `tests/scenarios/data`; `None`, with a printed reason, if the backend has no process.
    #[must_use]
    pub fn on_export_of(version: &str, passphrase: &str, settings: &Settings) -> Option<Self> {
        if !can(Need::Process) {
            return None;
        }
        let export = kept_data(version).join("house.export");
        let data = tempfile::tempdir().unwrap();
        process::import(&export, passphrase, data.path());
        Some(Self::start_on(data, settings))
    }

    /// Starts a backend that is expected to refuse these settings; returns how that ended, or `None`,
    /// with a printed reason, if the backend has no process.
    #[must_use]
    pub fn refused(settings: &Settings) -> Option<Ended> {
        if !can(Need::Process) {
            return None;
        }
        let data = tempfile::tempdir().unwrap();
        Some(process::refusal(data.path(), settings))
    }

    /// Caller of its API with the operator token.
    #[must_use]
    pub fn operator(&self) -> Caller {
        Caller::new(self.clone()).bearer(&self.0.operator_token)
    }

    /// Caller of its API without credentials.
    #[must_use]
    pub fn nobody(&self) -> Caller {
        Caller::new(self.clone())
    }

    /// Base URL of its API, such as `http://127.0.0.1:41234`.
    #[must_use]
    pub fn base(&self) -> String {
        self.0.base.read().unwrap().clone()
    }

    /// Operator token.
    #[must_use]
    pub fn operator_token(&self) -> &str {
        &self.0.operator_token
    }

    /// Registers a secret that the product was given and must not show.
    pub fn give(&self, secret: &str) {
        self.0.watch.add(secret);
    }

    /// Number of secrets that it has revealed or was given.
    #[must_use]
    pub fn secrets(&self) -> usize {
        self.0.watch.len()
    }

    /// Finds registered secrets in `bytes`.
    #[must_use]
    pub fn secrets_in(&self, bytes: &[u8]) -> Vec<String> {
        self.0.watch.found_in(bytes)
    }

    pub(crate) fn watch(&self) -> &Watch {
        &self.0.watch
    }
}

/// Operations on the process; see [`Need::Process`].
impl Backend {
    /// Kills the process, as a power cut would.
    pub fn kill(&self) {
        let process = self.own_process().take();
        process.expect("it is running").kill();
    }

    /// Asks the process to end, without waiting.
    pub fn terminate(&self) {
        self.own_process().as_ref().expect("it is running").terminate();
    }

    /// Waits until the process has ended by itself.
    pub async fn ended(&self) -> Ended {
        let process = self.own_process().take().expect("it was running");
        let status = aside(|| process.wait()).await;
        Ended { status: status.expect("it ends within the limit"), output: self.log() }
    }

    /// Starts the process again on the same files.
    pub async fn restart(&self) {
        let backend = self.clone();
        aside(move || {
            let own = backend.own();
            let process = Process::start(own.data.path(), &own.settings, own.output.clone());
            *backend.0.base.write().unwrap() = format!("http://{}", process.address);
            *backend.own_process() = Some(process);
        })
        .await;
    }

    /// Tries to start a second process on the same files; returns how that ended.
    pub async fn second(&self) -> Ended {
        let backend = self.clone();
        aside(move || process::refusal(backend.own().data.path(), &backend.own().settings)).await
    }

    /// Runs another command on the same files, such as `["check"]`, beside the process that may be
    /// running; returns how that ended.
    pub async fn command(&self, arguments: &[&str]) -> Ended {
        let (backend, arguments) = (self.clone(), arguments.join("\n"));
        aside(move || {
            let arguments: Vec<&str> = arguments.split('\n').collect();
            process::other(backend.own().data.path(), &arguments)
        })
        .await
    }

    /// Path of a file in its data directory.
    #[must_use]
    pub fn file(&self, name: &str) -> PathBuf {
        self.data().join(name)
    }

    /// Starts another process on a backup and a copy of a key ring.
    #[must_use]
    pub fn restored(&self, backup: &Path, ring: &Path) -> Self {
        let data = copied([(backup, "latchhook.db"), (ring, "key-ring")]);
        Self::start_on(data, &self.own().settings)
    }

    /// Tries to start another process on a backup and a copy of a key ring; returns how that ended.
    #[must_use]
    pub fn not_restored(&self, backup: &Path, ring: &Path) -> Ended {
        let data = copied([(backup, "latchhook.db"), (ring, "key-ring")]);
        process::refusal(data.path(), &self.own().settings)
    }

    /// Path of the data directory.
    #[must_use]
    pub fn data(&self) -> &Path {
        self.own().data.path()
    }

    /// Returns whether the process is alive.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.own_process().as_mut().is_some_and(Process::is_running)
    }

    /// Everything that it has logged.
    #[must_use]
    pub fn log(&self) -> String {
        self.own().output.text()
    }

    /// Folder of its files.
    #[must_use]
    pub fn files(&self) -> Vec<PathBuf> {
        let mut folders = vec![self.own().data.path().to_owned()];
        let mut files = Vec::new();
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() { folders.push(path) } else { files.push(path) }
            }
        }
        files
    }

    fn own(&self) -> &Own {
        self.0.own.as_ref().expect("a scenario that needs a process says so")
    }

    fn own_process(&self) -> MutexGuard<'_, Option<Process>> {
        self.own().process.lock().unwrap()
    }
}

impl Backend {
    fn shared(settings: &Settings) -> Self {
        let mut shared = SHARED.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(running) = shared.get(settings).and_then(Weak::upgrade) {
            return Self(running);
        }
        let backend = Self::start(settings);
        shared.insert(settings.clone(), Arc::downgrade(&backend.0));
        backend
    }

    fn start(settings: &Settings) -> Self {
        Self::start_on(tempfile::tempdir().unwrap(), settings)
    }

    fn start_on(data: TempDir, settings: &Settings) -> Self {
        let output = Output::default();
        let process = Process::start(data.path(), settings, output.clone());
        let base = RwLock::new(format!("http://{}", process.address));
        let process = Mutex::new(Some(process));
        let own = Some(Own { settings: settings.clone(), data, output, process });
        let watch = Watch::default();
        watch.add(OPERATOR_TOKEN);
        Self(Arc::new(Inner { base, operator_token: OPERATOR_TOKEN.to_owned(), watch, own }))
    }
}

/// Copies files into a new data directory, for their owner only.
fn copied(files: [(&Path, &str); 2]) -> TempDir {
    let private = Permissions::from_mode(0o700);
    let data = tempfile::Builder::new().permissions(private).tempdir().unwrap();
    for (path, name) in files {
        let copy = data.path().join(name);
        fs::copy(path, &copy).unwrap();
        fs::set_permissions(&copy, Permissions::from_mode(0o600)).unwrap();
    }
    data
}

/// Backend that `LATCHHOOK_URL` and `LATCHHOOK_OPERATOR_TOKEN` point to.
#[expect(clippy::disallowed_methods, reason = "a test run is configured by its environment")]
fn deployed() -> Option<Backend> {
    let base = std::env::var("LATCHHOOK_URL").ok()?.trim_end_matches('/').to_owned();
    let operator_token = std::env::var("LATCHHOOK_OPERATOR_TOKEN")
        .expect("LATCHHOOK_OPERATOR_TOKEN goes with LATCHHOOK_URL");
    let (base, watch) = (RwLock::new(base), Watch::default());
    Some(Backend(Arc::new(Inner { base, operator_token, watch, own: None })))
}

/// Runs blocking code on another thread, while receivers go on answering.
async fn aside<T: Send + 'static>(blocks: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(blocks).await.expect("it ends well")
}

fn can(need: Need) -> bool {
    let can = deployed().is_none();
    if !can {
        eprintln!("not held here: {}", need.reason());
    }
    can
}

impl Drop for Inner {
    fn drop(&mut self) {
        let Some(own) = &self.own else { return };
        let Some(process) = own.process.lock().ok().and_then(|mut process| process.take()) else {
            return;
        };
        let (began, log) = (instant(), process.output().clone());
        process.terminate();
        let status = process.wait();
        if std::thread::panicking() {
            eprintln!("the backend's log:\n{}", log.text());
            return;
        }
        let status = status.unwrap_or_else(|| panic!("SIGTERM did not end it:\n{}", log.text()));
        assert!(status.success(), "SIGTERM ended it with {status}:\n{}", log.text());
        assert!(began.elapsed().as_secs() < 20, "it took {:?} to end", began.elapsed());
        let seen = self.watch.found_in(log.text().as_bytes());
        assert!(seen.is_empty(), "its log shows {} secrets: {seen:?}", seen.len());
    }
}
