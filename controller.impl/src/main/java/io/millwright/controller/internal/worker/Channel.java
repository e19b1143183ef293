package io.millwright.controller.internal.worker;

import io.millwright.controller.api.WorkerAnswer;
import io.millwright.controller.api.channel.ChannelHost;
import io.millwright.controller.api.channel.ChannelListener;
import io.millwright.controller.api.channel.ChannelTraffic;
import io.millwright.controller.api.channel.ExpectedRun;
import io.millwright.controller.api.channel.ReadyInfo;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** The control channel of one run: what lets the run in, and how the channel does. Belongs to the controller loop. */
public final class Channel {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final int MOST_A_MINUTE = 600;

    /** What a line on standard error begins with that is a log record. */
    final String mark;

    /** The run as hosts know it; its token is another one as soon as the run has joined. */
    ExpectedRun expected;

    /** The host that expects the run, {@code null} if none does. */
    public @Nullable ChannelHost host;

    /** What this host tells; what others tell is void. */
    @Nullable
    ChannelListener listener;

    /** The session of the channel while it is up. */
    @Nullable
    String session;

    /** Since when it is as it is. */
    Moment since;

    /** Why it was lost; {@code null} while it is up, and before the run has joined. */
    @Nullable
    String lost;

    /** The run has joined with its token, be it at a host that does not serve any more. */
    boolean tokenSpent;

    /** The run has joined, be the channel lost since or not. */
    boolean joined;

    /** What the run said of itself when it was ready, {@code null} until then. */
    public @Nullable ReadyInfo ready;

    /** The keys of the options that are the type's own. */
    final List<String> own;

    /** What the run was told of them last, be it refused. */
    Map<String, @Nullable Object> told;

    /** The run is being told of changed options. */
    boolean telling;

    /** What went through the sessions of the run that are over, and through the present one. */
    ChannelTraffic receivedBefore = ChannelTraffic.NONE;

    ChannelTraffic sentBefore = ChannelTraffic.NONE;
    ChannelTraffic received = ChannelTraffic.NONE;
    ChannelTraffic sent = ChannelTraffic.NONE;

    /** Since when what the run says of its components is counted, and how much that was. */
    private @Nullable Moment saidSince;

    private int said;

    /** Calls that have no answer yet. */
    final Set<CompletableFuture<WorkerAnswer>> calls = new HashSet<>();

    /** Ends a start that takes too long. */
    @Nullable
    Future<?> startTimer;

    /** Ends a run that does not join again. */
    @Nullable
    Future<?> lostTimer;

    Channel(ExpectedRun expected, String mark, Moment now, List<String> own, Map<String, @Nullable Object> told) {
        this.own = own;
        this.told = told;
        this.expected = expected;
        this.mark = mark;
        this.since = now;
    }

    /** Whether what the run says of its components is published; not if it says too much. */
    boolean maySay(Moment now) {
        if (saidSince == null || saidSince.until(now).compareTo(MINUTE) >= 0) {
            saidSince = now;
            said = 0;
        }
        return said++ < MOST_A_MINUTE;
    }

    void up(String newSession, Moment now) {
        receivedBefore = receivedBefore.plus(received);
        sentBefore = sentBefore.plus(sent);
        received = ChannelTraffic.NONE;
        sent = ChannelTraffic.NONE;
        session = newSession;
        since = now;
        lost = null;
        joined = true;
        lostTimer = cancel(lostTimer);
    }

    void lost(String reason, Moment now) {
        session = null;
        since = now;
        lost = reason;
    }

    /** Whether a call can go through it. */
    public boolean isUp() {
        return session != null;
    }

    /** The start is over, whatever came of it. */
    void startIsOver() {
        startTimer = cancel(startTimer);
    }

    /** The run is over, or no host is there that it could join. */
    void waitNoLonger() {
        lostTimer = cancel(lostTimer);
    }

    private static @Nullable Future<?> cancel(@Nullable Future<?> timer) {
        if (timer != null) {
            timer.cancel(false);
        }
        return null;
    }
}
