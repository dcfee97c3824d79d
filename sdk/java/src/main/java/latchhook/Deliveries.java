package latchhook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.EmptyWebhookSecretException;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Verification of what a webhook receives. */
public final class Deliveries {
  private final List<Webhook> webhooks;
  private final String prefix;

  /**
   * Takes the secrets of a webhook ({@code whsec_…}): one, or several during a rotation.
   *
   * @throws IllegalArgumentException for a secret that is none
   */
  public Deliveries(String... secrets) {
    this("webhook", List.of(secrets).stream().map(Deliveries::webhook).toList());
  }

  private Deliveries(String prefix, List<Webhook> webhooks) {
    this.prefix = prefix;
    this.webhooks = webhooks;
  }

  /**
   * Returns the same with another prefix of the headers, which is that of the server's setting
   * {@code signature_headers}: {@code webhook} (the default), {@code svix}, or your own.
   */
  public Deliveries prefix(String prefix) {
    return new Deliveries(prefix, webhooks);
  }

  /**
   * Returns the JSON of a delivery whose signature is of one of the secrets. The Standard Webhooks library does the
   * checking; a delivery that is more than five minutes off is refused.
   *
   * @param body the request's, as it came
   * @param headers the request's, with names in whatever case
   */
  public JsonNode verify(byte[] body, Map<String, List<String>> headers)
      throws InvalidDeliveryException {
    var signed = signed(headers);
    var why = "no secret was given";
    for (var webhook : webhooks) {
      try {
        var text = decoded(body);
        webhook.verify(text, signed);
        return Json.MAPPER.readTree(text);
      } catch (WebhookVerificationException refused) {
        why = refused.getMessage();
      } catch (CharacterCodingException | JsonProcessingException | RuntimeException unreadable) {
        why = "the signature or the body cannot be read";
      }
    }
    throw new InvalidDeliveryException(why);
  }

  /** Returns the headers that the library looks for. */
  private Map<String, List<String>> signed(Map<String, List<String>> headers) {
    var own = prefix.toLowerCase(Locale.ROOT) + "-";
    var signed = new HashMap<String, List<String>>();
    headers.forEach(
        (name, values) -> {
          var lower = name.toLowerCase(Locale.ROOT);
          if (lower.startsWith(own)) {
            signed.put("webhook-" + lower.substring(own.length()), values);
          }
        });
    return signed;
  }

  private static Webhook webhook(String secret) {
    try {
      return new Webhook(secret);
    } catch (EmptyWebhookSecretException | IllegalArgumentException none) {
      throw new IllegalArgumentException("a webhook's secret is whsec_ and base64");
    }
  }

  private static String decoded(byte[] body) throws CharacterCodingException {
    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
  }
}
