// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.api;

import latchhook.Call;
import latchhook.Latchhook;
import latchhook.Option;
import latchhook.Params;
import latchhook.generated.model.EventType;
import latchhook.generated.model.ListEventType;
import latchhook.generated.model.PutEventType;

/** Routes of one part of the API. */
public final class EventTypesApi {
  private final Latchhook latchhook;

  /** Makes them callable with a client. */
  public EventTypesApi(Latchhook latchhook) {
    this.latchhook = latchhook;
  }

  /** {@code DELETE /v1/event_types/{name} }: Take an event type out. */
  public EventType deleteEventTypesName(String name, Option... options) {
    var call = new Call("DELETE", "/v1/event_types/{name}", name);
    return latchhook.send(call.with(options), EventType.class);
  }

  /** {@code GET /v1/event_types }: List event types. */
  public ListEventType getEventTypes(GetEventTypesParams params, Option... options) {
    var call = new Call("GET", "/v1/event_types");
    call.query(params);
    return latchhook.send(call.with(options), ListEventType.class);
  }

  /** Parameters of {@link #getEventTypes}. */
  public static final class GetEventTypesParams extends Params {
    /** Number of rows on a page. */
    public GetEventTypesParams perPage(Integer perPage) {
      set("per_page", perPage);
      return this;
    }

    /** Cursor from the &#x60;next_href&#x60; of the previous page. */
    public GetEventTypesParams cursor(String cursor) {
      set("cursor", cursor);
      return this;
    }
  }

  /** {@code PUT /v1/event_types/{name} }: Register an event type, or change it. */
  public EventType putEventTypesName(String name, PutEventType body, Option... options) {
    var call = new Call("PUT", "/v1/event_types/{name}", name);
    call.body(body);
    return latchhook.send(call.with(options), EventType.class);
  }
}
