package io.millwright.controller.internal.launch;

import static io.millwright.controller.internal.options.IdentityOptions.value;

import io.millwright.controller.api.Problem;
import io.millwright.controller.api.worker.OptionValues;
import io.millwright.controller.internal.options.CgroupOptions;
import io.millwright.controller.internal.options.CommonOptions;
import io.millwright.controller.internal.options.IdentityOptions;
import io.millwright.controller.internal.options.ResourceLimit;
import io.millwright.controller.internal.options.SocketOptions;
import io.millwright.controller.internal.process.cgroup.Hierarchy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * As whom a worker's process is to run, and why this node cannot do that, as far as can be seen before. Reads files, so it may block.
 * Immutable.
 */
final class Identity {
    private static final Path SELF = Path.of("/proc/self");

    private final List<Problem> problems = new ArrayList<>();
    private final OptionValues values;
    private @Nullable Reach reach;
    private Map<String, String> variables = Map.of();

    private Identity(OptionValues values) {
        this.values = values;
    }

    /** Finds out what the options ask for. */
    static Identity of(OptionValues values) {
        return of(values, new Accounts(Path.of("/etc")), LaunchStep.isAsked(values) ? InForce.read(SELF) : null);
    }

    static Identity of(OptionValues values, Accounts accounts, @Nullable InForce node) {
        Identity identity = new Identity(values);
        if (!LaunchStep.isAsked(values)) {
            return identity;
        }
        if (node == null) {
            identity.problem(
                    firstGiven(values),
                    "cannot be had on this system, which has no /proc; leave it out, or start the program by one that"
                            + " sets it");
            return identity;
        }
        LaunchStep.missingTools(values).forEach(identity.problems::add);
        identity.account(accounts, node);
        identity.priorities(node);
        identity.limits(node);
        identity.problems.addAll(Confinement.problems(values, Hierarchy.ofThisProcess()));
        return identity;
    }

    private static String firstGiven(OptionValues values) {
        return IdentityOptions.keys().stream()
                .filter(values::isGiven)
                .findFirst()
                .or(() -> Optional.ofNullable(CgroupOptions.firstAsking(values)))
                .orElse(SocketOptions.SOCKETS);
    }

    private void problem(String option, String message) {
        problems.add(Problem.environment(option, message));
    }

    private void account(Accounts accounts, InForce self) {
        String userText = value(values, IdentityOptions.USER);
        Accounts.User user = userText == null ? null : accounts.user(userText);
        boolean bareNumber = userText != null && user == null && Accounts.isNumber(userText);
        if (userText != null && user == null && !bareNumber) {
            problem(
                    IdentityOptions.USER,
                    "there is no user '" + userText + "' on this machine; make it, or name another");
            return;
        }
        String groupText = value(values, IdentityOptions.GROUP);
        if (bareNumber && groupText == null) {
            problem(
                    IdentityOptions.USER,
                    "user " + userText
                            + " has no entry on this machine, so that its group is not known; give 'group' too");
            return;
        }
        long uid = user != null ? user.uid() : userText == null ? self.uid() : Long.parseLong(userText);
        Long gid = groupText == null
                ? Long.valueOf(user == null ? self.gid() : user.gid())
                : group(accounts, IdentityOptions.GROUP, groupText);
        Set<Long> gids = new HashSet<>(further(accounts, user, self));
        if (gid == null) {
            return;
        }
        gids.add(gid);
        boolean another = uid != self.uid() || gid != self.gid() || values.isGiven(IdentityOptions.GROUPS);
        if (another && !(self.may(InForce.CAP_SETUID) && self.may(InForce.CAP_SETGID))) {
            problem(
                    userText != null
                            ? IdentityOptions.USER
                            : groupText != null ? IdentityOptions.GROUP : IdentityOptions.GROUPS,
                    "the node runs as user " + self.uid()
                            + " and may not start processes as somebody else; run the node as"
                            + " root (or with CAP_SETUID and CAP_SETGID), or leave it out");
        }
        if (userText != null) {
            reach = new Reach(userText, uid, gids);
        }
        if (user != null) {
            variables = Map.of("HOME", user.home(), "USER", user.name(), "LOGNAME", user.name());
        }
    }

