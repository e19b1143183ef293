package io.millwright.worker.runtime.container;

import io.millwright.worker.runtime.internal.Birth;
import io.millwright.worker.runtime.internal.Member;
import io.millwright.worker.runtime.internal.Program;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Where the JVM of a worker of type {@code container} begins. */
public final class Container {
    private Container() {}

    /**
     * Joins the node, starts the components of the worker's options, and is ready when each is started, has failed, or has taken longer than
     * its time.
     *
     * @param args the folder of the bundles that each framework has, each of which is on the class path too
     */
    public static void main(String[] args) {
        try {
            run(Path.of(args[0]));
        } catch (IOException | RuntimeException e) {
            Program.end(String.valueOf(e.getMessage()));
        }
    }

    private static void run(Path bundles) throws IOException {
        AtomicReference<@Nullable BundleHost> early = new AtomicReference<>();
        // The framework is made while the worker joins: they are the two halves of the time until a container is ready.
        Member member = Member.get(birth -> {
            BundleHost framework =
                    new BundleHost(birth, bundles, () -> Member.get().channel());
            early.set(framework);
            if (hasBundles(birth.options().get("components"))) {
                WarmUp.begin();
                framework.prepare();
            }
        });
        member.stay();
        Program.endIfRefused(member);
        Program.configureLogging();
        Birth birth = member.birth();
        BundleHost framework = Objects.requireNonNull(early.get());
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
        components.offer((name, code) -> member.channel().register(name, code));
        saved.offer((name, code) -> member.channel().register(name, code), components);
        components
                .configure(birth.options().get("components"))
                .thenCombine(saved.start(components), (done, too) -> done)
                .join();
        member.ready();
        framework.tidy();
    }

    private static boolean hasBundles(@Nullable Object components) {
        return components instanceof List<?> list
                && list.stream().anyMatch(one -> one instanceof Map<?, ?> map && map.get("bundle") != null);
    }

    private static String restartPolicy(String word) {
        return switch (word) {
            case "restart-always" -> "always";
            case "restart-on-failed" -> "on-failure";
            default -> "never";
        };
    }
}
