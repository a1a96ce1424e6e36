/// What can go wrong, said the same way everywhere: a fact, its cause, and what to type next.
///
/// **Start at** [Problem]. **In**: nothing. **Out**: [Problem], [ProblemException]. **Touches**: nothing.
package io.pgcharter.model.problem;
