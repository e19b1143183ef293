package io.millwright.karaf;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The features in a real Apache Karaf, used as its users do: at its console, in {@code etc/} and in {@code deploy/}. */
class KarafTest {
    private static final Path HOME = Path.of(System.getProperty("karaf.home"));

    @Test
    void guestsAndTypesComeAndGoAndNothingIsLeft() throws Exception {
        KarafConsole.prepare(HOME, Path.of(System.getProperty("repository")));
        List<ProcessHandle> all;
        try (KarafConsole karaf = new KarafConsole(HOME)) {
            karaf.run("feature:repo-add "
                    + Path.of(System.getProperty("features")).toUri());
            karaf.run("feature:install millwright-all");
            karaf.await("node:status", answer -> answer.contains("ready"));
            assertThat(karaf.await("node:doctor", answer -> !answer.contains("not found")))
                    .contains("nothing is wrong");

            karaf.run("worker:start byhand guest -- /bin/sleep 901");
            long byHand = pid(karaf.await("worker:list", answer -> started(answer, "byhand")), "byhand");

            configure(karaf, "--factory --alias web io.millwright.worker.guest", "902");
            long first = pid(karaf.await("worker:list", answer -> started(answer, "web")), "web");
            String listed = karaf.run("config:list \"(service.factoryPid=io.millwright.worker.guest)\"");
            Matcher pid = Pattern.compile("Pid: +(io\\.millwright\\.worker\\.guest[.~]\\S+)")
                    .matcher(listed);
            assertThat(pid.find()).as(listed).isTrue();
            configure(karaf, pid.group(1), "903");
            long second = pid(
                    karaf.await("worker:list", answer -> started(answer, "web") && pid(answer, "web") != first), "web");
            assertThat(command(second)).contains("903");
            assertThat(pid(karaf.run("worker:list"), "byhand")).isEqualTo(byHand);

            TypeBundle.write(HOME.resolve("deploy/nap.jar"));
            karaf.await("worker:types", answer -> answer.contains("nap"));
            karaf.run("worker:start sleeper nap");
            long sleeper = pid(karaf.await("worker:list", answer -> started(answer, "sleeper")), "sleeper");
            Files.delete(HOME.resolve("deploy/nap.jar"));
            karaf.await("worker:list", answer -> started(answer, "sleeper"));

            karaf.run("node:shutdown");
            karaf.await("worker:list", answer -> answer.contains("no workers"));
            for (long one : new long[] {byHand, first, second, sleeper}) {
                assertThat(ProcessHandle.of(one)).as("process " + one).isEmpty();
            }
            assertThat(karaf.run("bundle:list -s | grep controller.impl")).contains("Active");

            // a node that still has a worker when Karaf ends
            karaf.run("bundle:restart io.millwright.controller.impl");
            long last = pid(karaf.await("worker:list", answer -> started(answer, "web")), "web");
            all = karaf.handle().descendants().toList();
            assertThat(all).extracting(ProcessHandle::pid).contains(last);
            karaf.shutdown();
        }
        assertThat(all).noneMatch(ProcessHandle::isAlive);
    }

    private static void configure(KarafConsole karaf, String what, String seconds) throws Exception {
        karaf.run("config:edit " + what);
        karaf.run("config:property-set executable /bin/sleep");
        karaf.run("config:property-set arguments \"[\\\"" + seconds + "\\\"]\"");
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
        return Pattern.compile("(?m)^" + id + " +\\S+ +started +(\\d+)").matcher(list);
    }

    private static String command(long pid) throws Exception {
        return Files.readString(Path.of("/proc/" + pid + "/cmdline"));
    }
}
