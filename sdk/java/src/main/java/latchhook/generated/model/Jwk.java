// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.openapitools.jackson.nullable.JsonNullable;

/** Public key (RFC 8037). */
public final class Jwk {
  @JsonProperty("alg")
  private String alg;

  @JsonProperty("crv")
  private String crv;

  @JsonProperty("kid")
  private String kid;

  @JsonProperty("kty")
  private String kty;

  @JsonProperty("use")
  private String use;

  @JsonProperty("x")
  private String x;

  /** Always &#x60;EdDSA&#x60;. */
  public String getAlg() {
    return alg;
  }

  /** Always &#x60;EdDSA&#x60;. */
  public Jwk alg(String alg) {
    this.alg = alg;
    return this;
  }

  /** Always &#x60;Ed25519&#x60;. */
  public String getCrv() {
    return crv;
  }

  /** Always &#x60;Ed25519&#x60;. */
  public Jwk crv(String crv) {
    this.crv = crv;
    return this;
  }

  /** Identifier of the key. */
  public String getKid() {
    return kid;
  }

  /** Identifier of the key. */
  public Jwk kid(String kid) {
    this.kid = kid;
    return this;
  }

  /** Always &#x60;OKP&#x60;. */
  public String getKty() {
    return kty;
  }

  /** Always &#x60;OKP&#x60;. */
  public Jwk kty(String kty) {
    this.kty = kty;
    return this;
  }

  /** Always &#x60;sig&#x60;. */
  public String getUse() {
    return use;
  }

  /** Always &#x60;sig&#x60;. */
  public Jwk use(String use) {
    this.use = use;
    return this;
  }

  /** The 32 bytes of the key, in base64 for URLs. */
  public String getX() {
    return x;
  }

  /** The 32 bytes of the key, in base64 for URLs. */
  public Jwk x(String x) {
    this.x = x;
    return this;
  }
}

