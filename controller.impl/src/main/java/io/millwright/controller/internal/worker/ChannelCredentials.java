package io.millwright.controller.internal.worker;

import io.millwright.controller.api.channel.Credentials;
import io.millwright.controller.api.channel.ExpectedRun;
import io.millwright.controller.api.worker.OptionValues;
import io.millwright.controller.internal.launch.Admission;
import io.millwright.controller.internal.launch.BirthLine;
import io.millwright.controller.internal.launch.Introductions;
import io.millwright.controller.internal.options.IdentityOptions;
import io.millwright.controller.internal.options.NativeOptions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes the credentials of each run of a native worker: by which it joins its channel, joins it again and is known to other workers, and
 * the birth line that hands them over. Called in the controller loop.
 */
final class ChannelCredentials {
    private static final int SECRET_BYTES = 32;
    private static final int MARK_BYTES = 9;

    private final Registry registry;
    private final LongSupplier runNumbers;
    private final Supplier<BirthLine.NodeFacts> node;

    private @Nullable SecureRandom random;
    private @Nullable Introductions introductions;

    /**
     * Credentials of one life of the node.
     *
     * @param runNumbers gives each run a number that never repeats
     * @param node what birth lines say of the node
     */
    ChannelCredentials(Registry registry, LongSupplier runNumbers, Supplier<BirthLine.NodeFacts> node) {
        this.registry = registry;
        this.runNumbers = runNumbers;
        this.node = node;
    }

    /** Makes the channel of a run that is to be launched, with credentials that no other run has. */
    Channel channel(Worker worker, Admission.Planned plan, Moment now) {
        long number = runNumbers.getAsLong();
        Credentials token = Credentials.of(secret(SECRET_BYTES));
        return new Channel(
                expected(worker, number, token, Credentials.of(secret(SECRET_BYTES)), plan.options()),
                "@" + secret(MARK_BYTES) + " ",
                now,
                plan.own(),
                BirthLine.own(plan.own(), plan.options()));
    }

    /**
     * Prepares the birth line of a run, with the token that it has now.
     *
     * @return makes the line from the address of the channel, on any thread
     */
    Function<Map<String, ? extends @Nullable Object>, byte[]> birthLine(
            Worker worker, Channel channel, Admission.Planned plan) {
        ExpectedRun run = channel.expected;
        BirthLine.NodeFacts facts = node.get();
        Map<String, @Nullable Object> introduced =
                introductions().of(facts.directory(), worker.id, run.run(), plan.options());
        return address -> BirthLine.of(
                facts,
                worker.id,
                run.group(),
                run.type(),
                run.run(),
                address,
                run.token().reveal(),
                introduced,
                channel.mark,
                plan);
    }

    /** A run has joined: gives it another token, for the one that it had lets nothing in any more. */
    void renewToken(Channel channel) {
        channel.expected = channel.expected.withToken(Credentials.of(secret(SECRET_BYTES)));
    }

    private Introductions introductions() {
        if (introductions == null) {
            introductions = new Introductions(secret(SECRET_BYTES));
        }
        return introductions;
    }

    private ExpectedRun expected(
            Worker worker, long number, Credentials token, Credentials rejoin, OptionValues options) {
        return ExpectedRun.builder(worker.id, worker.definition.spec.type(), number, token, rejoin)
                .user(IdentityOptions.value(options, IdentityOptions.USER))
                .controllerExposed(options.flag(NativeOptions.EXPOSE_CONTROLLER))
                .group(group(worker))
                .build();
    }

    private @Nullable String group(Worker worker) {
        Groups.Group group = registry.groups.of(worker.id);
        return group == null ? null : group.id().value();
    }

    private String secret(int length) {
        if (random == null) {
            random = new SecureRandom();
        }
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
