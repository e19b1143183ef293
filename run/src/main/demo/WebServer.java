import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;

/** A worker you can open in a browser: says who it is, and crashes when asked to. Loopback only. */
public class WebServer {
    private static final Instant STARTED = Instant.now();
    private static final AtomicInteger VISITS = new AtomicInteger();

    public static void main(String[] args) throws IOException {
        String text = System.getenv("MILLWRIGHT_DEMO_PORT");
        int port = text == null ? 8123 : Integer.parseInt(text);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/", WebServer::greet);
        server.createContext("/crash", WebServer::crash);
        server.start();
        System.out.println("open http://127.0.0.1:" + port + "/");
    }

    private static void greet(HttpExchange exchange) throws IOException {
        int visit = VISITS.incrementAndGet();
        System.out.println("visit " + visit + ": " + exchange.getRequestURI());
        answer(exchange, """
                <!doctype html><title>Millwright demo</title>
                <body style="font-family: sans-serif; max-width: 40em; margin: 3em auto">
                <h1>A worker of the demo node</h1>
                <p>Process %d, up for %d s, visit %d.</p>
                <p><a href="/crash">Crash it</a>: the node starts it again a moment later, as another process.</p>
                """.formatted(ProcessHandle.current().pid(), Duration.between(STARTED, Instant.now()).toSeconds(), visit));
    }

    private static void crash(HttpExchange exchange) throws IOException {
        System.err.println("told to crash");
        answer(exchange, """
                <!doctype html><title>Crashed</title><meta http-equiv="refresh" content="4; url=/">
                <body style="font-family: sans-serif; max-width: 40em; margin: 3em auto">
                <p>Gone. The page comes back with the new process in a few seconds.</p>
                """);
        System.exit(1);
    }

    private static void answer(HttpExchange exchange, String html) throws IOException {
        byte[] body = html.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "text/html; charset=utf-8");
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
