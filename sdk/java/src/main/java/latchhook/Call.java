package latchhook;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Call of a route. The generated methods make them. */
public final class Call {
  static final String ACCOUNT = "Latchhook-Account";
  static final String IDEMPOTENCY_KEY = "Idempotency-Key";

  private final String method;
  private final String path;
  private final Map<String, String> query = new LinkedHashMap<>();
  private final Map<String, String> headers = new LinkedHashMap<>();
  private Object body;

  /** Makes a call of a path whose parts in braces are given. */
  public Call(String method, String path, String... parts) {
    for (var part : parts) {
      path = path.replaceFirst("\\{[^}]+}", escaped(part).replace("+", "%20"));
    }
    this.method = method;
    this.path = path;
  }

  /** Sets the parameters in the query. */
  public void query(Params params) {
    query.putAll(params.values());
  }

  /** Sets what becomes the JSON of the body. */
  public void body(Object body) {
    this.body = body;
  }

  /** Changes it by options. */
  public Call with(Option... options) {
    for (var option : options) {
      option.change(this);
    }
    return this;
  }

  String method() {
    return method;
  }

  String path() {
    return path;
  }

  Object body() {
    return body;
  }

  Map<String, String> headers() {
    return headers;
  }

  void cursor(String cursor) {
    query.put("cursor", cursor);
  }

  /** Returns the path and the query. */
  String address() {
    if (query.isEmpty()) {
      return path;
    }
    return query.entrySet().stream()
        .map(each -> each.getKey() + "=" + escaped(each.getValue()))
        .collect(Collectors.joining("&", path + "?", ""));
  }

  private static String escaped(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
