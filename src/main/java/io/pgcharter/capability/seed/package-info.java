/// Brings a database into a named state of rows, and makes one anew.
///
/// **Start at** [Seeding], then [Resetting]. **In**: the charter's seeds, their files. **Out**: reports. **Touches**:
/// the
/// database, which is not protected; for a reset, all that is in it.
package io.pgcharter.capability.seed;
