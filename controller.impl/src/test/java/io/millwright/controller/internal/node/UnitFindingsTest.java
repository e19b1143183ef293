package io.millwright.controller.internal.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.controller.api.Finding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The units are files in a folder that stands for the root of the file system. */
class UnitFindingsTest {
    private static final String GOOD =
            "[Service]\nType=notify\nKillMode=mixed\nOOMPolicy=continue\nExecStart=/opt/millwright/bin/millwright run /n\n";

    @TempDir
    Path root;

    private void group(String lines) throws IOException {
        put("proc/self/cgroup", lines);
    }

    private void put(String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private List<String> found() {
        return UnitFindings.all(root, root.resolve("home")).stream()
                .map(Finding::what)
                .toList();
    }

    /** The kind: a setting, said or left out, with which systemd does to the node or its workers what nobody wants. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "KillMode=mixed    |                          | ''",
                "KillMode=mixed    | KillMode=                | KillMode=control-group, the default, signals all workers",
                "KillMode=mixed    | KillMode=control-group   | KillMode=control-group signals all workers",
                "KillMode=mixed    | KillMode=process         | KillMode=process leaves alone",
                "KillMode=mixed    | KillMode=none            | KillMode=none signals nothing",
                "KillMode=mixed    | KillMode=mixed\\n#KillMode=none | ''",
                "KillMode=mixed    | ' KillMode = mixed '     | ''",
                "Type=notify       | Type=notify-reload       | ''",
                "Type=notify       | Type=simple              | does not wait until it is ready",
                "Type=notify       |                          | does not wait until it is ready",
                "Type=notify       | Type=forking             | cut off by TimeoutStopSec",
                "Type=notify       | Type=notify\\nNotifyAccess=none | its start fails",
                "Type=notify       | Type=notify\\nNotifyAccess=main | ''",
                "Type=notify       | Type=notify\\nWatchdogSec=30    | it sends no keep-alive",
                "Type=notify       | Type=notify\\nWatchdogSec=0     | ''",
                "OOMPolicy=continue| OOMPolicy=kill           | OOMPolicy=kill ends the node",
                "OOMPolicy=continue| OOMPolicy=\\\\n  continue | ''",
            })
    void whatTheUnitSaysIsJudged(String line, String instead, String expected) throws IOException {
        group("0::/system.slice/mill.service\n");
        String with = instead == null ? "" : instead.replace("\\n", "\n");
        boolean leaves = line.startsWith("KillMode") && instead == null;
        put("etc/systemd/system/mill.service", leaves ? GOOD : GOOD.replace(line.strip(), with));
        if (expected.isEmpty()) {
            assertThat(found()).isEmpty();
        } else {
            assertThat(found()).singleElement().asString().contains(expected);
        }
    }

    @Test
    void theOneThatIsShippedIsRight() throws IOException {
        group("0::/system.slice/system-millwright.slice/millwright@a.service\n");
        put(
                "etc/systemd/system/millwright@.service",
                Files.readString(Path.of("../run/src/main/systemd/millwright@.service")));
        assertThat(found()).isEmpty();
        put("etc/systemd/system/millwright@a.service.d/override.conf", "[Service]\nKillMode=process\n");
        assertThat(UnitFindings.all(root, root)).singleElement().satisfies(finding -> {
            assertThat(finding.subject()).isEqualTo("unit millwright@a.service");
            assertThat(finding.remedy()).contains("KillMode=mixed", "systemctl edit millwright@a.service");
        });
    }

    /** The kind: where a process is, and which files are its unit's. */
    @ParameterizedTest
    @CsvSource({
        "0::/system.slice/mill.service, etc/systemd/system/mill.service, true",
        "0::/system.slice/mill.service/main, usr/lib/systemd/system/mill.service, true",
        "'12:cpu:/x.service\n1:name=systemd:/system.slice/mill.service\n0::/', run/systemd/system/mill.service, true",
        "0::/user.slice/u/user@7.service/app.slice/mill.service, home/.config/systemd/user/mill.service, true",
        "0::/user.slice/u/user@7.service/app.slice/mill.service, etc/systemd/system/mill.service, false",
        "0::/user.slice/u/user@7.service/app.slice/run-1.scope, etc/systemd/system/mill.service, false",
        "0::/system.slice/cron.service, etc/systemd/system/mill.service, false",
        "0::/, etc/systemd/system/mill.service, false",
    })
    void itIsTheUnitOfThisProcess(String group, String file, boolean seen) throws IOException {
        group(group + "\n");
        put(file, GOOD.replace("KillMode=mixed", "KillMode=none"));
        assertThat(found()).hasSize(seen ? 1 : 0);
    }

    @Test
    void aUnitThatRunsNoNodeIsNotJudged() throws IOException {
        group("0::/system.slice/cron.service\n");
        put("etc/systemd/system/cron.service", "[Service]\nExecStart=/usr/sbin/cron -f\n");
        assertThat(found()).isEmpty();
        put("etc/systemd/system/cron.service", "[Service]\nExecStart=/opt/karaf/bin/karaf run\n");
        assertThat(found()).hasSize(3);
    }

    @Test
    void theFirstFolderAndTheLastDropInCount() throws IOException {
        group("0::/system.slice/mill.service\n");
        put("usr/lib/systemd/system/mill.service", GOOD.replace("mixed", "none"));
        put("etc/systemd/system/mill.service", GOOD);
        assertThat(found()).isEmpty();
        put("usr/lib/systemd/system/mill.service.d/20.conf", "[Service]\nKillMode=mixed\n");
        put("etc/systemd/system/mill.service.d/10.conf", "[Service]\nKillMode=none\n");
        put("etc/systemd/system/mill.service.d/30.conf.old", "[Service]\nKillMode=none\n");
        assertThat(found()).isEmpty();
        put("etc/systemd/system/mill.service.d/20.conf", "[Service]\nKillMode=process\n");
        assertThat(found()).singleElement().asString().contains("KillMode=process");
    }
}
