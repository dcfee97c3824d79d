//! Consistency of `infra/template.yaml` with the code where both state the same.

use std::collections::{BTreeMap, BTreeSet};

use app::http::parts;
use latchhook_lambda::metrics::Metric;

const TEMPLATE: &str = include_str!("../../../infra/template.yaml");

/// Parts of the API and the functions of the template that serve them.
const SERVED: [(parts::Part, &str); 6] = [
    (parts::ACCOUNTS, "Accounts"),
    (parts::API_KEYS, "ApiKeys"),
    (parts::WEBHOOKS, "Webhooks"),
    (parts::EVENTS, "EventsApi"),
    (parts::LOGS, "LogsApi"),
    (parts::SERVICE, "Dashboard"),
];

#[test]
fn the_http_api_routes_every_path_to_its_function() {
    let mut routes = BTreeMap::new();
    let mut lines = TEMPLATE.lines().map(str::trim);
    while let Some(line) = lines.next() {
        let Some(key) = line.strip_prefix("RouteKey: ") else { continue };
        let target = lines.next().unwrap().strip_prefix("Target: !Sub integrations/${").unwrap();
        let path = key.strip_prefix("ANY ").unwrap_or("/{proxy+}");
        routes.insert(path, target.strip_suffix("Integration}").unwrap());
    }
    // API Gateway prefers a whole path, then the greedy variable behind most of it.
    for (part, function) in SERVED {
        for path in part.paths() {
            let greedy = |route: &&&str| {
                route
                    .strip_suffix("{proxy+}")
                    .is_some_and(|before| path.len() > before.len() && path.starts_with(before))
            };
            let longest = routes.keys().filter(greedy).max_by_key(|route| route.len());
            let found = routes.get(path.as_str()).or_else(|| longest.and_then(|r| routes.get(*r)));
            assert_eq!(found, Some(&function), "{path}");
        }
    }
}

/// The functions answer preflight requests; a gateway with CORS settings would answer them itself.
#[test]
fn the_gateway_leaves_preflights_to_the_functions() {
    assert!(!TEMPLATE.contains("CorsConfiguration"));
    let keys = TEMPLATE.lines().filter_map(|line| line.trim().strip_prefix("RouteKey: "));
    assert!(keys.clone().count() > 10);
    assert!(keys.into_iter().all(|key| key == "$default" || key.starts_with("ANY ")));
}

#[test]
fn alarms_and_dashboard_use_only_metrics_that_the_functions_write() {
    let mut shown = BTreeSet::new();
    let mut lines = TEMPLATE.lines().map(str::trim);
    let in_dashboard = format!("[\"{}\", \"", Metric::NAMESPACE);
    while let Some(line) = lines.next() {
        let (name, dimension) = if line == format!("Namespace: {}", Metric::NAMESPACE) {
            let name = lines.next().unwrap().strip_prefix("MetricName: ").unwrap();
            let dimensions = lines.next().unwrap().strip_prefix("Dimensions: [{ Name: ").unwrap();
            (name, dimensions.split_once(", Value: !Ref AWS::StackName }]").unwrap().0)
        } else if let Some(entry) = line.strip_prefix(&in_dashboard) {
            let (name, dimension) = entry.split_once("\", \"").unwrap();
            (name, dimension.split_once("\", \"${AWS::StackName}\"").unwrap().0)
        } else {
            continue;
        };
        assert_eq!(dimension, Metric::DIMENSION, "{line}");
        shown.insert(name);
    }
    assert_eq!(shown, Metric::ALL.map(Metric::name).into());
}
