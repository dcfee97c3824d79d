import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import latchhook.ApiException;
import latchhook.Latchhook;
import latchhook.LatchhookException;
import latchhook.Option;
import latchhook.UnreachableException;
import latchhook.generated.api.AccountsApi;
import latchhook.generated.api.ApiKeysApi;
import latchhook.generated.api.EventsApi;
import latchhook.generated.api.LogsApi;
import latchhook.generated.api.PortalSessionsApi;
import latchhook.generated.api.WebhooksApi;
import latchhook.generated.model.CreateAccount;
import latchhook.generated.model.CreateApiKey;
import latchhook.generated.model.DeliveryLog;
import latchhook.generated.model.Environment;
import latchhook.generated.model.ErrorCode;
import latchhook.generated.model.KeyType;
import latchhook.generated.model.PostData;
import latchhook.generated.model.PostEvent;
import latchhook.generated.model.RedeemCode;
import latchhook.generated.model.UpdateAccount;
import latchhook.generated.model.UpdateApiKey;
import org.junit.jupiter.api.Test;

/** Errors, retries, pages and JSON. */
final class ClientTest {
  private static final String ACCOUNT = "{\"id\":\"acct_1\",\"name\":\"Acme\",\"of_tomorrow\":1}";

  private static void post(Fakes server, Option... options) {
    new AccountsApi(server.client()).postAccounts(new CreateAccount().name("Acme"), options);
  }

  private static String keyOf(Fakes.Asked asked) {
    return asked.header("Idempotency-Key");
  }

  @Test
  void anErrorHasItsCodeParamAndRequest() {
    var body = "{\"error\":\"No.\",\"code\":\"invalid_field\",\"param\":\"name\",\"request_id\":\"req_1\"}";
    try (var server = new Fakes(Fakes.text(422, body))) {
      var error = assertThrows(ApiException.class, () -> post(server));
      assertEquals(422, error.status());
      assertEquals(ErrorCode.INVALID_FIELD, error.code());
      assertEquals("name", error.param());
      assertEquals("req_1", error.requestId());
      assertEquals("422 invalid_field (name): No. [req_1]", error.getMessage());
    }
  }

  @Test
  void anAnswerOfSomebodyElseIsAnErrorWithoutACode() {
    try (var server = new Fakes(Fakes.text(403, "<h1>proxy</h1>", "X-Request-Id", "r"))) {
      var error = assertThrows(ApiException.class, () -> post(server));
      assertNull(error.code());
      assertEquals("403 without a code: the answer is not Latchhook's [r]", error.getMessage());
    }
  }

  @Test
  void anErrorOfANewerServerIsUnknown() {
    try (var server = new Fakes(Fakes.failed(418, "of_tomorrow"))) {
      var error = assertThrows(ApiException.class, () -> post(server));
      assertEquals(ErrorCode.UNKNOWN, error.code());
      assertEquals("418 of_tomorrow: No. [req_1]", error.getMessage());
    }
  }

  @Test
  void noTextOfAClientOrOfAnErrorHasTheToken() {
    try (var server = new Fakes(Fakes.lost(), Fakes.ok("{\"id\":[\"lhop_token\"]}"))) {
      var client = server.client(1);
      var accounts = new AccountsApi(client);
      var body = new CreateAccount();
      var lost = assertThrows(UnreachableException.class, () -> accounts.postAccounts(body));
      var odd = assertThrows(LatchhookException.class, () -> accounts.postAccounts(body));
      assertFalse((client + lost.getMessage() + odd).contains("lhop_token"));
    }
  }

  @Test
  void allTriesOfACallCarryOneKeyAndCallsDifferInTheirs() {
    try (var server =
        new Fakes(Fakes.lost(), Fakes.failed(503, "unavailable"), Fakes.ok(ACCOUNT), Fakes.ok(ACCOUNT))) {
      post(server);
      assertEquals(List.of(Duration.ofMillis(250), Duration.ofMillis(500)), server.slept);
      var first = server.asked.get(0);
      for (var again : server.asked) {
        assertEquals(keyOf(first), keyOf(again));
        assertEquals("{\"name\":\"Acme\"}", again.body());
      }
      post(server);
      assertNotEquals(keyOf(first), keyOf(server.asked.get(3)));
    }
  }

