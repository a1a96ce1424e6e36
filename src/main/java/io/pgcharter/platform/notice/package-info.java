/// Brings notices to their receivers: by e-mail, to a program, into a chat.
///
/// **Start at** [Messenger]. **In**: a receiver and a notice. **Out**: nothing, or why it did not arrive.
/// **Touches**: the network; files of certificates.
package io.pgcharter.platform.notice;
