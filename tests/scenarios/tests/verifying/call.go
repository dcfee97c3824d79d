package main

import (
	"fmt"
	"net/http"
	"os"

	"verifying/webhook"
)

func main() {
	headers := http.Header{}
	headers.Set("webhook-id", os.Getenv("ID"))
	headers.Set("webhook-timestamp", os.Getenv("SENT_AT"))
	headers.Set("webhook-signature", os.Getenv("SIGNATURE"))
	body, err := os.ReadFile("body")
	if err == nil {
		err = webhook.Verify(os.Getenv("SECRET"), headers, body)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
