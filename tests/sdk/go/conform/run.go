package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"reflect"
	"time"

	"latchhook.example/latchhook"
)

const (
	patience = 20 * time.Second
	pause    = 100 * time.Millisecond
)

// step is one of a scenario; its kind is the field among the first five that is there.
type step struct {
	Call       string `json:",omitempty"`
	Rows       string `json:",omitempty"`
	Eventually string `json:",omitempty"`
	Delivery   any    `json:",omitempty"`
	Request    string `json:",omitempty"`

	Path     map[string]string `json:",omitempty"`
	Query    map[string]any    `json:",omitempty"`
	Body     map[string]any    `json:",omitempty"`
	Account  string            `json:",omitempty"`
	As       string            `json:",omitempty"`
	Through  string            `json:",omitempty"`
	Expect   any               `json:",omitempty"`
	Error    any               `json:",omitempty"`
	Slept    []any             `json:",omitempty"`
	Keep     any               `json:",omitempty"`
	Secret   string            `json:",omitempty"`
	Prefixes []string          `json:",omitempty"`
	Key      string            `json:",omitempty"`
	Basic    bool              `json:",omitempty"`
	Status   int               `json:",omitempty"`
}

type delivered struct {
	Headers map[string]string
	Body    string
}

// run is one scenario, with what its steps kept.
type run struct {
	app     string
	kept    map[string]any
	slept   []any
	waiting *delivered
}

func (r *run) step(given step) error {
	filled, err := converted(r.filled(plain(given)), reflect.TypeFor[step]())
	if err != nil {
		return err
	}
	step := *filled.Interface().(*step)
	// JSON without the field is not the same as with an empty list.
	step.Slept = given.Slept
	if step.Expect == nil {
		step.Expect = map[string]any{}
	}
	switch {
	case step.Call != "":
		if step.Keep == nil {
			step.Keep = map[string]any{}
		}
		return r.call(step)
	case step.Rows != "":
		return r.rows(step, step.Rows)
	case step.Eventually != "":
		return r.eventually(step)
	case step.Delivery != nil:
		return r.delivery(step)
	default:
		return r.request(step)
	}
}

func (r *run) filled(value any) any {
	switch value := value.(type) {
	case string:
		if len(value) > 1 && value[0] == '$' {
			return r.kept[value[1:]]
		}
	case map[string]any:
		for name, of := range value {
			value[name] = r.filled(of)
		}
	case []any:
		for i, of := range value {
			value[i] = r.filled(of)
		}
	}
	return value
}

func (r *run) eventually(step step) error {
	for deadline := time.Now().Add(patience); ; time.Sleep(pause) {
		err := r.rows(step, step.Eventually)
		var differs *difference
		if !errors.As(err, &differs) || time.Now().After(deadline) {
			return err
		}
	}
}

func (r *run) delivery(step step) error {
	got := r.waiting
	if got == nil {
		response, err := http.Get(os.Getenv("RECEIVER_URL"))
		if err != nil {
			return err
		}
		defer response.Body.Close()
		if err := json.NewDecoder(response.Body).Decode(&got); err != nil {
			return err
		}
	}
	r.waiting = nil
	if step.Keep != nil {
		r.waiting = got
	}
	headers := http.Header{}
	for name, value := range got.Headers {
		headers.Set(name, value)
	}
	for _, prefix := range step.Prefixes {
		options := latchhook.DeliveryOptions{Secrets: []string{step.Secret}, Prefix: prefix}
		var event any
		if err := latchhook.VerifyDelivery([]byte(got.Body), headers, options, &event); err != nil {
			return err
		}
		if err := matches(event, step.Delivery); err != nil {
			return err
		}
		var invalid *latchhook.InvalidDeliveryError
		if err := latchhook.VerifyDelivery([]byte(got.Body+" "), headers, options, &event); !errors.As(err, &invalid) {
			return fmt.Errorf("a changed body was taken: %w", err)
		}
	}
	return nil
}

func (r *run) request(step step) error {
	request, err := http.NewRequest(http.MethodGet, r.app+step.Request, nil)
	if err != nil {
		return err
	}
	if step.Basic {
		request.SetBasicAuth(step.Key, "")
	} else if step.Key != "" {
		request.Header.Set("Authorization", "Bearer "+step.Key)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	var body any
	if err := json.NewDecoder(response.Body).Decode(&body); err != nil {
		return err
	}
	if response.StatusCode != step.Status {
		return fmt.Errorf("%d: %v", response.StatusCode, body)
	}
	return matches(body, step.Expect)
}

// difference is what was found where something else was expected.
type difference struct{ found, expected any }

func (d *difference) Error() string { return fmt.Sprintf("%v is not %v", d.found, d.expected) }

// matches holds everything that is expected against what was found, which may have more fields.
func matches(found, expected any) error {
	switch expected := expected.(type) {
	case map[string]any:
		fields, _ := found.(map[string]any)
		for name, value := range expected {
			if err := matches(fields[name], value); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
		return nil
	case []any:
		rows, _ := found.([]any)
		if len(rows) != len(expected) {
			return &difference{found, expected}
		}
		for i, value := range expected {
			if err := matches(rows[i], value); err != nil {
				return err
			}
		}
		return nil
	}
	if found != expected {
		return &difference{found, expected}
	}
	return nil
}
