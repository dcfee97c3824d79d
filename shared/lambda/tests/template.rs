//! Consistency of the templates in `infra` with the code where both state the same.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};

use app::http::{extract::LARGEST_BODY, parts};
use latchhook_lambda::metrics::Metric;
use yaml_rust2::{Yaml, YamlLoader};

const TEMPLATE: &str = include_str!("../../../infra/template.yaml");
const MONITORING: &str = include_str!("../../../infra/monitoring.yaml");

/// Parts of the API and the functions of the template that serve them.
const SERVED: [(parts::Part, &str); 6] = [
    (parts::ACCOUNTS, "Accounts"),
    (parts::API_KEYS, "ApiKeys"),
    (parts::WEBHOOKS, "Webhooks"),
    (parts::EVENTS, "EventsApi"),
    (parts::LOGS, "LogsApi"),
    (parts::SERVICE, "Dashboard"),
];

/// Reads a template; of `!Ref X` only `X` is left.
fn read(template: &str) -> Yaml {
    YamlLoader::load_from_str(template).unwrap().remove(0)
}

/// Returns the API's events of a function, as their properties.
fn api_events(function: &Yaml) -> impl Iterator<Item = &Yaml> {
    let events = function["Properties"]["Events"].as_hash().into_iter().flatten();
    events
        .map(|(_, event)| event)
        .filter(|event| event["Type"].as_str() == Some("HttpApi"))
        .map(|event| &event["Properties"])
}

#[test]
fn the_http_api_routes_every_path_to_its_function() {
    let template = read(TEMPLATE);
    let mut routes = BTreeMap::new();
    for (name, resource) in template["Resources"].as_hash().unwrap() {
        for event in api_events(resource) {
            // An event without a path is the default route.
            let path = event["Path"].as_str().unwrap_or("/{proxy+}").to_owned();
            assert_eq!(routes.insert(path, name.as_str().unwrap()), None);
        }
    }
    // API Gateway prefers a whole path, then the greedy variable behind most of it.
    for (part, function) in SERVED {
        for path in part.paths() {
            let greedy = |route: &&String| {
                route
                    .strip_suffix("{proxy+}")
                    .is_some_and(|before| path.len() > before.len() && path.starts_with(before))
            };
            let longest = routes.keys().filter(greedy).max_by_key(|route| route.len());
            let found = routes.get(&path).or_else(|| longest.and_then(|route| routes.get(route)));
            assert_eq!(found, Some(&function), "{path}");
        }
    }
}

/// The functions answer preflight requests; a gateway with CORS settings would answer them itself.
#[test]
fn the_gateway_leaves_preflights_to_the_functions() {
    let template = read(TEMPLATE);
    let resources = template["Resources"].as_hash().unwrap();
    assert!(template["Resources"]["Http"]["Properties"]["CorsConfiguration"].is_badvalue());
    let methods: Vec<_> = resources
        .iter()
        .flat_map(|(_, resource)| api_events(resource))
        .filter(|event| !event["Path"].is_badvalue())
        .map(|event| event["Method"].as_str())
        .collect();
    assert!(methods.len() > 10);
    assert!(methods.iter().all(|method| *method == Some("ANY")));
}

/// Lambda is given 6 MB at most; a body that is not text comes in base64, which is a third longer.
/// <https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>
#[test]
fn the_largest_body_that_the_product_takes_fits_into_an_invocation() {
    const MOST: usize = 6 * 1024 * 1024;
    const BESIDE_BODY: usize = 64 * 1024;
    assert!(LARGEST_BODY.div_ceil(3) * 4 + BESIDE_BODY < MOST);
}

/// Metric that somebody looks at, and the name of its dimension.
type Shown = (String, String);

/// Adds the metrics of the functions' namespace anywhere in `node`.
fn watched(node: &Yaml, found: &mut BTreeSet<Shown>) {
    if node["Namespace"].as_str() == Some(Metric::NAMESPACE) {
        let name = node["MetricName"].as_str().unwrap().to_owned();
        found.insert((name, node["Dimensions"][0]["Name"].as_str().unwrap().to_owned()));
    }
    match node {
        Yaml::Hash(map) => map.iter().for_each(|(_, inner)| watched(inner, found)),
        Yaml::Array(list) => list.iter().for_each(|inner| watched(inner, found)),
        _ => {}
    }
}

/// Adds the metrics of that namespace in the dashboard, which is JSON in the template.
fn drawn(template: &Yaml, found: &mut BTreeSet<Shown>) {
    let body = template["Resources"]["Overview"]["Properties"]["DashboardBody"].as_str().unwrap();
    let body: serde_json::Value = serde_json::from_str(body).unwrap();
    for widget in body["widgets"].as_array().unwrap() {
        for metric in widget["properties"]["metrics"].as_array().unwrap() {
            if metric[0] == Metric::NAMESPACE {
                let at = |position: usize| metric[position].as_str().unwrap().to_owned();
                found.insert((at(1), at(2)));
            }
        }
    }
}

#[test]
fn alarms_and_dashboard_use_only_metrics_that_the_functions_write() {
    let template = read(MONITORING);
    let mut shown = BTreeSet::new();
    watched(&template, &mut shown);
    drawn(&template, &mut shown);
    let written =
        Metric::ALL.map(|metric| (metric.name().to_owned(), Metric::DIMENSION.to_owned()));
    assert_eq!(shown, written.into());
}
