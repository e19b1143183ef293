package io.millwright.worker.runtime.container;

import io.millwright.worker.runtime.internal.Birth;
import io.millwright.worker.runtime.internal.Member;
import io.millwright.worker.runtime.internal.Program;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Where the JVM of a worker of type {@code container} begins. */
public final class Container {
    private static final long DEADLINE_SECONDS = 30;

    private Container() {}

    /**
     * Joins the node, starts the components of the worker's options, and is ready when each is started, has failed, or has taken longer than
     * its time.
     *
     * @param args the folder of the bundles that each framework has
     */
    public static void main(String[] args) {
        try {
            run(Path.of(args[0]));
        } catch (IOException | RuntimeException e) {
            Program.end(String.valueOf(e.getMessage()));
        }
    }

    private static void run(Path bundles) throws IOException {
        Member member = Member.get();
        member.stay();
        Program.endIfRefused(member);
        Program.configureLogging();
        Birth birth = member.birth();
        BundleHost framework = new BundleHost(birth, bundles, member.channel());
        ClassHost classes = new ClassHost();
        Components components = new Components(
                birth.prefix(),
                kind -> kind == ComponentSpec.Kind.BUNDLE ? framework : classes,
                ExitRule.of(String.valueOf(birth.options().getOrDefault("components_exit", "shutdown-manual"))),
                code -> new Thread(() -> System.exit(code), "container-exit").start());
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            components.close();
                            framework.close();
                        },
                        "container-stop"));
        components.offer((name, code) -> member.channel().register(name, code));
        startAll(components, birth.options().get("components"));
        member.ready();
    }

    private static void startAll(Components components, @Nullable Object listed) {
        List<CompletableFuture<?>> starts = new ArrayList<>();
        if (listed instanceof List<?> list) {
            for (Object one : list) {
                starts.add(components.add(one).start());
            }
        }
        // What fails is recorded where it does, and what takes longer is seen in its state.
        CompletableFuture.allOf(starts.toArray(new CompletableFuture<?>[0]))
                .orTimeout(DEADLINE_SECONDS, TimeUnit.SECONDS)
                .handle((done, thrown) -> done)
                .join();
    }
}
