import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import latchhook.Latchhook;
import latchhook.Retries;

/** Server that answers what a test says, and keeps what it was asked. */
final class Fakes implements AutoCloseable {
  /** Answer to one request. */
  interface Answer {
    void to(HttpExchange exchange) throws IOException;
  }

  record Asked(String method, String uri, com.sun.net.httpserver.Headers headers, String body) {
    String header(String name) {
      return headers.getFirst(name);
    }
  }

  final List<Asked> asked = new ArrayList<>();
  final List<Duration> slept = new ArrayList<>();
  private final Queue<Answer> answers = new ArrayDeque<>();
  private final HttpServer server;

  Fakes(Answer... answers) {
    this.answers.addAll(List.of(answers));
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException failure) {
      throw new IllegalStateException(failure);
    }
    server.createContext("/", this::answer);
    server.start();
  }

  /** A client of this server, whose pauses are kept and not waited for. */
  Latchhook client() {
    return client(4);
  }

  Latchhook client(int tries) {
    var usual = Retries.DEFAULT;
    var retries =
        new Retries(
            tries, usual.first(), usual.longest(), usual.patience(), slept::add, () -> 1.0);
    return Latchhook.at("http://127.0.0.1:" + server.getAddress().getPort() + "/", "lhop_token")
        .retries(retries)
        .build();
  }

  static Answer text(int status, String body, String... headers) {
    return exchange -> {
      for (var i = 0; i < headers.length; i += 2) {
        exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
      }
      var bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
      exchange.close();
    };
  }

  static Answer ok(String body) {
    return text(200, body);
  }

  static Answer failed(int status, String code, String... headers) {
    var body = "{\"error\":\"No.\",\"code\":\"%s\",\"param\":null,\"request_id\":\"req_1\"}";
    return text(status, body.formatted(code), headers);
  }

  static Answer lost() {
    return HttpExchange::close;
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    var uri = exchange.getRequestURI().toString();
    asked.add(new Asked(exchange.getRequestMethod(), uri, exchange.getRequestHeaders(), body));
    answers.remove().to(exchange);
  }
}
