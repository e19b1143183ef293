package io.millwright.wamp.router.internal;

import io.millwright.wamp.MatchPolicy;
import io.millwright.wamp.WampErrors;
import io.millwright.wamp.message.Call;
import io.millwright.wamp.message.Cancel;
import io.millwright.wamp.message.ErrorMessage;
import io.millwright.wamp.message.Interrupt;
import io.millwright.wamp.message.Invocation;
import io.millwright.wamp.message.MessageType;
import io.millwright.wamp.message.Options;
import io.millwright.wamp.message.Result;
import io.millwright.wamp.message.WampMessage;
import io.millwright.wamp.message.Yield;
import io.millwright.wamp.router.Outbound.Offer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Calls between sessions, from CALL to RESULT or ERROR. Each call gets exactly one of these, whatever happens to its callee. */
final class Calls {
    private final RealmCore realm;

    Calls(RealmCore realm) {
        this.realm = realm;
    }

    void call(Session caller, Call message, Registration registration, boolean disclosed) {
        long request = message.request();
        if (caller.has.calls.containsKey(request)) {
            caller.abort(
                    WampErrors.PROTOCOL_VIOLATION,
                    "the request " + request + " of CALL is that of a call without an answer");
            return;
        }
        if (caller.has.calls.size() >= caller.limits().calls()) {
            caller.limited(
                    MessageType.CALL,
                    request,
                    "this session has " + caller.has.calls.size() + " calls without an answer, and may have no more");
            return;
        }
        Session callee = registration.choose();
        boolean progress = Options.flag(message.options(), "receive_progress") && callee.features().progress;
        long invocation = ++callee.has.lastInvocation;
        PendingCall call = new PendingCall(caller, request, callee, invocation, progress);
        Map<String, Object> details = details(caller, message, registration, disclosed || callee.isLocal(), progress);
        caller.has.calls.put(request, call);
        callee.has.invocations.put(invocation, call);
        Offer offer = callee.send(new Invocation(invocation, registration.id, details, message.payload()));
        if (offer == Offer.TAKEN) {
            startTimeout(call, Options.number(message.options(), "timeout", 0));
        } else if (offer == Offer.CLOSED) {
            finish(call, WampErrors.CANCELED, "the callee is leaving");
        } else {
            finish(call, uri(offer), "the arguments cannot be sent to the callee: " + why(offer));
        }
    }

    private static Map<String, Object> details(
            Session caller, Call message, Registration registration, boolean disclosed, boolean progress) {
        Map<String, Object> details = HonouredOptions.packing(message.options());
        boolean named = registration.policy != MatchPolicy.EXACT;
        if (disclosed || progress || named) {
            details = new LinkedHashMap<>(details);
        }
        if (named) {
            details.put("procedure", message.procedure());
        }
        if (progress) {
            details.put("receive_progress", true);
        }
        if (disclosed) {
            details.put("caller", caller.id());
            details.put("caller_authid", caller.info().authid());
            details.put("caller_authrole", caller.info().role());
        }
        return details;
    }

    private static String uri(Offer offer) {
        return offer == Offer.TOO_LARGE ? WampErrors.PAYLOAD_SIZE_EXCEEDED : WampErrors.INVALID_PAYLOAD;
    }

    private static String why(Offer offer) {
        return offer == Offer.TOO_LARGE
                ? "they are longer than the other side takes"
                : "there is a value that the other side's serializer has no form for";
    }

    private void startTimeout(PendingCall call, long millis) {
        if (millis > 0) {
            call.timeout = realm.router()
                    .later(() -> timeOut(call, millis), Duration.ofMillis(Math.min(millis, Integer.MAX_VALUE)));
        }
    }

    private void timeOut(PendingCall call, long millis) {
        if (isOpen(call)) {
            interrupt(call, "killnowait", WampErrors.TIMEOUT);
            finish(call, WampErrors.TIMEOUT, "the call was not answered in " + millis + " ms");
        }
    }

