package latchhook;

/** Call that did not succeed, after all its tries. */
public class LatchhookException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  LatchhookException(String message, Throwable cause) {
    super(message, cause);
  }
}
