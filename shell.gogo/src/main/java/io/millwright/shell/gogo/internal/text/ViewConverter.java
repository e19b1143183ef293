package io.millwright.shell.gogo.internal.text;

import io.millwright.controller.api.Document;
import io.millwright.controller.api.LogEntry;
import io.millwright.controller.api.NodeEvent;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.NodeStatus;
import io.millwright.controller.api.PlannedChange;
import io.millwright.controller.api.Problem;
import io.millwright.controller.api.ShutdownInfo;
import io.millwright.controller.api.StartResult;
import io.millwright.controller.api.StopResult;
import io.millwright.controller.api.WorkerExit;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerInfo;
import io.millwright.controller.api.WorkerRun;
import io.millwright.controller.api.WorkerTypeInfo;
import io.millwright.controller.api.monitor.SystemStats;
import io.millwright.controller.api.process.ProcessInfo;
import io.millwright.controller.api.process.ProcessMonitoring;
import io.millwright.controller.api.process.ProcessSample;
import io.millwright.controller.api.text.Printable;
import java.util.List;
import java.util.function.BiFunction;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** Prints what the commands return; called by Gogo and Karaf. Thread-safe. */
@Component(
        configurationPolicy = ConfigurationPolicy.IGNORE,
        service = Converter.class,
        property = {
            Converter.CONVERTER_CLASSES + "=io.millwright.controller.api.Document",
            Converter.CONVERTER_CLASSES + "=io.millwright.controller.api.WorkerId",
            Converter.CONVERTER_CLASSES + "=io.millwright.shell.gogo.internal.text.Listing"
        })
public final class ViewConverter implements Converter {
    /** What draws tables in the style of the shell around us, from headings and rows; a Karaf has one. */
    @Reference(
            target = "(millwright.tables=true)",
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile @Nullable BiFunction<List<String>, List<List<String>>, String> tables;

    /** For Declarative Services. */
    public ViewConverter() {}

    @Override
    public @Nullable Object convert(Class<?> desiredType, Object in) {
        if (desiredType == WorkerId.class && in instanceof CharSequence text) {
            try {
                return new WorkerId(text.toString());
            } catch (NodeException e) {
                return null;
            }
        }
        return null;
    }

    @Override
    public @Nullable CharSequence format(Object target, int level, Converter escape) {
        if (target instanceof Listing<?> listing) {
            return level == INSPECT ? listing.text(screen(escape)) : listing.size() + " values";
        }
        if (target instanceof WorkerId id) {
            return id.value();
        }
        if (!(target instanceof Document document)) {
            return null;
        }
        if (document instanceof LogEntry entry) {
            return WorkerViews.log(entry, screen(escape));
        }
        String text = level == INSPECT ? block(document, screen(escape)) : line(document, level);
        return text == null ? null : Printable.lines(text);
    }

    /** Gogo hands its session over as the converter of the parts. */
    private Screen screen(Converter session) {
        return (session instanceof CommandSession real ? Screen.of(real) : Screen.PIPE).drawing(tables);
    }

    private static @Nullable String block(Document document, Screen screen) {
        if (document instanceof NodeStatus status) {
            return NodeViews.status(status, screen);
        } else if (document instanceof SystemStats stats) {
            return NodeViews.stats(stats, screen);
        } else if (document instanceof WorkerInfo worker) {
            return WorkerViews.worker(worker, screen);
        } else if (document instanceof WorkerRun run) {
            return WorkerViews.runs(List.of(run), screen);
        } else if (document instanceof ProcessInfo info) {
            return ProcessViews.info(info, screen);
        } else if (document instanceof ProcessSample sample) {
            return ProcessViews.sample(sample, screen);
        } else if (document instanceof ProcessMonitoring monitoring) {
            return ProcessViews.monitoring(monitoring, screen);
        } else if (document instanceof PlannedChange change) {
            return PlanViews.changes(List.of(change), screen);
        } else if (document instanceof WorkerTypeInfo type) {
            return WorkerViews.types(List.of(type), screen);
        } else if (document instanceof NodeEvent event) {
            return NodeViews.event(event, screen);
        }
        return line(document, LINE);
    }

    private static @Nullable String line(Document document, int level) {
        if (document instanceof WorkerInfo worker) {
            return level == PART
                    ? worker.id().value()
                    : worker.id() + " " + worker.status().text();
        } else if (document instanceof StartResult start) {
            return WorkerViews.started(start);
        } else if (document instanceof StopResult stop) {
            return WorkerViews.stopped(stop);
        } else if (document instanceof ShutdownInfo info) {
            return NodeViews.shutdown(info);
        } else if (document instanceof WorkerExit exit) {
            return WorkerViews.exit(exit);
        } else if (document instanceof NodeEvent event) {
            return NodeViews.event(event, Screen.PIPE);
        } else if (document instanceof PlannedChange change) {
            return change.id() + " " + change.action().text();
        } else if (document instanceof Problem problem) {
            return problem.toString();
        } else if (document instanceof WorkerTypeInfo type) {
            return type.type();
        } else if (document instanceof NodeStatus status) {
            return status.nodeId();
        } else if (document instanceof WorkerRun run) {
            return run.id() + " " + WorkerViews.exit(run.exit());
        }
        return null;
    }
}
