package io.millwright.karaf;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.karaf.complete.CompleteCommand;
import io.millwright.karaf.nap.NapWorkerType;
import io.millwright.wamp.client.Publication;
import io.millwright.wamp.client.Transports;
import io.millwright.wamp.client.WampClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The features in a real Apache Karaf, used as its users do: at its console, in {@code etc/} and in {@code deploy/}. */
class KarafTest {
    private static final Path HOME = Path.of(System.getProperty("karaf.home"));
    private static final Path DEPLOY = HOME.resolve("deploy");

    private static final String GUEST = "io.millwright.worker.guest";

    private static final String KARAF_TABLE = "(?s).*ID +[|│] TYPE +[|│] STATUS.*";

    private final List<Long> pids = new ArrayList<>();

    @Test
    void guestsAndTypesComeAndGoAndNothingIsLeft() throws Exception {
        KarafConsole.prepare(HOME, Path.of(System.getProperty("repository")));
        List<ProcessHandle> all;
        try (KarafConsole karaf = new KarafConsole(HOME)) {
            install(karaf);
            long byHand = startByHand(karaf);
            long web = configureWeb(karaf);
            // A refresh that was left would come now, and end all workers.
            karaf.run("feature:install eventadmin");
            assertThat(pidOf(karaf, "byhand")).isEqualTo(byHand);
            audited(karaf);
            remote(karaf);
            dropTypeIn(karaf);
            complete(karaf);
            shutNodeDown(karaf);

            // the node again, and Karaf ends under it
            karaf.run("bundle:restart io.millwright.controller.impl");
            long last = pidOf(karaf, "web");
            assertThat(last).isNotEqualTo(web);
            all = karaf.handle().descendants().toList();
            assertThat(all).extracting(ProcessHandle::pid).contains(last);
            karaf.shutdown();
            assertThat(karaf.leftOvers()).isEmpty();
        }
        assertThat(all).noneMatch(ProcessHandle::isAlive);
    }

    private static void install(KarafConsole karaf) throws Exception {
        karaf.run("feature:repo-add " + Path.of(System.getProperty("features")).toUri());
        // As run/README.md says: without -r, so that the shell is restarted and no refresh is left for later.
        karaf.run("feature:install millwright-all");
        karaf.await("node:status", answer -> answer.contains("ready"));
        assertThat(karaf.await("node:doctor", answer -> !answer.contains("not found")))
                .contains("nothing is wrong");
    }

    private long startByHand(KarafConsole karaf) throws Exception {
        karaf.run("worker:start byhand guest -- /bin/sleep 901");
        return pidOf(karaf, "byhand");
    }

    /** A guest by {@code config:edit}; a change that restarts it, and one that does not. */
    private long configureWeb(KarafConsole karaf) throws Exception {
        configure(karaf, "--factory --alias web " + GUEST, "executable /bin/sleep", "arguments \"[\\\"902\\\"]\"");
        long first = pidOf(karaf, "web");
        Matcher pid = Pattern.compile("Pid: +(io\\.millwright\\.worker\\.guest[.~]\\S+)")
                .matcher(karaf.run("config:list \"(service.factoryPid=" + GUEST + ")\""));
        assertThat(pid.find()).isTrue();

        configure(karaf, pid.group(1), "arguments \"[\\\"903\\\"]\"");
        karaf.await("worker:list", answer -> started(answer, "web") && pid(answer, "web") != first);
        long second = pidOf(karaf, "web");
        assertThat(command(second)).contains("903");

        configure(karaf, pid.group(1), "restart.policy always");
        karaf.await("worker:info web", answer -> answer.matches("(?s).*restart.policy +always.*"));
        assertThat(pidOf(karaf, "web")).isEqualTo(second);
        return second;
    }

    /** Who did it, at the console and by {@code config:edit}, is in the node's audit log. */
    private static void audited(KarafConsole karaf) throws Exception {
        Path log = HOME.resolve("data/millwright/log/audit.log");
        for (String line : List.of(
                "\"who\":\"shell:[^\"]+\",.*\"operation\":\"start_worker\",\"target\":\"byhand\".*\"result\":\"ok\"",
                "\"who\":\"config:io.millwright.worker.guest[.~][^\"]+\",.*bundle org.apache.karaf.config.*\"operation\":\"update_configuration\","
                        + "\"target\":\"web\",\"keys\":\\[\"arguments\"\\],\"result\":\"ok\"")) {
            Pattern wanted = Pattern.compile(line);
            karaf.await("worker:list", answer -> Files.exists(log) && holds(log, wanted));
        }
    }

