// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.api;

import latchhook.Call;
import latchhook.Latchhook;
import latchhook.Option;
import latchhook.Params;
import latchhook.generated.model.BegunSession;
import latchhook.generated.model.CreatePortalSession;
import latchhook.generated.model.ListPortalSessionRow;
import latchhook.generated.model.PortalSession;
import latchhook.generated.model.PortalSessionRow;
import latchhook.generated.model.RedeemCode;

/** Routes of one part of the API. */
public final class PortalSessionsApi {
  private final Latchhook latchhook;

  /** Makes them callable with a client. */
  public PortalSessionsApi(Latchhook latchhook) {
    this.latchhook = latchhook;
  }

  /** {@code DELETE /v1/portal_sessions/{id} }: End a portal session. */
  public PortalSessionRow deletePortalSessionsId(String id, Option... options) {
    var call = new Call("DELETE", "/v1/portal_sessions/{id}", id);
    return latchhook.send(call.with(options), PortalSessionRow.class);
  }

  /** {@code GET /v1/portal_sessions }: List portal sessions. */
  public ListPortalSessionRow getPortalSessions(GetPortalSessionsParams params, Option... options) {
    var call = new Call("GET", "/v1/portal_sessions");
    call.query(params);
    return latchhook.send(call.with(options), ListPortalSessionRow.class);
  }

  /** Parameters of {@link #getPortalSessions}. */
  public static final class GetPortalSessionsParams extends Params {
    /** Number of rows on a page. */
    public GetPortalSessionsParams perPage(Integer perPage) {
      set("per_page", perPage);
      return this;
    }

    /** Cursor from the &#x60;next_href&#x60; of the previous page. */
    public GetPortalSessionsParams cursor(String cursor) {
      set("cursor", cursor);
      return this;
    }
  }

  /** {@code GET /v1/portal_sessions/{id} }: Show a portal session. */
  public PortalSessionRow getPortalSessionsId(String id, Option... options) {
    var call = new Call("GET", "/v1/portal_sessions/{id}", id);
    return latchhook.send(call.with(options), PortalSessionRow.class);
  }

  /** {@code POST /v1/portal_sessions }: Open a portal session. */
  public PortalSession postPortalSessions(CreatePortalSession body, Option... options) {
    var call = new Call("POST", "/v1/portal_sessions");
    call.body(body);
    return latchhook.send(call.with(options), PortalSession.class);
  }

  /** {@code POST /v1/portal_sessions/redeem }: Begin a portal session with a sign-in code. */
  public BegunSession postPortalSessionsRedeem(RedeemCode body, Option... options) {
    var call = new Call("POST", "/v1/portal_sessions/redeem");
    call.body(body);
    return latchhook.send(call.with(options), BegunSession.class);
  }
}
