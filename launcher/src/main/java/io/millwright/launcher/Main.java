package io.millwright.launcher;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;

/**
 * Entry point of a standalone node, called by {@code bin/millwright}. The only place that ends the process: 0 for an
 * orderly end, 1 for a failure, 2 for a bad command line.
 */
public final class Main {
    private Main() {}

    /**
     * Runs or checks a node.
     *
     * @param args {@code run [--debug-lifecycle] DIR} or {@code check DIR}
     */
    public static void main(String[] args) {
        int code;
        BoundedOutput.install();
        try {
            code = run(CommandLine.parse(List.of(args)));
        } catch (LauncherException e) {
            Console.error(String.valueOf(e.getMessage()));
            code = e.exitCode();
        } catch (InterruptedException e) {
            Console.error("interrupted");
            code = ExitCodes.FAILED;
        } catch (RuntimeException | Error e) {
            Console.error("unexpected failure of the launcher, please report it: " + e);
            e.printStackTrace();
            code = ExitCodes.FAILED;
        }
        System.exit(code);
    }

    private static int run(CommandLine command) throws LauncherException, InterruptedException {
        Path home = home();
        NodeDirectory directory = new NodeDirectory(command.directory());
        if (System.getProperty("millwright.dir") == null) {
            // The script sets it; the configuration of logging asks for it.
            System.setProperty("millwright.dir", directory.path().toString());
        }
        ClassPath classPath = new ClassPath(System.getProperty("java.class.path"));
        return switch (command.mode()) {
            case RUN -> new NodeRun(home, directory, classPath, command.debugLifecycle()).run(notifySocket());
            case CHECK -> new NodeCheck(home, directory, classPath).run();
        };
    }

    /** The script hands the socket over as a property and takes it out of the environment that workers inherit. */
    private static String notifySocket() {
        String environment = System.getenv("NOTIFY_SOCKET");
        return System.getProperty("millwright.notify.socket", environment == null ? "" : environment);
    }

    /** The installation: told by the script, else the folder above the one this jar is in. */
    private static Path home() throws LauncherException {
        String told = System.getProperty("millwright.home");
        if (told != null) {
            return Path.of(told).toAbsolutePath().normalize();
        }
        try {
            Path jar = Path.of(Main.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return jar.resolve("../..").normalize();
        } catch (URISyntaxException e) {
            throw LauncherException.failed("cannot tell where the installation is; set the system property"
                    + " millwright.home to its folder");
        }
    }
}
