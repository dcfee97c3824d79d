import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import latchhook.ApiException;
import latchhook.Deliveries;
import latchhook.InvalidDeliveryException;
import latchhook.Latchhook;
import latchhook.Option;
import latchhook.Retries;
import latchhook.UnreachableException;
import latchhook.generated.api.ApiKeysApi;
import latchhook.generated.api.WebhooksApi;

/** Scenarios of conformance.json with the Java library, but for those of middleware, which it has none of. */
final class Conform {
  private static final ObjectMapper JSON = Routes.JSON;

  private final Map<String, JsonNode> kept = new HashMap<>();
  private final List<Double> slept = new ArrayList<>();
  private JsonNode waiting;

  public static void main(String[] arguments) throws Exception {
    // The JDK's client repeats a lost GET by itself, unless it is allowed no second try.
    System.setProperty("jdk.httpclient.redirects.retrylimit", "1");
    var passed = 0;
    for (var scenario : JSON.readTree(new File(System.getenv("SCENARIOS")))) {
      if (!scenario.has("apps")) {
        perform(scenario);
        passed++;
      }
    }
    System.out.println(passed + " passed, 0 failed");
  }

  private static void perform(JsonNode scenario) throws Exception {
    var title = scenario.get("scenario").textValue();
    var run = new Conform();
    run.kept.put("receiver", JSON.valueToTree(System.getenv("RECEIVER_URL")));
    for (var step : scenario.get("steps")) {
      try {
        run.step(run.filled(step));
      } catch (Exception | AssertionError failure) {
        throw new AssertionError(title + "\n" + step, failure);
      }
    }
    System.out.println("ok  " + title);
  }

  private void step(JsonNode step) throws Exception {
    if (step.has("call")) {
      call(step);
    } else if (step.has("rows")) {
      rows(step);
    } else if (step.has("delivery")) {
      delivery(step);
    } else {
      throw new AssertionError("a step of no known kind");
    }
  }

  private JsonNode filled(JsonNode value) {
    if (value.isTextual() && value.textValue().startsWith("$")) {
      return kept.get(value.textValue().substring(1));
    }
    if (value.isObject()) {
      var filled = JSON.createObjectNode();
      value.properties().forEach(each -> filled.set(each.getKey(), filled(each.getValue())));
      return filled;
    }
    if (value.isArray()) {
      var filled = JSON.createArrayNode();
      value.forEach(each -> filled.add(filled(each)));
      return filled;
    }
    return value;
  }

  private Latchhook client(JsonNode step) {
    var url = System.getenv("LATCHHOOK_URL");
    if (step.has("through")) {
      url = System.getenv("FAULTY_URL") + "/" + step.get("through").textValue();
    }
    slept.clear();
    var usual = Retries.DEFAULT;
    Retries.Sleep sleep = pause -> slept.add(pause.toMillis() / 1000.0);
    var retries =
        new Retries(usual.tries(), usual.first(), usual.longest(), usual.patience(), sleep, () -> 1.0);
    var token = step.path("as").asText(System.getenv("LATCHHOOK_TOKEN"));
    return Latchhook.at(url, token).retries(retries).build();
  }

  private static Option[] options(JsonNode step) {
    var given = step.has("account");
    return given ? new Option[] {Option.account(step.get("account").textValue())} : new Option[0];
  }

  private void call(JsonNode step) throws Exception {
    var route = new Routes(client(step)).named(step.get("call").textValue());
    try {
      var answer = route.call(step, options(step));
      if (step.has("error")) {
        throw new AssertionError("it succeeded: " + answer);
      }
      matches(answer, step.path("expect"));
      step.path("keep").properties()
          .forEach(each -> kept.put(each.getKey(), answer.get(each.getValue().textValue())));
    } catch (ApiException error) {
      var found = JSON.createObjectNode();
      found.put("status", error.status());
      found.put("code", error.code().value());
      found.put("param", error.param());
      matches(found, step.get("error"));
    } catch (UnreachableException error) {
      matches(JSON.createObjectNode().put("unreachable", true), step.get("error"));
    }
    if (step.has("slept")) {
      var expected = new ArrayList<Double>();
      step.get("slept").forEach(each -> expected.add(each.doubleValue()));
      check(slept.equals(expected), "slept " + slept);
    }
  }

  private void rows(JsonNode step) throws Exception {
    var client = client(step);
    var found = JSON.createArrayNode();
    switch (step.get("rows").textValue()) {
      case "GET /v1/api_keys" -> {
        var params = Routes.params(ApiKeysApi.GetApiKeysParams.class, step.path("query"));
        Latchhook.iterate(new ApiKeysApi(client)::getApiKeys, params, options(step))
            .forEach(row -> found.add(JSON.<JsonNode>valueToTree(row)));
      }
      case "GET /v1/webhooks" -> {
        var params = Routes.params(WebhooksApi.GetWebhooksParams.class, step.path("query"));
        Latchhook.iterate(new WebhooksApi(client)::getWebhooks, params, options(step))
            .forEach(row -> found.add(JSON.<JsonNode>valueToTree(row)));
      }
      default -> throw new AssertionError("a list of no known route");
    }
    matches(found, step.get("expect"));
  }

  private void delivery(JsonNode step) throws Exception {
    var got = waiting == null ? received() : waiting;
    waiting = step.has("keep") ? got : null;
    var headers = new HashMap<String, List<String>>();
    got.get("headers").properties()
        .forEach(each -> headers.put(each.getKey(), List.of(each.getValue().textValue())));
    var body = got.get("body").textValue();
    for (var prefix : step.get("prefixes")) {
      var deliveries = new Deliveries(step.get("secret").textValue()).prefix(prefix.textValue());
      matches(deliveries.verify(bytes(body), headers), step.get("delivery"));
      try {
        deliveries.verify(bytes(body + " "), headers);
      } catch (InvalidDeliveryException refused) {
        continue;
      }
      throw new AssertionError("a changed body was taken");
    }
  }

  private static JsonNode received() throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create(System.getenv("RECEIVER_URL")))
            .timeout(Duration.ofSeconds(40))
            .build();
    var answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
    return JSON.readTree(answer.body());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Holds everything that is expected against what was found, which may have more fields. */
  private static void matches(JsonNode found, JsonNode expected) {
    if (expected.isMissingNode()) {
      return;
    }
    if (expected.isObject()) {
      expected.properties().forEach(each -> matches(found.path(each.getKey()), each.getValue()));
    } else if (expected.isArray()) {
      check(found.size() == expected.size(), found.size() + " rows: " + found);
      for (var i = 0; i < expected.size(); i++) {
        matches(found.get(i), expected.get(i));
      }
    } else {
      check(found.equals(expected), found + " is not " + expected);
    }
  }

  private static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }
}
