/// Places that keep files under a key: a directory, later object stores.
///
/// **Start at** [Storage]. **In**: keys and bytes. **Out**: bytes. **Touches**: the file system.
package io.pgcharter.platform.storage;
