package latchhook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import latchhook.generated.model.ErrorCode;

/** Error that the server answered. */
public final class ApiException extends LatchhookException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final ErrorCode code;
  private final String param;
  private final String requestId;
  private final Duration retryAfter;

  private ApiException(
      String message, int status, String code, String param, String requestId, Duration retryAfter) {
    super(message, null);
    this.status = status;
    this.code = code == null ? null : ErrorCode.of(code);
    this.param = param;
    this.requestId = requestId;
    this.retryAfter = retryAfter;
  }

  /** Reads the error in an answer. */
  static ApiException of(HttpResponse<byte[]> response) {
    var body = json(response.body());
    var code = text(body, "code");
    var error = code == null ? "the answer is not Latchhook's" : text(body, "error");
    var param = code == null ? null : text(body, "param");
    var requestId = code == null ? null : text(body, "request_id");
    if (requestId == null) {
      requestId = response.headers().firstValue("X-Request-Id").orElse(null);
    }
    var message =
        response.statusCode()
            + (code == null ? " without a code" : " " + code)
            + (param == null ? "" : " (" + param + ")")
            + ": "
            + error
            + (requestId == null ? "" : " [" + requestId + "]");
    var retryAfter = seconds(response.headers().firstValue("Retry-After"));
    return new ApiException(message, response.statusCode(), code, param, requestId, retryAfter);
  }

  /** HTTP status of the answer. */
  public int status() {
    return status;
  }

  /**
   * Stable code of the error; {@link ErrorCode#UNKNOWN} if a newer server made it, null if the answer is not of
   * Latchhook, but of a proxy before it.
   */
  public ErrorCode code() {
    return code;
  }

  /** Name of the offending field; null if there is none. */
  public String param() {
    return param;
  }

  /** Identifier of the request; null if the answer had none. */
  public String requestId() {
    return requestId;
  }

  /** Time to wait before another try; null if the server said none. */
  public Duration retryAfter() {
    return retryAfter;
  }

  private static JsonNode json(byte[] body) {
    try {
      return Json.MAPPER.readTree(new String(body, StandardCharsets.UTF_8));
    } catch (JsonProcessingException notJson) {
      return Json.MAPPER.createObjectNode();
    }
  }

  private static String text(JsonNode body, String name) {
    var field = body.path(name);
    return field.isTextual() ? field.textValue() : null;
  }

  private static Duration seconds(Optional<String> text) {
    return text.filter(digits -> digits.matches("[0-9]{1,9}"))
        .map(digits -> Duration.ofSeconds(Long.parseLong(digits)))
        .orElse(null);
  }
}
