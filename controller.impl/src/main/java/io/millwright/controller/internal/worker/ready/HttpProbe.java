package io.millwright.controller.internal.worker.ready;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gets a page, without following redirections and without a proxy.
 *
 * @param url what
 * @param statuses those that are good; empty for 200 to 399
 * @param headers of the request, {@code NAME: VALUE}
 * @param contains what the answer must have, {@code null} for nothing
 * @param owner says whether the port is the program's own, {@code null} if that does not matter
 */
record HttpProbe(
        URI url, List<Long> statuses, List<String> headers, @Nullable String contains, @Nullable PortOwner owner)
        implements Probe {
    private static final int READ = 64 * 1024;
    private static final int GOOD = 200;
    private static final int BAD = 400;

    @Override
    public @Nullable String ask(Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        HttpURLConnection connection = null;
        try {
            connection = (HttpURLConnection) url.toURL().openConnection(Proxy.NO_PROXY);
            connection.setInstanceFollowRedirects(false);
            connection.setUseCaches(false);
            connection.setConnectTimeout(left(end));
            connection.setReadTimeout(left(end));
            for (String header : headers) {
                int colon = header.indexOf(':');
                connection.setRequestProperty(
                        header.substring(0, colon), header.substring(colon + 1).strip());
            }
            connection.setRequestProperty("Connection", "close");
            String bad = judge(connection, end);
            return bad != null ? bad : foreign();
        } catch (IOException e) {
            return url + " does not answer: " + e.getMessage();
        } finally {
            if (connection != null) {
                connection.disconnect();
            }
        }
    }

    private static int left(long end) {
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, (end - System.nanoTime()) / 1_000_000));
    }

    private @Nullable String judge(HttpURLConnection connection, long end) throws IOException {
        int status = connection.getResponseCode();
        boolean good = statuses.isEmpty() ? status >= GOOD && status < BAD : statuses.contains((long) status);
        if (!good) {
            return url + " answers " + status;
        }
        if (contains == null) {
            return null;
        }
        InputStream body = connection.getErrorStream();
        try (InputStream in = body == null ? connection.getInputStream() : body) {
            byte[] all = new byte[READ];
            int length = 0;
            int count;
            // An answer that drips must not take longer than any other.
            while (length < READ && System.nanoTime() < end && (count = in.read(all, length, READ - length)) > 0) {
                length += count;
            }
            String text = new String(all, 0, length, StandardCharsets.UTF_8);
            return text.contains(contains) ? null : "the answer of " + url + " does not contain '" + contains + "'";
        }
    }

    private @Nullable String foreign() {
        if (owner == null) {
            return null;
        }
        boolean local = List.of("127.0.0.1", "localhost", "[::1]", "::1").contains(url.getHost());
        int port = url.getPort() >= 0 ? url.getPort() : "https".equals(url.getScheme()) ? 443 : 80;
        return local ? owner.foreign(port) : null;
    }

    @Override
    public String what() {
        return "GET " + url;
    }
}
