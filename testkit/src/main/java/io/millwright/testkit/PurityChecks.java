package io.millwright.testkit;

import io.millwright.controller.api.worker.LaunchPlan;
import io.millwright.controller.api.worker.PlanRequest;
import io.millwright.testkit.Check.Broken;
import io.millwright.testkit.Samples.Kind;
import io.millwright.testkit.Samples.Sample;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** Checks that checking and planning change nothing: pure, repeatable, for several threads. */
final class PurityChecks {
    private static final int THREADS = 8;

    private final TypeUnderTest subject;

    PurityChecks(TypeUnderTest subject) {
        this.subject = subject;
    }

    List<Check> all() {
        return List.of(
                new Check("the same request gives an equal plan", each(this::equal)),
                new Check("planning leaves options and environment as they were", each(this::unchanged)),
                new Check("planning makes no files", each(this::noFiles)),
                new Check("checking and planning start no process", each(this::noProcesses)),
                new Check("checking and planning leave no thread behind", each(this::noThreads)),
                new Check("several threads can plan at once", each(this::concurrent)));
    }

    private interface Trial {
        void run(Sample sample, Requests requests, List<String> findings)
                throws Broken, InterruptedException, IOException;
    }

    private Check.Body each(Trial trial) {
        return findings -> {
            for (Sample sample : subject.samples.of(Kind.VALID)) {
                try (Requests requests = new Requests(subject)) {
                    trial.run(sample, requests, findings);
                }
            }
        };
    }

    private void equal(Sample sample, Requests requests, List<String> findings) throws Broken, InterruptedException {
        LaunchPlan first = subject.plan(requests.of(sample));
        LaunchPlan second = subject.plan(requests.of(sample));
        if (!first.equals(second)) {
            findings.add("Two plans of one request for '" + sample.name() + "' differ: " + first + " and " + second
                    + (first.environment().equals(second.environment()) ? "." : ", in their environments."));
        }
    }

    private void unchanged(Sample sample, Requests requests, List<String> findings)
            throws Broken, InterruptedException {
        PlanRequest request = requests.of(sample);
        String before = Requests.text(request);
        subject.check(request.options());
        if (!Requests.text(request).equals(before)) {
            findings.add("check() changed the options of '" + sample.name() + "'; they belong to the controller.");
        }
        before = Requests.text(request);
        subject.plan(request);
        if (!Requests.text(request).equals(before)) {
            findings.add("plan() changed its request for '" + sample.name()
                    + "'; it belongs to the controller: make a copy.");
        }
    }

    private void noFiles(Sample sample, Requests requests, List<String> findings)
            throws Broken, InterruptedException, IOException {
        List<String> before = requests.files();
        PlanRequest request = requests.of(sample);
        subject.check(request.options());
        subject.plan(request);
        List<String> made = new ArrayList<>(requests.files());
        made.removeAll(before);
        if (!made.isEmpty()) {
            findings.add("Planning '" + sample.name() + "' made files in the node directory: " + made + ".");
        }
    }

    private void noProcesses(Sample sample, Requests requests, List<String> findings)
            throws Broken, InterruptedException {
        List<ProcessHandle> before = children();
        PlanRequest request = requests.of(sample);
        subject.check(request.options());
        subject.plan(request);
        List<ProcessHandle> made = new ArrayList<>(children());
        made.removeAll(before);
        if (!made.isEmpty()) {
            findings.add("Planning '" + sample.name() + "' started a process, "
                    + made.get(0).info().command().orElse("which has ended by now")
                    + "; only the controller starts any.");
        }
    }

    private static List<ProcessHandle> children() {
        try (Stream<ProcessHandle> all = ProcessHandle.current().children()) {
            return all.toList();
        }
    }

    private void noThreads(Sample sample, Requests requests, List<String> findings)
            throws Broken, InterruptedException {
        PlanRequest request = requests.of(sample);
        BoundedCall call = new BoundedCall();
        call.call("planning '" + sample.name() + "'", () -> {
            subject.type.options();
            subject.type.fingerprint();
            subject.type.check(request.options());
            return subject.type.plan(request);
        });
        List<String> left = call.threadsLeft();
        if (!left.isEmpty()) {
            findings.add("Planning '" + sample.name() + "' left threads running: " + left + ".");
        }
    }

    private void concurrent(Sample sample, Requests requests, List<String> findings)
            throws Broken, InterruptedException {
        LaunchPlan expected = subject.plan(requests.of(sample));
        List<Callable<LaunchPlan>> calls = new ArrayList<>();
        for (int i = 0; i < THREADS * 4; i++) {
            PlanRequest request = requests.of(sample);
            calls.add(() -> subject.type.plan(request));
        }
        ExecutorService pool = Executors.newFixedThreadPool(THREADS, task -> {
            Thread thread = new Thread(task, "millwright-testkit");
            thread.setDaemon(true);
            return thread;
        });
        try {
            for (Future<LaunchPlan> plan : calls.stream().map(pool::submit).toList()) {
                if (!expected.equals(plan.get(BoundedCall.LIMIT.toSeconds(), TimeUnit.SECONDS))) {
                    throw new Broken("Plans for '" + sample.name() + "' differ when several threads plan at once.");
                }
            }
        } catch (ExecutionException fault) {
            throw new Broken("plan() threw " + fault.getCause() + " when several threads planned at once.");
        } catch (TimeoutException late) {
            throw new Broken("plan() did not answer in time when several threads planned at once.");
        } finally {
            pool.shutdownNow();
        }
    }
}
