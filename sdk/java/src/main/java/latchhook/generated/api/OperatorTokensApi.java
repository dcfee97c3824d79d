// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.api;

import latchhook.Call;
import latchhook.Latchhook;
import latchhook.Option;
import latchhook.Params;
import latchhook.generated.model.CreateOperatorToken;
import latchhook.generated.model.ListOperatorToken;
import latchhook.generated.model.OperatorToken;

/** Routes of one part of the API. */
public final class OperatorTokensApi {
  private final Latchhook latchhook;

  /** Makes them callable with a client. */
  public OperatorTokensApi(Latchhook latchhook) {
    this.latchhook = latchhook;
  }

  /** {@code DELETE /v1/operator_tokens/{id} }: End an operator token. */
  public OperatorToken deleteOperatorTokensId(String id, Option... options) {
    var call = new Call("DELETE", "/v1/operator_tokens/{id}", id);
    return latchhook.send(call.with(options), OperatorToken.class);
  }

  /** {@code GET /v1/operator_tokens }: List operator tokens. */
  public ListOperatorToken getOperatorTokens(GetOperatorTokensParams params, Option... options) {
    var call = new Call("GET", "/v1/operator_tokens");
    call.query(params);
    return latchhook.send(call.with(options), ListOperatorToken.class);
  }

  /** Parameters of {@link #getOperatorTokens}. */
  public static final class GetOperatorTokensParams extends Params {
    /** Number of rows on a page. */
    public GetOperatorTokensParams perPage(Integer perPage) {
      set("per_page", perPage);
      return this;
    }

    /** Cursor from the &#x60;next_href&#x60; of the previous page. */
    public GetOperatorTokensParams cursor(String cursor) {
      set("cursor", cursor);
      return this;
    }
  }

  /** {@code GET /v1/operator_tokens/{id} }: Show an operator token. */
  public OperatorToken getOperatorTokensId(String id, Option... options) {
    var call = new Call("GET", "/v1/operator_tokens/{id}", id);
    return latchhook.send(call.with(options), OperatorToken.class);
  }

  /** {@code POST /v1/operator_tokens }: Make an operator token. */
  public OperatorToken postOperatorTokens(CreateOperatorToken body, Option... options) {
    var call = new Call("POST", "/v1/operator_tokens");
    call.body(body);
    return latchhook.send(call.with(options), OperatorToken.class);
  }
}
