/// Where things are kept, as the charter says it.
///
/// **Start at** [StoragePlace]. **In**, **Out**: text with references to secrets. **Touches**: nothing.
package io.pgcharter.model.place;
