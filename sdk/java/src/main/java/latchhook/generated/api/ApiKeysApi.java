// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.api;

import latchhook.Call;
import latchhook.Latchhook;
import latchhook.Option;
import latchhook.Params;
import latchhook.generated.model.ApiKey;
import latchhook.generated.model.ApiKeySecret;
import latchhook.generated.model.CreateApiKey;
import latchhook.generated.model.Environment;
import latchhook.generated.model.ExpireApiKey;
import latchhook.generated.model.ImportApiKeys;
import latchhook.generated.model.ListApiKey;
import java.time.OffsetDateTime;
import latchhook.generated.model.UpdateApiKey;
import latchhook.generated.model.Verification;
import latchhook.generated.model.VerifyApiKey;

/** Routes of one part of the API. */
public final class ApiKeysApi {
  private final Latchhook latchhook;

  /** Makes them callable with a client. */
  public ApiKeysApi(Latchhook latchhook) {
    this.latchhook = latchhook;
  }

  /** {@code GET /v1/api_keys }: List API keys. */
  public ListApiKey getApiKeys(GetApiKeysParams params, Option... options) {
    var call = new Call("GET", "/v1/api_keys");
    call.query(params);
    return latchhook.send(call.with(options), ListApiKey.class);
  }

  /** Parameters of {@link #getApiKeys}. */
  public static final class GetApiKeysParams extends Params {
    /** Only keys of this environment. */
    public GetApiKeysParams environment(Environment environment) {
      set("environment", environment);
      return this;
    }

    /** Include expired keys. */
    public GetApiKeysParams includeExpired(Boolean includeExpired) {
      set("include_expired", includeExpired);
      return this;
    }

    /** Show the keys as they were at this time. */
    public GetApiKeysParams asOf(OffsetDateTime asOf) {
      set("as_of", asOf);
      return this;
    }

    /** Number of rows on a page. */
    public GetApiKeysParams perPage(Integer perPage) {
      set("per_page", perPage);
      return this;
    }

    /** Cursor from the &#x60;next_href&#x60; of the previous page. */
    public GetApiKeysParams cursor(String cursor) {
      set("cursor", cursor);
      return this;
    }
  }

  /** {@code GET /v1/api_keys/{id} }: Show an API key. */
  public ApiKey getApiKeysId(String id, Option... options) {
    var call = new Call("GET", "/v1/api_keys/{id}", id);
    return latchhook.send(call.with(options), ApiKey.class);
  }

  /** {@code PATCH /v1/api_keys/{id} }: Change an API key. */
  public ApiKey patchApiKeysId(String id, UpdateApiKey body, Option... options) {
    var call = new Call("PATCH", "/v1/api_keys/{id}", id);
    call.body(body);
    return latchhook.send(call.with(options), ApiKey.class);
  }

  /** {@code POST /v1/api_keys }: Create an API key. */
  public ApiKey postApiKeys(CreateApiKey body, Option... options) {
    var call = new Call("POST", "/v1/api_keys");
    call.body(body);
    return latchhook.send(call.with(options), ApiKey.class);
  }

  /** {@code POST /v1/api_keys/{id}/expire }: Expire an API key. */
  public ApiKey postApiKeysIdExpire(String id, ExpireApiKey body, Option... options) {
    var call = new Call("POST", "/v1/api_keys/{id}/expire", id);
    call.body(body);
    return latchhook.send(call.with(options), ApiKey.class);
  }

  /** {@code POST /v1/api_keys/{id}/reveal }: Reveal an API key. */
  public ApiKeySecret postApiKeysIdReveal(String id, Option... options) {
    var call = new Call("POST", "/v1/api_keys/{id}/reveal", id);
    return latchhook.send(call.with(options), ApiKeySecret.class);
  }

  /** {@code POST /v1/api_keys/{id}/roll }: Roll an API key. */
  public ApiKey postApiKeysIdRoll(String id, ExpireApiKey body, Option... options) {
    var call = new Call("POST", "/v1/api_keys/{id}/roll", id);
    call.body(body);
    return latchhook.send(call.with(options), ApiKey.class);
  }

  /** {@code POST /v1/api_keys/import }: Import API keys. */
  public ListApiKey postApiKeysImport(ImportApiKeys body, Option... options) {
    var call = new Call("POST", "/v1/api_keys/import");
    call.body(body);
    return latchhook.send(call.with(options), ListApiKey.class);
  }

  /** {@code POST /v1/api_keys/verify }: Verify an API key. */
  public Verification postApiKeysVerify(VerifyApiKey body, Option... options) {
    var call = new Call("POST", "/v1/api_keys/verify");
    call.body(body);
    return latchhook.send(call.with(options), Verification.class);
  }
}
