package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"

	"latchhook.example/latchhook"
)

// app is an API behind the middleware, on a free port.
type app struct {
	url   string
	close func()
}

func start(options latchhook.GateOptions) app {
	gate := latchhook.NewGate(options)
	protected := latchhook.RequireKey(gate, "reports:read")
	mux := http.NewServeMux()
	mux.Handle("GET /reports", protected(http.HandlerFunc(reports)))
	mux.Handle("GET /reports/missing", protected(http.HandlerFunc(missing)))
	server := httptest.NewServer(mux)
	return app{url: server.URL, close: func() {
		server.Close()
		gate.Close(background)
	}}
}

func reports(w http.ResponseWriter, r *http.Request) {
	caller := latchhook.CallerOf(r.Context())
	answer(w, http.StatusOK, map[string]any{
		"account_id": caller.AccountID,
		"key_id":     caller.KeyID,
		"name":       caller.Name,
		"plan":       caller.Metadata["plan"],
	})
}

func missing(w http.ResponseWriter, _ *http.Request) {
	answer(w, http.StatusNotFound, map[string]any{})
}

func answer(w http.ResponseWriter, status int, body map[string]any) {
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}
