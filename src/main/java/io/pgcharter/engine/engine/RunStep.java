package io.pgcharter.engine.engine;

import io.pgcharter.model.operation.Run.Unit;

/// How far one step of a run is.
///
/// @param number of the step within the run, from 1
/// @param total how many units there are to do, 0 when nobody knows
public record RunStep(int number, String name, Unit unit, long total, long done, boolean ended) {}
