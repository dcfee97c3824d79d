//! Test that every route of the API has a command, with a flag for each of its parameters.

mod lines;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::{
    fake::{Asked, Fake},
    server::Server,
    text,
};

/// Routes without a command of their own, and the reason.
const WITHOUT_COMMAND: &[(&str, &str)] = &[
    ("GET /healthz", "for service managers; `latchhook health` asks more"),
    ("GET /metrics", "for Prometheus"),
    ("GET /openapi.json", "for tools; `latchhook api /openapi.json` prints it"),
];

/// Parameters of routes without a flag, and the reason.
const WITHOUT_FLAG: &[(&str, &str, &str)] = &[
    ("*", "cursor", "lists are followed over their pages"),
    ("*", "per_page", "--limit says how many"),
    ("GET /v1/logs", "written_since", "--follow asks for what was written since its last look"),
    ("POST /v1/webhooks", "live", "another way to say environment, for clients of another service"),
    ("POST /v1/api_keys/verify", "request", "tells of the request that an API is answering"),
];

#[test]
fn every_route_has_a_command_with_a_flag_for_each_parameter() {
    let document = openapi();
    let mut reached: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let files = lines::Files::new();
    for (line, expected) in lines::LINES {
        let asked = Fake::asked_by(&files.words(line));
        let Asked { route, names, .. } =
            asked.last().unwrap_or_else(|| panic!("{line} asks nothing"));
        assert_eq!(route, expected, "{line}");
        reached.entry(route.clone()).or_default().extend(names.iter().cloned());
    }
    let mut missing = Vec::new();
    for (route, takes) in routes(&document) {
        if WITHOUT_COMMAND.iter().any(|(without, _)| *without == route) {
            continue;
        }
        let Some(names) = reached.get(&route) else {
            missing.push(format!("{route} has no command"));
            continue;
        };
        let excused = |name: &str| {
            WITHOUT_FLAG.iter().any(|(of, it, _)| *it == name && (*of == "*" || *of == route))
        };
        let lacks = takes.iter().filter(|name| !names.contains(*name) && !excused(name));
        missing.extend(lacks.map(|name| format!("{route} has no flag for {name}")));
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

fn openapi() -> Value {
    let server = Server::start(&[]);
    let document = server.command(&["api", "/openapi.json"]).output().unwrap();
    serde_json::from_str(&text(&document.stdout)).unwrap()
}

/// Returns every route, and the names of its query and of the top of its body.
fn routes(document: &Value) -> Vec<(String, BTreeSet<String>)> {
    let mut routes = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            let query = parameters.filter(|parameter| parameter["in"] == "query");
            let mut takes: BTreeSet<String> =
                query.map(|parameter| parameter["name"].as_str().unwrap().to_owned()).collect();
            let body = &operation["requestBody"]["content"]["application/json"]["schema"];
            takes.extend(properties(document, body));
            routes.push((format!("{} {path}", method.to_uppercase()), takes));
        }
    }
    assert!(routes.len() > 30, "{}", routes.len());
    routes
}

fn properties(document: &Value, schema: &Value) -> Vec<String> {
    if let Some(reference) = schema["$ref"].as_str() {
        return properties(document, document.pointer(&reference[1..]).unwrap());
    }
    schema["properties"].as_object().into_iter().flat_map(|it| it.keys().cloned()).collect()
}
