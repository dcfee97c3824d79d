//! Sentences of the settings' history.

use std::borrow::Cow;

group! {
    /// Sentences of the settings' history.
    HistoryWords {
        title() = "Settings history";
        what() = "Every change to these settings: what, when, by whom and from where.";
        filter_label() = "Filter the history";
        subject() = "Key or webhook";
        subject_example() = "key_… or wh_…";
        happened() = "What happened";
        happened_example() = "webhook.updated";
        filter() = "Filter";
        clear() = "Clear";
        nothing() = "Nothing here.";
        nothing_what() = "Nothing passes these filters.";
        nothing_yet() = "Nothing among the newest changes.";
        nothing_yet_what() = "Older ones were not looked at yet: go on below.";
        column_what() = "What";
        column_change() = "Change";
        column_who() = "Who";
        column_when() = "When";
        becomes() = "becomes";
        older() = "Older";
        none() = "none";
        unlimited() = "not limited";
        nothing_at_all() = "nothing";
        yes() = "yes";
        no() = "no";
        operator() = "Operator";
        dashboard() = "Dashboard";
        api_key() = "API key";
        system() = "System";
        account_opened() = "Account opened";
        account_credentialed() = "Live mode opened";
        account_credential_withdrawn() = "Live mode closed";
        account_renamed() = "Account renamed";
        account_webhook_quota_changed() = "Webhook limit changed";
        account_portal_session_opened() = "Dashboard session opened";
        account_portal_session_shown() = "Dashboard session’s token shown again";
        account_portal_session_ended() = "Dashboard session ended";
        account_event_erased() = "Event’s data erased";
        account_closed() = "Account closed";
        api_key_created() = "API key created";
        api_key_updated() = "API key changed";
        api_key_import_undone() = "Import of the API key undone";
        api_key_expiry_set() = "API key expiry set";
        api_key_revealed() = "API key revealed";
        api_key_fingerprint_renewed() = "API key’s fingerprint renewed";
        api_key_rolled() = "API key rolled";
        webhook_created() = "Webhook created";
        webhook_updated() = "Webhook changed";
        webhook_url_changed() = "Webhook URL changed";
        webhook_enabled() = "Webhook enabled";
        webhook_disabled() = "Webhook disabled";
        webhook_deleted() = "Webhook deleted";
        webhook_fingerprint_renewed() = "Webhook URL's fingerprint renewed";
        webhook_secret_revealed() = "Signing secret revealed";
        webhook_overlap_ended() = "Signing secret’s rotation finished";
        webhook_secret_restored() = "Signing secret’s rotation undone";
        webhook_secret_rotated() = "Signing secret rotated";

        setting_allowed_networks() = "allowed networks";
        setting_description() = "description";
        setting_environment() = "environment";
        setting_event_types() = "event types";
        setting_expires_at() = "expires at";
        setting_external_id() = "external id";
        setting_filter() = "filter";
        setting_headers() = "headers";
        setting_imported() = "imported";
        setting_include_object() = "include object";
        setting_jurisdiction() = "jurisdiction";
        setting_key_type() = "key type";
        setting_metadata() = "metadata";
        setting_name() = "name";
        setting_previous_expires_at() = "previous expires at";
        setting_public_key() = "public key";
        setting_rate_limit() = "rate limit";
        setting_reason() = "reason";
        setting_redacted() = "key";
        setting_replaced_by() = "replaced by";
        setting_revealable() = "revealable";
        setting_scopes() = "scopes";
        setting_session() = "session";
        setting_url() = "URL";
        setting_webhook_quota() = "webhook quota";
    }
}

impl HistoryWords {
    /// Label of a setting, by its name in the API.
    pub(crate) fn setting(&self, name: &str) -> Cow<'_, str> {
        match name {
            "allowed_networks" => self.setting_allowed_networks(),
            "description" => self.setting_description(),
            "environment" => self.setting_environment(),
            "event_types" => self.setting_event_types(),
            "expires_at" => self.setting_expires_at(),
            "external_id" => self.setting_external_id(),
            "filter" => self.setting_filter(),
            "headers" => self.setting_headers(),
            "imported" => self.setting_imported(),
            "include_object" => self.setting_include_object(),
            "jurisdiction" => self.setting_jurisdiction(),
            "key_type" => self.setting_key_type(),
            "metadata" => self.setting_metadata(),
            "name" => self.setting_name(),
            "previous_expires_at" => self.setting_previous_expires_at(),
            "public_key" => self.setting_public_key(),
            "rate_limit" => self.setting_rate_limit(),
            "reason" => self.setting_reason(),
            "redacted" => self.setting_redacted(),
            "replaced_by" => self.setting_replaced_by(),
            "revealable" => self.setting_revealable(),
            "scopes" => self.setting_scopes(),
            "session" => self.setting_session(),
            "url" => self.setting_url(),
            "webhook_quota" => self.setting_webhook_quota(),
            other => Cow::Owned(other.replace('_', " ")),
        }
    }
}
