//! Parsers of the values that commands take, for clap: a wrong value ends with exit code 2, the
//! name of its flag, and the possible values.

pub(crate) mod choices;
mod count;
mod key_settings;
pub(crate) mod moment;
mod names;
mod window;
mod yes;

pub(crate) use self::{
    count::count,
    key_settings::{KeySettings, rate, scope},
    names::{
        account_id, event_id, event_type, http_url, key_id, log_id, operator_token_id,
        portal_session_id, subject, subscription, webhook_id, webhook_url,
    },
    window::Window,
    yes::Yes,
};
