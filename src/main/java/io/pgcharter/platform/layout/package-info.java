/// Reads migrations as Prisma, Flyway and plain numbered files store them, with the checksums those tools compute.
///
/// **Start at** [PrismaDirectory], [FlywayDirectory], [PlainDirectory]. **In**: a directory. **Out**: its migrations in
/// the order in which they are carried out. **Touches**: the directory (reads).
package io.pgcharter.platform.layout;
