// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.openapitools.jackson.nullable.JsonNullable;

/** List in an answer. */
public final class ListAccount implements latchhook.Page<Account> {
  @JsonProperty("count")
  private Long count;

  @JsonProperty("data")
  private List<Account> data;

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
  public ListAccount count(Long count) {
    this.count = count;
    return this;
  }

  /** Rows, newest first. */
  public List<Account> getData() {
    return data;
  }

  /** Rows, newest first. */
  public ListAccount data(List<Account> data) {
    this.data = data;
    return this;
  }

  /** Path of the next page; &#x60;null&#x60; on the last one. */
  public String getNextHref() {
    return nextHref;
  }

  /** Path of the next page; &#x60;null&#x60; on the last one. */
  public ListAccount nextHref(String nextHref) {
    this.nextHref = nextHref;
    return this;
  }

  /** Always &#x60;list&#x60;. */
  public String getObject() {
    return object;
  }

  /** Always &#x60;list&#x60;. */
  public ListAccount object(String object) {
    this.object = object;
    return this;
  }

  /** Always &#x60;null&#x60;: pages are followed forwards. */
  public String getPreviousHref() {
    return previousHref;
  }

  /** Always &#x60;null&#x60;: pages are followed forwards. */
  public ListAccount previousHref(String previousHref) {
    this.previousHref = previousHref;
    return this;
  }
}

