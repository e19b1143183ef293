package io.millwright.controller.internal.worker;

import io.millwright.controller.api.WorkerState;
import io.millwright.controller.api.channel.ChannelInfo;
import io.millwright.controller.api.channel.ChannelTraffic;
import io.millwright.controller.api.channel.ReadyInfo;
import org.jspecify.annotations.Nullable;

/** The control channel of a run at one moment. Immutable. */
record ChannelView(
        @Nullable String session,
        Moment since,
        @Nullable String lost,
        boolean joined,
        @Nullable ReadyInfo ready,
        ChannelTraffic received,
        ChannelTraffic sent) {

    static ChannelView of(Channel channel) {
        return new ChannelView(
                channel.session,
                channel.since,
                channel.lost,
                channel.joined,
                channel.ready,
                channel.receivedBefore.plus(channel.received),
                channel.sentBefore.plus(channel.sent));
    }

    /**
     * What callers see of it.
     *
     * @param live the run is not over
     * @param now this moment
     */
    ChannelInfo info(boolean live, Moment now) {
        ChannelInfo.State state = !live
                ? ChannelInfo.State.CLOSED
                : session != null ? ChannelInfo.State.UP : joined ? ChannelInfo.State.LOST : ChannelInfo.State.AWAITED;
        return ChannelInfo.builder(state, since.asOf(now))
                .session(session)
                .reason(lost)
                .ready(ready)
                .traffic(received, sent)
                .build();
    }

    /**
     * What a run that goes on waits for, or lacks.
     *
     * @param now this moment
     * @return a sentence without a full stop; {@code null} if all is well, or the run is over
     */
    @Nullable
    String why(WorkerState state, Moment now) {
        String time = WorkerLines.time(since.until(now));
        return switch (state) {
            case STARTING -> "no join yet, " + time;
            case CONNECTED, STARTED ->
                lost != null
                        ? "control channel lost " + time + " ago: " + lost
                        : state == WorkerState.CONNECTED ? "joined, not ready, " + time : null;
            default -> null;
        };
    }
}
