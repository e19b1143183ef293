package io.millwright.shell.gogo.internal.worker;

import io.millwright.controller.api.CommandListener;
import io.millwright.controller.api.Documents;
import io.millwright.controller.api.LogEntry.Stream;
import io.millwright.controller.api.RunningCommand;
import io.millwright.controller.api.text.Json;
import io.millwright.shell.gogo.internal.Invocation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Joins the streams of a command that runs beside a worker to those of the shell's caller: bytes as they are, or a document for each
 * line. Output comes by one thread at a time; input is read by a thread of its own.
 */
final class CommandStreams implements CommandListener {
    private static final int LONGEST_LINE = 64 * 1024;

    private final Invocation call;
    private final boolean readsInput;
    /** Lines without an end so far, where documents are wanted. */
    private final Map<Stream, ByteArrayOutputStream> lines = new EnumMap<>(Stream.class);

    private volatile @Nullable RunningCommand command;
    private volatile @Nullable Thread reader;
    private volatile @Nullable IOException inputFault;

    /**
     * Joins nothing yet.
     *
     * @param readsInput whether the command gets what is typed or piped in
     */
    CommandStreams(Invocation call, boolean readsInput) {
        this.call = call;
        this.readsInput = readsInput;
    }

    @Override
    public void onBegin(RunningCommand begun) {
        command = begun;
        if (readsInput) {
            Thread thread = new Thread(() -> copyInput(call.keyboard(), begun), "millwright-exec-input");
            thread.setDaemon(true);
            reader = thread;
            thread.start();
        }
    }

    private void copyInput(InputStream keyboard, RunningCommand command) {
        byte[] buffer = new byte[8192];
        try {
            for (int count = keyboard.read(buffer); count >= 0; count = keyboard.read(buffer)) {
                command.write(Arrays.copyOf(buffer, count))
                        .toCompletableFuture()
                        .get();
            }
        } catch (IOException e) {
            // A command must not take half of its input for all of it.
            inputFault = e;
            command.cancel();
            return;
        } catch (ExecutionException e) {
            // The command takes nothing any more.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        command.closeInput();
    }

    @Override
    public void onOutput(Stream stream, byte[] data) {
        if (call.json()) {
            documents(stream, data);
        } else if (!call.write(data, stream == Stream.STDERR)) {
            cancel();
        }
    }

    private void documents(Stream stream, byte[] data) {
        ByteArrayOutputStream line = lines.computeIfAbsent(stream, first -> new ByteArrayOutputStream());
        for (byte one : data) {
            if (one == '\n') {
                print(stream, line);
            } else {
                line.write(one);
                if (line.size() >= LONGEST_LINE) {
                    print(stream, line);
                }
            }
        }
    }

    private void print(Stream stream, ByteArrayOutputStream line) {
        String text = line.toString(StandardCharsets.UTF_8);
        line.reset();
        if (!call.print(Json.write(Documents.of("stream", stream, "text", text)))) {
            cancel();
        }
    }

    /** Prints lines that never got an end; after all output. */
    void flush() {
        lines.forEach((stream, line) -> {
            if (line.size() > 0) {
                print(stream, line);
            }
        });
    }

    /** What the reading of the input failed with, for which the command was ended; {@code null} if it did not. */
    @Nullable
    IOException inputFault() {
        return inputFault;
    }

    /** Ends the command, if it was taken. */
    void cancel() {
        RunningCommand begun = command;
        if (begun != null) {
            begun.cancel();
        }
    }

    /** Reads no more input. */
    void close() {
        Thread thread = reader;
        if (thread != null) {
            thread.interrupt();
        }
    }
}