  @Test
  void aKeyAndAnAccountOfTheCallersOwnAreSent() {
    try (var server = new Fakes(Fakes.ok(ACCOUNT))) {
      post(server, Option.idempotencyKey("mine"), Option.account("acct_2"));
      assertEquals("mine", keyOf(server.asked.get(0)));
      assertEquals("acct_2", server.asked.get(0).header("Latchhook-Account"));
    }
  }

  @Test
  void retryAfterIsWaitedForUnlessItIsTooLong() {
    try (var server = new Fakes(Fakes.failed(429, "rate_limited", "Retry-After", "7"), Fakes.ok(ACCOUNT))) {
      post(server);
      assertEquals(List.of(Duration.ofSeconds(7)), server.slept);
    }
    try (var server = new Fakes(Fakes.failed(429, "rate_limited", "Retry-After", "61"))) {
      var error = assertThrows(ApiException.class, () -> post(server));
      assertEquals(Duration.ofSeconds(61), error.retryAfter());
      assertEquals(List.of(), server.slept);
    }
  }

  @Test
  void theLastErrorIsThrownWhenThereAreNoMoreTries() {
    try (var server =
        new Fakes(Fakes.lost(), Fakes.lost(), Fakes.lost(), Fakes.failed(503, "unavailable"))) {
      var error = assertThrows(ApiException.class, () -> post(server));
      assertEquals(ErrorCode.UNAVAILABLE, error.code());
      assertEquals(4, server.asked.size());
    }
  }

  @Test
  void aFirstTryThatIsStillRunningIsWaitedFor() {
    try (var server =
        new Fakes(Fakes.lost(), Fakes.failed(409, "idempotency_in_progress"), Fakes.ok(ACCOUNT))) {
      post(server);
      assertEquals(3, server.asked.size());
    }
  }

  @Test
  void anErrorThatARepeatCannotMendIsNotRepeated() {
    for (var each : Map.of(500, "internal", 409, "conflict", 422, "missing_field").entrySet()) {
      try (var server = new Fakes(Fakes.failed(each.getKey(), each.getValue()))) {
        assertThrows(ApiException.class, () -> post(server));
        assertEquals(1, server.asked.size());
      }
    }
  }

  @Test
  void whatMayHaveBeenDoneIsRepeatedOnlyWhereThatDoesNoHarm() {
    Consumer<Latchhook> change =
        client -> new AccountsApi(client).patchAccountsId("acct_1", new UpdateAccount().name("B"));
    Consumer<Latchhook> remove = client -> new AccountsApi(client).deleteAccountsId("acct_1");
    Consumer<Latchhook> redeem =
        client -> new PortalSessionsApi(client).postPortalSessionsRedeem(new RedeemCode().code("lhps_1"));
    assertTries(4, change);
    assertTries(1, remove);
    assertTries(1, redeem);
  }

  private static void assertTries(int unsure, Consumer<Latchhook> call) {
    assertEquals(unsure, tries(Fakes.lost(), call));
    assertEquals(unsure, tries(Fakes.text(502, "bad gateway"), call));
    assertEquals(4, tries(Fakes.failed(503, "unavailable"), call));
  }

  private static int tries(Fakes.Answer answer, Consumer<Latchhook> call) {
    try (var server = new Fakes(answer, answer, answer, answer)) {
      assertThrows(LatchhookException.class, () -> call.accept(server.client()));
      return server.asked.size();
    }
  }

