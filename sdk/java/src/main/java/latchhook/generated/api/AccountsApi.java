// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.api;

import latchhook.Call;
import latchhook.Latchhook;
import latchhook.Option;
import latchhook.Params;
import latchhook.generated.model.Account;
import latchhook.generated.model.CreateAccount;
import latchhook.generated.model.ListAccount;
import java.time.OffsetDateTime;
import latchhook.generated.model.UpdateAccount;

/** Routes of one part of the API. */
public final class AccountsApi {
  private final Latchhook latchhook;

  /** Makes them callable with a client. */
  public AccountsApi(Latchhook latchhook) {
    this.latchhook = latchhook;
  }

  /** {@code DELETE /v1/accounts/{id} }: Close an account. */
  public Account deleteAccountsId(String id, Option... options) {
    var call = new Call("DELETE", "/v1/accounts/{id}", id);
    return latchhook.send(call.with(options), Account.class);
  }

  /** {@code GET /v1/account }: Show your own account. */
  public Account getAccount(Option... options) {
    var call = new Call("GET", "/v1/account");
    return latchhook.send(call.with(options), Account.class);
  }

  /** {@code GET /v1/accounts }: List accounts. */
  public ListAccount getAccounts(GetAccountsParams params, Option... options) {
    var call = new Call("GET", "/v1/accounts");
    call.query(params);
    return latchhook.send(call.with(options), ListAccount.class);
  }

  /** Parameters of {@link #getAccounts}. */
  public static final class GetAccountsParams extends Params {
    /** Only accounts with this in the name, the &#x60;external_id&#x60; or the &#x60;id&#x60;, ignoring case. */
    public GetAccountsParams search(String search) {
      set("search", search);
      return this;
    }

    /** Number of rows on a page. */
    public GetAccountsParams perPage(Integer perPage) {
      set("per_page", perPage);
      return this;
    }

    /** Cursor from the &#x60;next_href&#x60; of the previous page. */
    public GetAccountsParams cursor(String cursor) {
      set("cursor", cursor);
      return this;
    }
  }

  /** {@code GET /v1/accounts/{id} }: Show an account. */
  public Account getAccountsId(String id, GetAccountsIdParams params, Option... options) {
    var call = new Call("GET", "/v1/accounts/{id}", id);
    call.query(params);
    return latchhook.send(call.with(options), Account.class);
  }

  /** Parameters of {@link #getAccountsId}. */
  public static final class GetAccountsIdParams extends Params {
    /** Show the account as it was at this time. */
    public GetAccountsIdParams asOf(OffsetDateTime asOf) {
      set("as_of", asOf);
      return this;
    }
  }

  /** {@code PATCH /v1/accounts/{id} }: Change an account. */
  public Account patchAccountsId(String id, UpdateAccount body, Option... options) {
    var call = new Call("PATCH", "/v1/accounts/{id}", id);
    call.body(body);
    return latchhook.send(call.with(options), Account.class);
  }

  /** {@code POST /v1/accounts }: Open an account. */
  public Account postAccounts(CreateAccount body, Option... options) {
    var call = new Call("POST", "/v1/accounts");
    call.body(body);
    return latchhook.send(call.with(options), Account.class);
  }
}
