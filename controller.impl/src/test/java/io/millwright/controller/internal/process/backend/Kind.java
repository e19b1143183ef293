package io.millwright.controller.internal.process.backend;

import io.millwright.controller.internal.process.ProcessBackend;
import io.millwright.controller.internal.process.linux.LinuxBackend;
import io.millwright.controller.internal.process.portable.PortableBackend;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** The backends there are. */
public enum Kind {
    PORTABLE {
        @Override
        public ProcessBackend open(String nonce, Path runDirectory, Duration grace) throws IOException {
            return new PortableBackend(nonce, runDirectory, grace);
        }
    },
    LINUX {
        @Override
        public ProcessBackend open(String nonce, Path runDirectory, Duration grace) throws IOException {
            return LinuxBackend.open(nonce, runDirectory, grace);
        }
    },
    /** As it is where no thread can have open files of its own. */
    LINUX_DIRECT {
        @Override
        public ProcessBackend open(String nonce, Path runDirectory, Duration grace) throws IOException {
            return LinuxBackend.open(nonce, runDirectory, grace, 0);
        }
    };

    /** Opens one. */
    public abstract ProcessBackend open(String nonce, Path runDirectory, Duration grace) throws IOException;

    /** Whether this machine must have it: glibc on an architecture that is supported. */
    public boolean isExpected() {
        return this == PORTABLE
                || (System.getProperty("os.name").equals("Linux")
                        && java.nio.file.Files.exists(Path.of("/usr/bin/ldd"))
                        && System.getProperty("os.arch").matches("amd64|aarch64"));
    }
}
