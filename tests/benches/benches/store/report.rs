//! Figures, as a table and as JSON.

use serde_json::{Map, Value, json};

/// Figures in the order of measurement.
#[derive(Default)]
pub(crate) struct Report {
    runs: Vec<(String, Vec<(&'static str, f64)>)>,
}

impl Report {
    pub(crate) fn add(&mut self, run: String, figures: Vec<(&'static str, f64)>) {
        self.runs.push((run, figures));
    }

    pub(crate) fn print(&self) {
        for (run, figures) in &self.runs {
            println!("{run}");
            for (name, value) in figures {
                println!("  {name:<34} {value:>14.2}");
            }
        }
        let runs: Map<String, Value> = self.runs.iter().map(to_json).collect();
        println!("{}", json!({ "bench": "store", "runs": runs }));
    }
}

fn to_json((run, figures): &(String, Vec<(&'static str, f64)>)) -> (String, Value) {
    let figures: Map<String, Value> =
        figures.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
    (run.clone(), Value::Object(figures))
}
