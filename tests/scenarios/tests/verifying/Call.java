import java.nio.file.*;
import java.util.Map;

class Call {
    public static void main(String[] arguments) throws Exception {
        Map<String, String> environment = System.getenv();
        Map<String, String> headers = Map.of(
                "webhook-id", environment.get("ID"),
                "webhook-timestamp", environment.get("SENT_AT"),
                "webhook-signature", environment.get("SIGNATURE"));
        Webhook.verify(environment.get("SECRET"), headers, Files.readAllBytes(Path.of("body")));
    }
}
