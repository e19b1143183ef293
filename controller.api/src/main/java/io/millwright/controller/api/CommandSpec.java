package io.millwright.controller.api;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A command that is to be run as a worker's program runs. Immutable. */
public final class CommandSpec {
    private final List<String> words;
    private final @Nullable Duration timeout;
    private final boolean openInput;

    private CommandSpec(List<String> words, @Nullable Duration timeout, boolean openInput) {
        this.words = words;
        this.timeout = timeout;
        this.openInput = openInput;
    }

    /**
     * A command without a limit of time, which finds its standard input at its end.
     *
     * @param words the program and its arguments; no shell reads them
     * @return the value
     * @throws NodeException {@link ErrorCode#INVALID_ARGUMENT} if there is no program
     */
    public static CommandSpec of(List<String> words) {
        List<String> copy = List.copyOf(words);
        if (copy.isEmpty() || copy.get(0).isBlank()) {
            throw new NodeException(ErrorCode.INVALID_ARGUMENT, "there is no command to run: its program is missing");
        }
        return new CommandSpec(copy, null, false);
    }

    /**
     * The same with a limit of time.
     *
     * @param limit after which it is killed; {@code null} for none
     * @return a changed copy
     * @throws NodeException {@link ErrorCode#INVALID_ARGUMENT} if it is not above 0
     */
    public CommandSpec withTimeout(@Nullable Duration limit) {
        if (limit != null && (limit.isNegative() || limit.isZero())) {
            throw new NodeException(
                    ErrorCode.INVALID_ARGUMENT, "the timeout of a command must be above 0; leave it out for none");
        }
        return new CommandSpec(words, limit, openInput);
    }

    /**
     * The same, whose standard input is written by the caller or not.
     *
     * @param open whether it stays open for {@link RunningCommand#write}
     * @return a changed copy
     */
    public CommandSpec withOpenInput(boolean open) {
        return new CommandSpec(words, timeout, open);
    }

    /** The program and its arguments, at least one. */
    public List<String> words() {
        return words;
    }

    /** After which it is killed, {@code null} for never. */
    public @Nullable Duration timeout() {
        return timeout;
    }

    /** Whether its standard input stays open. */
    public boolean openInput() {
        return openInput;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other == this
                || other instanceof CommandSpec that
                        && words.equals(that.words)
                        && Objects.equals(timeout, that.timeout)
                        && openInput == that.openInput;
    }

    @Override
    public int hashCode() {
        return Objects.hash(words, timeout, openInput);
    }

    /** The program alone: arguments may hold what is secret. */
    @Override
    public String toString() {
        return words.get(0);
    }
}
