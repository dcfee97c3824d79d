package latchhook;

/** Change of a call before it is sent. */
@FunctionalInterface
public interface Option {
  void change(Call call);

  /** Names the account that an operator's call acts on. */
  static Option account(String id) {
    return call -> call.headers().put(Call.ACCOUNT, id);
  }

  /** Names a key of your own for a {@code POST}; without it each call has a random one. */
  static Option idempotencyKey(String key) {
    return call -> call.headers().put(Call.IDEMPOTENCY_KEY, key);
  }
}
