package latchhook;

/** No answer: the network failed. A call that changes something may have been carried out. */
public final class UnreachableException extends LatchhookException {
  private static final long serialVersionUID = 1L;

  UnreachableException(Throwable cause) {
    // The text of a cause may have anything in it.
    super("no answer: " + cause.getClass().getSimpleName(), cause);
  }
}
