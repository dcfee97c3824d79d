// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.api;

import latchhook.Call;
import latchhook.Latchhook;
import latchhook.Option;
import latchhook.Params;
import latchhook.generated.model.DeliveryHealth;
import latchhook.generated.model.DeliveryStats;
import latchhook.generated.model.Environment;
import latchhook.generated.model.ListLog;
import latchhook.generated.model.Log;
import java.time.OffsetDateTime;
import latchhook.generated.model.ReportRequests;
import latchhook.generated.model.Reported;

/** Routes of one part of the API. */
public final class LogsApi {
  private final Latchhook latchhook;

  /** Makes them callable with a client. */
  public LogsApi(Latchhook latchhook) {
    this.latchhook = latchhook;
  }

  /** {@code GET /v1/delivery_health }: Show how deliveries fare over all accounts. */
  public DeliveryHealth getDeliveryHealth(Option... options) {
    var call = new Call("GET", "/v1/delivery_health");
    return latchhook.send(call.with(options), DeliveryHealth.class);
  }

  /** {@code GET /v1/delivery_stats }: Count delivery attempts over time. */
  public DeliveryStats getDeliveryStats(GetDeliveryStatsParams params, Option... options) {
    var call = new Call("GET", "/v1/delivery_stats");
    call.query(params);
    return latchhook.send(call.with(options), DeliveryStats.class);
  }

  /** Parameters of {@link #getDeliveryStats}. */
  public static final class GetDeliveryStatsParams extends Params {
    /** Only attempts in this environment. */
    public GetDeliveryStatsParams environment(Environment environment) {
      set("environment", environment);
      return this;
    }

    /** Only attempts to this webhook. */
    public GetDeliveryStatsParams webhookId(String webhookId) {
      set("webhook_id", webhookId);
      return this;
    }

    /** From this time on, itself included; by default a day before &#x60;until&#x60;. */
    public GetDeliveryStatsParams since(OffsetDateTime since) {
      set("since", since);
      return this;
    }

    /** Up to this time, itself excluded; by default now. */
    public GetDeliveryStatsParams until(OffsetDateTime until) {
      set("until", until);
      return this;
    }

    /** Number of equal parts to cut the period into. An end that is within a minute of more than 1,000 attempts, or one that the log lacks rows of, is moved to the start of that minute. */
    public GetDeliveryStatsParams buckets(Integer buckets) {
      set("buckets", buckets);
      return this;
    }
  }

  /** {@code GET /v1/logs }: List log rows. */
  public ListLog getLogs(GetLogsParams params, Option... options) {
    var call = new Call("GET", "/v1/logs");
    call.query(params);
    return latchhook.send(call.with(options), ListLog.class);
  }

  /** Parameters of {@link #getLogs}. */
  public static final class GetLogsParams extends Params {
    /** Kind of log: &#x60;webhook_delivery&#x60; (the default) or &#x60;api_request&#x60;. */
    public GetLogsParams kind(String kind) {
      set("kind", kind);
      return this;
    }

    /** Only rows of this environment. */
    public GetLogsParams environment(Environment environment) {
      set("environment", environment);
      return this;
    }

    /** Only rows with this status: &#x60;succeeded&#x60;, &#x60;failed&#x60;, an HTTP status, or a class of them such as &#x60;4xx&#x60;. */
    public GetLogsParams status(String status) {
      set("status", status);
      return this;
    }

    /** Only deliveries to this webhook. */
    public GetLogsParams webhookId(String webhookId) {
      set("webhook_id", webhookId);
      return this;
    }

    /** Only deliveries of this event. */
    public GetLogsParams eventId(String eventId) {
      set("event_id", eventId);
      return this;
    }

    /** Only deliveries of events of this type. */
    public GetLogsParams eventType(String eventType) {
      set("event_type", eventType);
      return this;
    }

    /** Only deliveries of the newest 1,000 events about the object with this identifier (&#x60;data.object.id&#x60;). */
    public GetLogsParams objectId(String objectId) {
      set("object_id", objectId);
      return this;
    }

    /** Only requests with this API key. */
    public GetLogsParams apiKeyId(String apiKeyId) {
      set("api_key_id", apiKeyId);
      return this;
    }

    /** Only requests with this method. */
    public GetLogsParams method(String method) {
      set("method", method);
      return this;
    }

    /** Only requests whose path begins with this text. */
    public GetLogsParams path(String path) {
      set("path", path);
      return this;
    }

    /** Only the request with this identifier. */
    public GetLogsParams requestId(String requestId) {
      set("request_id", requestId);
      return this;
    }

    /** Only requests from this address, or from an address in this range (a CIDR). */
    public GetLogsParams ip(String ip) {
      set("ip", ip);
      return this;
    }

    /** Only rows at this time or later. */
    public GetLogsParams since(OffsetDateTime since) {
      set("since", since);
      return this;
    }

    /** Only rows at this time or earlier. */
    public GetLogsParams until(OffsetDateTime until) {
      set("until", until);
      return this;
    }

    /** Only rows written at this time or later, in the order of writing: for following the log. A row is written at the end of the attempt or request, and its &#x60;created_at&#x60; is the beginning. */
    public GetLogsParams writtenSince(OffsetDateTime writtenSince) {
      set("written_since", writtenSince);
      return this;
    }

    /** Number of rows on a page. */
    public GetLogsParams perPage(Integer perPage) {
      set("per_page", perPage);
      return this;
    }

    /** Cursor from the &#x60;next_href&#x60; of the previous page. */
    public GetLogsParams cursor(String cursor) {
      set("cursor", cursor);
      return this;
    }
  }

  /** {@code GET /v1/logs/{id} }: Show a log row. */
  public Log getLogsId(String id, Option... options) {
    var call = new Call("GET", "/v1/logs/{id}", id);
    return latchhook.send(call.with(options), Log.class);
  }

  /** {@code POST /v1/request_logs }: Report requests to your own API. */
  public Reported postRequestLogs(ReportRequests body, Option... options) {
    var call = new Call("POST", "/v1/request_logs");
    call.body(body);
    return latchhook.send(call.with(options), Reported.class);
  }
}
