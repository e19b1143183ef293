package io.millwright.controller.internal.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.NodeController;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.Operation;
import io.millwright.controller.api.Role;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.process.ProcessOperations;
import io.millwright.controller.internal.log.Audit;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every method of the service goes through the gate: its role is looked at, its caller is fixed, and what changes something is noted. */
class NodeViewTest {
    private static final Caller JOE = Caller.remote("joe", "7").withAddress("192.0.2.7:5");
    private static final Caller OTHER = Caller.shell("somebody");
    private static final Set<String> READERS_OF_LOGS =
            Set.of("getWorkerLog", "searchWorkerLog", "follow", "followAfter");
    private static final Set<String> OPERATORS_READING = Set.of("check", "checkNodeOptions", "getPlanner", "awaitExit");

    private final List<String> reached = new ArrayList<>();
    private final List<Audit.Line> audit = new ArrayList<>();
    private final NodeController service = NodeView.service(recording(NodeController.class), audit::add);

    /** Notes the calls that reach it, with the caller they name, and has an answer for each. */
    private <T> T recording(Class<T> type) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, given) -> {
                    List<Object> arguments = given == null ? List.of() : Arrays.asList(given);
                    reached.add(method.getName()
                            + arguments.stream()
                                    .filter(Caller.class::isInstance)
                                    .map(caller -> " by " + caller)
                                    .findFirst()
                                    .orElse(""));
                    return answer(method.getReturnType());
                }));
    }

    private Object answer(Class<?> type) {
        if (type == CompletionStage.class) {
            return CompletableFuture.completedFuture(null);
        }
        if (type == ProcessOperations.class) {
            return recording(ProcessOperations.class);
        }
        return type == int.class ? (Object) 0 : type == List.class ? List.of() : null;
    }

    static Stream<Arguments> methods() {
        return Stream.of(NodeController.class, ProcessOperations.class)
                .flatMap(type -> Stream.of(type.getMethods()))
                .filter(method -> !method.isDefault() || isOwn(method))
                .filter(method -> !method.getName().equals("as"))
                .map(Arguments::of);
    }

    /** A default method that is there for its own sake, not a short form of another. */
    private static boolean isOwn(Method method) {
        return Stream.of(NodeView.class.getDeclaredMethods())
                .anyMatch(one -> one.getName().equals(method.getName())
                        && Arrays.equals(one.getParameterTypes(), method.getParameterTypes()));
    }

    private static Role needed(Method method) {
        boolean changes = List.of(method.getParameterTypes()).contains(Caller.class);
        if (changes || OPERATORS_READING.contains(method.getName())) {
            return Role.OPERATOR;
        }
        return READERS_OF_LOGS.contains(method.getName()) ? Role.LOG_OBSERVER : Role.OBSERVER;
    }

    private static Object[] arguments(Method method, Caller caller) {
        return Stream.of(method.getParameterTypes())
                .map(type -> type == Caller.class
                        ? caller
                        : type == boolean.class
                                ? (Object) false
                                : type == int.class
                                        ? (Object) 1
                                        : type == long.class
                                                ? (Object) 1L
                                                : type == WorkerId.class
                                                        ? new WorkerId("w")
                                                        : type == Map.class
                                                                ? Map.of()
                                                                : type == List.class
                                                                        ? List.of()
                                                                        : type == Duration.class ? Duration.ZERO : null)
                .toArray();
    }

    /** What a call fails with, thrown or answered; null if it does not. */
    private Throwable failure(NodeController view, Method method, Caller caller) {
        try {
            Object target = method.getDeclaringClass() == ProcessOperations.class ? view.getProcess() : view;
            Object answer = method.invoke(target, arguments(method, caller));
            return answer instanceof CompletionStage<?> stage ? catchThrowable(() -> TestNode.get(stage)) : null;
        } catch (InvocationTargetException e) {
            return e.getCause();
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @MethodSource("methods")
    void eachMethodIsRefusedToTheRolesThatDoNotCoverIt(Method method) {
        for (Role role : Role.values()) {
            reached.clear();
            Throwable failure = failure(service.as(JOE, role), method, OTHER);
            if (role.covers(needed(method))) {
                assertThat(failure).as(role.text()).isNull();
                assertThat(reached).last().asString().startsWith(method.getName());
            } else {
                assertThat(failure)
                        .isInstanceOf(NodeException.class)
                        .hasMessageMatching(
                                "remote:joe may not ask for [a-z_]+: that takes the role '[a-z_]+', and this is '"
                                        + role.text() + "'")
                        .extracting(e -> ((NodeException) e).code())
                        .isEqualTo(ErrorCode.NOT_AUTHORIZED);
                assertThat(reached)
                        .filteredOn(call -> call.startsWith(method.getName()))
                        .isEmpty();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("methods")
    void whatChangesSomethingIsNotedAndDoneInTheNameOfTheViewsCaller(Method method) {
        assertThat(failure(service.as(JOE, Role.OPERATOR), method, OTHER)).isNull();
        assertThat(failure(service.as(JOE, Role.OBSERVER), method, OTHER) == null)
                .isEqualTo(needed(method) == Role.OBSERVER);
        if (List.of(method.getParameterTypes()).contains(Caller.class)) {
            assertThat(reached).contains(method.getName() + " by remote:joe");
            // A shutdown is noted where it begins.
            List<String> results =
                    method.getName().equals("shutdown") ? List.of("not_authorized") : List.of("ok", "not_authorized");
            assertThat(audit).extracting(Audit.Line::result).isEqualTo(results);
            assertThat(audit).extracting(Audit.Line::who).containsOnly(JOE);
            assertThat(audit).extracting(Audit.Line::operation).allMatch(name -> Operation.valueOf(
                            name.toUpperCase(java.util.Locale.ROOT))
                    .isChange());
        } else {
            assertThat(audit).as("reading is not noted").isEmpty();
        }
    }

    @Test
    void theServiceTakesTheCallerOfEachCallAndAViewMakesNoOtherViews() {
        TestNode.get(service.reopenLogs(OTHER));
        assertThat(reached).containsExactly("reopenLogs by shell:somebody");
        assertThat(audit).extracting(Audit.Line::who).containsExactly(OTHER);
        assertThatThrownBy(() -> TestNode.get(service.reopenLogs(null))).hasMessage("caller is missing (null)");
        assertThatThrownBy(() -> service.as(JOE, Role.OBSERVER).as(OTHER, Role.OPERATOR))
                .isInstanceOf(NodeException.class)
                .hasMessageStartingWith("this is the view of remote:joe");
    }
}
