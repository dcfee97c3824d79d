package latchhook

import (
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"latchhook.example/latchhook/api"
)

var statuses = map[string]int{
	"insufficient_scope": http.StatusForbidden,
	"ip_not_allowed":     http.StatusForbidden,
	"rate_limited":       http.StatusTooManyRequests,
}

var messages = map[string]string{
	"missing_key":        "Send an API key.",
	"expired":            "The API key has expired.",
	"insufficient_scope": "The API key lacks a scope that this needs.",
	"ip_not_allowed":     "The API key may not be used from here.",
	"rate_limited":       "Too many requests with this API key.",
	"unavailable":        "The API key cannot be checked now.",
}

// Caller is the owner of a good key. The key itself is not kept.
type Caller struct {
	AccountID string
	// AccountExternalID is empty if the account has none.
	AccountExternalID string
	KeyID             string
	Environment       api.Environment
	Type              api.KeyType
	// Name of the key; empty if it has none.
	Name string
	// Scopes of the key; nil stands for all.
	Scopes   []string
	Metadata map[string]string
}

// May returns whether the key has a scope; one without scopes has them all.
func (c *Caller) May(scope string) bool {
	return c.Scopes == nil || slices.Contains(c.Scopes, scope)
}

// Incoming is a request to your API.
type Incoming struct {
	Method        string
	Path          string
	Authorization string
	IP            string
	UserAgent     string
}

// Refusal is the answer to a request that is not admitted.
type Refusal struct {
	Status int
	Code   string
	// Message is for people.
	Message string
	Headers map[string]string
}

// Admission is a request that was admitted, to be told to the log once it is answered.
type Admission struct {
	// Caller is nil where [Admit] let in a request that nobody could check.
	Caller *Caller
	// Answered takes the status of the answer; it returns at once.
	Answered func(status int)
}

// OnFailure says what becomes of requests if Latchhook cannot be asked.
type OnFailure int

const (
	// Refuse answers 503.
	Refuse OnFailure = iota
	// Admit lets a request go on without a caller, unchecked: only for what may be done by anybody. A wrong
	// token refuses everything all the same.
	Admit
)

// GateOptions are the options of a [Gate].
type GateOptions struct {
	// URL is the address of the server, without `/v1`.
	URL string
	// Token is an operator token with the scopes `keys:verify` and `request_logs:write`.
	Token string
	// Environment that this API serves, if not both.
	Environment api.Environment
	// KeyType is the type of key that this API takes, if not both.
	KeyType api.KeyType
	// OnFailure is [Refuse] by default.
	OnFailure OnFailure
	// NoLog leaves out the row about each admitted request that is sent after its answer.
	NoLog bool
	// Timeout and Retries bound how long a request waits for Latchhook: two seconds a try, two tries.
	Timeout time.Duration
	Retries Retries
	// HTTPClient sends the requests, as in [Options].
	HTTPClient *http.Client
	// Logger takes warnings about rows that were lost; the default one by default.
	Logger *slog.Logger
}

// Gate checks the keys of your API's callers with a Latchhook server. It knows nothing of a web framework;
// [RequireKey] does. Call [Gate.Close] at the end of the process, so that the last rows of the log are sent.
type Gate struct {
	client  *Client
	options GateOptions
	logs    *requestLogs
}

// NewGate makes a gate.
func NewGate(options GateOptions) *Gate {
	retries := options.Retries
	retries.Tries = cmp.Or(retries.Tries, 2)
	retries.First = cmp.Or(retries.First, 100*time.Millisecond)
	retries.Patience = cmp.Or(retries.Patience, 500*time.Millisecond)
	gate := &Gate{client: New(Options{
		URL:        options.URL,
		Token:      options.Token,
		Timeout:    cmp.Or(options.Timeout, 2*time.Second),
		Retries:    retries,
		HTTPClient: options.HTTPClient,
	})}
	if !options.NoLog {
		gate.logs = newRequestLogs(New(Options{
			URL:        options.URL,
			Token:      options.Token,
			Timeout:    5 * time.Second,
			Retries:    options.Retries,
			HTTPClient: options.HTTPClient,
		}), cmp.Or(options.Logger, slog.Default()))
	}
	// Nothing needs it from here on, and what prints a gate should not.
	options.Token = ""
	gate.options = options
	return gate
}

// Admit asks whether the key of a request is good, and has all of the scopes. One of the answers is nil.
func (g *Gate) Admit(ctx context.Context, incoming Incoming, scopes ...string) (*Admission, *Refusal) {
	key := KeyOf(incoming.Authorization)
	if key == "" {
		return nil, refusal(http.StatusUnauthorized, "missing_key")
	}
	arrived := time.Now()
	verification, wasLogged, err := g.verify(ctx, key, scopes, incoming)
	if err != nil {
		return g.failed(err)
	}
	if !verification.Valid {
		return nil, refusal(cmp.Or(statuses[verification.Code], http.StatusUnauthorized), verification.Code)
	}
	caller := callerOf(verification)
	answered := func(status int) {
		if g.logs != nil && !wasLogged {
			g.logs.add(caller.AccountID, row(caller, incoming, status, arrived))
		}
	}
	return &Admission{Caller: caller, Answered: answered}, nil
}

