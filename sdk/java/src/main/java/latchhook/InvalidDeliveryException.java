package latchhook;

/** Request that is not a delivery of this webhook, or is too old: answer 400 and forget it. */
public final class InvalidDeliveryException extends Exception {
  private static final long serialVersionUID = 1L;

  InvalidDeliveryException(String why) {
    super(why);
  }
}
