package io.millwright.controller.internal.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.api.worker.OptionValues;
import io.millwright.controller.internal.options.CommonOptions;
import io.millwright.controller.internal.process.HeldSocket;
import io.millwright.controller.internal.process.Launch;
import io.millwright.controller.internal.process.ProcessBackend;
import io.millwright.controller.internal.process.ProcessListener;
import io.millwright.controller.internal.process.WorkerProcess;
import io.millwright.options.OptionChecker;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The kind: instances and other workers that want, change and leave their sockets in any order, while two threads open and close them.
 * An address is open once, as long as a worker that has it is wanted, and no longer.
 */
class HeldSocketsTest {
    private static final OptionChecker CHECKER = CommonOptions.checker(List.of(), name -> null);
    private static final Path HERE = Path.of("/here");

    private final Groups groups = new Groups();
    private final List<Runnable> tasks = new ArrayList<>();
    private final Map<String, FakeSocket> open = new HashMap<>();
    private final HeldSockets sockets = new HeldSockets(new Backend(), tasks::add, HERE, groups);
    private final Map<String, Life> lives = new HashMap<>();
    /** What broke a rule, where an exception would not be seen. */
    private final List<Object> wrong = new ArrayList<>();

    /** One worker as it should be. */
    private static final class Life {
        final WorkerId id;
        boolean wanted;

        @Nullable
        CompletableFuture<List<HeldSocket>> asked;

        Set<String> addresses = Set.of();

        Life(String id) {
            this.id = new WorkerId(id);
        }

        String owner() {
            return id.value().replaceAll("-.*", "");
        }
    }

    private final class Backend implements ProcessBackend {
        @Override
        public String description() {
            return "fake";
        }

        @Override
        public HeldSocket listen(SocketAddress address, int backlog, int mode) {
            String name =
                    ((UnixDomainSocketAddress) address).getPath().getFileName().toString();
            FakeSocket socket = new FakeSocket(name);
            wrong.addAll(open.put(name, socket) == null ? List.of() : List.of(name));
            return socket;
        }

        @Override
        public WorkerProcess spawn(Launch launch, ProcessListener listener) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {}
    }

    private final class FakeSocket implements HeldSocket {
        private final String name;

        FakeSocket(String name) {
            this.name = name;
        }

        @Override
        public void onConnection(Runnable then) {}

        @Override
        public boolean hasConnection() {
            return false;
        }

        @Override
        public void makeBlocking() {
            wrong.addAll(users(name) <= 1 ? List.of() : List.of(name));
        }

        @Override
        public void adjust(int backlog, int mode) {
            wrong.addAll(open.get(name) == this ? List.of() : List.of(name));
        }

        @Override
        public void ignore() {}

        @Override
        public void close() {
            wrong.addAll(open.remove(name) == this ? List.of() : List.of(name));
        }
    }

    private long users(String name) {
        return lives.values().stream()
                .filter(life -> life.wanted && life.addresses.contains(name))
                .count();
    }

    private static OptionValues options(Set<String> addresses, int backlog) {
        Map<String, Object> options = new HashMap<>();
        addresses.forEach(address -> {
            options.put("sockets." + address + backlog % 2 + ".listen", "unix:" + address);
            options.put("sockets." + address + backlog % 2 + ".backlog", backlog);
        });
        return CHECKER.check(options, new OptionValues(Map.of(), Set.of())).values();
    }

    private void want(Life life, Set<String> addresses, int backlog) {
        life.wanted = true;
        OptionValues options = options(addresses, backlog);
        sockets.want(life.id, options);
        CompletableFuture<List<HeldSocket>> asked = sockets.bindLater(life.id, options);
        life.asked = asked;
        asked.whenComplete((bound, fault) -> {
            life.asked = null;
            if (fault == null) {
                wrong.addAll(bound.size() == addresses.size() ? List.of() : List.of(bound));
                life.addresses = addresses;
            } else if (life.wanted) {
                wrong.addAll(isAnothers(life, fault) ? List.of() : List.of(fault));
                leave(life);
            }
        });
    }

    /** Whether a refusal names one of another owner that is wanted; it may have had the address before its latest change. */
    private boolean isAnothers(Life life, Throwable fault) {
        return lives.values().stream()
                .anyMatch(other -> other.wanted
                        && !other.owner().equals(life.owner())
                        && fault.getMessage().contains(" is held for ")
                        && fault.getMessage().contains("'" + other.owner() + "'"));
    }

    private void leave(Life life) {
        life.wanted = false;
        life.addresses = Set.of();
        sockets.release(life.id);
    }

    /** Two threads take the tasks: one for what was asked earlier may come after the one for what is asked now. */
    @Test
    void aTaskForEarlierOptionsComesTooLate() {
        WorkerId worker = new WorkerId("w");
        OptionValues earlier = options(Set.of("a"), 1);
        OptionValues now = options(Set.of("b"), 1);
        sockets.want(worker, earlier);
        CompletableFuture<List<HeldSocket>> first = sockets.bindLater(worker, earlier);
        sockets.want(worker, now);
        CompletableFuture<List<HeldSocket>> second = sockets.bindLater(worker, now);
        tasks.remove(1).run();
        tasks.remove(0).run();
        assertThat(second).isCompleted();
        assertThat(first).isCompletedExceptionally();
        assertThat(open).containsOnlyKeys("b");
    }

    private void work(Random random) {
        if (!tasks.isEmpty()) {
            tasks.remove(random.nextInt(Math.min(2, tasks.size()))).run();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void areOpenForThoseThatWantThemAndNoLonger(int most) {
        for (int seed = 0; seed < 2000; seed++) {
            Random random = new Random(seed);
            groups.put(Groups.Group.ofCall(WorkerSpec.of(new WorkerId("web"), "guest", Map.of()), 3));
            List.of("web-1", "web-2", "web-3", "other").forEach(id -> lives.put(id, new Life(id)));
            List<Life> all = List.copyOf(lives.values());
            for (int step = 0; step < 60; step++) {
                Life life = all.get(random.nextInt(all.size()));
                if (life.asked == null && random.nextInt(3) > 0) {
                    Set<String> addresses = new TreeSet<>();
                    for (int i = 0; i < most; i++) {
                        addresses.add("abc".substring(random.nextInt(3)).substring(0, 1));
                    }
                    want(life, addresses, 1 + random.nextInt(4));
                } else if (life.wanted && random.nextInt(3) == 0) {
                    leave(life);
                }
                for (int i = random.nextInt(3); i > 0; i--) {
                    work(random);
                }
                all.forEach(one -> assertThat(open.keySet()).as(one.id + "").containsAll(kept(one)));
            }
            while (!tasks.isEmpty()) {
                work(random);
            }
            assertThat(wrong).as("seed " + seed).isEmpty();
            Set<String> wanted = new TreeSet<>();
            all.forEach(one -> wanted.addAll(one.addresses));
            assertThat(open.keySet()).as("seed " + seed).isEqualTo(wanted);
            all.forEach(this::leave);
            while (!tasks.isEmpty()) {
                work(random);
            }
            assertThat(open).isEmpty();
        }
    }

    /** What a worker has for certain: nothing it leaves out later is on its way. */
    private static Set<String> kept(Life life) {
        return life.asked == null ? life.addresses : Set.of();
    }
}
