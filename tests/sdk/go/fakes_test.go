package tests

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"

	"latchhook.example/latchhook"
)

const key = "lh_sk_test_wellKnownOnlyToItsOwner"

// answer is what a test says to one request; an error is a lost connection.
type answer func() (*http.Response, error)

type asked struct {
	request *http.Request
	body    string
}

func (a asked) json() map[string]any {
	var body map[string]any
	if err := json.Unmarshal([]byte(a.body), &body); err != nil {
		panic(err)
	}
	return body
}

// server answers what a test says, and keeps what it was asked.
type server struct {
	answers []answer
	asked   []asked
}

func serving(answers ...answer) *server {
	return &server{answers: answers}
}

func (s *server) RoundTrip(request *http.Request) (*http.Response, error) {
	var body []byte
	if request.Body != nil {
		body, _ = io.ReadAll(request.Body)
	}
	s.asked = append(s.asked, asked{request, string(body)})
	next := s.answers[0]
	s.answers = s.answers[1:]
	return next()
}

func text(status int, body string, headers ...string) answer {
	return func() (*http.Response, error) {
		header := http.Header{}
		for i := 0; i < len(headers); i += 2 {
			header.Set(headers[i], headers[i+1])
		}
		body := io.NopCloser(bytes.NewBufferString(body))
		return &http.Response{StatusCode: status, Header: header, Body: body}, nil
	}
}

func ok(body any) answer {
	text_, err := json.Marshal(body)
	if err != nil {
		panic(err)
	}
	return text(http.StatusOK, string(text_))
}

func failed(status int, code string, headers ...string) answer {
	return text(status, `{"error":"No.","code":`+strconv.Quote(code)+`,"param":null,"request_id":"req_1"}`, headers...)
}

func lost() (*http.Response, error) {
	return nil, errors.New("connection reset: lhop_token")
}

// calls has a client of such a server, whose pauses are kept and not waited for.
type calls struct {
	*latchhook.Client
	server *server
	slept  []time.Duration
}

func calling(answers ...answer) *calls {
	made := &calls{server: serving(answers...)}
	made.Client = latchhook.New(latchhook.Options{
		URL:        "http://latchhook.test",
		Token:      "lhop_token",
		HTTPClient: &http.Client{Transport: made.server},
		Retries:    latchhook.Retries{Sleep: made.sleep, Jitter: func() float64 { return 1 }},
	})
	return made
}

func (c *calls) sleep(_ context.Context, pause time.Duration) error {
	c.slept = append(c.slept, pause)
	return nil
}

func valid() map[string]any {
	return map[string]any{
		"object": "verification", "valid": true, "code": "valid", "account_id": "acct_1",
		"account_external_id": "cust_42", "key_id": "key_1", "environment": "test", "type": "secret",
		"expires_at": nil, "name": "laptop", "scopes": []string{"reports:read"},
		"metadata": map[string]string{"plan": "free"}, "rate_limit": nil, "missing_scopes": nil,
	}
}

func refused(code string) map[string]any {
	answer := valid()
	for name := range answer {
		answer[name] = nil
	}
	answer["object"], answer["valid"], answer["code"] = "verification", false, code
	return answer
}