// Close sends the rows that wait.
func (g *Gate) Close(ctx context.Context) {
	if g.logs != nil {
		g.logs.flush(ctx)
	}
}

// verify verifies a key; says also whether Latchhook has logged the request already.
func (g *Gate) verify(
	ctx context.Context, key string, scopes []string, incoming Incoming,
) (*api.Verification, bool, error) {
	question := api.VerifyAPIKey{
		Key:         key,
		Environment: optional(g.options.Environment),
		Type:        optional(g.options.KeyType),
	}
	if len(scopes) > 0 {
		question.Scopes = &scopes
	}
	verification, err := g.client.PostAPIKeysVerify(ctx, question)
	ip := address(incoming.IP)
	if err != nil || verification.Code != "ip_not_allowed" || ip == nil {
		return verification, false, err
	}
	// Only a key with networks of its own needs the address, and Latchhook logs a request that it is told
	// of. Telling it always would be a second row for every request.
	question.Request = &api.RequestDescription{
		Method:    first(incoming.Method, 16),
		Path:      first(incoming.Path, 1024),
		IP:        ip,
		UserAgent: optional(first(incoming.UserAgent, 1024)),
	}
	verification, err = g.client.PostAPIKeysVerify(ctx, question)
	return verification, true, err
}

func (g *Gate) failed(err error) (*Admission, *Refusal) {
	var answered *APIError
	var unanswered *UnreachableError
	isAnswer := errors.As(err, &answered)
	if isAnswer && answered.Param == "key" {
		return nil, refusal(http.StatusUnauthorized, "not_found")
	}
	isAway := errors.As(err, &unanswered) ||
		isAnswer && (answered.Status >= 500 || answered.Status == http.StatusTooManyRequests)
	if isAway && g.options.OnFailure == Admit {
		return &Admission{Answered: func(int) {}}, nil
	}
	return nil, refusal(http.StatusServiceUnavailable, "unavailable")
}

// KeyOf returns the key of an `Authorization`: a Bearer token, or the user name of Basic. It is empty if
// there is none.
func KeyOf(authorization string) string {
	scheme, value, _ := strings.Cut(authorization, " ")
	value = strings.Trim(value, " ")
	switch strings.ToLower(scheme) {
	case "bearer":
		return value
	case "basic":
		text, err := base64.StdEncoding.DecodeString(value)
		if err != nil || !utf8.Valid(text) {
			return ""
		}
		name, _, _ := strings.Cut(string(text), ":")
		return name
	}
	return ""
}

func refusal(status int, code string) *Refusal {
	headers := map[string]string{}
	switch status {
	case http.StatusUnauthorized:
		headers["WWW-Authenticate"] = "Bearer"
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		headers["Retry-After"] = "1"
	}
	message := cmp.Or(messages[code], "The API key is not good here.")
	return &Refusal{Status: status, Code: code, Message: message, Headers: headers}
}

func callerOf(verification *api.Verification) *Caller {
	return &Caller{
		AccountID:         value(verification.AccountID),
		AccountExternalID: value(verification.AccountExternalID),
		KeyID:             value(verification.KeyID),
		Environment:       value(verification.Environment),
		Type:              value(verification.Type),
		Name:              value(verification.Name),
		Scopes:            value(verification.Scopes),
		Metadata:          value(verification.Metadata),
	}
}

func row(caller *Caller, incoming Incoming, status int, arrived time.Time) api.ReportedRequest {
	return api.ReportedRequest{
		APIKeyID:    &caller.KeyID,
		Environment: caller.Environment,
		Method:      first(incoming.Method, 16),
		Path:        first(incoming.Path, 1024),
		Status:      int32(status),
		DurationMs:  Ptr(int32(time.Since(arrived).Milliseconds())),
		IP:          address(incoming.IP),
		UserAgent:   optional(first(incoming.UserAgent, 1024)),
		CreatedAt:   Ptr(arrived.UTC()),
	}
}

func address(text string) *string {
	address, err := netip.ParseAddr(text)
	if err != nil {
		return nil
	}
	return Ptr(address.WithZone("").String())
}

// first returns the beginning of a text, of at most that many characters.
func first(text string, most int) string {
	text = strings.ToValidUTF8(text, "\uFFFD")
	for at := range text {
		if most == 0 {
			return text[:at]
		}
		most--
	}
	return text
}

func optional[T comparable](value T) *T {
	var none T
	if value == none {
		return nil
	}
	return &value
}

func value[T any](optional *T) T {
	var none T
	if optional == nil {
		return none
	}
	return *optional
}
