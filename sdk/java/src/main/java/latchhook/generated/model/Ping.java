// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.openapitools.jackson.nullable.JsonNullable;

/** A test event. */
public final class Ping {
  @JsonProperty("data")
  private PostData data;

  @JsonProperty("type")
  private String type;

  /** Data of the event; by default a sample: the object of the last real event of the type, or one that its schema describes. */
  public PostData getData() {
    return data;
  }

  /** Data of the event; by default a sample: the object of the last real event of the type, or one that its schema describes. */
  public Ping data(PostData data) {
    this.data = data;
    return this;
  }

  /** Type of the event, by default &#x60;webhook.ping&#x60;. */
  public String getType() {
    return type;
  }

  /** Type of the event, by default &#x60;webhook.ping&#x60;. */
  public Ping type(String type) {
    this.type = type;
    return this;
  }
}

