-- What else is there under a canonical: operations, compartments, capability statements.
SELECT url, type, version FROM resource
WHERE type NOT IN ('StructureDefinition', 'SearchParameter', 'CodeSystem', 'ValueSet', 'ConceptMap');
