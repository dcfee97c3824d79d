// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.api;

import latchhook.Call;
import latchhook.Latchhook;
import latchhook.Option;
import latchhook.Params;
import latchhook.generated.model.KeyScope;
import latchhook.generated.model.ListKeyScope;
import latchhook.generated.model.PutKeyScope;

/** Routes of one part of the API. */
public final class KeyScopesApi {
  private final Latchhook latchhook;

  /** Makes them callable with a client. */
  public KeyScopesApi(Latchhook latchhook) {
    this.latchhook = latchhook;
  }

  /** {@code DELETE /v1/key_scopes/{name} }: Take a scope out. */
  public KeyScope deleteKeyScopesName(String name, Option... options) {
    var call = new Call("DELETE", "/v1/key_scopes/{name}", name);
    return latchhook.send(call.with(options), KeyScope.class);
  }

  /** {@code GET /v1/key_scopes }: List scopes. */
  public ListKeyScope getKeyScopes(GetKeyScopesParams params, Option... options) {
    var call = new Call("GET", "/v1/key_scopes");
    call.query(params);
    return latchhook.send(call.with(options), ListKeyScope.class);
  }

  /** Parameters of {@link #getKeyScopes}. */
  public static final class GetKeyScopesParams extends Params {
    /** Number of rows on a page. */
    public GetKeyScopesParams perPage(Integer perPage) {
      set("per_page", perPage);
      return this;
    }

    /** Cursor from the &#x60;next_href&#x60; of the previous page. */
    public GetKeyScopesParams cursor(String cursor) {
      set("cursor", cursor);
      return this;
    }
  }

  /** {@code PUT /v1/key_scopes/{name} }: Register a scope, or change it. */
  public KeyScope putKeyScopesName(String name, PutKeyScope body, Option... options) {
    var call = new Call("PUT", "/v1/key_scopes/{name}", name);
    call.body(body);
    return latchhook.send(call.with(options), KeyScope.class);
  }
}
