package io.millwright.controller.internal.options;

import static io.millwright.controller.api.worker.OptionDefinition.option;

import io.millwright.controller.api.Problem;
import io.millwright.controller.api.worker.OptionDefinition;
import io.millwright.controller.api.worker.OptionType;
import io.millwright.controller.api.worker.OptionValues;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The options of the listening sockets that the node holds for a worker, and of its start by the first connection. */
public final class SocketOptions {
    public static final String SOCKETS = "sockets";
    public static final String START_ON = "start.on";

    /** Most sockets of a worker: a shell knows descriptors of one digit, and has the last one for itself. */
    public static final int MOST = 6;

    private static final String LISTEN = "listen";
    private static final String BACKLOG = "backlog";
    private static final String MODE = "mode";
    private static final String DEMAND = "demand";
    private static final String UNIX = "unix:";
    private static final Pattern TCP = Pattern.compile("tcp:(\\[[0-9A-Fa-f:.%a-z]+]|[A-Za-z0-9.-]+):([0-9]{1,5})");
    private static final Pattern OCTAL = Pattern.compile("0?[0-7]{3}");
    private static final int LAST_PORT = 65_535;

    private SocketOptions() {}

    /**
     * One socket. Immutable.
     *
     * @param name its name
     * @param listen its address as it is written
     * @param host where it listens, {@code null} for a Unix socket
     * @param port its port, 0 for a Unix socket
     * @param path the file of a Unix socket, {@code null} for any other
     * @param backlog how many connections wait
     * @param mode who may connect to a Unix socket, as the permissions of its file
     */
    public record Listen(
            String name,
            String listen,
            @Nullable String host,
            int port,
            @Nullable String path,
            int backlog,
            int mode) {}

    static void addTo(List<OptionDefinition> all) {
        all.add(option(
                        SOCKETS,
                        OptionType.OBJECTS,
                        "Listening sockets that the node holds and hands to each run, as descriptors from 3 on in the order"
                                + " of their names, by the protocol of socket activation (LISTEN_FDS, LISTEN_PID,"
                                + " LISTEN_FDNAMES); at most " + MOST + "; default none.")
                .members(
                        option(
                                        LISTEN,
                                        OptionType.STRING,
                                        "tcp:HOST:PORT, with brackets around an IPv6 address (tcp:[::1]:80), or unix:PATH,"
                                                + " relative to the node directory.")
                                .required()
                                .build(),
                        option(
                                        BACKLOG,
                                        OptionType.INTEGER,
                                        "How many connections wait until the program takes them; the system's"
                                                + " net.core.somaxconn is the most there can be.")
                                .byDefault(4096)
                                .atLeast(1)
                                .atMost(LAST_PORT)
                                .build(),
                        option(
                                        MODE,
                                        OptionType.STRING,
                                        "Permissions of the file of a Unix socket, three octal digits in quotes; who may"
                                                + " write may connect; default \"0660\".")
                                .byDefault("0660")
                                .build())
                .build());
        all.add(option(
                        START_ON,
                        OptionType.STRING,
                        "When its configuration starts it: boot (at once) or demand (the first connection to one of its"
                                + " sockets starts it, and after each end it waits for the next one); default boot.")
                .oneOf("boot", DEMAND)
                .byDefault("boot")
                .inPlace()
                .build());
    }

    static void check(OptionValues values, List<Problem> problems) {
        Map<String, OptionValues> sockets = values.objects(SOCKETS);
        if (sockets.size() > MOST) {
            problems.add(Problem.definition(
                    SOCKETS, "are " + sockets.size() + ", and a worker has at most " + MOST + "; leave some out"));
        }
        Map<String, String> addresses = new HashMap<>();
        sockets.forEach((name, socket) -> {
            String place = SOCKETS + "." + name + ".";
            String text = socket.string(LISTEN).orElse(null);
            String before = text == null ? null : addresses.putIfAbsent(text, name);
            if (text != null && problem(text) != null) {
                problems.add(Problem.definition(place + LISTEN, "'" + text + "' " + problem(text)));
            } else if (before != null) {
                problems.add(Problem.definition(
                        place + LISTEN, "'" + text + "' is the address of sockets." + before + " too"));
            }
            String mode = socket.isGiven(MODE) ? socket.string(MODE).orElse(null) : null;
            if (mode != null && !OCTAL.matcher(mode).matches()) {
                problems.add(Problem.definition(
                        place + MODE, "'" + mode + "' must be three octal digits in quotes, as \"0660\""));
            } else if (mode != null && text != null && !text.startsWith(UNIX)) {
                problems.add(Problem.definition(place + MODE, "is for a Unix socket, and this one is " + text));
            }
        });
        if (isByDemand(values) && sockets.isEmpty()) {
            problems.add(Problem.definition(
                    START_ON,
                    "demand needs sockets, whose first connection starts the worker; give one, or leave it out"));
        }
    }

    private static @Nullable String problem(String listen) {
        Matcher tcp = TCP.matcher(listen);
        if (tcp.matches()) {
            int port = Integer.parseInt(tcp.group(2));
            return port >= 1 && port <= LAST_PORT ? null : "has no port from 1 to " + LAST_PORT;
        }
        return listen.startsWith(UNIX) && listen.length() > UNIX.length() && listen.indexOf('\0') < 0
                ? null
                : "must be tcp:HOST:PORT, as tcp:127.0.0.1:8080 or tcp:[::1]:8080, or unix:PATH";
    }

    /** The sockets of a worker, in the order in which its program gets them. */
    public static List<Listen> sockets(OptionValues values) {
        List<Listen> all = new ArrayList<>();
        values.objects(SOCKETS).forEach((name, socket) -> {
            String text = socket.string(LISTEN).orElseThrow();
            Matcher tcp = TCP.matcher(text);
            boolean inet = tcp.matches();
            all.add(new Listen(
                    name,
                    text,
                    inet ? tcp.group(1) : null,
                    inet ? Integer.parseInt(tcp.group(2)) : 0,
                    inet ? null : text.substring(UNIX.length()),
                    socket.integer(BACKLOG).orElse(4096L).intValue(),
                    Integer.parseInt(socket.string(MODE).orElse("0660"), 8)));
        });
        return all;
    }

    /** Whether the node holds sockets for the worker. */
    public static boolean isGiven(OptionValues values) {
        return !values.objects(SOCKETS).isEmpty();
    }

    /** Whether a connection starts the worker. */
    public static boolean isByDemand(OptionValues values) {
        return values.string(START_ON).orElse("").equals(DEMAND);
    }
}
