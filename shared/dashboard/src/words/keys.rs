//! Sentences of the pages of API keys.

use std::borrow::Cow;

group! {
    /// Sentences of the pages of API keys.
    KeyWords {
        title() = "API keys";
        what() = "Secret keys act for your account: keep them on your own servers. Publishable keys only identify your account, and may be used in browsers and apps.";
        create() = "Create key";
        kind() = "Type";
        secret() = "Secret";
        secret_what() = "For your servers. Reads and writes.";
        publishable() = "Publishable";
        publishable_what() = "For browsers and apps. Only identifies your account.";
        test_what() = "For development and staging.";
        live_what() = "For production.";
        name() = "Name";
        name_example() = "Such as CI, or the server it is for";
        unnamed() = "Unnamed key";
        expires() = "Expires";
        in_an_hour() = "In an hour";
        in_a_day() = "In a day";
        in_a_week() = "In a week";
        in_90_days() = "In 90 days";
        on_a_date() = "On a date…";
        if_on_a_date[zone] = "Date and time ({zone}), if on a date";
        all_keys() = "All keys";
        active_keys() = "Active keys";
        all() = "All";
        hide_expired() = "Hide expired";
        show_expired() = "Show expired";
        none() = "No keys here yet.";
        none_live() = "Live keys are available once your account is credentialed for production.";
        none_what() = "Create one to call the API from your programs.";
        key() = "Key";
        last_used() = "Last used";
        actions() = "Actions";
        expired() = "Expired";
        expire() = "Expire";
        expire_named(name) = "Expire {name}";
        roll() = "Roll";
        roll_named(name) = "Roll {name}";
        older() = "Older keys";

        active() = "Active";
        rolled_to() = "Rolled to";
        its_requests() = "Its requests";
        its_history() = "Its history";
        old_and_new() = "Old and new key";
        old() = "Old";
        new_one() = "New";
        still_works() = "Still works";
        ends() = "Ends";
        ended() = "Ended";
        requests_with_it() = "Requests with it";
        since_the_roll() = "Since the roll";
        still_none() = "None since the roll";
        still(count) = "{count} since the roll";
        still_at_least(count) = "{count} or more since the roll";
        finish() = "Finish: end the old key now";
        undo() = "Undo the roll";
        expire_what() = "The key stops working at that instant, and programs that still use it are refused.";
        when() = "When";
        now() = "Now";
        never_keep() = "Never: keep it";
        set_expiry() = "Set expiry";
        roll_what() = "Creates a new key with the same type, environment and name. Both keys work until the overlap ends, so that you can replace the old one without an interruption.";
        rolled_already() = "A key is rolled once, and this one was. To replace it after all, create a new key, put that where this one is, and let this one expire.";
        works_for() = "This key works for";
        another_hour() = "another hour";
        another_day() = "another day";
        another_week() = "another week";
        no_longer() = "no longer: it may have leaked";
        roll_key() = "Roll key";
        reveal() = "API key";
        reveal_advice() = "Keep it on your own servers. Never send it by e-mail or put it into code that others can read.";

        expire_now() = "Expire this key now?";
        expire_now_what() = "Programs that still use it are refused from now on. An expired key can’t be brought back.";
        expire_it() = "Expire it now";
        roll_now() = "Roll this key without an overlap?";
        roll_now_what() = "Programs that still use the present key are refused until they have the new one. An expired key can’t be brought back.";
        roll_it() = "Roll it now";
        undo_now() = "Undo the roll?";
        undo_now_what() = "This key goes on without an end. The one that was to replace it stops working now, and programs that have it are refused.";
        undo_it() = "Undo it";
        never_used() = "It has never been used.";
        used(ago) = "It was last used {ago}.";
        a_live_key(name, key) = "{name}, a live key: {key}";
        a_test_key(name, key) = "{name}, a test key: {key}";

        made() = "Made";
        made_elsewhere() = "Elsewhere, and imported";
        made_elsewhere_hashed() = "Elsewhere, and imported. Only its hash is known, so it can’t be shown";
        may_do() = "May do";
        everything() = "Everything";
        used_from() = "Used from";
        nowhere() = "Nowhere";
        everywhere() = "Everywhere";
        limit() = "Limit";
        limit_of(count, seconds) = "{count} requests in {seconds} seconds";
        change() = "Change";
        change_what() = "Name, scopes and networks";

        limits() = "What this key may do";
        limits_what() = "Changes hold at once. A program that needs what you take away is refused from then on.";
        scopes() = "Scopes";
        everything_what() = "Scopes that are added later, too.";
        only_some() = "Only some";
        only_some_what() = "Choose them below.";
        others() = "Others";
        by_commas() = "separated by commas";
        networks() = "Networks";
        networks_what[example] = "from which it may be used, one on each line, such as {example}; empty: everywhere";
    }
}

impl KeyWords {
    /// Name of a type of keys.
    pub(crate) fn of_type<'a>(&'a self, kind: &'a str) -> Cow<'a, str> {
        match kind {
            "secret" => self.secret(),
            "publishable" => self.publishable(),
            other => Cow::Borrowed(other),
        }
    }
}
