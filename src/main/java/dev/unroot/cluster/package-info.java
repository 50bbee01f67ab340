/**
 * Unroot's view of the cluster it runs in: the connection to the API server, and namespaces' labels kept in memory.
 * Imports review, whose ports it implements, and what lies below; nothing else here knows the fabric8 client.
 */
@NullMarked
package dev.unroot.cluster;

import org.jspecify.annotations.NullMarked;
