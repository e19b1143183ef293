package io.millwright.controller.internal.config;

import io.millwright.controller.api.Signal;
import io.millwright.controller.api.worker.OptionDefinition;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.service.metatype.AttributeDefinition;
import org.osgi.service.metatype.MetaTypeProvider;
import org.osgi.service.metatype.ObjectClassDefinition;

/**
 * Shows option definitions as a Metatype form, so that a console can configure what was installed a moment ago. Immutable.
 */
final class OptionForms implements MetaTypeProvider {
    private final String pid;
    private final ObjectClassDefinition form;

    /**
     * Makes a form.
     *
     * @param pid the PID or factory PID it is for
     * @param name its title
     * @param description what the configuration is for
     * @param definitions its fields
     */
    OptionForms(String pid, String name, String description, Collection<OptionDefinition> definitions) {
        this.pid = pid;
        this.form = new Form(pid, name, description, definitions);
    }

    @Override
    public ObjectClassDefinition getObjectClassDefinition(String id, @Nullable String locale) {
        if (!id.equals(pid)) {
            throw new IllegalArgumentException("there is a form for " + pid + ", not for " + id);
        }
        return form;
    }

    @Override
    public String @Nullable [] getLocales() {
        return null;
    }

    private record Form(String id, String name, String description, Collection<OptionDefinition> definitions)
            implements ObjectClassDefinition {
        @Override
        public String getName() {
            return name;
        }

        @Override
        public String getID() {
            return id;
        }

        @Override
        public String getDescription() {
            return description;
        }

        @Override
        public AttributeDefinition[] getAttributeDefinitions(int filter) {
            List<AttributeDefinition> fields = new ArrayList<>();
            for (OptionDefinition definition : definitions) {
                boolean wanted = definition.isRequired()
                        ? filter != ObjectClassDefinition.OPTIONAL
                        : filter != ObjectClassDefinition.REQUIRED;
                if (wanted) {
                    fields.add(new Field(definition));
                }
            }
            return fields.toArray(AttributeDefinition[]::new);
        }

        @Override
        public @Nullable InputStream getIcon(int size) {
            return null;
        }
    }

    /** One field; numbers, durations and sizes are text, since they may carry a unit. */
    private record Field(OptionDefinition definition) implements AttributeDefinition {
        @Override
        public String getName() {
            return definition.key();
        }

        @Override
        public String getID() {
            return definition.key();
        }

        @Override
        public String getDescription() {
            return definition.description();
        }

        @Override
        public int getCardinality() {
            return switch (definition.type()) {
                case STRINGS, INTEGERS -> Integer.MAX_VALUE;
                default -> 0;
            };
        }

        @Override
        public int getType() {
            if (definition.isSecret()) {
                return PASSWORD;
            }
            return switch (definition.type()) {
                case BOOLEAN -> BOOLEAN;
                case INTEGER, INTEGERS -> LONG;
                default -> STRING;
            };
        }

        @Override
        public String @Nullable [] getOptionValues() {
            if (!definition.allowed().isEmpty()) {
                return definition.allowed().toArray(String[]::new);
            }
            return switch (definition.type()) {
                case SIGNAL -> Arrays.stream(Signal.values()).map(Enum::name).toArray(String[]::new);
                default -> null;
            };
        }

        @Override
        public String @Nullable [] getOptionLabels() {
            return getOptionValues();
        }

        @Override
        public @Nullable String validate(String value) {
            // The controller validates, and says all problems of a configuration at once.
            return null;
        }

        @Override
        public String @Nullable [] getDefaultValue() {
            Object value = definition.defaultValue();
            if (value == null) {
                return null;
            }
            return value instanceof Collection<?> several
                    ? several.stream().map(String::valueOf).toArray(String[]::new)
                    : new String[] {String.valueOf(value)};
        }
    }
}
