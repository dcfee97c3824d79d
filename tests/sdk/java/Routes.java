import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import latchhook.Latchhook;
import latchhook.Option;
import latchhook.Params;
import latchhook.generated.api.AccountsApi;
import latchhook.generated.api.ApiKeysApi;
import latchhook.generated.api.EventsApi;
import latchhook.generated.api.WebhooksApi;
import org.openapitools.jackson.nullable.JsonNullableModule;

/** Methods of the generated classes, by the routes that they call. */
final class Routes {
  static final ObjectMapper JSON =
      new ObjectMapper()
          .registerModules(new JavaTimeModule(), new JsonNullableModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .setVisibility(PropertyAccessor.ALL, Visibility.NONE)
          .setVisibility(PropertyAccessor.FIELD, Visibility.ANY);
  private static final Pattern PART = Pattern.compile("\\{(\\w+)}");

  private final List<Object> apis;

  Routes(Latchhook client) {
    apis =
        List.of(
            new AccountsApi(client), new ApiKeysApi(client), new EventsApi(client), new WebhooksApi(client));
  }

  /** Route that can be called. */
  interface Route {
    JsonNode call(JsonNode step, Option... options) throws Exception;
  }

  /** Returns the method of {@code POST /v1/api_keys/{id}/roll}: {@code postApiKeysIdRoll}. */
  Route named(String route) {
    var wanted = plain(route.replace("/v1", ""));
    for (var api : apis) {
      for (var method : api.getClass().getMethods()) {
        if (plain(method.getName()).equals(wanted)) {
          return (step, options) -> call(api, method, route, step, options);
        }
      }
    }
    throw new AssertionError("no method for " + route);
  }

  static <P extends Params> P params(Class<P> kind, JsonNode query) throws Exception {
    var params = kind.getConstructor().newInstance();
    for (var each : query.properties()) {
      var setter =
          Arrays.stream(kind.getMethods())
              .filter(method -> plain(method.getName()).equals(plain(each.getKey())))
              .findFirst()
              .orElseThrow();
      setter.invoke(params, JSON.convertValue(each.getValue(), setter.getParameterTypes()[0]));
    }
    return params;
  }

  private static JsonNode call(
      Object api, Method method, String route, JsonNode step, Option... options) throws Exception {
    var arguments = new ArrayList<Object>();
    var parts = PART.matcher(route);
    while (parts.find()) {
      arguments.add(step.get("path").get(parts.group(1)).textValue());
    }
    for (var kind : method.getParameterTypes()) {
      if (Params.class.isAssignableFrom(kind)) {
        arguments.add(params(kind.asSubclass(Params.class), step.path("query")));
      } else if (kind != String.class && kind != Option[].class) {
        arguments.add(JSON.convertValue(step.get("body"), kind));
      }
    }
    arguments.add(options);
    try {
      return JSON.valueToTree(method.invoke(api, arguments.toArray()));
    } catch (InvocationTargetException failure) {
      if (failure.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw failure;
    }
  }

  private static String plain(String name) {
    return name.replaceAll("\\W|_", "").toLowerCase(Locale.ROOT);
  }
}
