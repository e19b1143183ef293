package io.millwright.controller.internal.osgi.config;

import io.millwright.controller.api.Signal;
import io.millwright.controller.api.worker.OptionDefinition;
import io.millwright.controller.api.worker.OptionType;
import io.millwright.controller.internal.configured.Configured;
import io.millwright.controller.internal.options.CommonOptions;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.service.metatype.AttributeDefinition;
import org.osgi.service.metatype.MetaTypeProvider;
import org.osgi.service.metatype.ObjectClassDefinition;

/**
 * Shows option definitions as a Metatype form, so that a console can configure what was installed a moment ago. Immutable.
 */
final class OptionForms implements MetaTypeProvider {
    /** The console makes PIDs of random digits, by which nobody would know a worker. */
    private static final String NAME_HINT = "webconsole.configurationFactory.nameHint";

    private final String pid;
    private final Supplier<ObjectClassDefinition> form;

    /** Forms are made when they are asked for, which few nodes ever are. */
    private OptionForms(String pid, String name, String description, Supplier<List<Field>> fields) {
        this.pid = pid;
        this.form = () -> new Form(pid, name, description, fields.get());
    }

    /**
     * The form of the node's own options.
     *
     * @param pid the PID it is for
     * @param definitions its fields
     */
    static OptionForms node(String pid, Collection<OptionDefinition> definitions) {
        return new OptionForms(
                pid,
                "Millwright node",
                "The node itself: its title, its shutdown and its boot.",
                () -> definitions.stream().map(Field::of).toList());
    }

    /**
     * The form of a worker type.
     *
     * @param pid the factory PID it is for
     * @param type the type's name
     * @param definitions its fields, besides the worker's id
     */
    static OptionForms worker(String pid, String type, Collection<OptionDefinition> definitions) {
        return new OptionForms(
                pid, "Millwright worker: " + type, "A worker of type " + type + ".", () -> fields(definitions));
    }

    private static List<Field> fields(Collection<OptionDefinition> definitions) {
        List<Field> fields = new ArrayList<>();
        fields.add(Field.text(
                Configured.WORKER_ID,
                "The worker's id: a letter, then letters, digits, '_' and '-'. It may stay empty where the PID ends in ~ID.",
                true,
                List.of()));
        definitions.forEach(definition -> fields.add(Field.of(definition)));
        fields.add(Field.text(
                NAME_HINT,
                "How the Felix web console lists a worker; it neither shows nor keeps this.",
                false,
                List.of("{" + Configured.WORKER_ID + "}")));
        return List.copyOf(fields);
    }

    @Override
    public ObjectClassDefinition getObjectClassDefinition(String id, @Nullable String locale) {
        if (!id.equals(pid)) {
            throw new IllegalArgumentException("there is a form for " + pid + ", not for " + id);
        }
        return form.get();
    }

    @Override
    public String @Nullable [] getLocales() {
        return null;
    }

    private record Form(String id, String name, String description, List<Field> fields)
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
            return fields.stream()
                    .filter(field -> field.required() ? filter != OPTIONAL : filter != REQUIRED)
                    .toArray(AttributeDefinition[]::new);
        }

        @Override
        public @Nullable InputStream getIcon(int size) {
            return null;
        }
    }

    /** One field; numbers, durations and sizes are text, since they may carry a unit. */
    private record Field(
            String id,
            String description,
            boolean required,
            int type,
            boolean several,
            List<String> choices,
            List<String> byDefault)
            implements AttributeDefinition {
        /** The value of a choice that is not made, and how it is shown: a list would show its first as if it were in force. */
        private static final String NOT_CHOSEN = "";

        private static final String NOT_CHOSEN_SHOWN = "(not set)";

        static Field text(String id, String description, boolean required, List<String> byDefault) {
            return new Field(id, description, required, STRING, false, List.of(), byDefault);
        }

        static Field of(OptionDefinition definition) {
            Object value = definition.defaultValue();
            List<String> byDefault = value == null
                    ? List.of()
                    : value instanceof Collection<?> several
                            ? several.stream().map(String::valueOf).toList()
                            : List.of(String.valueOf(value));
            boolean several =
                    switch (definition.type()) {
                        case STRINGS, INTEGERS, VARIABLES, OBJECTS, OBJECT_LIST -> true;
                        default -> false;
                    };
            return new Field(
                    definition.key(),
                    definition.description(),
                    definition.isRequired(),
                    type(definition),
                    several,
                    choices(definition, byDefault.isEmpty() && !several && !definition.isRequired()),
                    byDefault);
        }

        private static int type(OptionDefinition definition) {
            if (definition.isSecret()) {
                return PASSWORD;
            }
            return switch (definition.type()) {
                // This one is meant for ${NAME}, which a check box would replace by false.
                case BOOLEAN -> definition.key().equals(CommonOptions.DISABLED) ? STRING : BOOLEAN;
                case INTEGER, INTEGERS -> LONG;
                default -> STRING;
            };
        }

        private static List<String> choices(OptionDefinition definition, boolean mayBeUnset) {
            List<String> allowed = definition.type() == OptionType.SIGNAL
                    ? Arrays.stream(Signal.values()).map(Signal::text).toList()
                    : List.copyOf(definition.allowed());
            return allowed.isEmpty() || !mayBeUnset
                    ? allowed
                    : Stream.concat(Stream.of(NOT_CHOSEN), allowed.stream()).toList();
        }

        @Override
        public String getName() {
            return id;
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
        public int getCardinality() {
            return several ? Integer.MAX_VALUE : 0;
        }

        @Override
        public int getType() {
            return type;
        }

        @Override
        public String @Nullable [] getOptionValues() {
            return choices.isEmpty() ? null : choices.toArray(String[]::new);
        }

        @Override
        public String @Nullable [] getOptionLabels() {
            return choices.isEmpty()
                    ? null
                    : choices.stream()
                            .map(choice -> choice.equals(NOT_CHOSEN) ? NOT_CHOSEN_SHOWN : choice)
                            .toArray(String[]::new);
        }

        @Override
        public @Nullable String validate(String value) {
            // The controller validates, and says all problems of a configuration at once.
            return null;
        }

        @Override
        public String @Nullable [] getDefaultValue() {
            return byDefault.isEmpty() ? null : byDefault.toArray(String[]::new);
        }
    }
}
