/// What is measured of the databases and of this node, and its history in the control database.
///
/// **Start at** [Metric], then [DatabaseMeter] and [MetricHistory]. **In**: sessions. **Out**: samples, series, the
/// text that Prometheus reads. **Touches**: the servers watched, with cheap reading statements; the control
/// database.
package io.pgcharter.platform.metrics;
