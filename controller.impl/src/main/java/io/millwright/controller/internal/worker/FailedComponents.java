package io.millwright.controller.internal.worker;

import io.millwright.controller.api.channel.ComponentChange;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which components of a run have failed and are not started again, as its program has told. For the loop. */
final class FailedComponents {
    /** A program may tell of any number; these are enough to name. */
    private static final int MOST = 100;

    private static final int NAMED = 3;

    /** How the remark begins. */
    static final String BEGINNING = "component '";

    private final Map<String, String> reasons = new LinkedHashMap<>();

    /** Takes what has become of a component; whether there is something else to say of them now. */
    boolean hear(ComponentChange change) {
        boolean other = reasons.remove(change.component()) != null;
        if (change.state() == ComponentChange.State.FAILED && !change.isTriedAgain() && reasons.size() < MOST) {
            reasons.put(change.component(), change.reason() == null ? "" : ": " + change.reason());
            other = true;
        }
        return other;
    }

    /** What there is to say of them, with what to do; {@code null} if none has failed. */
    @Nullable
    String remark(String worker) {
        if (reasons.isEmpty()) {
            return null;
        }
        List<String> ids = List.copyOf(reasons.keySet());
        String first = ids.get(0);
        String others = "";
        if (ids.size() > 1) {
            others = ", and so have " + String.join(", ", ids.subList(1, Math.min(ids.size(), NAMED)))
                    + (ids.size() > NAMED ? " and " + (ids.size() - NAMED) + " more" : "");
        }
        return BEGINNING + first + "' has failed" + reasons.get(first) + others + "; worker:component info " + worker
                + " " + first + " shows the trace, worker:component restart " + worker + " " + first
                + " starts it again";
    }
}
