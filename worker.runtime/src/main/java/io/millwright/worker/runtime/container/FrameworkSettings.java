package io.millwright.worker.runtime.container;

import java.lang.module.ModuleDescriptor;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * What the OSGi framework of a container is told. The packages are listed here, those of the JDK in one clause: the framework's own way to the same list
 * takes more than a tenth of its start. Stateless.
 */
final class FrameworkSettings {
    /** What the framework itself offers; as the framework's own list has it. */
    private static final String OF_FRAMEWORK =
            "org.osgi.framework;version=1.10,org.osgi.framework.connect;version=1.0.0,"
                    + "org.osgi.framework.dto;version=1.8;uses:=\"org.osgi.dto\","
                    + "org.osgi.framework.hooks.bundle;version=1.1;uses:=\"org.osgi.framework\","
                    + "org.osgi.framework.hooks.resolver;version=1.0;uses:=\"org.osgi.framework.wiring\","
                    + "org.osgi.framework.hooks.service;version=1.1;uses:=\"org.osgi.framework\","
                    + "org.osgi.framework.hooks.weaving;version=1.1;uses:=\"org.osgi.framework.wiring\","
                    + "org.osgi.framework.launch;version=1.2;uses:=\"org.osgi.framework\","
                    + "org.osgi.framework.namespace;version=1.2;uses:=\"org.osgi.resource\","
                    + "org.osgi.framework.startlevel;version=1.0;uses:=\"org.osgi.framework\","
                    + "org.osgi.framework.startlevel.dto;version=1.0;uses:=\"org.osgi.dto\","
                    + "org.osgi.framework.wiring;version=1.2;uses:=\"org.osgi.framework,org.osgi.resource\","
                    + "org.osgi.framework.wiring.dto;version=1.3;uses:=\"org.osgi.dto,org.osgi.resource.dto\","
                    + "org.osgi.resource;version=1.0.1,org.osgi.resource.dto;version=1.0.1;uses:=\"org.osgi.dto\","
                    + "org.osgi.service.packageadmin;version=1.2.1;uses:=\"org.osgi.framework\","
                    + "org.osgi.service.startlevel;version=1.1.1;uses:=\"org.osgi.framework\",org.osgi.service.url;version=1.0.1,"
                    + "org.osgi.service.resolver;version=1.1.1;uses:=\"org.osgi.resource\","
                    + "org.osgi.util.tracker;version=1.5.3;uses:=\"org.osgi.framework\",org.osgi.dto;version=1.1.1,"
                    + "org.osgi.service.condition;version=1.0";

    /** What bundles get from the class path, with versions that their imports accept. */
    private static final String OF_CONTAINER = "org.osgi.service.component;version=1.5.1,"
            + "org.osgi.service.component.runtime;version=1.5.1,org.osgi.service.component.runtime.dto;version=1.5.1,"
            + "org.osgi.service.component.propertytypes;version=1.5.1,org.osgi.service.cm;version=1.6.1,"
            + "org.osgi.util.promise;version=1.3.0,org.osgi.util.function;version=1.2.0,"
            + "org.slf4j;version=2.0.20,org.slf4j;version=1.7.36,org.slf4j.event;version=2.0.20,org.slf4j.helpers;version=2.0.20,"
            + "org.slf4j.spi;version=2.0.20,io.millwright.worker.runtime;version=1.0.0,io.millwright.wamp;version=1.0.0,"
            + "io.millwright.wamp.client;version=1.0.0,io.millwright.wamp.message;version=1.0.0,"
            + "org.apache.felix.scr.component;version=1.1.0,org.apache.felix.scr.info;version=1.0.0,"
            + "org.apache.felix.cm;version=1.2.0,org.apache.felix.cm.file;version=1.1.0";

    /** What {@link FrameworkParts} offer to bundles that require it, as their own manifests say it. */
    static final String OF_PARTS = "osgi.extender;osgi.extender=\"osgi.component\";"
            + "uses:=\"org.osgi.service.component\";version:Version=\"1.5\","
            + "osgi.service;objectClass:List<String>=\"org.osgi.service.component.runtime.ServiceComponentRuntime\";"
            + "uses:=\"org.osgi.service.component.runtime\","
            + "osgi.service;objectClass:List<String>=\"org.osgi.service.cm.ConfigurationAdmin\";"
            + "uses:=\"org.osgi.service.cm,org.apache.felix.cm\","
            + "osgi.service;objectClass:List<String>=\"org.apache.felix.cm.PersistenceManager\";"
            + "uses:=\"org.osgi.service.cm,org.apache.felix.cm\","
            + "osgi.implementation;osgi.implementation=\"osgi.cm\";"
            + "uses:=\"org.osgi.service.cm,org.apache.felix.cm\";version:Version=\"1.6\"";

    private FrameworkSettings() {}

    /** The settings of a framework that keeps its bundles in a folder. */
    static Map<String, String> of(Path storage) {
        Map<String, String> settings = new HashMap<>();
        settings.put("org.osgi.framework.storage", storage.toString());
        settings.put("org.osgi.framework.storage.clean", "onFirstInit");
        settings.put("org.osgi.framework.system.packages", OF_FRAMEWORK + "," + ofJdk());
        settings.put("org.osgi.framework.system.packages.extra", OF_CONTAINER);
        settings.put("org.osgi.framework.system.capabilities.extra", OF_PARTS);
        // Two components may be of the same bundle: each has it installed for itself.
        settings.put("org.osgi.framework.bsnversion", "multiple");
        settings.put("felix.resolver.parallelism", "1");
        settings.put("felix.log.level", "1");
        return settings;
    }

    /** All packages that modules of the JVM export to everybody, as one clause. */
    private static String ofJdk() {
        StringBuilder clause = new StringBuilder(16_384);
        for (Module module : ModuleLayer.boot().modules()) {
            ModuleDescriptor descriptor = module.getDescriptor();
            for (ModuleDescriptor.Exports exports : descriptor.exports()) {
                if (!exports.isQualified()) {
                    clause.append(exports.source()).append(';');
                }
            }
        }
        String feature = String.valueOf(Runtime.version().feature());
        return clause.append("version=\"0.0.0.JavaSE_")
                .append("000", 0, Math.max(0, 3 - feature.length()))
                .append(feature)
                .append('"')
                .toString();
    }
}
