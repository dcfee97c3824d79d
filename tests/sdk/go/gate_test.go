package tests

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"

	"latchhook.example/latchhook"
	"latchhook.example/latchhook/api"
)

var incoming = latchhook.Incoming{
	Method: "GET", Path: "/reports", Authorization: "Bearer " + key, IP: "203.0.113.7", UserAgent: "curl/8",
}

func gateOf(server *server, change func(*latchhook.GateOptions)) *latchhook.Gate {
	options := latchhook.GateOptions{
		URL: "http://latchhook.test", Token: "lhop_1", HTTPClient: &http.Client{Transport: server},
		Retries: latchhook.Retries{Sleep: func(context.Context, time.Duration) error { return nil }},
	}
	if change != nil {
		change(&options)
	}
	return latchhook.NewGate(options)
}

func open(options *latchhook.GateOptions) { options.OnFailure = latchhook.Admit }

func TestAGoodKeySaysWhoCalls(t *testing.T) {
	server := serving(ok(valid()))
	gate := gateOf(server, func(options *latchhook.GateOptions) {
		options.Environment, options.KeyType, options.NoLog = api.EnvironmentTest, api.KeyTypeSecret, true
	})
	admission, refusal := gate.Admit(background, incoming, "reports:read")
	if refusal != nil {
		t.Fatal(refusal)
	}
	caller := admission.Caller
	expected := &latchhook.Caller{
		AccountID: "acct_1", AccountExternalID: "cust_42", KeyID: "key_1", Environment: "test", Type: "secret",
		Name: "laptop", Scopes: []string{"reports:read"}, Metadata: map[string]string{"plan": "free"},
	}
	if !reflect.DeepEqual(caller, expected) || !caller.May("reports:read") || caller.May("reports:write") {
		t.Error(caller)
	}
	question := map[string]any{
		"key": key, "scopes": []any{"reports:read"}, "environment": "test", "type": "secret",
	}
	if asked := server.asked[0].json(); !reflect.DeepEqual(asked, question) {
		t.Error(asked)
	}
	printed := fmt.Sprintf("%+v %#v", gate, caller)
	if strings.Contains(printed, key) || strings.Contains(printed, "lhop_1") {
		t.Error(printed)
	}
}

func TestAKeyThatIsNotGoodIsRefused(t *testing.T) {
	for code, status := range map[string]int{
		"not_found": 401, "expired": 401, "insufficient_scope": 403, "rate_limited": 429,
	} {
		_, refusal := gateOf(serving(ok(refused(code))), nil).Admit(background, incoming)
		if refusal == nil || refusal.Code != code || refusal.Status != status {
			t.Error(refusal)
		}
	}
}

func TestNoKeyAndNoPossibleKeyAreRefused(t *testing.T) {
	_, none := gateOf(serving(), nil).Admit(background, latchhook.Incoming{Method: "GET", Path: "/"})
	if none.Code != "missing_key" || none.Status != 401 || none.Headers["WWW-Authenticate"] != "Bearer" {
		t.Error(none)
	}
	impossible := text(422, `{"error":"No.","code":"invalid_field","param":"key","request_id":"req_1"}`)
	_, odd := gateOf(serving(impossible), nil).Admit(background, incoming)
	if odd.Code != "not_found" || odd.Status != 401 {
		t.Error(odd)
	}
}

func TestAKeyWithNetworksIsAskedAboutAgainWithTheAddress(t *testing.T) {
	server := serving(ok(refused("ip_not_allowed")), ok(valid()))
	gate := gateOf(server, nil)
	admission, _ := gate.Admit(background, incoming)
	if ip := server.asked[1].json()["request"].(map[string]any)["ip"]; ip != "203.0.113.7" {
		t.Error(ip)
	}
	// That question was logged by the server.
	admission.Answered(200)
	gate.Close(background)
	if len(server.asked) != 2 {
		t.Error(server.asked)
	}
}

func TestItFailsClosedOrOpenAsWasSaid(t *testing.T) {
	_, refusal := gateOf(serving(lost, failed(503, "unavailable")), nil).Admit(background, incoming)
	if refusal == nil || refusal.Code != "unavailable" || refusal.Status != 503 {
		t.Error(refusal)
	}
	admission, _ := gateOf(serving(lost, failed(503, "unavailable")), open).Admit(background, incoming)
	if admission == nil || admission.Caller != nil {
		t.Error(admission)
	}
}

func TestAWrongTokenOpensNothing(t *testing.T) {
	_, refusal := gateOf(serving(failed(401, "bad_authentication")), open).Admit(background, incoming)
	if refusal == nil || refusal.Code != "unavailable" {
		t.Error(refusal)
	}
}