    /** The feature {@code millwright-remote}: a client reaches the node by its socket; bundles updated and gone leave the workers alone. */
    private void remote(KarafConsole karaf) throws Exception {
        Path socket = HOME.resolve("data/millwright/run/wamp.sock");
        long web = pidOf(karaf, "web");
        karaf.run("feature:install -r millwright-remote");
        karaf.await("worker:list", answer -> Files.exists(socket));
        assertThat(workers(socket)).contains("web", "byhand");
        karaf.run("bundle:update io.millwright.remote.wamp");
        karaf.await("worker:list", answer -> Files.exists(socket));
        assertThat(workers(socket)).contains("web", "byhand");
        nativeWorkers(karaf);
        karaf.run("feature:uninstall -r millwright-remote");
        karaf.await("worker:list", answer -> !Files.exists(socket));
        assertThat(pidOf(karaf, "web")).isEqualTo(web);
    }

    /** The feature {@code millwright-native}: a JVM and a container, which go on while their types are stopped, updated and gone. */
    private void nativeWorkers(KarafConsole karaf) throws Exception {
        karaf.run("feature:install -r millwright-native");
        karaf.await("node:status", answer -> answer.contains("java, process, router") && answer.contains("container"));
        String classes = Path.of(Waits.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI())
                .toString();
        String waits = Waits.class.getName();
        karaf.run("worker:start nat java main=" + waits + " readiness=main classpath=" + classes);
        karaf.run("worker:start box container components.part.class=" + waits + " classpath=" + classes
                + " connect.router=apps connect.realm=chat connect.role=member");
        router(karaf);
        long nat = pidOf(karaf, "nat");
        long box = pidOf(karaf, "box");
        for (String change : List.of("bundle:restart", "bundle:update", "bundle:stop", "bundle:start")) {
            karaf.run(change + " io.millwright.worker.native");
            karaf.await("worker:component list box", answer -> answer.matches("(?s).*part.*started.*"));
        }
        karaf.run("feature:uninstall -r millwright-native");
        karaf.await("worker:types", answer -> !answer.contains("container"));
        assertThat(pidOf(karaf, "nat")).isEqualTo(nat);
        assertThat(pidOf(karaf, "box")).isEqualTo(box);
        for (String id : List.of("nat", "box", "apps")) {
            karaf.run("worker:stop " + id);
            karaf.await("worker:list", answer -> !started(answer, id));
            // What has ended would be offered where a worker to start is completed.
            karaf.run("worker:forget " + id);
        }
    }

    /** A router to which the container belongs; a realm and a transport come while it runs; killed, it is back, and so is the container. */
    private void router(KarafConsole karaf) throws Exception {
        // In single quotes: Karaf expands braces in double ones.
        String realm =
                "{\"roles\": {\"member\": {\"permissions\": [{\"uri\": \"com.example\", \"match\": \"prefix\", \"allow\": [\"publish\"]}]}}}";
        karaf.run("worker:start apps router restart.policy=always 'realms={\"chat\": " + realm + "}'");
        long first = pidOf(karaf, "apps");
        karaf.await("worker:router sessions apps", answer -> answer.matches("(?s).*chat +member +ticket.*"));

        karaf.run("worker:router start-realm apps two '" + realm + "'");
        karaf.run("worker:router start-transport apps door"
                + " '{\"type\": \"rawsocket\", \"path\": \"run/a.sock\", \"auth\": {\"anonymous\": \"member\"}}'");
        assertThat(karaf.run("worker:router realms apps")).contains("chat", "two");
        try (WampClient client = WampClient.builder(Transports.unix(HOME.resolve("data/millwright/run/a.sock")))
                .realm("two")
                .build()) {
            client.connect().get();
            client.publish(Publication.of("com.example.topic").args(1).acknowledge())
                    .get();
            assertThat(client.subscribe("com.example.topic", event -> {}))
                    .failsWithin(Duration.ofSeconds(30))
                    .withThrowableThat()
                    .withMessageContaining("not_authorized");
        }
        assertThat(karaf.run("worker:info --stats apps")).containsPattern("realms.chat +sessions 1");

        ProcessHandle.of(first).orElseThrow().destroyForcibly();
        karaf.await("worker:list", answer -> started(answer, "apps") && pid(answer, "apps") != first);
        karaf.await("worker:router sessions apps", answer -> answer.matches("(?s).*chat +member +ticket.*"));
        assertThat(karaf.run("node:events")).containsPattern("apps +worker.exited .*worker.pid=" + first);
        pidOf(karaf, "apps");
    }

    private static List<Object> workers(Path socket) throws Exception {
        try (WampClient client =
                WampClient.builder(Transports.unix(socket)).realm("millwright").build()) {
            client.connect().get();
            return new ArrayList<>(
                    client.call(List.class, "millwright.get_workers").get());
        }
    }

