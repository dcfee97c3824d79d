// Command conform runs the scenarios of conformance.json with the Go library.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"latchhook.example/latchhook"
)

// Nothing listens on the discard port of this machine.
const away = "http://127.0.0.1:9"

type scenario struct {
	Scenario string
	Apps     any
	Steps    []step
}

func main() {
	text, err := os.ReadFile(os.Getenv("SCENARIOS"))
	if err != nil {
		fail(err)
	}
	var scenarios []scenario
	if err := json.Unmarshal(text, &scenarios); err != nil {
		fail(err)
	}
	for _, scenario := range scenarios {
		perform(scenario)
	}
	fmt.Printf("%d passed, 0 failed\n", len(scenarios))
}

func perform(scenario scenario) {
	title := scenario.Scenario
	run := &run{kept: map[string]any{"receiver": os.Getenv("RECEIVER_URL")}}
	if scenario.Apps != nil {
		title += " (net/http)"
		url := os.Getenv("LATCHHOOK_URL")
		if scenario.Apps == "away" {
			url = away
		}
		app := start(latchhook.GateOptions{URL: url, Token: os.Getenv("LATCHHOOK_TOKEN")})
		defer app.close()
		run.app = app.url
	}
	for _, step := range scenario.Steps {
		if err := run.step(step); err != nil {
			text, _ := json.Marshal(step)
			fail(fmt.Errorf("%s\n%s\n%w", title, text, err))
		}
	}
	fmt.Println("ok ", title)
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

var background = context.Background()
