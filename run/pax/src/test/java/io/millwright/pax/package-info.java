/** The distribution's bundles in a framework of their own. */
package io.millwright.pax;
