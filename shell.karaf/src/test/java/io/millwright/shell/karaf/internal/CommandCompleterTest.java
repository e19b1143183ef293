package io.millwright.shell.karaf.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.apache.karaf.shell.api.console.Candidate;
import org.apache.karaf.shell.api.console.Completer;
import org.junit.jupiter.api.Test;

class CommandCompleterTest {
    private final FakeKaraf karaf = new FakeKaraf();
    private final List<List<String>> asked = new ArrayList<>();

    /** Says what it was asked, and offers some words. */
    private List<List<String>> complete(List<String> before, String word) {
        asked.add(before);
        return List.of(
                        List.of("db", "guest, started", "whole"),
                        List.of("flaky", "guest, backoff", "whole"),
                        List.of("executable=", "about executable", "part"))
                .stream()
                .filter(one -> one.get(0).startsWith(word))
                .toList();
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
        assertThat(asked).containsExactly(List.of("worker:stop"));
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

    private Completer completer(String command, boolean scoped) {
        String[] name = command.split(":");
        return new CompletedCommand(name[0], name[1], this::complete).getCompleter(scoped);
    }

    private List<String> offered(Completer completer, String typed) {
        List<Candidate> candidates = new ArrayList<>();
        completer.completeCandidates(karaf.session, FakeKaraf.line(typed), candidates);
        return candidates.stream().map(Candidate::value).sorted().toList();
    }
}
