package io.millwright.launcher;

import org.apache.felix.framework.Logger;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceReference;

/** Sends what the framework itself has to say to standard error, in a line; its own default is standard output. */
final class FrameworkLogger extends Logger {
    @Override
    @SuppressWarnings("rawtypes")
    protected void doLog(Bundle bundle, ServiceReference reference, int level, String message, Throwable throwable) {
        Console.error(throwable == null ? message : message + ": " + Reason.of(throwable));
    }
}
