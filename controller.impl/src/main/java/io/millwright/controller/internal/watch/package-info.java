/** Files that are watched for workers. */
@org.jspecify.annotations.NullMarked
package io.millwright.controller.internal.watch;
