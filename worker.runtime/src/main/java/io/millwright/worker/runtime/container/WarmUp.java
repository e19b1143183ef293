package io.millwright.worker.runtime.container;

import java.text.DecimalFormatSymbols;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Objects;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.parsers.SAXParserFactory;
import org.xml.sax.SAXException;

/**
 * Has the JVM initialize what a framework and its first bundle need, while the worker reads its birth line and joins: alone they take a third
 * of a container's start, and none of it needs to know what the container is to run. Stateless.
 */
final class WarmUp extends Thread {
    private WarmUp() {
        super("container-warm-up");
        setDaemon(true);
    }

    /** Begins, in a thread of its own. Does not block. */
    static void begin() {
        new WarmUp().start();
    }

    @Override
    public void run() {
        try {
            Class.forName("org.apache.felix.framework.util.Util");
            Locale locale = Locale.getDefault(Locale.Category.FORMAT);
            if (!locale.equals(Locale.US)) {
                // The framework formats a number, for which the JDK knows the digits of this one alone.
                DecimalFormatSymbols.getInstance(locale);
            }
            Class.forName("org.apache.felix.framework.util.manifestparser.ManifestParser");
            SAXParserFactory.newInstance().newSAXParser();
            // The time of an entry of a bundle's jar is asked for, and is of the time zone.
            Objects.requireNonNull(ZoneId.systemDefault().getRules());
        } catch (ClassNotFoundException | LinkageError | ParserConfigurationException | SAXException e) {
            // Whatever needs it says so.
            return;
        }
    }
}
