package io.millwright.worker.runtime.container;

import java.text.DecimalFormatSymbols;
import java.util.List;
import java.util.Locale;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.parsers.SAXParserFactory;
import org.xml.sax.SAXException;

/**
 * Has the JVM initialize what a framework and its first bundle need, while the worker reads its birth line and joins: alone they take a third
 * of a container's start, and none of it needs to know what the container is to run. Stateless.
 */
final class WarmUp {
    private static final List<String> CLASSES = List.of(
            "org.apache.felix.framework.util.SecureAction",
            "org.apache.felix.framework.util.Util",
            "org.apache.felix.framework.util.manifestparser.ManifestParser",
            "org.apache.felix.framework.BundleImpl");

    private WarmUp() {}

    /** Begins, in a thread of its own. Does not block. */
    static void begin() {
        Thread thread = new Thread(WarmUp::run, "container-warm-up");
        thread.setDaemon(true);
        thread.start();
    }

    private static void run() {
        try {
            for (String one : CLASSES) {
                Class.forName(one);
                if (one.endsWith("SecureAction")) {
                    DecimalFormatSymbols.getInstance(Locale.getDefault(Locale.Category.FORMAT));
                }
            }
            SAXParserFactory.newInstance().newSAXParser();
        } catch (ClassNotFoundException | LinkageError | ParserConfigurationException | SAXException e) {
            // Whatever needs it says so.
            return;
        }
    }
}
