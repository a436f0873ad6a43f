-- Where an extension may stand.
SELECT s.url, c.number, c.type, c.expression FROM structure s JOIN extension_context c ON c.structure = s.id
UNION ALL SELECT s.url, c.number, 'invariant', c.expression
FROM structure s JOIN context_invariant c ON c.structure = s.id;
