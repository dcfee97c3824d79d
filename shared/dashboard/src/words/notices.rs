//! Sentences that confirm what a form did.

group! {
    /// Sentences that confirm what a form did.
    NoticeWords {
        key_created() = "Key created. Select the eye to see it, then store it where only your servers reach it.";
        key_expiry() = "The key’s expiry is set.";
        key_limits() = "Changes saved. They hold from now on.";
        key_rolled() = "Key rolled. This is the new one: select the eye to see it, and put it where the old one is.";
        webhook_created() = "Webhook created. Verify its deliveries with the signing secret below.";
        webhook_saved() = "Changes saved.";
        webhook_enabled() = "Deliveries are on.";
        webhook_disabled() = "Deliveries are off. What was pending is cancelled; you can retry it later.";
        webhook_rotated() = "Signing secret rotated. Both secrets sign until the overlap ends.";
        webhook_rotated_now() = "Signing secret rotated. The one before it no longer signs.";
        key_restored() = "Roll undone. This key goes on without an end, and the one that was to replace it has expired.";
        webhook_overlap_ended() = "Rotation finished. Only the new signing secret signs.";
        webhook_secret_restored() = "Rotation undone. The earlier signing secret is in its place again, and the other signs nothing.";
        webhook_deleted() = "Webhook deleted. Its logs stay.";
        resent() = "One more attempt is on its way.";
        advanced() = "The next attempt is made now. Later ones keep their times.";
        ping() = "Test event sent. Its attempts appear here.";
        recovered_none() = "There was nothing to retry.";
        again_one() = "1 more attempt is on the way. They appear below.";
        again(count) = "{count} more attempts are on the way. They appear below.";
        left_out(count) = "Left out: {count}, whose webhook is disabled or deleted, or is sent too much.";
        recovered_one() = "1 delivery is queued again.";
        recovered(count) = "{count} deliveries are queued again.";
        account_created() = "Account opened.";
        account_saved() = "Changes saved.";
        account_closed() = "Account closed. Its keys stopped working and its secrets are destroyed.";
        session_ended() = "Session ended. Whoever was signed in with it is signed out.";
        type_saved() = "Event type saved.";
        type_removed() = "Event type removed.";
        event_erased() = "Event erased. Its data is gone.";
        token_ended() = "Token ended. Whatever uses it is refused from now on.";
    }
}
