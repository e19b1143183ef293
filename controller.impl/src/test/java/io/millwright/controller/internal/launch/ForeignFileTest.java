package io.millwright.controller.internal.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The kind: a file that is no program here. The system hands it to a shell, whose "ELF: not found" explains nothing; a sentence
 * says what the file is.
 */
class ForeignFileTest {
    private static final Path FILE = Path.of("/opt/it.jar");

    @TempDir
    Path temp;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] elf(int type, int machine, boolean big) {
        byte[] start = new byte[64];
        System.arraycopy(bytes("\u007fELF\2"), 0, start, 0, 5);
        start[5] = (byte) (big ? 2 : 1);
        for (int[] field : new int[][] {{16, type}, {18, machine}}) {
            start[field[0] + (big ? 1 : 0)] = (byte) field[1];
            start[field[0] + (big ? 0 : 1)] = (byte) (field[1] >> 8);
        }
        return start;
    }

    private String trouble(byte[] start, String machine) {
        return String.valueOf(ForeignFile.trouble(start, FILE, machine, new KernelFormats(temp.resolve("none"))));
    }

    static Stream<Arguments> files() {
        return Stream.of(
                arguments(elf(2, 62, false), "amd64", "null"),
                arguments(elf(3, 62, false), "amd64", "null"),
                arguments(elf(2, 3, false), "amd64", "null"),
                arguments(elf(2, 62, false), "a machine nobody knows", "null"),
                arguments(
                        elf(2, 183, false),
                        "amd64",
                        "is a program for another machine (ARM, 64 bit; this one is amd64)"),
                arguments(
                        elf(2, 62, false), "aarch64", "is a program for another machine (x86-64; this one is aarch64)"),
                arguments(elf(2, 22, true), "amd64", "is a program for another machine (S/390; this one is amd64)"),
                arguments(
                        elf(2, 999, false),
                        "amd64",
                        "is a program for another machine (number 999; this one is amd64)"),
                arguments(elf(1, 62, false), "amd64", "is an object file, not a program; link it first"),
                arguments(elf(4, 62, false), "amd64", "is a core dump, not a program"),
                arguments(bytes("\u007fELF"), "amd64", "is a binary (ELF) that is cut off"),
                arguments(
                        bytes("PK\3\4"),
                        "amd64",
                        "is a jar or another zip archive; let java run it, with -jar and its path as arguments"),
                arguments(
                        bytes("\u00ca\u00fe\u00ba\u00be\0\0"),
                        "amd64",
                        "is a Java class, or a program for macOS; let java run it"),
                arguments(bytes("MZ\u0090\0"), "amd64", "is a program for Windows"),
                arguments(bytes("\u001f\u008b\u0008\0"), "amd64", "is a gzip archive; unpack it first"),
                arguments(
                        bytes("\u00ef\u00bb\u00bf#!/bin/sh\n"),
                        "amd64",
                        "begins with a byte order mark (BOM), which hides its first line from the system; save it"
                                + " without one"),
                arguments(
                        bytes("\u00ff\u00fe#\0!\0"),
                        "amd64",
                        "is text in UTF-16, which no interpreter reads; save it as UTF-8 without a BOM"),
                arguments(bytes("\u0089PNG\r\n\0\0"), "amd64", "is neither a program of this machine nor a script"),
                arguments(bytes("MZqFpD='\n\0\0"), "amd64", "null"),
                arguments(bytes("echo a script without its first line\n"), "amd64", "null"),
                arguments(bytes("gr\u00fc\u00dfe \u00e4\n"), "amd64", "null"));
    }

    @ParameterizedTest
    @MethodSource("files")
    void saysWhatItIs(byte[] start, String machine, String sentence) {
        assertThat(trouble(start, machine)).isEqualTo(sentence);
    }

    @Test
    void whatRunsHereIsAProgram() throws IOException {
        for (Path program : new Path[] {Path.of("/bin/sh"), Path.of(System.getProperty("java.home"), "bin/java")}) {
            try (InputStream in = Files.newInputStream(program)) {
                assertThat(trouble(in.readNBytes(256), System.getProperty("os.arch")))
                        .as("%s", program)
                        .isEqualTo("null");
            }
        }
    }

    /** An emulator or java that was registered with the kernel runs what it could not run itself. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "enabled\ninterpreter /usr/bin/qemu\nflags: \noffset 0\nmagic 7f454c460201\nmask fffffffffffe",
                "enabled\ninterpreter /usr/bin/qemu\nflags: F\noffset 18\nmagic b700",
                "enabled\ninterpreter /usr/bin/java\nflags: \nextension .jar",
            })
    void whatTheKernelKnowsItRuns(String format) throws IOException {
        Files.writeString(temp.resolve("qemu"), format + "\n");
        KernelFormats formats = new KernelFormats(temp);
        assertThat(ForeignFile.trouble(elf(2, 183, false), FILE, "amd64", formats))
                .isNull();
        Files.writeString(temp.resolve("qemu"), format.replace("enabled", "disabled") + "\n");
        assertThat(ForeignFile.trouble(elf(2, 183, false), FILE, "amd64", formats))
                .isNotNull();
        assertThat(ForeignFile.trouble(bytes("PK\3\4"), Path.of("x"), "amd64", formats))
                .isNotNull();
    }
}
