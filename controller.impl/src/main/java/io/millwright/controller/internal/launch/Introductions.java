package io.millwright.controller.internal.launch;

import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.worker.OptionValues;
import io.millwright.controller.internal.options.NativeOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Introduces native workers to each other: a worker that is to connect to another one gets a ticket that the other one can check by itself,
 * with a key that the node has given to it alone. So neither has to be there when the other one starts, and nothing is kept. Thread-safe.
 */
public final class Introductions {
    private static final String FOLDER = "run/peers";
    private static final String ALGORITHM = "HmacSHA256";

    private final String secret;

    /**
     * Introductions of one life of the node: native workers do not outlive it.
     *
     * @param secret nobody else's
     */
    public Introductions(String secret) {
        this.secret = secret;
    }

    /**
     * What birth lines say of it: {@code peers}, by which a worker lets others in, and {@code connect}, by which it is let in, if its options
     * ask for that.
     *
     * @param directory the node directory
     * @param id the worker
     * @param run the number of its run
     * @param options its options
     * @return a new map
     */
    public Map<String, @Nullable Object> of(Path directory, WorkerId id, long run, OptionValues options) {
        Map<String, @Nullable Object> line = new LinkedHashMap<>();
        line.put("peers", Map.of("socket", socket(directory, id.value()), "key", key(id.value())));
        options.string(NativeOptions.CONNECT_ROUTER).ifPresent(router -> {
            String realm = options.string(NativeOptions.CONNECT_REALM).orElseThrow();
            String role = options.string(NativeOptions.CONNECT_ROLE).orElseThrow();
            String proof = sign(key(router), id + "\n" + run + "\n" + realm + "\n" + role);
            Map<String, Object> connect = new LinkedHashMap<>();
            connect.put("router", router);
            connect.put("realm", realm);
            connect.put("role", role);
            connect.put("socket", socket(directory, router));
            connect.put("authid", id.value());
            connect.put("ticket", run + "." + role + "." + proof);
            line.put("connect", connect);
        });
        return line;
    }

    private static String socket(Path directory, String worker) {
        return directory.resolve(FOLDER).resolve(worker).toString();
    }

    private String key(String worker) {
        return sign(secret, worker);
    }

    private static String sign(String key, String text) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), ALGORITHM));
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("each Java has " + ALGORITHM, e);
        }
    }
}
