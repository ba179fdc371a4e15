//! The one typed configuration tree (style.md convention 20).
//!
//! Defaults stand here in code; a TOML file, `MUNSHI_SECTION__KEY` variables and the command line override them, in
//! that order. Invariant: an unknown key is refused wherever it comes from, every fault is reported in one go, and a
//! secret never prints. It does not watch the file: a change takes a restart.

mod load;
mod setting;

pub use load::{Loaded, Origin, Sources};
pub use setting::{LogFormat, Secret, Setting, Span};

use std::{net::SocketAddr, path::PathBuf};

/// One key of the tree, for the reference page, for suggestions and for reading variables.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// `section.key`.
    pub path: &'static str,
    /// Kind of value: `text`, `integer`, `boolean`, `list`, `span`, `address`, `secret`, `path`, `pretty|json`.
    pub kind: &'static str,
    /// What it is for.
    pub doc: &'static str,
}

macro_rules! tree {
    ($( $(#[doc = $sdoc:literal])+ $section:ident: $Section:ident {
        $( $(#[doc = $doc:literal])+ $field:ident: $ty:ty = $default:expr; )*
    } )*) => {
        $(
            $(#[doc = $sdoc])+
            #[derive(Clone, Debug, PartialEq)]
            pub struct $Section { $( $(#[doc = $doc])+ pub $field: $ty, )* }

            impl Default for $Section {
                fn default() -> Self {
                    Self { $( $field: $default, )* }
                }
            }
        )*

        /// The whole tree. `Debug` redacts secrets.
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct Config { $( $(#[doc = $sdoc])+ pub $section: $Section, )* }

        impl Config {
            /// Every key, in the order of the reference page.
            pub const KEYS: &'static [Key] = &[ $( $( Key {
                path: concat!(stringify!($section), ".", stringify!($field)),
                kind: <$ty as Setting>::KIND,
                doc: concat!($($doc),+),
            }, )* )* ];

            /// Sections and what they are about.
            pub const SECTIONS: &'static [(&'static str, &'static str)] =
                &[ $( (stringify!($section), concat!($($sdoc),+)), )* ];

            /// Sets one key; the caller has made sure that it exists.
            fn set(&mut self, path: &str, value: &toml::Value) -> Result<(), String> {
                $( $( if path == concat!(stringify!($section), ".", stringify!($field)) {
                    self.$section.$field = <$ty as Setting>::read(value)?;
                    return Ok(());
                } )* )*
                Err("unknown key".into())
            }

            /// The value of one key as TOML text, secrets redacted; `None` for an unknown key.
            pub fn show(&self, path: &str) -> Option<String> {
                $( $( if path == concat!(stringify!($section), ".", stringify!($field)) {
                    return Some(Setting::show(&self.$section.$field));
                } )* )*
                None
            }
        }
    };
}

tree! {
    /// HTTP.
    server: Server {
        /// Address and port to listen on; port 0 takes a free one and prints it.
        listen: SocketAddr = SocketAddr::from(([127, 0, 0, 1], 8080));
        /// Largest request body in bytes, 1024 to 67108864.
        max_body_bytes: u64 = 1_048_576;
        /// Largest file to import in bytes, 1024 to 1073741824. CSV in Munshi's own layouts is read in pieces, others whole.
        max_import_bytes: u64 = 64 << 20;
        /// How long the files of imports that ended are kept.
        keep_imports: Span = Span::seconds(7 * 24 * 3600);
        /// Longest a request may take to arrive in full.
        read_timeout: Span = Span::seconds(15);
        /// Longest the head of a request may take to arrive, and longest a connection may be idle between two requests.
        header_timeout: Span = Span::seconds(30);
        /// Connections at once, sockets of consoles and devices not counted; more wait to be accepted. 1 to 1000000.
        max_connections: u64 = 10_000;
        /// Longest a handler may take; after it the answer is 504 and the outcome unknown to the client.
        request_timeout: Span = Span::seconds(30);
        /// Longest that requests in flight are waited for when stopping.
        shutdown_timeout: Span = Span::seconds(10);
        /// Host names answered to (without port); empty answers to all.
        allowed_hosts: Vec<String> = Vec::new();
        /// Origins of browsers on other hosts that may call the API, such as `https://shop.example.pk`.
        allowed_origins: Vec<String> = Vec::new();
        /// Whether a proxy in front terminates TLS; sends HSTS and trusts its `X-Forwarded-For`.
        behind_tls: bool = false;
        /// Address under which people reach this server, such as `https://shop.example.pk`, for links in messages and
        /// papers. Empty: the host of the request that asks for a link.
        public_url: String = String::new();
        /// Directory of the built consoles to serve instead of those in the program; empty for those in the program.
        web_dir: String = String::new();
        /// Worker threads of the HTTP runtime; 0 takes one per core.
        workers: u64 = 0;
    }
    /// Where data lies.
    data: Data {
        /// Directory of everything that is stored.
        dir: PathBuf = PathBuf::from("data");
        /// Database address (`surrealkv://DIR`, `rocksdb://DIR`, `ws://HOST:PORT`, `mem://`); empty means `surrealkv` under `dir`.
        url: String = String::new();
        /// Namespace in the database.
        namespace: String = "munshi".into();
        /// Database in the namespace.
        database: String = "shop".into();
        /// User of a remote database.
        user: String = String::new();
        /// Password of a remote database.
        password: Secret = Secret::default();
        /// Threads of the database runtime.
        workers: u64 = 3;
        /// Bytes an embedded engine may use to cache blocks read from disk.
        cache_bytes: u64 = 64 << 20;
        /// Bytes an embedded engine collects in memory before it writes a table. A smaller number takes less memory
        /// and gives less to replay after a crash, but the same data is merged more often.
        memtable_bytes: u64 = 64 << 20;
    }
    /// Logging, to standard error.
    log: Log {
        /// `pretty` for people, `json` for machines.
        format: LogFormat = LogFormat::Pretty;
        // `surrealkv`: a thread of the engine warns at every close that it has no runtime to close it with, although
        // the store has waited for the close by then.
        /// Filter directives, such as `info,munshi=debug`. Commands other than `serve` log warnings only unless it is set.
        filter: String = "info,surrealdb=warn,surrealdb_core=warn,surrealkv=error".into();
    }
    /// Signing in.
    auth: Auth {
        /// Life of an access token.
        access_ttl: Span = Span::seconds(15 * 60);
        /// Life of a session without a refresh.
        refresh_ttl: Span = Span::seconds(14 * 24 * 3600);
        /// Wrong passwords for an account from one address before it has to wait.
        max_failures: u64 = 5;
        /// Wait after that many failures; doubles with each further one up to an hour.
        failure_wait: Span = Span::seconds(30);
        /// Days for which a customer's tracking link works at least.
        tracking_days: u64 = 90;
        /// Passwords verified at the same time; each takes about 19 MiB and a core.
        hash_concurrency: u64 = 2;
    }
    /// Sockets of consoles (`/ws/console`).
    live: Live {
        /// Origins of pages that may open a socket, such as `https://shop.example.pk`; besides these, those of
        /// `server.allowed_origins`. A browser whose page has another origin is refused.
        origins: Vec<String> = Vec::new();
        /// Sockets at once; more are refused with 503.
        max_connections: u64 = 200_000;
        /// New sockets a second; more are refused with 503 until the next one fits.
        connect_rate: u64 = 2_000;
        /// Sockets of one address that have not said who they are.
        pre_auth_per_address: u64 = 64;
        /// Sockets of one user.
        user_connections: u64 = 8;
        /// Time in which a socket has to say who it is.
        hello_wait: Span = Span::seconds(5);
        /// Silence after which a socket is asked whether it is there.
        heartbeat: Span = Span::seconds(25);
        /// Time in which it has to answer.
        pong_wait: Span = Span::seconds(10);
        /// Longest that one write may take before the reader counts as too slow.
        write_timeout: Span = Span::seconds(10);
        /// Time between two checksums of a topic.
        check_every: Span = Span::seconds(30);
        /// Tasks that hand changes to sockets; 0 takes one per core.
        shards: u64 = 0;
        /// Secret that signs tickets, 32 characters or more. Empty: kept in `live.key` in the data directory of an
        /// embedded database, else drawn anew at each start.
        ticket_key: Secret = Secret::default();
    }
    /// Connections to the outside: messaging, webhooks.
    connections: Connections {
        /// Address under which vendors and customers reach this server, such as `https://ops.example.pk`; webhooks,
        /// status callbacks and one-time links are made from it. Empty: `http://` and the address listened on.
        public_url: String = String::new();
        /// Keys that seal credentials, one a line as `id base64`, newest first. Empty: kept in `connections.key` in the
        /// data directory of an embedded database; a database elsewhere needs it here.
        keys: Secret = Secret::default();
        /// Orders, customers or documents a connection works on at the same time.
        parallel: u64 = 8;
        /// Open effects a connection keeps before it reads on in the journal.
        open_limit: u64 = 1_000;
        /// Longest that one call to a vendor may take.
        call_timeout: Span = Span::seconds(10);
        /// Wait before it is looked up whether a call with an unknown outcome was carried out; four times as long before
        /// the second look. Longer than the lists of vendors trail.
        lookup_wait: Span = Span::seconds(30);
        /// Days for which deliveries of vendors are kept as they came.
        inbox_days: u64 = 30;
    }
    /// Actors and the commit lane.
    runtime: Runtime {
        /// Threads that run aggregates; 0 takes one, which is enough for any but the largest shops.
        arbiters: u64 = 0;
        /// Queued plus unsaved commands per kind of aggregate before callers get 429.
        permits: u64 = 8_192;
        /// Idle time after which an aggregate leaves memory.
        passivate_after: Span = Span::seconds(600);
        /// Aggregates in memory above which idle ones leave early; the others are read again when they are needed.
        max_live: u64 = 20_000;
        /// Journal entries that lists may trail before new work is shed; they wait in memory.
        projector_limit: u64 = 20_000;
        /// Aggregates loading from the database at the same time.
        loads: u64 = 64;
    }
}

impl Config {
    /// The database address in effect.
    pub fn database_url(&self) -> String {
        if self.data.url.is_empty() {
            format!("surrealkv://{}", self.data.dir.join("db").display())
        } else {
            self.data.url.clone()
        }
    }

    /// Rules between values and ranges; every fault.
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let mut range = |path: &str, value: u64, low: u64, high: u64| {
            if !(low..=high).contains(&value) {
                faults.push(format!("{path}: {value} is not between {low} and {high}"));
            }
        };
        range("server.max_body_bytes", self.server.max_body_bytes, 1_024, 64 << 20);
        range("server.max_import_bytes", self.server.max_import_bytes, 1_024, 1 << 30);
        range("server.read_timeout in ms", self.server.read_timeout.millis(), 100, 600_000);
        range("server.header_timeout in ms", self.server.header_timeout.millis(), 100, 600_000);
        range("server.max_connections", self.server.max_connections, 1, 1_000_000);
        range("server.request_timeout in ms", self.server.request_timeout.millis(), 100, 600_000);
        range("server.shutdown_timeout in ms", self.server.shutdown_timeout.millis(), 100, 600_000);
        range("server.workers", self.server.workers, 0, 1_024);
        range("data.workers", self.data.workers, 1, 256);
        range("data.cache_bytes", self.data.cache_bytes, 1 << 20, 1 << 40);
        range("data.memtable_bytes", self.data.memtable_bytes, 1 << 20, 2 << 30);
        range("auth.access_ttl in ms", self.auth.access_ttl.millis(), 1_000, 86_400_000);
        range("auth.max_failures", self.auth.max_failures, 1, 1_000);
        range("auth.failure_wait in ms", self.auth.failure_wait.millis(), 1_000, 3_600_000);
        range("auth.tracking_days", self.auth.tracking_days, 1, 3_650);
        range("auth.hash_concurrency", self.auth.hash_concurrency, 1, 64);
        range("runtime.arbiters", self.runtime.arbiters, 0, 256);
        range("runtime.projector_limit", self.runtime.projector_limit, 1_000, 100_000_000);
        range("runtime.loads", self.runtime.loads, 1, 10_000);
        range("runtime.permits", self.runtime.permits, 16, 1_000_000);
        range("runtime.passivate_after in ms", self.runtime.passivate_after.millis(), 1_000, 86_400_000);
        range("runtime.max_live", self.runtime.max_live, 100, 100_000_000);
        range("live.max_connections", self.live.max_connections, 1, 10_000_000);
        range("live.connect_rate", self.live.connect_rate, 1, 1_000_000);
        range("live.pre_auth_per_address", self.live.pre_auth_per_address, 1, 1_000_000);
        range("live.user_connections", self.live.user_connections, 1, 1_000_000);
        range("live.hello_wait in ms", self.live.hello_wait.millis(), 50, 60_000);
        range("live.heartbeat in ms", self.live.heartbeat.millis(), 100, 600_000);
        range("live.pong_wait in ms", self.live.pong_wait.millis(), 100, 60_000);
        range("live.write_timeout in ms", self.live.write_timeout.millis(), 100, 60_000);
        range("live.check_every in ms", self.live.check_every.millis(), 100, 600_000);
        range("connections.parallel", self.connections.parallel, 1, 256);
        range("connections.open_limit", self.connections.open_limit, 10, 100_000);
        range("connections.call_timeout in ms", self.connections.call_timeout.millis(), 50, 120_000);
        range("connections.lookup_wait in ms", self.connections.lookup_wait.millis(), 100, 3_600_000);
        range("connections.inbox_days", self.connections.inbox_days, 1, 3_650);
        range("live.shards", self.live.shards, 0, 256);
        let key = self.live.ticket_key.expose().len();
        if key > 0 && key < 32 {
            faults.push("live.ticket_key: must have at least 32 characters".into());
        }
        if self.auth.refresh_ttl.millis() <= self.auth.access_ttl.millis() {
            faults.push("auth.refresh_ttl: must be longer than auth.access_ttl".into());
        }
        let public = &self.server.public_url;
        if !public.is_empty() && !["http://", "https://"].iter().any(|scheme| public.starts_with(scheme)) {
            faults.push(format!("server.public_url: {public:?} does not begin with http:// or https://"));
        }
        let public = &self.connections.public_url;
        let bare = public.strip_prefix("https://").or_else(|| public.strip_prefix("http://"));
        if !public.is_empty() && bare.is_none_or(|rest| rest.is_empty() || rest.contains(['/', '?', '#', '@'])) {
            faults.push("connections.public_url: is not http:// or https:// and a host, without a path".into());
        }
        let url = &self.data.url;
        let schemes = ["surrealkv://", "rocksdb://", "mem://", "ws://", "wss://"];
        if !url.is_empty() && !schemes.iter().any(|scheme| url.starts_with(scheme)) {
            faults.push(format!("data.url: {url:?} does not begin with one of {}", schemes.join(", ")));
        }
        faults
    }

    /// The reference page, generated (`docs/CONFIG.md`).
    pub fn reference() -> String {
        let mut page = String::from(
            "# Configuration\n\nGenerated from the code by `munshi check-config --reference`; a test fails when it is stale.\n\n\
             A key `section.key` is set in the TOML file as `key` under `[section]`, or by the variable\n\
             `MUNSHI_SECTION__KEY`. The command line overrides variables, variables override the file.\n",
        );
        let defaults = Self::default();
        for (section, about) in Self::SECTIONS {
            page.push_str(&format!(
                "\n## {section}\n\n{}\n\n| key | kind | default | what |\n|---|---|---|---|\n",
                about.trim()
            ));
            for key in Self::KEYS.iter().filter(|key| key.path.split('.').next() == Some(section)) {
                let default = defaults.show(key.path).unwrap_or_default();
                page.push_str(&format!(
                    "| `{}` | {} | `{default}` | {} |\n",
                    key.path,
                    key.kind.replace('|', "\\|"),
                    key.doc.trim()
                ));
            }
        }
        page
    }
}
