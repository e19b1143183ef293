package io.millwright.shell.gogo.internal.doctor;

import io.millwright.controller.api.Finding;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.service.component.runtime.dto.ReferenceDTO;
import org.osgi.service.component.runtime.dto.UnsatisfiedReferenceDTO;

/** Finds Declarative Services components that are not satisfied or failed, and names what they miss. Thread-safe. */
final class ComponentCheck {
    private final BundleContext context;
    private final ServiceComponentRuntime runtime;

    ComponentCheck(BundleContext context, ServiceComponentRuntime runtime) {
        this.context = context;
        this.runtime = runtime;
    }

    List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        for (ComponentDescriptionDTO component : runtime.getComponentDescriptionDTOs()) {
            boolean ours = isOurs(component);
            if (ours && !runtime.isComponentEnabled(component)) {
                findings.add(Finding.warning(subject(component), "is disabled", "enable it, if that was no purpose"));
            }
            for (ComponentConfigurationDTO configuration : runtime.getComponentConfigurationDTOs(component)) {
                Finding finding = finding(component, configuration, ours);
                if (finding != null) {
                    findings.add(finding);
                }
            }
        }
        return findings;
    }

    private boolean isOurs(ComponentDescriptionDTO component) {
        Bundle bundle = component.bundle == null ? null : context.getBundle(component.bundle.id);
        return bundle != null && BundleCheck.isOurs(bundle);
    }

    private static String subject(ComponentDescriptionDTO component) {
        return "component " + component.name
                + (component.bundle == null ? "" : " of bundle " + component.bundle.symbolicName);
    }

    private static @Nullable Finding finding(
            ComponentDescriptionDTO component, ComponentConfigurationDTO configuration, boolean ours) {
        Finding.Severity severity = ours ? Finding.Severity.ERROR : Finding.Severity.WARNING;
        return switch (configuration.state) {
            case ComponentConfigurationDTO.UNSATISFIED_REFERENCE ->
                Finding.of(
                        severity,
                        subject(component),
                        "is not satisfied: there is no " + missing(component, configuration),
                        "install or start a bundle that registers the service");
            case ComponentConfigurationDTO.FAILED_ACTIVATION ->
                Finding.of(
                        severity,
                        subject(component),
                        "failed when it was activated: " + firstLine(configuration.failure),
                        "remove the cause (the log has the stack), then restart its bundle");
            case ComponentConfigurationDTO.UNSATISFIED_CONFIGURATION ->
                ours
                        ? Finding.info(
                                subject(component),
                                "waits for a configuration " + String.join(", ", component.configurationPid),
                                "make the configuration if its function is wanted")
                        : null;
            default -> null;
        };
    }

    private static String missing(ComponentDescriptionDTO component, ComponentConfigurationDTO configuration) {
        List<String> missing = new ArrayList<>();
        for (UnsatisfiedReferenceDTO reference : configuration.unsatisfiedReferences) {
            String service = reference.name;
            for (ReferenceDTO declared : component.references) {
                if (declared.name.equals(reference.name)) {
                    service = declared.interfaceName;
                }
            }
            missing.add(service + " (reference " + reference.name
                    + (reference.target == null ? "" : ", target " + reference.target) + ")");
        }
        return missing.isEmpty() ? "service it needs" : String.join(", nor ", missing);
    }

    /** The first line of a stack trace; the whole is for the log. */
    private static String firstLine(@Nullable String failure) {
        return failure == null ? "no reason given" : failure.lines().findFirst().orElse("no reason given");
    }
}
