//! Sentences of the pages of operational webhooks.

group! {
    /// Sentences of the pages of operational webhooks.
    OperationalWords {
        webhooks() = "Webhooks";
        webhooks_what(most) = "They tell your own systems what happens in the installation. There can be {most}.";
        all_webhooks() = "All webhooks";
        no_webhook() = "There is none.";
        no_webhook_what() = "Add one to write to customers, open tickets or bill by what happens.";
        full(most) = "There are {most}, and there can be no more. Delete one to add another.";
        new_webhook() = "Add a webhook";
        url() = "URL";
        url_what() = "https:// or http://. The server reaches an endpoint in your own network only if LATCHHOOK_ALLOW_NETWORKS names it.";
        event_types() = "Event types";
        status() = "Status";
        status_what() = "Disabling it cancels what still waits for a retry.";
        failing_since() = "Failing since";
        settings() = "Settings";
        recent() = "Newest attempts";
        no_attempts() = "No attempts yet.";
        no_attempts_what() = "The first one appears here once something happens that this webhook is told of.";

        what_all() = "Everything, types that are added later included";
        what_webhook_failing() = "A webhook of a customer’s has failed everything for a while";
        what_webhook_disabled() = "A webhook was disabled, by somebody or because it failed for too long";
        what_delivery_exhausted() = "The last attempt of a delivery failed";
        what_api_key_created() = "An API key was created, rolled to or imported";
        what_api_key_expiring() = "An API key expires in seven days, and again in one";
        what_account_created() = "An account was opened";
        what_account_credentialed() = "Live mode was opened to an account";
        what_account_closed() = "An account was closed for good";
        what_other() = "Chosen by the API";

        signing_secret() = "Signing secret";
        signing_secret_what() = "Every delivery is signed with it. Verify the signature before you trust a delivery.";
        public_key() = "Public key";
        public_key_what() = "Every delivery is signed with a private key. Verify the signature by the public one before you trust a delivery.";
        reveal_not() = "Only a token with secrets:reveal shows it again.";
        rotate_not() = "Only a token with webhooks:write rotates it.";
        secret_copy_what() = "Copy it now and put it where your endpoint verifies deliveries. Whoever has it can forge them.";
        secret_copied() = "I have copied it";

        delete() = "Delete webhook";
        delete_what[url] = "What still waits for a retry is cancelled, and the signing secret is destroyed. This can’t be undone. To confirm, enter its URL: {url}";
    }
}
