package latchhook

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"latchhook.example/latchhook/api"
)

// APIError is an error that the server answered.
type APIError struct {
	Status int
	// Code is stable; package api has a constant for each. It is empty if the answer is not of Latchhook,
	// but of a proxy before it.
	Code api.ErrorCode
	// Message is for people.
	Message string
	// Param names the offending field; empty if there is none.
	Param     string
	RequestID string
	// RetryAfter is the time to wait before another try; zero if the server said none.
	RetryAfter time.Duration
}

// Error describes it in one line.
func (e *APIError) Error() string {
	code, at, named := string(e.Code), "", ""
	if code == "" {
		code = "without a code"
	}
	if e.Param != "" {
		at = " (" + e.Param + ")"
	}
	if e.RequestID != "" {
		named = " [" + e.RequestID + "]"
	}
	return fmt.Sprintf("%d %s%s: %s%s", e.Status, code, at, e.Message, named)
}

// UnreachableError says that there was no answer: the network failed. A call that changes something may have
// been carried out.
type UnreachableError struct {
	Cause error
}

// Error names the kind of its cause, whose text may have anything in it.
func (e *UnreachableError) Error() string {
	return fmt.Sprintf("no answer: %T", e.Cause)
}

// Unwrap returns the cause.
func (e *UnreachableError) Unwrap() error {
	return e.Cause
}

// IsAPIError returns whether an error is one of the API, with one of the codes if any are given.
func IsAPIError(err error, codes ...api.ErrorCode) bool {
	var of *APIError
	return errors.As(err, &of) && (len(codes) == 0 || slices.Contains(codes, of.Code))
}

// errorOf reads the error in an answer.
func errorOf(response *http.Response, text []byte) *APIError {
	var body struct {
		Error     string
		Code      api.ErrorCode
		Param     string
		RequestID string `json:"request_id"`
	}
	if json.Unmarshal(text, &body) != nil || body.Code == "" {
		body.Code, body.Param, body.RequestID = "", "", ""
		body.Error = "the answer is not Latchhook's"
	}
	if body.RequestID == "" {
		body.RequestID = response.Header.Get("X-Request-Id")
	}
	return &APIError{
		Status:     response.StatusCode,
		Code:       body.Code,
		Message:    body.Error,
		Param:      body.Param,
		RequestID:  body.RequestID,
		RetryAfter: seconds(response.Header.Get("Retry-After")),
	}
}

func seconds(text string) time.Duration {
	count, err := strconv.ParseUint(text, 10, 31)
	if err != nil {
		return 0
	}
	return time.Duration(count) * time.Second
}
