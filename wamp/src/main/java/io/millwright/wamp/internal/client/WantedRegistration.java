package io.millwright.wamp.internal.client;

import io.millwright.wamp.client.Procedure;
import io.millwright.wamp.client.Registration;
import io.millwright.wamp.message.MessageType;
import io.millwright.wamp.message.Register;
import io.millwright.wamp.message.Registered;
import io.millwright.wamp.message.Unregister;
import io.millwright.wamp.message.Unregistered;
import io.millwright.wamp.message.WampMessage;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** A registration. */
final class WantedRegistration extends Wanted<Registration> {
    private final Procedure code;
    private final Registration handle = new Handle();

    WantedRegistration(ClientCore core, String procedure, Map<String, Object> options, Procedure code) {
        super(core, procedure, options);
        this.code = code;
    }

    /** What the application holds; tells no more of it. */
    private final class Handle implements Registration {
        @Override
        public String procedure() {
            return uri;
        }

        @Override
        public CompletableFuture<Void> unregister() {
            return core.end(WantedRegistration.this);
        }
    }

    /** Runs the procedure; whether there was room for the call. */
    boolean invoke(Invoked call) {
        boolean taken = lane.offer(() -> call.run(code));
        if (!taken) {
            overrun();
        }
        return taken;
    }

    @Override
    Registration self() {
        return handle;
    }

    @Override
    MessageType request() {
        return MessageType.REGISTER;
    }

    @Override
    WampMessage requested(long requestId) {
        return new Register(requestId, options, uri);
    }

    @Override
    long idIn(WampMessage answer) {
        return answer instanceof Registered registered ? registered.registration() : 0;
    }

    @Override
    WampMessage undone(long requestId) {
        return new Unregister(requestId, id);
    }

    @Override
    MessageType undoing() {
        return MessageType.UNREGISTER;
    }

    @Override
    boolean isUndone(WampMessage answer) {
        return answer instanceof Unregistered;
    }
}
