package latchhook

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"math"
	mathrand "math/rand/v2"
	"net/http"
	"strings"
	"time"

	"latchhook.example/latchhook/api"
)

const (
	// A `POST` that only asks: it changes nothing, and needs no key to be repeated.
	asks = "/v1/api_keys/verify"
	// A `POST` that takes no `Idempotency-Key`.
	once = "/v1/portal_sessions/redeem"
)

// Retries is the policy by which failed calls are repeated, with full jitter over a doubling time. A `POST`
// carries one `Idempotency-Key` for all of its tries, so it is carried out once.
type Retries struct {
	// Tries is how often a call is made at most; 4 by default.
	Tries int
	// First is the longest pause before the second try; a quarter of a second by default.
	First time.Duration
	// Longest is what no pause exceeds, if the server asks for no longer one; 8 seconds by default.
	Longest time.Duration
	// Patience is the longest `Retry-After` that is waited for; with a longer one the call fails at once. A
	// minute by default.
	Patience time.Duration
	// Sleep is there for tests.
	Sleep func(context.Context, time.Duration) error
	// Jitter is there for tests.
	Jitter func() float64
}

func (r Retries) orDefaults() Retries {
	or := func(value *time.Duration, usual time.Duration) {
		if *value == 0 {
			*value = usual
		}
	}
	or(&r.First, 250*time.Millisecond)
	or(&r.Longest, 8*time.Second)
	or(&r.Patience, time.Minute)
	if r.Tries == 0 {
		r.Tries = 4
	}
	if r.Sleep == nil {
		r.Sleep = sleep
	}
	if r.Jitter == nil {
		r.Jitter = mathrand.Float64
	}
	return r
}

// run repeats what failed, and returns the error of what went on failing.
func (r Retries) run(
	ctx context.Context, call *api.Call, try func() ([]byte, error),
) ([]byte, error) {
	if takesKey(call) && call.Header.Get(idempotencyKeyHeader) == "" {
		call.Header.Set(idempotencyKeyHeader, randomKey())
	}
	for tries := 1; ; tries++ {
		answer, err := try()
		if err == nil || ctx.Err() != nil {
			return answer, err
		}
		pause, again := r.wait(call, tries, err)
		if !again {
			return nil, err
		}
		if r.Sleep(ctx, pause) != nil {
			return nil, err
		}
	}
}

// wait returns the time until the next try after that many, and whether there is one.
func (r Retries) wait(call *api.Call, tries int, err error) (time.Duration, bool) {
	if tries >= r.Tries || !isRepeatable(call, err) {
		return 0, false
	}
	doubled := math.Ldexp(float64(r.First), tries-1)
	pause := time.Duration(r.Jitter() * min(float64(r.Longest), doubled))
	var answered *APIError
	if !errors.As(err, &answered) {
		return pause, true
	}
	return max(pause, answered.RetryAfter), answered.RetryAfter <= r.Patience
}

func isRepeatable(call *api.Call, err error) bool {
	var answered *APIError
	var unanswered *UnreachableError
	switch {
	case errors.As(err, &answered) && answered.Code != "":
		return answered.Status == http.StatusTooManyRequests ||
			answered.Status == http.StatusServiceUnavailable ||
			answered.Code == api.ErrorCodeIdempotencyInProgress
	case errors.As(err, &answered):
		// A proxy's answer says as little as none.
		switch answered.Status {
		case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable,
			http.StatusGatewayTimeout:
		default:
			return false
		}
	case !errors.As(err, &unanswered):
		return false
	}
	if call.Method == http.MethodPost {
		return call.Header.Get(idempotencyKeyHeader) != "" || strings.HasSuffix(call.Path, asks)
	}
	return call.Method != http.MethodDelete
}

func takesKey(call *api.Call) bool {
	return call.Method == http.MethodPost && call.Path != asks && call.Path != once
}

func randomKey() string {
	var bytes [16]byte
	// It never fails: the program ends if the operating system has no randomness.
	_, _ = rand.Read(bytes[:])
	return fmt.Sprintf("%x", bytes)
}

func sleep(ctx context.Context, pause time.Duration) error {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
