package latchhook;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import latchhook.generated.model.ErrorCode;

/**
 * Policy by which failed calls are repeated, with full jitter over a doubling time. A {@code POST} carries one
 * {@code Idempotency-Key} for all of its tries, so it is carried out once.
 *
 * @param tries most tries of a call
 * @param first longest pause before the second try
 * @param longest what no pause exceeds, if the server asks for no longer one
 * @param patience longest {@code Retry-After} that is waited for; with a longer one the call fails at once
 * @param sleep is there for tests
 * @param jitter is there for tests
 */
public record Retries(
    int tries, Duration first, Duration longest, Duration patience, Sleep sleep, DoubleSupplier jitter) {
  /** A {@code POST} that only asks: it changes nothing, and needs no key to be repeated. */
  private static final String ASKS = "/v1/api_keys/verify";

  /** A {@code POST} that takes no {@code Idempotency-Key}. */
  private static final String ONCE = "/v1/portal_sessions/redeem";

  /** Policy that a client has by default: four tries, within about two seconds. */
  public static final Retries DEFAULT =
      new Retries(
          4,
          Duration.ofMillis(250),
          Duration.ofSeconds(8),
          Duration.ofMinutes(1),
          pause -> Thread.sleep(pause.toMillis()),
          () -> ThreadLocalRandom.current().nextDouble());

  /** Wait between two tries. */
  @FunctionalInterface
  public interface Sleep {
    void sleep(Duration pause) throws InterruptedException;
  }

  /** Repeats what failed, and throws the exception of what went on failing. */
  <T> T run(Call call, Supplier<T> once) {
    if (takesKey(call)) {
      call.headers().putIfAbsent(Call.IDEMPOTENCY_KEY, UUID.randomUUID().toString());
    }
    for (var made = 1; ; made++) {
      try {
        return once.get();
      } catch (ApiException | UnreachableException failure) {
        var pause = Thread.currentThread().isInterrupted() ? null : pause(call, made, failure);
        if (pause == null) {
          throw failure;
        }
        try {
          sleep.sleep(pause);
        } catch (InterruptedException interrupted) {
          Thread.currentThread().interrupt();
          throw failure;
        }
      }
    }
  }

  /** Returns the time until the next try after {@code made} of them; null if there is none. */
  private Duration pause(Call call, int made, LatchhookException failure) {
    if (made >= tries || !isRepeatable(call, failure)) {
      return null;
    }
    var doubled = Math.scalb((double) first.toNanos(), made - 1);
    var most = Math.min(longest.toNanos(), doubled);
    var pause = Duration.ofNanos((long) (jitter.getAsDouble() * most));
    if (!(failure instanceof ApiException answered) || answered.retryAfter() == null) {
      return pause;
    }
    var asked = answered.retryAfter();
    if (asked.compareTo(patience) > 0) {
      return null;
    }
    return asked.compareTo(pause) > 0 ? asked : pause;
  }

  private static boolean isRepeatable(Call call, LatchhookException failure) {
    if (failure instanceof ApiException answered) {
      var status = answered.status();
      if (answered.code() != null) {
        return status == 429 || status == 503 || answered.code() == ErrorCode.IDEMPOTENCY_IN_PROGRESS;
      }
      // A proxy's answer says as little as none.
      if (status != 429 && status != 502 && status != 503 && status != 504) {
        return false;
      }
    }
    if (call.method().equals("POST")) {
      return call.headers().containsKey(Call.IDEMPOTENCY_KEY) || call.path().equals(ASKS);
    }
    return !call.method().equals("DELETE");
  }

  private static boolean takesKey(Call call) {
    return call.method().equals("POST") && !call.path().equals(ASKS) && !call.path().equals(ONCE);
  }
}
