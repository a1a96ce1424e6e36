/// What a face (command line, demo, later web and daemon) needs of the floors below, so that it can be handed over by
/// the wiring.
///
/// **Start at** [Corridor]. **In**: a charter file. **Out**: charter, engine, journal. **Touches**: nothing itself.
package io.pgcharter.entry.corridor;
