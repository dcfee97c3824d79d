// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.openapitools.jackson.nullable.JsonNullable;

/** A part of the period. */
public final class Bucket {
  @JsonProperty("attempts")
  private Long attempts;

  @JsonProperty("failed")
  private Long failed;

  @JsonProperty("retrying")
  private Long retrying;

  @JsonProperty("since")
  private OffsetDateTime since;

  @JsonProperty("succeeded")
  private Long succeeded;

  @JsonProperty("until")
  private OffsetDateTime until;

  /** Number of attempts that began in it. */
  public Long getAttempts() {
    return attempts;
  }

  /** Number of attempts that began in it. */
  public Bucket attempts(Long attempts) {
    this.attempts = attempts;
    return this;
  }

  /** Number of those that failed for the last time. */
  public Long getFailed() {
    return failed;
  }

  /** Number of those that failed for the last time. */
  public Bucket failed(Long failed) {
    this.failed = failed;
    return this;
  }

  /** Number of those that failed and were to be tried again. */
  public Long getRetrying() {
    return retrying;
  }

  /** Number of those that failed and were to be tried again. */
  public Bucket retrying(Long retrying) {
    this.retrying = retrying;
    return this;
  }

  /** Start of the bucket. */
  public OffsetDateTime getSince() {
    return since;
  }

  /** Start of the bucket. */
  public Bucket since(OffsetDateTime since) {
    this.since = since;
    return this;
  }

  /** Number of those that were acknowledged. */
  public Long getSucceeded() {
    return succeeded;
  }

  /** Number of those that were acknowledged. */
  public Bucket succeeded(Long succeeded) {
    this.succeeded = succeeded;
    return this;
  }

  /** End of the bucket, which is the start of the next one. */
  public OffsetDateTime getUntil() {
    return until;
  }

  /** End of the bucket, which is the start of the next one. */
  public Bucket until(OffsetDateTime until) {
    this.until = until;
    return this;
  }
}