    private static boolean isOpen(PendingCall call) {
        return call.caller.has.calls.get(call.request) == call;
    }

    /** Forgets a call. */
    private static void close(PendingCall call) {
        call.caller.has.calls.remove(call.request, call);
        call.callee.has.invocations.remove(call.invocation, call);
        if (call.timeout != null) {
            call.timeout.cancel();
        }
    }

    private static void finish(PendingCall call, String uri, String sentence) {
        close(call);
        call.caller.error(MessageType.CALL, call.request, uri, sentence);
    }

    /** The answer of a callee, or its last. */
    private static void answer(PendingCall call, WampMessage answer) {
        close(call);
        Offer offer = call.caller.send(answer);
        if (offer == Offer.TOO_LARGE || offer == Offer.NO_FORM) {
            call.caller.error(
                    MessageType.CALL,
                    call.request,
                    uri(offer),
                    "the answer cannot be sent to the caller: " + why(offer));
        }
    }

    /** Asks a callee to give up, if it knows that: others end their session at such a message. */
    private static void interrupt(PendingCall call, String mode, String reason) {
        if (call.callee.features().canceling && !call.interrupted) {
            call.interrupted = true;
            call.callee.send(new Interrupt(call.invocation, Map.of("mode", mode, "reason", reason)));
        }
    }

    void cancel(Session caller, Cancel message) {
        PendingCall call = caller.has.calls.get(message.request());
        if (call == null) {
            // The answer and this message have passed each other.
            return;
        }
        String mode = Options.text(message.options(), "mode");
        boolean kill = "kill".equals(mode) && call.callee.features().canceling;
        if (!"skip".equals(mode)) {
            interrupt(call, kill ? "kill" : "killnowait", WampErrors.CANCELED);
        }
        if (!kill) {
            finish(call, WampErrors.CANCELED, "the call was cancelled by its caller");
        }
    }

    void yield(Session callee, Yield message) {
        PendingCall call = invocation(callee, MessageType.YIELD, message.request());
        if (call == null) {
            return;
        }
        Map<String, Object> details = HonouredOptions.packing(message.options());
        if (!Options.flag(message.options(), "progress")) {
            answer(call, new Result(call.request, details, message.payload()));
        } else if (call.progress) {
            Map<String, Object> more = new LinkedHashMap<>(details);
            more.put("progress", true);
            Offer offer = call.caller.send(new Result(call.request, more, message.payload()));
            if (offer == Offer.TOO_LARGE || offer == Offer.NO_FORM) {
                interrupt(call, "killnowait", uri(offer));
                finish(call, uri(offer), "a part of the result cannot be sent to the caller: " + why(offer));
            }
        }
    }

    void error(Session callee, ErrorMessage message) {
        PendingCall call = invocation(callee, MessageType.ERROR, message.request());
        if (call != null) {
            answer(
                    call,
                    new ErrorMessage(
                            MessageType.CALL.code(),
                            call.request,
                            HonouredOptions.packing(message.details()),
                            message.error(),
                            message.payload()));
        }
    }

    /** The call of an invocation; none if it is over, and one that never was is a violation of the protocol. */
    private static @Nullable PendingCall invocation(Session callee, MessageType type, long request) {
        PendingCall call = callee.has.invocations.get(request);
        if (call == null && request > callee.has.lastInvocation) {
            callee.abort(
                    WampErrors.PROTOCOL_VIOLATION,
                    "the request " + request + " of " + type + " is that of no invocation");
        }
        return call;
    }

    /** A session is over: its calls are given up, those to it fail. */
    void leave(Session session) {
        for (PendingCall call : List.copyOf(session.has.calls.values())) {
            close(call);
            interrupt(call, "killnowait", WampErrors.CANCELED);
        }
        for (PendingCall call : List.copyOf(session.has.invocations.values())) {
            finish(call, WampErrors.CANCELED, "the callee has left before it answered");
        }
    }
}
