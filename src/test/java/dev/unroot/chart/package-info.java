/** The Helm chart, the manifests rendered from it, and what both promise about the code they install. */
package dev.unroot.chart;
