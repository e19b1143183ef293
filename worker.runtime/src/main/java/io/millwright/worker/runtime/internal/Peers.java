package io.millwright.worker.runtime.internal;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Checks the tickets that the node gives other workers for this one. Immutable. */
public final class Peers {
    private static final String ALGORITHM = "HmacSHA256";

    private final String socket;
    private final String key;

    /** What the birth line says under {@code peers}. */
    Peers(Map<?, ?> said) {
        socket = text(said, "socket");
        key = text(said, "key");
    }

    private static String text(Map<?, ?> said, String name) {
        if (!(said.get(name) instanceof String text)) {
            throw new IllegalStateException("the node does not say where other workers reach this one: it is too old");
        }
        return text;
    }

    /** Where other workers reach this one. */
    public Path socket() {
        return Path.of(socket);
    }

    /**
     * The role that the node has given a worker in a realm of this one.
     *
     * @return {@code null} if the ticket is not of the node, for another worker or another realm
     */
    public @Nullable String role(String realm, String worker, String ticket) {
        String[] parts = ticket.split("\\.", 3);
        if (parts.length < 3) {
            return null;
        }
        String right = sign(worker + "\n" + parts[0] + "\n" + realm + "\n" + parts[1]);
        boolean equal = MessageDigest.isEqual(bytes(right), bytes(parts[2]));
        return equal ? parts[1] : null;
    }

    private String sign(String text) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(bytes(key), ALGORITHM));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(mac.doFinal(bytes(text)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("each Java has " + ALGORITHM, e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
