// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.api;

import latchhook.Call;
import latchhook.Latchhook;
import latchhook.Option;
import latchhook.Params;
import latchhook.generated.model.Advance;
import latchhook.generated.model.DeliveryStatus;
import latchhook.generated.model.Environment;
import latchhook.generated.model.Event;
import latchhook.generated.model.ListEvent;
import java.time.OffsetDateTime;
import latchhook.generated.model.PostEvent;
import latchhook.generated.model.PostEvents;
import latchhook.generated.model.Resend;

/** Routes of one part of the API. */
public final class EventsApi {
  private final Latchhook latchhook;

  /** Makes them callable with a client. */
  public EventsApi(Latchhook latchhook) {
    this.latchhook = latchhook;
  }

  /** {@code DELETE /v1/events/{id} }: Erase an event. */
  public Event deleteEventsId(String id, Option... options) {
    var call = new Call("DELETE", "/v1/events/{id}", id);
    return latchhook.send(call.with(options), Event.class);
  }

  /** {@code GET /v1/events }: List events. */
  public ListEvent getEvents(GetEventsParams params, Option... options) {
    var call = new Call("GET", "/v1/events");
    call.query(params);
    return latchhook.send(call.with(options), ListEvent.class);
  }

  /** Parameters of {@link #getEvents}. */
  public static final class GetEventsParams extends Params {
    /** Only events of this environment. */
    public GetEventsParams environment(Environment environment) {
      set("environment", environment);
      return this;
    }

    /** Only events of this type. */
    public GetEventsParams type(String type) {
      set("type", type);
      return this;
    }

    /** Only events about the object with this identifier (&#x60;data.object.id&#x60;). */
    public GetEventsParams objectId(String objectId) {
      set("object_id", objectId);
      return this;
    }

    /** Only events with a delivery to this webhook. */
    public GetEventsParams webhookId(String webhookId) {
      set("webhook_id", webhookId);
      return this;
    }

    /** Only events of which a delivery, to &#x60;webhook_id&#x60; if that is given, is in this state. */
    public GetEventsParams status(DeliveryStatus status) {
      set("status", status);
      return this;
    }

    /** Order by creation: &#x60;desc&#x60; (the default) or &#x60;asc&#x60;. */
    public GetEventsParams order(String order) {
      set("order", order);
      return this;
    }

    /** Only events created at this time or later. */
    public GetEventsParams since(OffsetDateTime since) {
      set("since", since);
      return this;
    }

    /** Only events created at this time or earlier. */
    public GetEventsParams until(OffsetDateTime until) {
      set("until", until);
      return this;
    }

    /** Number of rows on a page. */
    public GetEventsParams perPage(Integer perPage) {
      set("per_page", perPage);
      return this;
    }

    /** Cursor from the &#x60;next_href&#x60; of the previous page. */
    public GetEventsParams cursor(String cursor) {
      set("cursor", cursor);
      return this;
    }
  }

  /** {@code GET /v1/events/{id} }: Show an event. */
  public Event getEventsId(String id, Option... options) {
    var call = new Call("GET", "/v1/events/{id}", id);
    return latchhook.send(call.with(options), Event.class);
  }

  /** {@code POST /v1/events }: Post an event. */
  public Event postEvents(PostEvent body, Option... options) {
    var call = new Call("POST", "/v1/events");
    call.body(body);
    return latchhook.send(call.with(options), Event.class);
  }

  /** {@code POST /v1/events/batch }: Post a batch of events. */
  public ListEvent postEventsBatch(PostEvents body, Option... options) {
    var call = new Call("POST", "/v1/events/batch");
    call.body(body);
    return latchhook.send(call.with(options), ListEvent.class);
  }

  /** {@code POST /v1/events/{id}/advance }: Make the next scheduled attempt now. */
  public Event postEventsIdAdvance(String id, Advance body, Option... options) {
    var call = new Call("POST", "/v1/events/{id}/advance", id);
    call.body(body);
    return latchhook.send(call.with(options), Event.class);
  }

  /** {@code POST /v1/events/{id}/resend }: Send an event to a webhook once more. */
  public Event postEventsIdResend(String id, Resend body, Option... options) {
    var call = new Call("POST", "/v1/events/{id}/resend", id);
    call.body(body);
    return latchhook.send(call.with(options), Event.class);
  }
}
