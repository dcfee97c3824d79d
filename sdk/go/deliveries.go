package latchhook

import (
	"cmp"
	"encoding/json"
	"errors"
	"net/http"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

// InvalidDeliveryError says that a request is not a delivery of this webhook, or is too old: answer 400 and
// forget it.
type InvalidDeliveryError struct {
	Cause error
}

// Error says what is wrong with it.
func (e *InvalidDeliveryError) Error() string {
	return "not a delivery of this webhook: " + e.Cause.Error()
}

// Unwrap returns the cause.
func (e *InvalidDeliveryError) Unwrap() error {
	return e.Cause
}

// DeliveryOptions say how a webhook's deliveries are signed.
type DeliveryOptions struct {
	// Secrets of the webhook (`whsec_…`): one, or several during a rotation.
	Secrets []string
	// Prefix is that of the server's setting `signature_headers`: `webhook` (the default), `svix`, or your
	// own.
	Prefix string
}

// VerifyDelivery reads the JSON of a delivery into what `event` points to, if its signature is of one of the
// secrets. `body` is the request's, as it came. The Standard Webhooks library does the checking; a delivery
// that is more than five minutes off is refused.
//
// The error is an [*InvalidDeliveryError], or else of a secret that is none, or of an `event` that the JSON
// does not fit into.
func VerifyDelivery(body []byte, headers http.Header, options DeliveryOptions, event any) error {
	prefix := cmp.Or(options.Prefix, "webhook")
	signed := http.Header{}
	for _, name := range []string{"id", "timestamp", "signature"} {
		signed.Set("webhook-"+name, headers.Get(prefix+"-"+name))
	}
	why := errors.New("no secret was given")
	for _, secret := range options.Secrets {
		webhook, err := standardwebhooks.NewWebhook(secret)
		if err != nil {
			return errors.New("a webhook's secret is `whsec_` and base64")
		}
		if why = webhook.Verify(body, signed); why == nil {
			break
		}
	}
	if why == nil && !json.Valid(body) {
		why = errors.New("its body is not JSON")
	}
	if why != nil {
		return &InvalidDeliveryError{Cause: why}
	}
	return json.Unmarshal(body, event)
}
