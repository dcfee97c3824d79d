require_relative "verify"

headers = {
  "webhook-id" => ENV.fetch("ID"),
  "webhook-timestamp" => ENV.fetch("SENT_AT"),
  "webhook-signature" => ENV.fetch("SIGNATURE"),
}
verify(ENV.fetch("SECRET"), headers, File.binread("body"))
