// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.openapitools.jackson.nullable.JsonNullable;

/** List in an answer. */
public final class ListEventType implements latchhook.Page<EventType> {
  @JsonProperty("count")
  private Long count;

  @JsonProperty("data")
  private List<EventType> data;

  @JsonProperty("next_href")
  private String nextHref;

  @JsonProperty("object")
  private String object;

  @JsonProperty("previous_href")
  private String previousHref;

  /** Total number of rows, if that is cheap to know. */
  public Long getCount() {
    return count;
  }

  /** Total number of rows, if that is cheap to know. */
  public ListEventType count(Long count) {
    this.count = count;
    return this;
  }

  /** Rows, newest first. */
  public List<EventType> getData() {
    return data;
  }

  /** Rows, newest first. */
  public ListEventType data(List<EventType> data) {
    this.data = data;
    return this;
  }

  /** Path of the next page; &#x60;null&#x60; on the last one. */
  public String getNextHref() {
    return nextHref;
  }

  /** Path of the next page; &#x60;null&#x60; on the last one. */
  public ListEventType nextHref(String nextHref) {
    this.nextHref = nextHref;
    return this;
  }

  /** Always &#x60;list&#x60;. */
  public String getObject() {
    return object;
  }

  /** Always &#x60;list&#x60;. */
  public ListEventType object(String object) {
    this.object = object;
    return this;
  }

  /** Always &#x60;null&#x60;: pages are followed forwards. */
  public String getPreviousHref() {
    return previousHref;
  }

  /** Always &#x60;null&#x60;: pages are followed forwards. */
  public ListEventType previousHref(String previousHref) {
    this.previousHref = previousHref;
    return this;
  }
}