    private static boolean holds(Path file, Pattern wanted) {
        try {
            return wanted.matcher(Files.readString(file)).find();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void dropTypeIn(KarafConsole karaf) throws Exception {
        TestBundle nap = new TestBundle(
                NapWorkerType.class,
                "io.millwright.controller.api.worker.WorkerType",
                new String[] {"worker.type=nap"},
                "io.millwright.controller.api",
                "io.millwright.controller.api.worker");
        nap.dropInto(DEPLOY);
        karaf.await("worker:types", answer -> answer.contains("nap"));
        karaf.run("worker:start sleeper nap");
        long sleeper = pidOf(karaf, "sleeper");
        Files.delete(nap.file(DEPLOY));
        karaf.await("worker:types", answer -> !answer.matches("(?s).*\\n *nap .*"));
        assertThat(pidOf(karaf, "sleeper")).isEqualTo(sleeper);
    }

    /** What the tab key offers: workers by state, types, option keys; it comes and goes with its feature. */
    private static void complete(KarafConsole karaf) throws Exception {
        new TestBundle(
                        CompleteCommand.class,
                        "org.apache.felix.service.command.Function",
                        new String[] {"osgi.command.scope=test", "osgi.command.function=complete"},
                        "org.apache.felix.service.command",
                        "org.apache.karaf.shell.api.console",
                        "org.apache.karaf.shell.support.completers")
                .dropInto(DEPLOY);
        karaf.run("worker:stop sleeper");
        awaitOffer(karaf, "worker:stop ", "<byhand|web|>");
        awaitOffer(karaf, "worker:start ", "<sleeper|>");
        awaitOffer(karaf, "worker:info ", "<byhand|sleeper|web|>");
        awaitOffer(karaf, "worker:start new gu", "<guest|>");
        awaitOffer(karaf, "worker:start new guest restart.p", "<restart.policy=..|>");
        awaitOffer(karaf, "worker:start new guest restart.policy=a", "<restart.policy=always|>");
        awaitOffer(karaf, "worker:signal web US", "<USR1|USR2|>");
        awaitOffer(karaf, "worker:sto", "<worker:stop|>");

        karaf.run("bundle:restart io.millwright.shell.gogo");
        awaitOffer(karaf, "worker:stop ", "<byhand|web|>");
        karaf.await("worker:list", answer -> answer.matches(KARAF_TABLE));
        assertThat(karaf.run("help worker:stop")).contains("usage: worker:stop");

        karaf.run("bundle:stop io.millwright.shell.karaf");
        awaitOffer(karaf, "worker:stop ", "<>");
        karaf.await("worker:list", answer -> started(answer, "web") && !answer.matches(KARAF_TABLE));
        awaitOffer(karaf, "worker:sto", "<worker:stop|>");
        karaf.run("bundle:start io.millwright.shell.karaf");
        awaitOffer(karaf, "worker:stop ", "<byhand|web|>");
    }

    private static void awaitOffer(KarafConsole karaf, String typed, String offered) throws Exception {
        karaf.await("test:complete \"" + typed + "\"", answer -> answer.contains(offered));
    }

    /** The workers end, Karaf does not, and the node says how it is. */
    private void shutNodeDown(KarafConsole karaf) throws Exception {
        karaf.run("node:shutdown");
        karaf.await("worker:list", answer -> answer.contains("no workers"));
        for (long pid : pids) {
            assertThat(ProcessHandle.of(pid)).as("process " + pid).isEmpty();
        }
        assertThat(karaf.run("bundle:list -s | grep controller.impl")).contains("Active");
        assertThat(karaf.await("worker:start late guest -- /bin/sleep 905", answer -> true))
                .contains("node_shutting_down");
    }

    /** The process of a worker, once it is started. */
    private long pidOf(KarafConsole karaf, String id) throws Exception {
        long pid = pid(karaf.await("worker:list", answer -> started(answer, id)), id);
        pids.add(pid);
        return pid;
    }

    private static void configure(KarafConsole karaf, String what, String... properties) throws Exception {
        karaf.run("config:edit " + what);
        for (String property : properties) {
            karaf.run("config:property-set " + property);
        }
        karaf.run("config:update");
    }

    private static boolean started(String list, String id) {
        return row(list, id).find();
    }

    private static long pid(String list, String id) {
        Matcher row = row(list, id);
        assertThat(row.find()).as(list).isTrue();
        return Long.parseLong(row.group(1));
    }

    private static Matcher row(String list, String id) {
        return Pattern.compile("(?m)^" + id + "\\W+(?:guest|nap|java|container|router)\\W+started\\W+(\\d+)")
                .matcher(list);
    }

    private static String command(long pid) throws Exception {
        return Files.readString(Path.of("/proc/" + pid + "/cmdline"));
    }
}
