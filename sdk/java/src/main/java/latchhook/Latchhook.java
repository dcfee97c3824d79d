package latchhook;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Connection to one server, with one credential. The classes in {@code latchhook.generated.api} have a method for
 * each route and take it; whatever fails throws a {@link LatchhookException}. It may be used by several threads.
 */
public final class Latchhook {
  private final String url;
  private final String token;
  private final String account;
  private final Duration timeout;
  private final Retries retries;
  private final HttpClient http;

  private Latchhook(Builder builder) {
    url = builder.url.replaceAll("/+$", "");
    token = builder.token;
    account = builder.account;
    timeout = builder.timeout;
    retries = builder.retries;
    http = builder.http == null ? usual(url) : builder.http;
  }

  /**
   * Begins to make a client.
   *
   * @param url address of the server, without {@code /v1}
   * @param token an operator token, a portal session's token or an API key
   */
  public static Builder at(String url, String token) {
    return new Builder(url, token);
  }

  /**
   * Returns the rows of a list, whose pages are asked for when their first row is:
   * {@code iterate(new WebhooksApi(latchhook)::getWebhooks, new GetWebhooksParams())}.
   */
  public static <P extends Params, R> Iterable<R> iterate(
      Page.Fetch<P, R> fetch, P params, Option... options) {
    return () -> new Rows<>(fetch, params, options);
  }

  /** Carries out a call, with its repeats, and reads the answer. The generated methods use it. */
  public <T> T send(Call call, Class<T> answer) {
    try {
      var body =
          call.body() == null
              ? BodyPublishers.noBody()
              : BodyPublishers.ofByteArray(Json.MAPPER.writeValueAsBytes(call.body()));
      var bytes = retries.run(call, () -> once(call, body));
      var text = new String(bytes, StandardCharsets.UTF_8);
      return answer == String.class ? answer.cast(text) : Json.MAPPER.readValue(text, answer);
    } catch (JsonProcessingException unreadable) {
      // Its text repeats the JSON.
      throw new LatchhookException("JSON of " + call.path() + " does not fit", null);
    }
  }

  /** Makes one try, and reads the whole answer. */
  private byte[] once(Call call, HttpRequest.BodyPublisher body) {
    var request =
        HttpRequest.newBuilder(URI.create(url + call.address()))
            .method(call.method(), body)
            .header("Authorization", "Bearer " + token);
    if (call.body() != null) {
      request.header("Content-Type", "application/json");
    }
    if (account != null && !call.headers().containsKey(Call.ACCOUNT)) {
      request.header(Call.ACCOUNT, account);
    }
    call.headers().forEach(request::header);
    var response = answer(request.build());
    if (response.statusCode() < 200 || response.statusCode() > 299) {
      throw ApiException.of(response);
    }
    return response.body();
  }

  private HttpResponse<byte[]> answer(HttpRequest request) {
    // The time limit of a request ends with the headers of its answer, so this is one of its own.
    var answer = http.sendAsync(request, BodyHandlers.ofByteArray());
    try {
      return answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException failure) {
      throw new UnreachableException(failure.getCause());
    } catch (TimeoutException late) {
      answer.cancel(true);
      throw new UnreachableException(late);
    } catch (InterruptedException interrupted) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw new UnreachableException(interrupted);
    }
  }

  /** Without TLS it asks for no HTTP/2: that would be an upgrade, which a proxy may not know. */
  private static HttpClient usual(String url) {
    var isSecure = url.startsWith("https:");
    return HttpClient.newBuilder()
        .version(isSecure ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1)
        .build();
  }

  /** What a {@link Latchhook} is made of. */
  public static final class Builder {
    private final String url;
    private final String token;
    private String account;
    private Duration timeout = Duration.ofSeconds(30);
    private Retries retries = Retries.DEFAULT;
    private HttpClient http;

    private Builder(String url, String token) {
      this.url = url;
      this.token = token;
    }

    /** Account that an operator acts on; {@link Option#account} of a single call goes before it. */
    public Builder account(String account) {
      this.account = account;
      return this;
    }

    /** Time that a try may take, its whole answer included; 30 seconds by default. */
    public Builder timeout(Duration timeout) {
      this.timeout = timeout;
      return this;
    }

    /** Policy of repeats; {@link Retries#DEFAULT} by default. */
    public Builder retries(Retries retries) {
      this.retries = retries;
      return this;
    }

    /** Client that sends the requests; it should follow no redirects. */
    public Builder http(HttpClient http) {
      this.http = http;
      return this;
    }

    /** Makes the client. It connects to nothing yet. */
    public Latchhook build() {
      return new Latchhook(this);
    }
  }

  private static final class Rows<P extends Params, R> implements Iterator<R> {
    private final Page.Fetch<P, R> fetch;
    private final P params;
    private final Option[] options;
    private Page<R> page;
    private Iterator<R> rows;

    private Rows(Page.Fetch<P, R> fetch, P params, Option[] options) {
      this.fetch = fetch;
      this.params = params;
      this.options = options;
    }

    @Override
    public boolean hasNext() {
      while (page == null || (!rows.hasNext() && page.getNextHref() != null)) {
        page = page == null ? fetch.fetch(params, options) : following(page.getNextHref());
        rows = page.getData().iterator();
      }
      return rows.hasNext();
    }

    @Override
    public R next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return rows.next();
    }

    private Page<R> following(String href) {
      var all = Arrays.copyOf(options, options.length + 1);
      all[options.length] = call -> call.cursor(cursor(href));
      return fetch.fetch(params, all);
    }

    private static String cursor(String href) {
      for (var parameter : URI.create(href).getRawQuery().split("&")) {
        if (parameter.startsWith("cursor=")) {
          return URLDecoder.decode(parameter.substring("cursor=".length()), StandardCharsets.UTF_8);
        }
      }
      throw new LatchhookException("the next page has no cursor", null);
    }
  }
}
