package latchhook

import (
	"bufio"
	"context"
	"encoding/json"
	"net"
	"net/http"
)

// Status of the log's row where the caller had gone before there was an answer.
const callerHadGone = 499

type callerKey struct{}

// CallerOf returns the caller whose key [RequireKey] verified. It is nil if nobody could check it and the
// gate is open.
func CallerOf(ctx context.Context) *Caller {
	caller, _ := ctx.Value(callerKey{}).(*Caller)
	return caller
}

// RequireKey makes a middleware of net/http that needs a key with all of these scopes. [CallerOf] has the
// caller.
//
//	mux.Handle("GET /reports", latchhook.RequireKey(gate, "reports:read")(reports))
//
// The address that counts is `RemoteAddr`. Behind a proxy let a middleware before this one set it to what
// the proxy says.
func RequireKey(gate *Gate, scopes ...string) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			admission, refusal := gate.Admit(r.Context(), incomingOf(r), scopes...)
			if refusal != nil {
				refuse(w, refusal)
				return
			}
			watched := &watchedWriter{ResponseWriter: w}
			panicked := true
			defer func() { admission.Answered(watched.statusAt(r.Context(), panicked)) }()
			ctx := context.WithValue(r.Context(), callerKey{}, admission.Caller)
			next.ServeHTTP(watched, r.WithContext(ctx))
			panicked = false
		})
	}
}

func incomingOf(r *http.Request) Incoming {
	ip, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		ip = r.RemoteAddr
	}
	return Incoming{
		Method:        r.Method,
		Path:          r.URL.EscapedPath(),
		Authorization: r.Header.Get("Authorization"),
		IP:            ip,
		UserAgent:     r.UserAgent(),
	}
}

func refuse(w http.ResponseWriter, refusal *Refusal) {
	for name, value := range refusal.Headers {
		w.Header().Set(name, value)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(refusal.Status)
	// Who has gone does not miss it.
	_ = json.NewEncoder(w).Encode(map[string]string{"error": refusal.Message, "code": refusal.Code})
}

// watchedWriter remembers the status of an answer.
type watchedWriter struct {
	http.ResponseWriter
	status int
}

// WriteHeader remembers the status, unless it is an interim one.
func (w *watchedWriter) WriteHeader(status int) {
	isInterim := status >= 100 && status < 200 && status != http.StatusSwitchingProtocols
	if w.status == 0 && !isInterim {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write begins an answer with status 200, unless it has begun.
func (w *watchedWriter) Write(bytes []byte) (int, error) {
	w.begin()
	return w.ResponseWriter.Write(bytes)
}

// Flush is there for handlers that stream.
func (w *watchedWriter) Flush() {
	w.begin()
	// A writer that can't has no way of saying so here.
	_ = http.NewResponseController(w.ResponseWriter).Flush()
}

// Hijack is there for handlers that speak another protocol.
func (w *watchedWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	return http.NewResponseController(w.ResponseWriter).Hijack()
}

// Unwrap is there for http.ResponseController.
func (w *watchedWriter) Unwrap() http.ResponseWriter {
	return w.ResponseWriter
}

func (w *watchedWriter) begin() {
	if w.status == 0 {
		w.status = http.StatusOK
	}
}

// statusAt returns the status at the end of a request.
func (w *watchedWriter) statusAt(ctx context.Context, panicked bool) int {
	switch {
	case w.status != 0:
		return w.status
	case ctx.Err() != nil:
		return callerHadGone
	case panicked:
		return http.StatusInternalServerError
	default:
		return http.StatusOK
	}
}
