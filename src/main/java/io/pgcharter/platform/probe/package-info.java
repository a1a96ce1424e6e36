/// Asks a server what checks want to know, without being a burden to it.
///
/// **Start at** [Probe]. **In**: questions. **Out**: answers, or why there are none. **Touches**: databases, read-only.
package io.pgcharter.platform.probe;
