// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.openapitools.jackson.nullable.JsonNullable;

/** Actor behind an event. */
public final class AuditActor {
  @JsonProperty("id")
  private String id;

  @JsonProperty("name")
  private String name;

  @JsonProperty("person")
  private PortalSessionActor person;

  @JsonProperty("type")
  private String type;

  /** Identifier of the session, key, operator token or person; &#x60;null&#x60; for the root token. */
  public String getId() {
    return id;
  }

  /** Identifier of the session, key, operator token or person; &#x60;null&#x60; for the root token. */
  public AuditActor id(String id) {
    this.id = id;
    return this;
  }

  /** Name of the operator token or person. */
  public String getName() {
    return name;
  }

  /** Name of the operator token or person. */
  public AuditActor name(String name) {
    this.name = name;
    return this;
  }

  /** Person behind a portal session, where the operator told who that is. */
  public PortalSessionActor getPerson() {
    return person;
  }

  /** Person behind a portal session, where the operator told who that is. */
  public AuditActor person(PortalSessionActor person) {
    this.person = person;
    return this;
  }

  /** &#x60;operator&#x60;, &#x60;portal_session&#x60;, &#x60;api_key&#x60; or &#x60;system&#x60;. */
  public String getType() {
    return type;
  }

  /** &#x60;operator&#x60;, &#x60;portal_session&#x60;, &#x60;api_key&#x60; or &#x60;system&#x60;. */
  public AuditActor type(String type) {
    this.type = type;
    return this;
  }
}

