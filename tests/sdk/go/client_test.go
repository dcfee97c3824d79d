// Package tests holds the Go library from outside.
package tests

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/oapi-codegen/nullable"
	"latchhook.example/latchhook"
	"latchhook.example/latchhook/api"
)

var (
	background = context.Background()
	account    = map[string]any{"id": "acct_1", "name": "Acme"}
	acme       = api.CreateAccount{Name: "Acme"}
)

func keyOf(a asked) string { return a.request.Header.Get("Idempotency-Key") }

func TestAnErrorHasItsCodeParamAndRequest(t *testing.T) {
	body := `{"error":"No.","code":"invalid_field","param":"name","request_id":"req_1"}`
	_, err := calling(text(422, body)).GetAccount(background)
	var found *latchhook.APIError
	if !errors.As(err, &found) || found.Status != 422 || found.Param != "name" || found.RequestID != "req_1" {
		t.Fatal(err)
	}
	if err.Error() != "422 invalid_field (name): No. [req_1]" {
		t.Error(err)
	}
	if !latchhook.IsAPIError(err, api.ErrorCodeInvalidField) || latchhook.IsAPIError(err, api.ErrorCodeConflict) {
		t.Error("its code is not told apart")
	}
}

func TestAnAnswerOfSomebodyElseIsAnErrorWithoutACode(t *testing.T) {
	_, err := calling(text(403, "<h1>proxy</h1>", "X-Request-Id", "r")).GetAccount(background)
	if err == nil || err.Error() != "403 without a code: the answer is not Latchhook's [r]" {
		t.Error(err)
	}
}

func TestNoTextOfAClientOrOfAnErrorHasTheToken(t *testing.T) {
	client := calling(lost, lost, lost, lost)
	_, err := client.GetAccount(background)
	var found *latchhook.UnreachableError
	if !errors.As(err, &found) {
		t.Fatal(err)
	}
	for _, printed := range []string{fmt.Sprintf("%+v %#v", client.Client, client.Client), err.Error()} {
		if strings.Contains(printed, "lhop_token") {
			t.Error(printed)
		}
	}
}

func TestAllTriesOfACallCarryOneKeyAndCallsDifferInTheirs(t *testing.T) {
	client := calling(lost, failed(503, "unavailable"), ok(account), ok(account))
	if _, err := client.PostAccounts(background, acme); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(client.slept, []time.Duration{250 * time.Millisecond, 500 * time.Millisecond}) {
		t.Error(client.slept)
	}
	first := client.server.asked[0]
	for _, again := range client.server.asked[1:3] {
		if keyOf(again) != keyOf(first) || again.body != `{"name":"Acme"}` {
			t.Error(again.request.Header, again.body)
		}
	}
	if _, err := client.PostAccounts(background, acme); err != nil {
		t.Fatal(err)
	}
	if other := keyOf(client.server.asked[3]); other == "" || other == keyOf(first) {
		t.Error(other)
	}
}

func TestAKeyAndAnAccountOfTheCallersOwnAreSent(t *testing.T) {
	client := calling(ok(account))
	mine, other := latchhook.IdempotencyKey("mine"), latchhook.Account("acct_2")
	if _, err := client.PostAccounts(background, acme, mine, other); err != nil {
		t.Fatal(err)
	}
	header := client.server.asked[0].request.Header
	if header.Get("Idempotency-Key") != "mine" || header.Get("Latchhook-Account") != "acct_2" {
		t.Error(header)
	}
}

func TestRetryAfterIsWaitedForUnlessItIsTooLong(t *testing.T) {
	client := calling(failed(429, "rate_limited", "Retry-After", "7"), ok(account))
	if _, err := client.PostAccounts(background, acme); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(client.slept, []time.Duration{7 * time.Second}) {
		t.Error(client.slept)
	}
	client = calling(failed(429, "rate_limited", "Retry-After", "61"))
	_, err := client.PostAccounts(background, acme)
	var found *latchhook.APIError
	if !errors.As(err, &found) || found.RetryAfter != 61*time.Second || client.slept != nil {
		t.Error(err, client.slept)
	}
}

func TestTheLastErrorIsReturnedWhenThereAreNoMoreTries(t *testing.T) {
	client := calling(lost, lost, lost, failed(503, "unavailable"))
	_, err := client.PostAccounts(background, acme)
	if !latchhook.IsAPIError(err, api.ErrorCodeUnavailable) || len(client.server.asked) != 4 {
		t.Error(err)
	}
}

func TestAFirstTryThatIsStillRunningIsWaitedFor(t *testing.T) {
	client := calling(lost, failed(409, "idempotency_in_progress"), ok(account))
	if _, err := client.PostAccounts(background, acme); err != nil {
		t.Error(err)
	}
}

func TestAnErrorThatARepeatCannotMendIsNotRepeated(t *testing.T) {
	for status, code := range map[int]string{500: "internal", 409: "conflict", 422: "missing_field"} {
		client := calling(failed(status, code))
		_, err := client.PostAccounts(background, acme)
		if !latchhook.IsAPIError(err, api.ErrorCode(code)) || len(client.server.asked) != 1 {
			t.Error(err)
		}
	}
}

