package io.millwright.shell.karaf.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.NodeController;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.WorkerState;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.karaf.shell.api.console.Candidate;
import org.apache.karaf.shell.api.console.Completer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandCompleterTest {
    private final FakeKaraf karaf = new FakeKaraf();
    private @Nullable NodeController node = karaf.node;

    @ParameterizedTest
    @CsvSource({
        // ids by state
        "'worker:stop ', 'db flaky'",
        "'worker:stop db ', flaky",
        "'worker:stop f', flaky",
        "'worker:kill ', 'db flaky'",
        "'worker:restart ', 'db flaky'",
        "'worker:signal ', 'db flaky'",
        "'worker:input ', 'db flaky'",
        "'worker:wait ', 'db flaky'",
        "'worker:start ', 'errand off'",
        "'worker:start errand ', 'guest off python'",
        "'worker:start errand off ', ''",
        "'worker:forget ', 'errand off'",
        "'worker:info ', 'db errand flaky off'",
        "'worker:info db ', ''",
        "'worker:log -f -n 10 e', errand",
        "'worker:log -n ', ''",
        "'worker:history ', 'db errand flaky off'",
        // types, signals
        "'worker:start new ', 'errand guest off python'",
        "'worker:check new ', 'guest python'",
        "'worker:list --type ', 'guest python'",
        "'worker:list --type g', guest",
        "'worker:signal db US', 'USR1 USR2'",
        "'worker:signal db TERM ', ''",
        // options of the type
        "'worker:start new guest ', 'env.vars. executable= restart.policy= stop.signal= workdir.create='",
        "'worker:start --all new guest e', 'env.vars. executable='",
        "'worker:start new guest executable=x workdir.create=true e', 'env.vars.'",
        "'worker:start new guest restart.policy=', 'restart.policy=always restart.policy=never restart.policy=on-failure'",
        "'worker:start new guest restart.policy=on', 'restart.policy=on-failure'",
        "'worker:start new guest workdir.create=', 'workdir.create=false workdir.create=true'",
        "'worker:start new guest stop.signal=H', 'stop.signal=HUP'",
        "'worker:start new guest executable=', ''",
        "'worker:start new guest unheard.of=', ''",
        "'worker:start new unheard-of k', ''",
        "'worker:check new guest w', 'workdir.create='",
        "'worker:start new guest -- ', ''",
        // dashed options only when asked for
        "'worker:list ', ''",
        "'worker:list -', '--all --json --type'",
        "'worker:list --all --j', '--json'",
        "'worker:restart --a', '--all --at-once'",
        "'node:shutdown -', '--json --mode --restart'",
        "'node:status ', ''",
    })
    void offers(String typed, String expected) {
        assertThat(String.join(" ", offered(completer(typed.split(" ", 2)[0], false), typed)))
                .isEqualTo(expected);
    }

    @Test
    void aBareNameIsTakenForWhatItStandsFor() {
        assertThat(offered(completer("worker:stop", true), "stop f")).containsExactly("flaky");
        assertThat(offered(completer("worker:stop", false), "s")).containsExactly("stop");
        assertThat(offered(completer("worker:stop", true), "s")).containsExactly("stop");
        assertThat(offered(completer("node:stats", true), "stats -"))
                .as("of worker, here")
                .isEmpty();
        assertThat(offered(completer("worker:stop", false), "worker:kill ")).isEmpty();
    }

    @Test
    void onlyWhatStandsBeforeTheCursorCounts() {
        assertThat(offered(completer("worker:stop", false), "worker:stop f^oo db"))
                .containsExactly("flaky");
    }

    @Test
    void itSaysWhatItOffersAndWhetherTheWordEndsThere() {
        List<Candidate> candidates = new ArrayList<>();
        completer("worker:start", false)
                .completeCandidates(karaf.session, FakeKaraf.line("worker:start x guest ex"), candidates);
        assertThat(candidates).singleElement().satisfies(one -> {
            assertThat(one.descr()).isEqualTo("about executable");
            assertThat(one.complete()).isFalse();
        });
        candidates.clear();
        completer("worker:stop", false).completeCandidates(karaf.session, FakeKaraf.line("worker:stop d"), candidates);
        assertThat(candidates).singleElement().satisfies(one -> {
            assertThat(one.descr()).isEqualTo("guest, started");
            assertThat(one.complete()).isTrue();
        });
    }

    @Test
    void theOlderInterfaceGivesThePlaceOfTheWord() {
        List<String> candidates = new ArrayList<>();
        int place =
                completer("worker:stop", false).complete(karaf.session, FakeKaraf.line("worker:stop fl"), candidates);
        assertThat(candidates).containsExactly("flaky ");
        assertThat(place).isEqualTo("worker:stop ".length());
    }

    @Test
    void theNodeIsAskedEachTimeAndMayBeGone() {
        Completer completer = completer("worker:stop", false);
        karaf.workers.add(FakeKaraf.worker("fresh", WorkerState.STARTING));
        assertThat(offered(completer, "worker:stop f")).containsExactly("flaky", "fresh");
        node = null;
        assertThat(offered(completer, "worker:stop ")).isEmpty();
        assertThat(offered(completer, "worker:sto")).containsExactly("worker:stop");
        node = FakeKaraf.proxy(NodeController.class, (proxy, method, arguments) -> {
            throw new NodeException(ErrorCode.NODE_SHUTTING_DOWN, "gone");
        });
        assertThat(offered(completer, "worker:stop ")).isEmpty();
    }

    private Completer completer(String command, boolean scoped) {
        String[] name = command.split(":");
        Grammar grammar = Objects.requireNonNull(Grammar.find(name[0], name[1]), command);
        return new CompletedCommand(name[0], name[1], grammar, () -> node).getCompleter(scoped);
    }

    private List<String> offered(Completer completer, String typed) {
        List<Candidate> candidates = new ArrayList<>();
        completer.completeCandidates(karaf.session, FakeKaraf.line(typed), candidates);
        return candidates.stream().map(Candidate::value).sorted().toList();
    }
}
