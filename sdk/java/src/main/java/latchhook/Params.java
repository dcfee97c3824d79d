package latchhook;

import java.util.LinkedHashMap;
import java.util.Map;

/** Parameters in the query of a call; those that are not set are not sent. */
public abstract class Params {
  private final Map<String, String> values = new LinkedHashMap<>();

  protected final void set(String name, Object value) {
    if (value == null) {
      values.remove(name);
    } else {
      values.put(name, value.toString());
    }
  }

  final Map<String, String> values() {
    return values;
  }
}