func TestWhatMayHaveBeenDoneIsRepeatedOnlyWhereThatDoesNoHarm(t *testing.T) {
	change := func(client *calls) error {
		_, err := client.PatchAccountsID(background, "acct_1", api.UpdateAccount{Name: latchhook.Ptr("B")})
		return err
	}
	remove := func(client *calls) error {
		_, err := client.DeleteAccountsID(background, "acct_1")
		return err
	}
	redeem := func(client *calls) error {
		_, err := client.PostPortalSessionsRedeem(background, api.RedeemCode{Code: "lhps_1"})
		return err
	}
	for _, one := range []struct {
		call   func(*calls) error
		answer answer
		tries  int
	}{
		{change, lost, 4}, {change, text(502, "bad gateway"), 4}, {change, failed(503, "unavailable"), 4},
		{remove, lost, 1}, {remove, text(502, "bad gateway"), 1}, {remove, failed(503, "unavailable"), 4},
		{redeem, lost, 1}, {redeem, text(502, "bad gateway"), 1}, {redeem, failed(503, "unavailable"), 4},
	} {
		client := calling(one.answer, one.answer, one.answer, one.answer)
		if err := one.call(client); err == nil || len(client.server.asked) != one.tries {
			t.Error(err, len(client.server.asked), one.tries)
		}
	}
}

func TestACallThatItsCallerGaveUpIsNotRepeated(t *testing.T) {
	ctx, cancel := context.WithCancel(background)
	client := calling(func() (*http.Response, error) {
		cancel()
		return lost()
	})
	if _, err := client.GetAccount(ctx); err == nil || len(client.server.asked) != 1 {
		t.Error(err)
	}
}

func TestRowsOfAllPagesFollowEachOtherAndPagesComeWhenNeeded(t *testing.T) {
	page := func(name string, next any) answer {
		return ok(map[string]any{"object": "list", "data": []any{map[string]any{"name": name}}, "next_href": next})
	}
	client := calling(page("A", "/v1/accounts?per_page=1&cursor=a%2Bb"), page("B", nil))
	var names []string
	params := api.GetAccountsParams{PerPage: latchhook.Ptr(1)}
	for row, err := range latchhook.Iterate(background, client.GetAccounts, params) {
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, row.Name)
		if len(client.server.asked) != len(names) {
			t.Error("a page came before it was needed")
		}
	}
	query := client.server.asked[1].request.URL.Query()
	if !slices.Equal(names, []string{"A", "B"}) || query.Get("cursor") != "a+b" || query.Get("per_page") != "1" {
		t.Error(names, query)
	}
}

func TestAnErrorEndsAnIterator(t *testing.T) {
	client := calling(failed(400, "invalid_cursor"))
	var seen []error
	for _, err := range latchhook.Iterate(background, client.GetWebhooks, api.GetWebhooksParams{}) {
		seen = append(seen, err)
	}
	if len(seen) != 1 || !latchhook.IsAPIError(seen[0], api.ErrorCodeInvalidCursor) {
		t.Error(seen)
	}
}

func TestPartsOfAPathAreEscaped(t *testing.T) {
	client := calling(ok(account))
	if _, err := client.GetAccountsID(background, "../a?b", api.GetAccountsIDParams{}); err != nil {
		t.Fatal(err)
	}
	if uri := client.server.asked[0].request.URL.RequestURI(); uri != "/v1/accounts/..%2Fa%3Fb" {
		t.Error(uri)
	}
}

func TestAChangeTellsNothingFromNull(t *testing.T) {
	client := calling(ok(map[string]any{}), ok(map[string]any{}))
	for _, change := range []api.UpdateAPIKey{{}, {Name: nullable.NewNullNullable[string]()}} {
		if _, err := client.PatchAPIKeysID(background, "key_1", change); err != nil {
			t.Fatal(err)
		}
	}
	if one, other := client.server.asked[0].body, client.server.asked[1].body; one != "{}" || other != `{"name":null}` {
		t.Error(one, other)
	}
}

func TestAnEmptyListOfScopesIsNotAllScopes(t *testing.T) {
	client := calling(ok(map[string]any{}))
	body := api.CreateAPIKey{Type: api.KeyTypeSecret, Environment: api.EnvironmentTest, Scopes: &[]string{}}
	if _, err := client.PostAPIKeys(background, body); err != nil {
		t.Fatal(err)
	}
	if scopes, sent := client.server.asked[0].json()["scopes"]; !sent || len(scopes.([]any)) != 0 {
		t.Error(client.server.asked[0].body)
	}
}

func TestARowOfALogIsReadAsWhatItIs(t *testing.T) {
	client := calling(ok(map[string]any{"kind": "webhook_delivery", "id": "log_1", "webhook_id": "wh_1"}))
	row, err := client.GetLogsID(background, "log_1")
	if err != nil {
		t.Fatal(err)
	}
	kind, _ := row.Discriminator()
	delivery, err := row.AsDeliveryLog()
	if err != nil || kind != "webhook_delivery" || delivery.WebhookID != "wh_1" {
		t.Error(kind, delivery, err)
	}
}
