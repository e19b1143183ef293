package io.millwright.testkit;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** One named check of the kit, to be run any number of times by one thread at a time. Made by {@link WorkerTypeConformance}. */
public final class Check {
    private final String name;
    private final Body body;

    Check(String name, Body body) {
        this.name = name;
        this.body = body;
    }

    /** What a check does. */
    @FunctionalInterface
    interface Body {
        /** Adds to the findings what is wrong; throws only if it cannot go on. */
        void run(List<String> findings) throws Broken, Skipped, InterruptedException, IOException;
    }

    /** A fault after which the check cannot go on, as a sentence. */
    static final class Broken extends Exception {
        private static final long serialVersionUID = 1L;

        Broken(String sentence) {
            super(sentence, null, false, false);
        }

        String sentence() {
            return String.valueOf(getMessage());
        }
    }

    /** The check cannot be made here. */
    static final class Skipped extends Exception {
        private static final long serialVersionUID = 1L;

        Skipped(String reason) {
            super(reason, null, false, false);
        }
    }

    /**
     * What is checked.
     *
     * @return a statement that ought to be true
     */
    public String name() {
        return name;
    }

    /**
     * Checks. Blocks as long as the type takes, at most five seconds for each call of it, or a node for a step.
     *
     * @return what was found; what the type throws is in it
     */
    public CheckResult run() {
        List<String> findings = new ArrayList<>();
        try {
            body.run(findings);
        } catch (Broken broken) {
            findings.add(broken.sentence());
        } catch (Skipped skipped) {
            return new CheckResult(name, findings, String.valueOf(skipped.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            findings.add("The check was interrupted.");
        } catch (LiveWorker.Refusal refusal) {
            findings.add(refusal.getMessage() + ".");
        } catch (IOException | RuntimeException e) {
            findings.add("The check could not be made: " + e + ".");
        }
        return new CheckResult(name, findings, null);
    }

    @Override
    public String toString() {
        return name;
    }
}
