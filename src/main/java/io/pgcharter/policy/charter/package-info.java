/// The charter: one YAML file, parsed, resolved and validated.
///
/// **Start at** [Charters#parse(String, String, java.nio.file.Path)]; [Charter] is what comes out. The steps, one class
/// each: `YamlDocument` reads the text with its positions, `SchemaCheck` holds it against the published
/// `charter.schema.json`, `CrossCheck` resolves names, `CharterReader` makes the records, `Cautions` warns.
///
/// **In**: text. **Out**: [Charter] and warnings, or every error at once with its line and column.
/// **Touches**: nothing.
package io.pgcharter.policy.charter;
