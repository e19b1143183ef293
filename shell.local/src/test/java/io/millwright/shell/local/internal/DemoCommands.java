package io.millwright.shell.local.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.felix.service.command.CommandSession;

/** Commands that show a client's every side. */
public final class DemoCommands {
    final Semaphore running = new Semaphore(0);
    final AtomicInteger interrupted = new AtomicInteger();
    final CountDownLatch release = new CountDownLatch(1);

    /** Each argument on a line of its own, with its length and in brackets. */
    public String args(Object[] arguments) {
        return Arrays.stream(arguments)
                .map(a -> a.toString().length() + "[" + a + "]")
                .collect(Collectors.joining("\n"));
    }

    public void code(CommandSession session, int code) {
        session.put("exit.code", code);
    }

    public void fail(CommandSession session, String message, int code) {
        session.put("exit.code", code);
        throw new CompletionException(new IllegalStateException(message));
    }

    public void silent() {
        throw new UnsupportedOperationException();
    }

    public void broken() {
        throw new NoClassDefFoundError("com/example/Missing");
    }

    public Map<String, String> who(CommandSession session) {
        return Map.of(
                "user", String.valueOf(session.get("millwright.user")),
                "cwd", String.valueOf(session.get("millwright.cwd")),
                "dir", String.valueOf(session.currentDir()));
    }

    public List<String> list() {
        return List.of("one", "two");
    }

    public String upper(CommandSession session) throws IOException {
        return new String(session.getKeyboard().readAllBytes(), StandardCharsets.UTF_8).toUpperCase();
    }

    public int count(CommandSession session) throws IOException {
        InputStream in = session.getKeyboard();
        int count = 0;
        byte[] buffer = new byte[4096];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            count += n;
        }
        return count;
    }

    public void both(CommandSession session) {
        session.getConsole().println("to out");
        org.apache.felix.service.command.Process.Utils.current().err().println("to err");
    }

    public void hang() throws InterruptedException {
        running.release();
        try {
            release.await();
        } catch (InterruptedException e) {
            interrupted.incrementAndGet();
            throw e;
        }
    }

    /** Prints a line without its end and waits: it must be seen at once. */
    public void follow(CommandSession session) throws InterruptedException {
        session.getConsole().print("a line");
        hang();
    }

    public void flood(CommandSession session, int lines) {
        running.release();
        for (int i = 0; i < lines; i++) {
            session.getConsole().println("line " + i + " with some text behind it so that it has a usual length");
        }
        running.release();
    }
}
