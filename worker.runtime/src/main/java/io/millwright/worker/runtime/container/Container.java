package io.millwright.worker.runtime.container;

import io.millwright.wamp.client.Procedure;
import io.millwright.worker.runtime.internal.Birth;
import io.millwright.worker.runtime.internal.Channel;
import io.millwright.worker.runtime.internal.Member;
import io.millwright.worker.runtime.internal.Program;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Where the JVM of a worker of type {@code container} begins. */
public final class Container {
    private Container() {}

    /**
     * Joins the node, starts the components of the worker's options, and is ready when each is started, has failed, or has taken longer than
     * its time.
     */
    public static void main(String[] args) {
        try {
            run();
        } catch (IOException | RuntimeException e) {
            Program.end(String.valueOf(e.getMessage()));
        }
    }

    private static void run() throws IOException {
        Early early = new Early();
        Member member = Member.get(early);
        member.stay();
        Program.endIfRefused(member);
        Program.configureLogging();
        Birth birth = member.birth();
        BundleHost framework = early.framework();
        ClassHost classes = new ClassHost();
        Components components = new Components(
                birth.prefix(),
                kind -> kind == ComponentSpec.Kind.BUNDLE ? framework : classes,
                ExitRule.of(String.valueOf(birth.options().getOrDefault("components_exit", "shutdown-manual"))),
                restartPolicy(String.valueOf(birth.options().getOrDefault("components_restart", "restart-manual"))),
                change -> member.channel().tell("component_changed", change),
                code -> new Thread(() -> System.exit(code), "container-exit").start());
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            components.close();
                            framework.close();
                            member.channel().finish();
                        },
                        "container-stop"));
        SavedComponents saved = new SavedComponents(birth.nodeDirectory(), birth.id(), birth.prefix() + ".error.");
        BiConsumer<String, Procedure> register = member.channel()::register;
        components.offer(register);
        saved.offer(register, components);
        components
                .configure(birth.options().get("components"))
                .thenCombine(saved.start(components), (done, too) -> done)
                .join();
        member.ready();
        framework.tidy();
    }

    /**
     * The framework is made while the worker joins: they are the two halves of the time until a container is ready. What stands here comes
     * before both, so it is little, and without a lambda, whose first one costs a JVM some milliseconds.
     */
    private static final class Early implements Consumer<Birth>, Supplier<Channel> {
        private @Nullable BundleHost framework;

        @Override
        public void accept(Birth birth) {
            BundleHost made = new BundleHost(birth, this);
            framework = made;
            if (hasBundles(birth.options().get("components"))) {
                made.prepare();
                WarmUp.begin();
            }
        }

        /** The worker's session, for procedures of services. */
        @Override
        public Channel get() {
            return Member.get().channel();
        }

        BundleHost framework() {
            return Objects.requireNonNull(framework);
        }
    }

    private static boolean hasBundles(@Nullable Object components) {
        if (components instanceof List<?> list) {
            for (Object one : list) {
                if (one instanceof Map<?, ?> map && map.get("bundle") != null) {
                    return true;
                }
            }
        }
        return false;
    }

    private static String restartPolicy(String word) {
        return switch (word) {
            case "restart-always" -> "always";
            case "restart-on-failed" -> "on-failure";
            default -> "never";
        };
    }
}
