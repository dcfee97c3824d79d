//! Sentences around every page.

group! {
    /// Sentences around every page.
    FrameWords {
        language() = "en";
        skip() = "Skip to content";
        sign_in() = "Sign in";
        sign_out() = "Sign out";
        developer_settings() = "Developer settings";
        settings_of(product) = "{product} developer settings";
        credit() = "Made with Latchhook";
        title(page, site) = "{page} · {site}";
        keys() = "API keys";
        webhooks() = "Webhooks";
        logs() = "Logs";
        history() = "History";
        back() = "Back";
        back_to(host) = "Back to {host}";
        docs() = "Docs";
        support() = "Support";
        failing_webhooks() = "Failing webhooks";
        one_fails() = "A webhook fails.";
        one_fails_what() = "Nothing that is sent to it arrives.";
        some_fail(count) = "{count} webhooks fail.";
        some_fail_what() = "Nothing that is sent to them arrives.";
        since[at] = "since {at}.";
        all_webhooks() = "All webhooks";
        jurisdiction() = "Jurisdiction";
        live_mode_closed() = "Live mode is for production: its keys and webhooks act on real data. It opens once your account is credentialed.";
        live_mode_ask() = "Ask for live mode";
        live_mode_whom() = "To have it opened, ask the support of the product that brought you here.";
    }
}
