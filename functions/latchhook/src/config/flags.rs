//! The table of settings: flags, variables, file keys and defaults, in one place.

use clap::Args;

use crate::args::choices::Offered;

/// A setting's names and default.
pub(crate) struct Setting {
    /// Its key in the file; its flag is the same with dashes.
    pub(crate) name: &'static str,
    /// Its environment variable.
    pub(crate) env: &'static str,
    /// What it is when nothing says otherwise.
    pub(crate) default: Option<&'static str>,
}

impl Setting {
    /// Its flag.
    pub(crate) fn flag(&self) -> String {
        format!("--{}", self.name.replace('_', "-"))
    }
}

macro_rules! settings {
    (@default) => { None };
    (@default $default:literal) => { Some($default) };
    (@help $doc:literal, $env:literal) => { concat!($doc, " [env: ", $env, "]") };
    (@help $doc:literal, $env:literal, $default:literal) => {
        concat!($doc, " [env: ", $env, "] [default: ", $default, "]")
    };
    ($($doc:literal $name:ident $value:literal $(of $($choice:literal)|+)? = $env:literal $(or $default:literal)?;)*) => {
        /// What the command line says; texts, so that all problems are found by one check.
        #[derive(Args, Debug, Default, Clone)]
        #[command(next_help_heading = "Configuration (flag over environment over file)")]
        pub(crate) struct Flags {
            #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath, help = CONFIG_HELP)]
            pub(crate) config: Option<std::path::PathBuf>,
            $(
                #[arg(long, value_name = $value, help = settings!(@help $doc, $env $(, $default)?)
                    $(, value_parser = Offered(&[$($choice),+]), hide_possible_values = true)?)]
                pub(crate) $name: Option<String>,
            )*
        }

        /// Every setting.
        pub(crate) const SETTINGS: &[Setting] = &[$(Setting {
            name: stringify!($name),
            env: $env,
            default: settings!(@default $($default)?),
        },)*];

        impl Flags {
            /// The value of the flag of a setting.
            pub(super) fn get(&self, name: &str) -> Option<&str> {
                match name {
                    $(stringify!($name) => self.$name.as_deref(),)*
                    _ => None,
                }
            }
        }
    };
}

const CONFIG_HELP: &str = "A TOML file with any of these settings, named like the flags with _ for - \
    [env: LATCHHOOK_CONFIG]";

settings! {
    "Where everything is kept; made when it is not there"
    data_dir "DIR" = "LATCHHOOK_DATA_DIR" or "latchhook-data";
    "Where the API listens"
    listen "ADDR:PORT" = "LATCHHOOK_LISTEN" or "127.0.0.1:8080";
    "The operator's token, lhop_ and at least 32 letters or digits; without one, one is made on the first start and printed once"
    operator_token "TOKEN" = "LATCHHOOK_OPERATOR_TOKEN";
    "Networks that deliveries may reach although they are not public, such as 127.0.0.0/8,::1/128"
    allow_networks "CIDRS" = "LATCHHOOK_ALLOW_NETWORKS";
    "Name servers that are asked instead of those of /etc/resolv.conf, such as 10.0.0.2,[fd00::2]:53"
    name_servers "ADDRS" = "LATCHHOOK_NAME_SERVERS";
    "When a failed delivery is tried again: runs of COUNTxDURATION"
    retry_schedule "SCHEDULE" = "LATCHHOOK_RETRY_SCHEDULE" or "10x1m,24x1h";
    "The longest that an attempt may take in all"
    delivery_timeout "DURATION" = "LATCHHOOK_DELIVERY_TIMEOUT" or "15s";
    "Certificates (PEM) that deliveries trust beside the system's"
    extra_ca_file "FILE" = "LATCHHOOK_EXTRA_CA_FILE";
    "The header for the legacy signature, such as X-Checkr-Signature; without it, none is sent"
    legacy_signature_header "NAME" = "LATCHHOOK_LEGACY_SIGNATURE_HEADER";
    "What API keys start with"
    key_prefix "PREFIX" = "LATCHHOOK_KEY_PREFIX" or "lh";
    "How long logs are kept"
    log_retention "DURATION" = "LATCHHOOK_LOG_RETENTION" or "30d";
    "Requests that each API key may make in a minute"
    rate_limit "COUNT" = "LATCHHOOK_RATE_LIMIT" or "1200";
    "What portal session links start with, such as https://hooks.example.com; without it, the address listened on"
    public_url "URL" = "LATCHHOOK_PUBLIC_URL";
    "Sites that may show the dashboard in a frame, such as https://app.example.com; without any, none may"
    frame_ancestors "SITES" = "LATCHHOOK_FRAME_ANCESTORS";
    "Which log lines are written: error, warn, info, debug, trace, or a filter such as info,latchhook=debug"
    log "FILTER" = "LATCHHOOK_LOG" or "info";
    "How log lines are written: human or json; without it, human on a terminal and json elsewhere"
    log_format "FORMAT" of "human" | "json" = "LATCHHOOK_LOG_FORMAT";
    "Where SNS is reached instead of at its region's own address"
    sns_endpoint "URL" = "AWS_ENDPOINT_URL_SNS";
    "First attempts that may run at once"
    concurrency "COUNT" = "LATCHHOOK_CONCURRENCY" or "1024";
    "Retries that may run at once; apart from first attempts, so that neither delays the other"
    retry_concurrency "COUNT" = "LATCHHOOK_RETRY_CONCURRENCY" or "256";
    "Attempts that may run at once to one webhook; what a receiver that hangs costs at most"
    endpoint_concurrency "COUNT" = "LATCHHOOK_ENDPOINT_CONCURRENCY" or "64";
}
