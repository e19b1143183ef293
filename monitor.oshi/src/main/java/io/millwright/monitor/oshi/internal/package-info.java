/** The system monitor: the machine by OSHI, processes by {@code /proc} where there is one. */
@NullMarked
package io.millwright.monitor.oshi.internal;

import org.jspecify.annotations.NullMarked;