  @Test
  void aCallThatItsCallerGaveUpIsNotRepeated() {
    try (var server = new Fakes(Fakes.lost())) {
      Thread.currentThread().interrupt();
      assertThrows(UnreachableException.class, () -> post(server));
      assertEquals(true, Thread.interrupted());
      assertEquals(List.of(), server.slept);
    }
  }

  @Test
  void rowsOfAllPagesFollowEachOtherAndPagesComeWhenNeeded() {
    var page = "{\"object\":\"list\",\"data\":[{\"name\":\"%s\"}],\"next_href\":%s}";
    try (var server =
        new Fakes(
            Fakes.ok(page.formatted("A", "\"/v1/accounts?per_page=1&cursor=a%2Bb\"")),
            Fakes.ok(page.formatted("B", "null")))) {
      var params = new AccountsApi.GetAccountsParams().perPage(1);
      var rows =
          Latchhook.iterate(new AccountsApi(server.client())::getAccounts, params).iterator();
      assertEquals("A", rows.next().getName());
      assertEquals(1, server.asked.size());
      assertEquals("B", rows.next().getName());
      assertFalse(rows.hasNext());
      assertEquals("/v1/accounts?per_page=1&cursor=a%2Bb", server.asked.get(1).uri());
    }
  }

  @Test
  void partsOfAPathAreEscaped() {
    try (var server = new Fakes(Fakes.ok("{}"))) {
      new WebhooksApi(server.client()).getWebhooksId("../a?b $1");
      assertEquals("/v1/webhooks/..%2Fa%3Fb%20%241", server.asked.get(0).uri());
    }
  }

  @Test
  void aChangeTellsNothingFromNull() {
    try (var server = new Fakes(Fakes.ok("{}"), Fakes.ok("{}"))) {
      var keys = new ApiKeysApi(server.client());
      keys.patchApiKeysId("key_1", new UpdateApiKey());
      keys.patchApiKeysId("key_1", new UpdateApiKey().name(null));
      assertEquals("{}", server.asked.get(0).body());
      assertEquals("{\"name\":null}", server.asked.get(1).body());
    }
  }

  @Test
  void anEmptyListOfScopesIsNotAllScopes() {
    try (var server = new Fakes(Fakes.ok("{\"scopes\":null}"))) {
      var body = new CreateApiKey().type(KeyType.SECRET).environment(Environment.TEST).scopes(List.of());
      assertNull(new ApiKeysApi(server.client()).postApiKeys(body).getScopes());
      var sent = server.asked.get(0).body();
      assertEquals("{\"environment\":\"test\",\"scopes\":[],\"type\":\"secret\"}", sent);
    }
  }

  @Test
  void anObjectAndTimesAreSentAsTheyAre() {
    try (var server = new Fakes(Fakes.ok("{\"created_at\":\"2026-01-31T09:30:00.000+01:00\"}"))) {
      var object = new java.util.LinkedHashMap<String, Object>(Map.of("id", "rep_1"));
      object.put("none", null);
      var at = OffsetDateTime.parse("2026-01-31T09:30:00+01:00");
      var event = new PostEvent().createdAt(at).data(new PostData().object(object));
      assertEquals(at, new EventsApi(server.client()).postEvents(event).getCreatedAt());
      var sent = server.asked.get(0).body();
      assertEquals(
          "{\"created_at\":\"2026-01-31T09:30:00+01:00\",\"data\":{\"object\":{\"id\":\"rep_1\",\"none\":null}}}",
          sent);
    }
  }

  @Test
  void aRowOfALogIsReadAsWhatItIs() {
    try (var server =
        new Fakes(Fakes.ok("{\"kind\":\"webhook_delivery\",\"status\":\"of_tomorrow\",\"webhook_id\":\"wh_1\"}"))) {
      var row = new LogsApi(server.client()).getLogsId("log_1");
      var delivery = assertInstanceOf(DeliveryLog.class, row);
      assertEquals("wh_1", delivery.getWebhookId());
      assertEquals("UNKNOWN", delivery.getStatus().name());
    }
  }
}
