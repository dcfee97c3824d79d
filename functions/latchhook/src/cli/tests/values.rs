//! Wrong values of flags: each is refused with the flag's name and the possible values.

use super::refused;

#[test]
fn wrong_choices_are_refused_with_the_possible_values() {
    for (line, flag, choices) in [
        ("keys create --environment prod", "--environment", "test, live"),
        ("keys create --type private", "--type", "secret, publishable"),
        ("keys list --environment Test", "--environment", "test, live"),
        ("keys verify - --type x", "--type", "secret, publishable"),
        ("webhooks create https://x/ --jurisdiction U.S", "--jurisdiction", "1 to 16 letters"),
        ("webhooks update wh_1 --status off", "--status", "enabled, disabled"),
        ("accounts update acct_1 --credentialed yes", "--credentialed", "true, false"),
        ("events send - --environment x", "--environment", "test, live"),
        ("logs --kind deliveries", "--kind", "webhook_delivery, api_request"),
        ("logs --status maybe", "--status", "succeeded, failed, an HTTP status"),
        ("logs --status 600", "--status", "from 100 to 599"),
        ("logs --status 6xx", "--status", "such as 4xx"),
        ("events list --status sent", "--status", "pending, retrying"),
        ("events list --order up", "--order", "desc, asc"),
        ("portal-sessions create --capability keys", "--capability", "keys:read"),
        ("audit --type webhook.made", "--type", "webhook.created"),
        ("api /v1/x --method FETCH", "--method", "GET, POST, PUT, PATCH, DELETE"),
        ("completions dos", "SHELL", "bash"),
    ] {
        let said = refused(&format!("latchhook {line}"));
        assert!(said.contains(flag) && said.contains(choices), "{line}: {said}");
    }
}

#[test]
fn ids_of_another_kind_are_refused() {
    for (line, prefix) in [
        ("webhooks get acct_1", "wh_"),
        ("keys get wh_1", "key_"),
        ("keys reveal lh_sk_test_x", "this looks like the key itself"),
        ("events get wh_1", "evt_"),
        ("events resend evt_1 key_1", "wh_"),
        ("accounts get key_1", "acct_"),
        ("keys list --account wh_1", "acct_"),
        ("logs get evt_1", "log_"),
        ("logs --webhook evt_1", "wh_"),
        ("logs --key wh_1", "key_"),
        ("audit --subject evt_1", "acct_, key_, wh_"),
        ("deliveries stats --webhook x", "wh_"),
        ("webhooks get wh_1/ping", "wh_"),
    ] {
        let said = refused(&format!("latchhook {line}"));
        assert!(said.contains(prefix), "{line}: {said}");
    }
}

#[test]
fn urls_numbers_and_times_are_refused_by_their_flags() {
    for (line, flag) in [
        ("accounts list --url example.com", "--url"),
        ("accounts list --token=", "--token <TOKEN>"),
        ("webhooks create example.com", "URL"),
        ("keys list --limit -1", "--limit <COUNT>"),
        ("accounts update acct_1 --webhook-quota -1", "--webhook-quota <COUNT>"),
        ("deliveries stats --buckets -1", "--buckets <COUNT>"),
        ("webhooks update wh_1 --webhook-url ftp://x/", "--webhook-url"),
        ("webhooks create https://x/ --event-type a..b", "--event-type"),
        ("webhooks rotate-secret wh_1 --overlap 8d", "--overlap"),
        ("webhooks recover wh_1 --since yesterday", "--since"),
        ("webhooks list --as-of 2026-13-01", "--as-of"),
        ("events list --since 1x", "--since"),
        ("events list --until tomorrow", "--until"),
        ("events list --limit 0", "--limit"),
        ("keys create --expires-at soon", "--expires-at"),
        ("keys roll key_1 --at=-1h", "--at"),
        ("portal-sessions create --expires-in 2d", "--expires-in"),
        ("accounts update acct_1 --webhook-quota 10001", "--webhook-quota"),
        ("deliveries stats --buckets 97", "--buckets"),
        ("listen --forward localhost:3000", "--forward"),
        ("listen --port 65536", "--port"),
        ("events send --type a --data {", "--data"),
        ("event-types put a..b", "NAME"),
    ] {
        let said = refused(&format!("latchhook {line}"));
        assert!(said.contains(flag), "{line}: {said}");
    }
}

#[test]
fn an_update_without_a_change_is_refused_with_the_possible_flags() {
    use crate::{context::Context, failure::Failure};
    let (context, _) = Context::for_test(std::collections::BTreeMap::new());
    let line = "latchhook webhooks update wh_1 --token lhop_x --account acct_1";
    let failure = super::parse(line).unwrap().command.run(&context).unwrap_err();
    assert!(matches!(&failure, Failure::Usage(why) if why.contains("--event-type")), "{failure}");
}

#[test]
fn irreversible_commands_need_yes_without_a_terminal() {
    use crate::{context::Context, failure::Failure};
    for line in [
        "accounts close acct_1",
        "keys expire key_1",
        "keys roll key_1 --at 1d",
        "webhooks delete wh_1",
        "webhooks rotate-secret wh_1",
        "event-types delete a.b",
    ] {
        let (context, printed) = Context::for_test(std::collections::BTreeMap::new());
        let line =
            format!("latchhook {line} --token lhop_x --account acct_1 --url http://127.0.0.1:9");
        let failure = super::parse(&line).unwrap().command.run(&context).unwrap_err();
        assert!(
            matches!(&failure, Failure::Usage(why) if why.contains("--yes")),
            "{line}: {failure}"
        );
        assert_eq!(printed.text(), "");
    }
}
