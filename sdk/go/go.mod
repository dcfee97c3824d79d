module latchhook.example/latchhook

go 1.23

require (
	github.com/oapi-codegen/nullable v1.2.0
	github.com/standard-webhooks/standard-webhooks/libraries v0.0.1
)
