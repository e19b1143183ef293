package io.millwright.controller.internal.launch;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells by its first bytes what a file is that the kernel cannot execute: left to itself it would be handed to a shell, which
 * reads it as a script. Immutable; does not block, except for the kernel's list of further formats.
 */
final class ForeignFile {
    private static final int ELF_TYPE = 16;
    private static final int ELF_MACHINE = 18;
    private static final int BIG_ENDIAN = 2;
    private static final int OBJECT = 1;
    private static final int CORE = 4;

    /** Machines by their number in the header of an ELF file. */
    private static final Map<Integer, String> MACHINES = Map.ofEntries(
            Map.entry(2, "SPARC"),
            Map.entry(3, "x86, 32 bit"),
            Map.entry(4, "68000"),
            Map.entry(8, "MIPS"),
            Map.entry(20, "PowerPC"),
            Map.entry(21, "PowerPC, 64 bit"),
            Map.entry(22, "S/390"),
            Map.entry(40, "ARM, 32 bit"),
            Map.entry(43, "SPARC, 64 bit"),
            Map.entry(50, "Itanium"),
            Map.entry(62, "x86-64"),
            Map.entry(183, "ARM, 64 bit"),
            Map.entry(243, "RISC-V"),
            Map.entry(258, "LoongArch"));

    /** What a kernel may execute on each machine; some only if it is made for it, which is the kernel's to say. */
    private static final Map<String, Set<Integer>> OWN = Map.of(
            "amd64", Set.of(62, 3),
            "x86_64", Set.of(62, 3),
            "x86", Set.of(3, 62),
            "i386", Set.of(3, 62),
            "aarch64", Set.of(183, 40),
            "arm", Set.of(40, 183),
            "ppc64le", Set.of(21),
            "s390x", Set.of(22),
            "riscv64", Set.of(243),
            "loongarch64", Set.of(258));

    private record Magic(String bytes, String what) {}

    private static final List<Magic> OTHERS = List.of(
            new Magic(
                    "PK\3\4", "is a jar or another zip archive; let java run it, with -jar and its path as arguments"),
            new Magic("\u00ca\u00fe\u00ba\u00be", "is a Java class, or a program for macOS; let java run it"),
            new Magic("\u00cf\u00fa\u00ed\u00fe", "is a program for macOS"),
            new Magic("\u00ce\u00fa\u00ed\u00fe", "is a program for macOS"),
            new Magic("\u001f\u008b", "is a gzip archive; unpack it first"),
            new Magic(
                    "\u00ef\u00bb\u00bf",
                    "begins with a byte order mark (BOM), which hides its first line from the system; save it without one"),
            new Magic("\u00ff\u00fe", "is text in UTF-16, which no interpreter reads; save it as UTF-8 without a BOM"),
            new Magic("\u00fe\u00ff", "is text in UTF-16, which no interpreter reads; save it as UTF-8 without a BOM"));

    private ForeignFile() {}

    /**
     * What is wrong with a file as a program of this machine.
     *
     * @param start its first bytes, without an interpreter line
     * @param file its path
     * @param machine this machine, as the property {@code os.arch} says it
     * @param formats what else the kernel executes
     * @return the end of a sentence, {@code null} if it is a program or a script
     */
    static @Nullable String trouble(byte[] start, Path file, String machine, KernelFormats formats) {
        // One character a byte.
        String text = new String(start, StandardCharsets.ISO_8859_1);
        String trouble = text.startsWith("\u007fELF") ? elf(start, machine) : other(text);
        return trouble == null || formats.take(start, file) ? null : trouble;
    }

    private static @Nullable String elf(byte[] start, String machine) {
        if (start.length < ELF_MACHINE + 2) {
            return "is a binary (ELF) that is cut off";
        }
        int type = number(start, ELF_TYPE);
        if (type == OBJECT || type == CORE) {
            return type == CORE ? "is a core dump, not a program" : "is an object file, not a program; link it first";
        }
        int wanted = number(start, ELF_MACHINE);
        Set<Integer> own = OWN.get(machine);
        return own == null || own.contains(wanted)
                ? null
                : "is a program for another machine (" + MACHINES.getOrDefault(wanted, "number " + wanted)
                        + "; this one is " + machine + ")";
    }

    private static int number(byte[] start, int at) {
        int first = start[at] & 0xff;
        int second = start[at + 1] & 0xff;
        return start[5] == BIG_ENDIAN ? first << 8 | second : second << 8 | first;
    }

    private static @Nullable String other(String text) {
        for (Magic magic : OTHERS) {
            if (text.startsWith(magic.bytes)) {
                return magic.what;
            }
        }
        // Programs for several systems at once begin like one for Windows, and are meant to be read by a shell.
        if (text.startsWith("MZ") && !text.startsWith("MZqFpD")) {
            return "is a program for Windows";
        }
        return text.indexOf('\0') >= 0 && !text.startsWith("MZqFpD")
                ? "is neither a program of this machine nor a script"
                : null;
    }
}