func TestRowsAreSentTogetherAfterTheAnswers(t *testing.T) {
	server := serving(ok(valid()), ok(valid()), ok(map[string]any{"count": 2}))
	gate := gateOf(server, nil)
	for _, status := range []int{200, 404} {
		admission, _ := gate.Admit(background, incoming)
		admission.Answered(status)
	}
	gate.Close(background)
	sent := server.asked[2]
	var body struct {
		RequestLogs []map[string]any `json:"request_logs"`
	}
	if err := json.Unmarshal([]byte(sent.body), &body); err != nil || len(body.RequestLogs) != 2 {
		t.Fatal(err, sent.body)
	}
	rows := body.RequestLogs
	if rows[0]["status"] != 200.0 || rows[1]["status"] != 404.0 || rows[0]["api_key_id"] != "key_1" ||
		rows[0]["ip"] != "203.0.113.7" || sent.request.Header.Get("Latchhook-Account") != "acct_1" {
		t.Error(sent.body)
	}
	if strings.Contains(sent.body, key) {
		t.Error("a row has the key")
	}
}

func TestRowsThatCannotBeSentAreLostWithAWarningWithoutSecrets(t *testing.T) {
	var log bytes.Buffer
	gate := gateOf(serving(ok(valid()), failed(403, "permission_denied")), func(options *latchhook.GateOptions) {
		options.Logger = slog.New(slog.NewTextHandler(&log, nil))
	})
	admission, _ := gate.Admit(background, incoming)
	admission.Answered(200)
	gate.Close(background)
	said := log.String()
	if !strings.Contains(said, "1 rows of request logs were lost: 403 permission_denied") {
		t.Error(said)
	}
	if strings.Contains(said, key) {
		t.Error("a warning has the key")
	}
}

func TestAKeyIsABearerTokenOrTheUserOfBasic(t *testing.T) {
	basic := func(text string) string { return "Basic " + base64.StdEncoding.EncodeToString([]byte(text)) }
	for given, expected := range map[string]string{
		"Bearer " + key: key, "bearer  " + key + " ": key, basic(key + ":"): key, basic(key + ":secret"): key,
		basic(":secret"): "", basic("\xff"): "", "Basic ???": "", "Digest x": "", "Bearer": "", "": "",
	} {
		if found := latchhook.KeyOf(given); found != expected {
			t.Errorf("%q: %q", given, found)
		}
	}
}

// answered runs a request through the middleware, and returns the status in its row.
func answered(t *testing.T, ctx context.Context, handler http.HandlerFunc) float64 {
	t.Helper()
	server := serving(ok(valid()), ok(map[string]any{"count": 1}))
	gate := gateOf(server, nil)
	request := httptest.NewRequest("GET", "/reports?page=2", nil).WithContext(ctx)
	request.Header.Set("Authorization", "Bearer "+key)
	func() {
		defer func() { _ = recover() }()
		latchhook.RequireKey(gate)(handler).ServeHTTP(httptest.NewRecorder(), request)
	}()
	gate.Close(background)
	row := server.asked[1].json()["request_logs"].([]any)[0].(map[string]any)
	if row["path"] != "/reports" || row["ip"] != "192.0.2.1" {
		t.Error(row)
	}
	return row["status"].(float64)
}

func TestARowHasTheStatusThatTheCallerGot(t *testing.T) {
	ctx, leave := context.WithCancel(background)
	for name, one := range map[string]struct {
		status  float64
		ctx     context.Context
		handler http.HandlerFunc
	}{
		"nothing was written": {200, background, func(http.ResponseWriter, *http.Request) {}},
		"a body alone": {200, background, func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte("a"))
		}},
		"a hint before it": {201, background, func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusEarlyHints)
			w.WriteHeader(http.StatusCreated)
		}},
		"a stream": {200, background, func(w http.ResponseWriter, _ *http.Request) {
			w.(http.Flusher).Flush()
			panic("late")
		}},
		"a panic":             {500, background, func(http.ResponseWriter, *http.Request) { panic("early") }},
		"the caller had gone": {499, ctx, func(http.ResponseWriter, *http.Request) { leave() }},
	} {
		t.Run(name, func(t *testing.T) {
			if status := answered(t, one.ctx, one.handler); status != one.status {
				t.Error(status)
			}
		})
	}
}

func TestAHandlerSeesWhoCalls(t *testing.T) {
	answered(t, background, func(_ http.ResponseWriter, r *http.Request) {
		if caller := latchhook.CallerOf(r.Context()); caller == nil || caller.AccountID != "acct_1" {
			t.Error(caller)
		}
	})
}
