// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.openapitools.jackson.nullable.JsonNullable;

/** Keys that somebody else made. */
public final class ImportApiKeys {
  @JsonProperty("api_keys")
  private List<ImportedApiKey> apiKeys;

  /** Keys, 1 to 100: all are imported, or none. */
  public List<ImportedApiKey> getApiKeys() {
    return apiKeys;
  }

  /** Keys, 1 to 100: all are imported, or none. */
  public ImportApiKeys apiKeys(List<ImportedApiKey> apiKeys) {
    this.apiKeys = apiKeys;
    return this;
  }
}