    private @Nullable Long group(Accounts accounts, String option, String text) {
        Long gid = accounts.group(text);
        if (gid == null) {
            problem(option, "there is no group '" + text + "' on this machine; make it, or name another");
        }
        return gid;
    }

    private List<Long> further(Accounts accounts, Accounts.@Nullable User user, InForce self) {
        if (values.isGiven(IdentityOptions.GROUPS)) {
            return values.strings(IdentityOptions.GROUPS).stream()
                    .map(text -> group(accounts, IdentityOptions.GROUPS, text))
                    .filter(Objects::nonNull)
                    .toList();
        }
        return user == null ? self.groups() : accounts.groupsOf(user.name());
    }

    private void priorities(InForce self) {
        long nice = values.integer(IdentityOptions.NICE).orElse((long) self.nice());
        if (nice < self.nice() && !self.may(InForce.CAP_SYS_NICE)) {
            problem(
                    IdentityOptions.NICE,
                    "the node has priority " + self.nice()
                            + " and may not start processes before it (CAP_SYS_NICE); write " + self.nice()
                            + " or more");
        }
        long score = values.integer(IdentityOptions.OOM_SCORE_ADJ).orElse((long) self.oomScoreAdj());
        if (score < self.oomScoreAdj() && !self.may(InForce.CAP_SYS_RESOURCE)) {
            problem(
                    IdentityOptions.OOM_SCORE_ADJ,
                    "the node has " + self.oomScoreAdj() + " and may not go below it (CAP_SYS_RESOURCE); write "
                            + self.oomScoreAdj() + " or more");
        }
        String ionice = value(values, IdentityOptions.IONICE);
        if (ionice != null && ionice.startsWith("realtime") && !self.may(InForce.CAP_SYS_NICE)) {
            problem(IdentityOptions.IONICE, "realtime needs a node with CAP_SYS_NICE; write best-effort:0");
        }
    }

    private void limits(InForce self) {
        for (String key : IdentityOptions.LIMITS) {
            String given = value(values, key);
            ResourceLimit most = self.limits().get(key);
            if (given != null && most != null && !self.may(InForce.CAP_SYS_RESOURCE)) {
                ResourceLimit wanted = ResourceLimit.of(key, given);
                if (wanted.hard() > most.hard()) {
                    problem(
                            key,
                            "the node's own hard limit is " + most.text().split(":")[1] + ", and it may not raise it"
                                    + " (CAP_SYS_RESOURCE); write that or less, or raise the node's");
                }
            }
        }
    }

    /**
     * Why the process cannot be started so.
     *
     * @param directory its working directory, {@code null} if there is none
     * @param environment its environment
     */
    List<Problem> problems(@Nullable Path directory, WorkerEnvironment environment) {
        if (!LaunchStep.isAsked(values)) {
            return List.of();
        }
        List<Problem> all = new ArrayList<>(problems);
        String closed = reach == null || directory == null ? null : reach.toDirectory(directory);
        if (closed != null) {
            all.add(Problem.environment(CommonOptions.WORKDIR, closed + "; let it in, or use another directory"));
        }
        for (String name : LaunchStep.lost(own(environment))) {
            all.add(Problem.environment(
                    CommonOptions.ENV_VARS,
                    "'" + name + "' is lost: with " + firstGiven(values)
                            + " a shell starts the program, and hands on only"
                            + " names of letters, digits and _; leave it out"));
        }
        return all;
    }

    /** The variables that the worker's own options name. */
    private Set<String> own(WorkerEnvironment environment) {
        Set<String> own = new TreeSet<>(environment.secretVariables());
        own.addAll(values.variables(CommonOptions.ENV_VARS).keySet());
        return own;
    }

    /** Why its user cannot execute a program, nothing if it can. */
    @Nullable
    Problem problemOf(Path program, String option) {
        String why = reach == null ? null : reach.toProgram(program);
        return why == null ? null : Problem.environment(option, why + "; let it in, or use another program");
    }

    /** Its environment, with the variables that tell a program its user; what the worker's own options say stays. */
    Map<String, String> environment(WorkerEnvironment environment) {
        if (variables.isEmpty()) {
            return environment.variables();
        }
        Map<String, String> all = new HashMap<>(environment.variables());
        Set<String> own = own(environment);
        variables.forEach((name, value) -> {
            if (!own.contains(name)) {
                all.put(name, value);
            }
        });
        return all;
    }
}
