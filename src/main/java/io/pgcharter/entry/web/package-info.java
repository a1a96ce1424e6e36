/// The dashboard's and the API's server: who may do what over the network, and how a wish becomes an operation.
///
/// Every request goes the same way: [Gate] says who asks and whether the [Route] is open to them, the route's
/// handling gives an [Answer], and the gate writes it. What changes anything is an operation that is submitted to
/// the corridor, so the guard judges it and the journal has it with the person's name; a GET never changes
/// anything.
///
/// **Start at** [Routes], the one table of all routes; then [Gate]. **In**: HTTP. **Out**: pages, JSON, server-sent
/// events. **Touches**: the network; the control database by what it is handed.
package io.pgcharter.entry.web;
