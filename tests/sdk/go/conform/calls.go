package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"reflect"
	"regexp"
	"strings"
	"time"

	"latchhook.example/latchhook"
	"latchhook.example/latchhook/api"
)

var (
	pathParts = regexp.MustCompile(`\{(\w+)\}`)
	noWord    = regexp.MustCompile(`\W|_`)
)

func (r *run) client(step step) *latchhook.Client {
	url, token := os.Getenv("LATCHHOOK_URL"), os.Getenv("LATCHHOOK_TOKEN")
	if step.Through != "" {
		url = os.Getenv("FAULTY_URL") + "/" + step.Through
	}
	if step.As != "" {
		token = step.As
	}
	r.slept = []any{}
	sleep := func(_ context.Context, pause time.Duration) error {
		r.slept = append(r.slept, pause.Seconds())
		return nil
	}
	return latchhook.New(latchhook.Options{
		URL:     url,
		Token:   token,
		Retries: latchhook.Retries{Sleep: sleep, Jitter: func() float64 { return 1 }},
		// A transport repeats by itself what a kept connection lost.
		HTTPClient: &http.Client{Transport: &http.Transport{DisableKeepAlives: true}},
	})
}

func (s step) options() []api.Option {
	if s.Account == "" {
		return nil
	}
	return []api.Option{latchhook.Account(s.Account)}
}

// call calls the method of a route, found by its name.
func (r *run) call(step step) error {
	method := reflect.ValueOf(r.client(step)).MethodByName(nameOf(step.Call))
	arguments := []reflect.Value{reflect.ValueOf(background)}
	for _, part := range pathParts.FindAllStringSubmatch(step.Call, -1) {
		arguments = append(arguments, reflect.ValueOf(step.Path[part[1]]))
	}
	for i := len(arguments); i < method.Type().NumIn()-1; i++ {
		kind := method.Type().In(i)
		given := any(step.Body)
		if strings.HasSuffix(kind.Name(), "Params") {
			given = step.Query
		}
		argument, err := converted(given, kind)
		if err != nil {
			return err
		}
		arguments = append(arguments, argument.Elem())
	}
	for _, option := range step.options() {
		arguments = append(arguments, reflect.ValueOf(option))
	}
	results := method.Call(arguments)
	if err, failed := results[1].Interface().(error); failed {
		return r.failed(step, err)
	}
	if step.Error != nil {
		return errors.New("it succeeded")
	}
	answer := plain(results[0].Interface()).(map[string]any)
	for name, of := range step.Keep.(map[string]any) {
		r.kept[name] = answer[of.(string)]
	}
	return r.matched(step, answer, step.Expect)
}

func (r *run) failed(step step, err error) error {
	var answered *latchhook.APIError
	var unanswered *latchhook.UnreachableError
	found := map[string]any{}
	switch {
	case step.Error == nil:
		return err
	case errors.As(err, &answered):
		found = map[string]any{"status": float64(answered.Status), "code": string(answered.Code), "param": nil}
		if answered.Param != "" {
			found["param"] = answered.Param
		}
	case errors.As(err, &unanswered):
		found["unreachable"] = true
	}
	return r.matched(step, found, step.Error)
}

func (r *run) matched(step step, found, expected any) error {
	if step.Slept != nil {
		if err := matches(r.slept, step.Slept); err != nil {
			return fmt.Errorf("slept: %w", err)
		}
	}
	return matches(found, expected)
}

// rows goes over all rows of a list.
func (r *run) rows(step step, route string) error {
	client := r.client(step)
	lists := map[string]func() ([]any, error){
		"GET /v1/api_keys": func() ([]any, error) { return all(step, client.GetAPIKeys) },
		"GET /v1/webhooks": func() ([]any, error) { return all(step, client.GetWebhooks) },
		"GET /v1/logs":     func() ([]any, error) { return all(step, client.GetLogs) },
	}
	found, err := lists[route]()
	if err != nil {
		return err
	}
	return matches(found, step.Expect)
}

func all[Params, Row any](
	step step, fetch func(context.Context, Params, ...api.Option) (*api.Page[Row], error),
) ([]any, error) {
	params, err := converted(step.Query, reflect.TypeFor[Params]())
	if err != nil {
		return nil, err
	}
	rows := []any{}
	for row, err := range latchhook.Iterate(
		background, fetch, *params.Interface().(*Params), step.options()...,
	) {
		if err != nil {
			return nil, err
		}
		rows = append(rows, plain(row))
	}
	return rows, nil
}

// nameOf makes the name of a route's method: `POST /v1/api_keys/{id}/roll` → `PostAPIKeysIDRoll`.
func nameOf(route string) string {
	wanted := strings.ToLower(noWord.ReplaceAllString(strings.Replace(route, "/v1", "", 1), ""))
	kind := reflect.TypeFor[*latchhook.Client]()
	for i := range kind.NumMethod() {
		if name := kind.Method(i).Name; strings.ToLower(name) == wanted {
			return name
		}
	}
	return route
}

// converted reads JSON into a new value of a type.
func converted(given any, kind reflect.Type) (reflect.Value, error) {
	value := reflect.New(kind)
	text, err := json.Marshal(given)
	if err == nil {
		err = json.Unmarshal(text, value.Interface())
	}
	return value, err
}

// plain returns the JSON of a value.
func plain(value any) any {
	text, err := json.Marshal(value)
	if err != nil {
		fail(err)
	}
	var read any
	if err := json.Unmarshal(text, &read); err != nil {
		fail(err)
	}
	return read
}
