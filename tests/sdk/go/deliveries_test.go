package tests

import (
	"errors"
	"net/http"
	"strconv"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"latchhook.example/latchhook"
)

const (
	secret   = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	another  = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
	delivery = `{"type":"report.completed"}`
)

func signed(prefix, secret string, late time.Duration) http.Header {
	webhook, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		panic(err)
	}
	sent := time.Now().Add(-late)
	signature, err := webhook.Sign("evt_1", sent, []byte(delivery))
	if err != nil {
		panic(err)
	}
	headers := http.Header{}
	headers.Set(prefix+"-Id", "evt_1")
	headers.Set(prefix+"-Timestamp", strconv.FormatInt(sent.Unix(), 10))
	headers.Set(prefix+"-Signature", signature)
	return headers
}

func verified(body string, headers http.Header, prefix string, secrets ...string) (string, error) {
	var event struct{ Type string }
	options := latchhook.DeliveryOptions{Secrets: secrets, Prefix: prefix}
	err := latchhook.VerifyDelivery([]byte(body), headers, options, &event)
	return event.Type, err
}

func TestASignedDeliveryIsRead(t *testing.T) {
	for _, prefix := range []string{"", "svix", "X-Acme"} {
		headers := signed(map[string]string{"": "webhook"}[prefix]+prefix, secret, 0)
		if kind, err := verified(delivery, headers, prefix, another, secret); err != nil || kind != "report.completed" {
			t.Error(prefix, kind, err)
		}
	}
}

func TestWhatIsNotOfThisWebhookIsRefused(t *testing.T) {
	odd := signed("webhook", secret, 0)
	odd.Set("webhook-signature", "v1")
	for name, one := range map[string]struct {
		body    string
		headers http.Header
		secrets []string
	}{
		"changed":         {delivery + " ", signed("webhook", secret, 0), []string{secret}},
		"another secret":  {delivery, signed("webhook", another, 0), []string{secret}},
		"another prefix":  {delivery, signed("svix", secret, 0), []string{secret}},
		"too old":         {delivery, signed("webhook", secret, 302*time.Second), []string{secret}},
		"too new":         {delivery, signed("webhook", secret, -302*time.Second), []string{secret}},
		"no headers":      {delivery, http.Header{}, []string{secret}},
		"no signature":    {delivery, odd, []string{secret}},
		"no text":         {"\xff", signed("webhook", secret, 0), []string{secret}},
		"without secrets": {delivery, signed("webhook", secret, 0), nil},
	} {
		var found *latchhook.InvalidDeliveryError
		if _, err := verified(one.body, one.headers, "", one.secrets...); !errors.As(err, &found) {
			t.Error(name, err)
		}
	}
}

func TestASecretThatIsNoneIsAMistakeOfTheCaller(t *testing.T) {
	var found *latchhook.InvalidDeliveryError
	_, err := verified(delivery, signed("webhook", secret, 0), "", "whsec_?")
	if err == nil || errors.As(err, &found) {
		t.Error(err)
	}
}
