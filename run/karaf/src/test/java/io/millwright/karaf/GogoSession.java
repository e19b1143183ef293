package io.millwright.karaf;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/** A session of the Gogo in a framework, whose classes this one does not share. For one thread. */
final class GogoSession {
    private static final String PROCESSOR = "org.apache.felix.service.command.CommandProcessor";

    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private final Class<?> type;
    private final Object session;

    /** Opens one. */
    GogoSession(BundleContext context) throws Exception {
        ServiceReference<?> reference = context.getAllServiceReferences(PROCESSOR, null)[0];
        Object processor = context.getService(reference);
        ClassLoader loader = processor.getClass().getClassLoader();
        Method open = Class.forName(PROCESSOR, true, loader)
                .getMethod("createSession", InputStream.class, OutputStream.class, OutputStream.class);
        this.session = open.invoke(processor, new ByteArrayInputStream(new byte[0]), output, output);
        this.type = Class.forName("org.apache.felix.service.command.CommandSession", true, loader);
    }

    /** Runs a line; returns what it prints, its result as Gogo shows it, and its failure. */
    String run(String line) throws Exception {
        output.reset();
        Object result;
        try {
            result = type.getMethod("execute", CharSequence.class).invoke(session, line);
        } catch (InvocationTargetException e) {
            result = String.valueOf(e.getCause());
        }
        Object shown = type.getMethod("format", Object.class, int.class).invoke(session, result, 0);
        return output.toString(StandardCharsets.UTF_8) + (result == null ? "" : shown);
    }
}
