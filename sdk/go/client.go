// Package latchhook is a client of Latchhook, and what an API needs to ask it about its own callers.
//
// A [Client] has a method for each route, which takes and answers types of package api. Whatever fails is an
// [*APIError] or an [*UnreachableError]; failed calls are repeated where that does no harm ([Retries]).
// [Iterate] goes over the rows of a list, [VerifyDelivery] verifies what a webhook receives, and a [Gate]
// with [RequireKey] says who calls your API.
package latchhook

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"latchhook.example/latchhook/api"
)

// Options of a [Client].
type Options struct {
	// URL is the address of the server, without `/v1`.
	URL string
	// Token is an operator token, a portal session's token or an API key.
	Token string
	// Account is what an operator acts on; the option [Account] of a single call goes before it.
	Account string
	// Timeout is of each try, its whole answer included; 30 seconds by default.
	Timeout time.Duration
	// Retries say when failed calls are repeated; fields that are zero have their defaults.
	Retries Retries
	// HTTPClient sends the requests; by default one that follows no redirects. What is given here follows
	// none either.
	HTTPClient *http.Client
}

// Client is a connection to one server, with one credential. Its methods may be called at the same time.
type Client struct {
	api.Routes
}

// New makes a client. It connects to nothing yet.
func New(options Options) *Client {
	if options.Timeout == 0 {
		options.Timeout = 30 * time.Second
	}
	client := withoutRedirects(options.HTTPClient)
	// A function, since a token in a field would be in whatever prints the client.
	prepare := func(request *http.Request) {
		request.Header.Set("Authorization", "Bearer "+options.Token)
		if options.Account != "" && request.Header.Get(accountHeader) == "" {
			request.Header.Set(accountHeader, options.Account)
		}
	}
	return &Client{Routes: api.Routes{Sender: &sender{
		url:     strings.TrimRight(options.URL, "/"),
		timeout: options.Timeout,
		retries: options.Retries.orDefaults(),
		client:  client,
		prepare: prepare,
	}}}
}

const (
	accountHeader        = "Latchhook-Account"
	idempotencyKeyHeader = "Idempotency-Key"
)

// Account names the account that an operator's call acts on.
func Account(id string) api.Option {
	return func(call *api.Call) { call.Header.Set(accountHeader, id) }
}

// IdempotencyKey is a key of your own for a `POST`; without it each call has a random one.
func IdempotencyKey(key string) api.Option {
	return func(call *api.Call) { call.Header.Set(idempotencyKeyHeader, key) }
}

// Ptr returns a pointer to a value, as optional fields have it.
func Ptr[T any](value T) *T {
	return &value
}

type sender struct {
	url     string
	timeout time.Duration
	retries Retries
	client  *http.Client
	prepare func(*http.Request)
}

// Send carries out a call, with its repeats.
func (s *sender) Send(ctx context.Context, call *api.Call, answer any) error {
	var body []byte
	if call.Body != nil {
		text, err := json.Marshal(call.Body)
		if err != nil {
			return fmt.Errorf("the body of %s %s: %w", call.Method, call.Path, err)
		}
		body = text
	}
	text, err := s.retries.run(ctx, call, func() ([]byte, error) { return s.once(ctx, call, body) })
	if err != nil {
		return err
	}
	if plain, ok := answer.(*string); ok {
		*plain = string(text)
		return nil
	}
	if err := json.Unmarshal(text, answer); err != nil {
		return fmt.Errorf("the answer to %s %s: %w", call.Method, call.Path, err)
	}
	return nil
}

// once makes one try, and reads the whole answer.
func (s *sender) once(ctx context.Context, call *api.Call, body []byte) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	address := s.url + call.Path
	if len(call.Query) > 0 {
		address += "?" + call.Query.Encode()
	}
	request, err := http.NewRequestWithContext(ctx, call.Method, address, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("the address of %s %s: %w", call.Method, call.Path, err)
	}
	request.Header = call.Header.Clone()
	s.prepare(request)
	if call.Body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	response, err := s.client.Do(request)
	if err != nil {
		return nil, unreachable(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, unreachable(err)
	}
	if response.StatusCode < 200 || response.StatusCode > 299 {
		return nil, errorOf(response, text)
	}
	return text, nil
}

func unreachable(err error) error {
	// Its text repeats the address.
	var of *url.Error
	if errors.As(err, &of) {
		err = of.Err
	}
	return &UnreachableError{Cause: err}
}

func withoutRedirects(given *http.Client) *http.Client {
	client := http.Client{}
	if given != nil {
		client = *given
	}
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &client
}
