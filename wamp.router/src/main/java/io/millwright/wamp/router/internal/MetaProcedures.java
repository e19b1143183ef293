package io.millwright.wamp.router.internal;

import io.millwright.wamp.MatchPolicy;
import io.millwright.wamp.WampErrors;
import io.millwright.wamp.message.Call;
import io.millwright.wamp.message.ErrorMessage;
import io.millwright.wamp.message.MessageType;
import io.millwright.wamp.message.Payload;
import io.millwright.wamp.message.Result;
import io.millwright.wamp.router.Action;
import io.millwright.wamp.router.ProcedureException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The router's own procedures: counts, lists and reads. Those of sessions are {@link SessionProcedures}'. */
final class MetaProcedures {
    /** Answers a call, or throws a {@link ProcedureException}. */
    @FunctionalInterface
    interface Answer {
        @Nullable
        Object of(Session caller, Arguments arguments);
    }

    private final RealmCore realm;
    private final Map<String, Answer> answers = new HashMap<>();

    MetaProcedures(RealmCore realm) {
        this.realm = realm;
        new SessionProcedures(realm).addTo(answers);
        addRegistrations("wamp.registration.");
        addSubscriptions("wamp.subscription.");
    }

    private void addRegistrations(String prefix) {
        answers.put(
                prefix + "list",
                (caller, a) -> byPolicy(policy -> realm.dealer().patterns().values(policy).stream()
                        .map(registration -> registration.id)
                        .toList()));
        answers.put(prefix + "lookup", (caller, a) -> {
            Registration found = realm.dealer().patterns().get(a.text(0, "procedure"), a.match(1));
            return found == null ? null : found.id;
        });
        answers.put(prefix + "match", (caller, a) -> {
            Registration found = realm.dealer().patterns().best(a.text(0, "procedure"));
            return found == null ? null : found.id;
        });
        answers.put(prefix + "get", (caller, a) -> MetaEvents.details(registration(a)));
        answers.put(
                prefix + "list_callees",
                (caller, a) -> registration(a).callees.stream().map(Session::id).toList());
        answers.put(
                prefix + "count_callees", (caller, a) -> registration(a).callees.size());
    }

    private Registration registration(Arguments arguments) {
        long id = arguments.id(0, "registration");
        Registration found = realm.dealer().byId(id);
        if (found == null) {
            throw new ProcedureException(WampErrors.NO_SUCH_REGISTRATION, "there is no registration " + id);
        }
        return found;
    }

    private void addSubscriptions(String prefix) {
        answers.put(
                prefix + "list",
                (caller, a) -> byPolicy(policy -> realm.broker().patterns().values(policy).stream()
                        .map(subscription -> subscription.id)
                        .toList()));
        answers.put(prefix + "lookup", (caller, a) -> {
            Subscription found = realm.broker().patterns().get(a.text(0, "topic"), a.match(1));
            return found == null ? null : found.id;
        });
        answers.put(prefix + "match", (caller, a) -> {
            List<Long> ids = new ArrayList<>();
            realm.broker().patterns().match(a.text(0, "topic"), subscription -> ids.add(subscription.id));
            return ids.isEmpty() ? null : ids;
        });
        answers.put(prefix + "get", (caller, a) -> MetaEvents.details(subscription(a)));
        answers.put(
                prefix + "list_subscribers",
                (caller, a) -> List.copyOf(subscription(a).sessions.keySet()));
        answers.put(
                prefix + "count_subscribers",
                (caller, a) -> subscription(a).sessions.size());
    }

    private Subscription subscription(Arguments arguments) {
        long id = arguments.id(0, "subscription");
        Subscription found = realm.broker().byId(id);
        if (found == null) {
            throw new ProcedureException(WampErrors.NO_SUCH_SUBSCRIPTION, "there is no subscription " + id);
        }
        return found;
    }

    private static Map<String, Object> byPolicy(Function<MatchPolicy, List<Long>> ids) {
        Map<String, Object> lists = new LinkedHashMap<>();
        for (MatchPolicy policy : MatchPolicy.values()) {
            lists.put(policy.word(), ids.apply(policy));
        }
        return lists;
    }

    void call(Session caller, Call message) {
        try {
            String fault = HonouredOptions.fault(MessageType.CALL, message.options());
            if (fault != null) {
                throw new ProcedureException(WampErrors.OPTION_NOT_ALLOWED, fault);
            }
            String procedure = message.procedure();
            if (!realm.rights().may(caller, Action.CALL, procedure)) {
                throw new ProcedureException(
                        WampErrors.NOT_AUTHORIZED, Rights.refusal(caller, Action.CALL, procedure, MatchPolicy.EXACT));
            }
            Answer answer = answers.get(procedure);
            if (answer == null) {
                throw new ProcedureException(
                        WampErrors.NO_SUCH_PROCEDURE, "the router has no procedure '" + procedure + "'");
            }
            Object value = answer.of(caller, new Arguments(message.payload()));
            caller.send(new Result(message.request(), Map.of(), Payload.args(value)));
        } catch (ProcedureException e) {
            caller.send(new ErrorMessage(MessageType.CALL.code(), message.request(), Map.of(), e.uri(), e.payload()));
        }
    }
}
