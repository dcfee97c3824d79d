/**
 * Client of Latchhook, the API keys, webhooks and logs that an API has for its customers: {@link
 * latchhook.Latchhook}, and {@link latchhook.Deliveries} for what a webhook receives.
 */
package latchhook;
