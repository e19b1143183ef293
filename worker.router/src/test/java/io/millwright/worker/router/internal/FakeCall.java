package io.millwright.worker.router.internal;

import io.millwright.wamp.client.ProcedureCall;
import io.millwright.wamp.message.Payload;
import java.util.Map;

/** A call with arguments, and nobody behind it. */
record FakeCall(Payload payload) implements ProcedureCall {
    @Override
    public String procedure() {
        return "test";
    }

    @Override
    public Map<String, Object> details() {
        return Map.of();
    }

    @Override
    public boolean wantsProgress() {
        return false;
    }

    @Override
    public boolean progress(Payload part) {
        return false;
    }

    @Override
    public boolean isCancelled() {
        return false;
    }

    @Override
    public void onCancel(Runnable action) {}
}
