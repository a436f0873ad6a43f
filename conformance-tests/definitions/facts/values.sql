-- Fixed values, patterns, bounds and slicing.
SELECT s.url, e.id, e.fixed, e.pattern, e.min_value, e.max_value, e.slicing
FROM structure s JOIN element e ON e.structure = s.id
WHERE s.kind <> 'logical' AND coalesce(e.fixed, e.pattern, e.min_value, e.max_value, e.slicing) IS NOT NULL;
