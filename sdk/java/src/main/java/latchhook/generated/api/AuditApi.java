// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.api;

import latchhook.Call;
import latchhook.Latchhook;
import latchhook.Option;
import latchhook.Params;
import latchhook.generated.model.ListAuditEvent;
import java.time.OffsetDateTime;

/** Routes of one part of the API. */
public final class AuditApi {
  private final Latchhook latchhook;

  /** Makes them callable with a client. */
  public AuditApi(Latchhook latchhook) {
    this.latchhook = latchhook;
  }

  /** {@code GET /v1/audit_events }: List the settings history. */
  public ListAuditEvent getAuditEvents(GetAuditEventsParams params, Option... options) {
    var call = new Call("GET", "/v1/audit_events");
    call.query(params);
    return latchhook.send(call.with(options), ListAuditEvent.class);
  }

  /** Parameters of {@link #getAuditEvents}. */
  public static final class GetAuditEventsParams extends Params {
    /** Only events of this account, key or webhook. */
    public GetAuditEventsParams subject(String subject) {
      set("subject", subject);
      return this;
    }

    /** Only events of this type, such as &#x60;webhook.created&#x60;. */
    public GetAuditEventsParams type(String type) {
      set("type", type);
      return this;
    }

    /** Only events at this time or later. */
    public GetAuditEventsParams since(OffsetDateTime since) {
      set("since", since);
      return this;
    }

    /** Only events at this time or earlier. */
    public GetAuditEventsParams until(OffsetDateTime until) {
      set("until", until);
      return this;
    }

    /** Number of rows on a page. */
    public GetAuditEventsParams perPage(Integer perPage) {
      set("per_page", perPage);
      return this;
    }

    /** Cursor from the &#x60;next_href&#x60; of the previous page. */
    public GetAuditEventsParams cursor(String cursor) {
      set("cursor", cursor);
      return this;
    }
  }
}
