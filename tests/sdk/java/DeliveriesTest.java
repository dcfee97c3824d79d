import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.standardwebhooks.Webhook;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import latchhook.Deliveries;
import latchhook.InvalidDeliveryException;
import org.junit.jupiter.api.Test;

/** Verification of deliveries. */
final class DeliveriesTest {
  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final String OTHER = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
  private static final String BODY = "{\"type\":\"report.completed\",\"name\":\"Zoë\"}";

  private static Map<String, List<String>> headers(String prefix, String secret, long late)
      throws Exception {
    var sent = Instant.now().getEpochSecond() - late;
    return Map.of(
        prefix + "-Id", List.of("evt_1"),
        prefix + "-Timestamp", List.of(String.valueOf(sent)),
        prefix + "-Signature", List.of(new Webhook(secret).sign("evt_1", sent, BODY)));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void aSignedDeliveryIsRead() throws Exception {
    for (var prefix : List.of("webhook", "svix", "X-Acme")) {
      var deliveries = new Deliveries(OTHER, SECRET).prefix(prefix);
      var event = deliveries.verify(bytes(BODY), headers(prefix, SECRET, 0));
      assertEquals("report.completed", event.get("type").textValue());
    }
  }

  @Test
  void whatIsNotOfThisWebhookIsRefused() throws Exception {
    var deliveries = new Deliveries(SECRET);
    var good = headers("webhook", SECRET, 0);
    var odd = new java.util.HashMap<>(good);
    odd.put("webhook-Signature", List.of("v1"));
    refuses(deliveries, bytes(BODY + " "), good);
    refuses(deliveries, bytes(BODY), headers("webhook", OTHER, 0));
    refuses(deliveries, bytes(BODY), headers("svix", SECRET, 0));
    refuses(deliveries, bytes(BODY), headers("webhook", SECRET, 302));
    refuses(deliveries, bytes(BODY), headers("webhook", SECRET, -302));
    refuses(deliveries, bytes(BODY), Map.of());
    refuses(deliveries, bytes(BODY), odd);
    refuses(deliveries, new byte[] {(byte) 0xff}, good);
    refuses(new Deliveries(), bytes(BODY), good);
  }

  @Test
  void aSecretThatIsNoneIsAMistakeOfTheCaller() {
    assertThrows(IllegalArgumentException.class, () -> new Deliveries("whsec_?"));
    assertThrows(IllegalArgumentException.class, () -> new Deliveries(""));
  }

  private static void refuses(
      Deliveries deliveries, byte[] body, Map<String, List<String>> headers) {
    assertThrows(InvalidDeliveryException.class, () -> deliveries.verify(body, headers));
  }
}
