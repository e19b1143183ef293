package io.millwright.controller.api;

import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who asked for an operation. Results, events and the audit log name it as {@code who}, which is {@code kind:name}. A remote caller
 * also says by which session, in which role, through which listener and from where. Immutable.
 */
public final class Caller {
    /** The framework itself: a bundle was stopped, or the process was told to end. It alone has no name. */
    public static final Caller FRAMEWORK = new Caller(CallerKind.FRAMEWORK, "", null, null, null, null);

    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

    private final CallerKind kind;
    private final String name;
    private final @Nullable String session;
    private final @Nullable String role;
    private final @Nullable String listener;
    private final @Nullable String address;

    private Caller(
            CallerKind kind,
            String name,
            @Nullable String session,
            @Nullable String role,
            @Nullable String listener,
            @Nullable String address) {
        this.kind = kind;
        this.name = name;
        this.session = session;
        this.role = role;
        this.listener = listener;
        this.address = address;
    }

    /**
     * A caller of some kind.
     *
     * @param kind what it is
     * @param name what it is called among those of its kind; white space around it and control characters are no part of a name
     * @return the caller
     * @throws IllegalArgumentException if the name is empty and the kind is not {@link CallerKind#FRAMEWORK}
     */
    public static Caller of(CallerKind kind, String name) {
        Objects.requireNonNull(kind, "kind");
        String clean = CONTROL.matcher(name.strip()).replaceAll("?");
        if (clean.isEmpty()) {
            if (kind == CallerKind.FRAMEWORK) {
                return FRAMEWORK;
            }
            throw new IllegalArgumentException("a caller of kind '" + kind.text() + "' needs a name");
        }
        return new Caller(kind, clean, null, null, null, null);
    }

    /**
     * A user at a shell.
     *
     * @param user the user's name
     * @return the caller
     */
    public static Caller shell(String user) {
        return of(CallerKind.SHELL, user);
    }

    /**
     * A configuration.
     *
     * @param pid the configuration's PID
     * @return the caller
     */
    public static Caller config(String pid) {
        return of(CallerKind.CONFIG, pid);
    }

    /**
     * A shutdown trigger.
     *
     * @param name the trigger's name
     * @return the caller
     */
    public static Caller trigger(String name) {
        return of(CallerKind.TRIGGER, name);
    }

    /**
     * A remote session.
     *
     * @param authid what it was authenticated as
     * @param session the session's number or id
     * @return the caller
     */
    public static Caller remote(String authid, String session) {
        return of(CallerKind.REMOTE, authid).withSession(session);
    }

    /**
     * A worker that calls over its control channel.
     *
     * @param id the worker
     * @return the caller
     */
    public static Caller worker(WorkerId id) {
        return of(CallerKind.WORKER, id.value());
    }

    /**
     * A change of the files that are watched for a worker.
     *
     * @param id the worker
     * @return the caller
     */
    public static Caller watch(WorkerId id) {
        return of(CallerKind.WATCH, id.value());
    }

    /**
     * Code in the framework that is none of the others.
     *
     * @param name what it calls itself, for example its bundle's symbolic name
     * @return the caller
     */
    public static Caller api(String name) {
        return of(CallerKind.API, name);
    }

    /**
     * The same, of a session.
     *
     * @param id the session's number or id
     * @return a changed copy
     */
    public Caller withSession(String id) {
        return new Caller(kind, name, Objects.requireNonNull(id, "session"), role, listener, address);
    }

    /**
     * The same, in a role.
     *
     * @param name the role that the listener's rules gave it
     * @return a changed copy
     */
    public Caller withRole(String name) {
        return new Caller(kind, this.name, session, Objects.requireNonNull(name, "role"), listener, address);
    }

    /**
     * The same, by a listener.
     *
     * @param name the listener that took its connection
     * @return a changed copy
     */
    public Caller withListener(String name) {
        return new Caller(kind, this.name, session, role, Objects.requireNonNull(name, "listener"), address);
    }

    /**
     * The same, from somewhere.
     *
     * @param text where its connection comes from, for example {@code 192.0.2.7:51234}
     * @return a changed copy
     */
    public Caller withAddress(String text) {
        return new Caller(kind, name, session, role, listener, Objects.requireNonNull(text, "address"));
    }

    /** What it is. */
    public CallerKind kind() {
        return kind;
    }

    /** What it is called among those of its kind; empty for the framework alone. */
    public String name() {
        return name;
    }

    /** The session it calls by, {@code null} if it is not remote. */
    public @Nullable String session() {
        return session;
    }

    /** The role its listener gave it, {@code null} if it is not remote. */
    public @Nullable String role() {
        return role;
    }

    /** The listener that took its connection, {@code null} if it is not remote. */
    public @Nullable String listener() {
        return listener;
    }

    /** Where its connection comes from, {@code null} if that is not known or it is not remote. */
    public @Nullable String address() {
        return address;
    }

    /**
     * How it is named in results and events.
     *
     * @return {@code kind:name}, for example {@code shell:root}; {@code framework} alone for the framework
     */
    public String who() {
        return name.isEmpty() ? kind.text() : kind.text() + ":" + name;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other == this
                || other instanceof Caller that
                        && kind == that.kind
                        && name.equals(that.name)
                        && Objects.equals(session, that.session)
                        && Objects.equals(role, that.role)
                        && Objects.equals(listener, that.listener)
                        && Objects.equals(address, that.address);
    }

    @Override
    public int hashCode() {
        return Objects.hash(kind, name, session, role, listener, address);
    }

    /** As {@link #who}. */
    @Override
    public String toString() {
        return who();
    }
}
