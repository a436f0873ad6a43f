SELECT s.url, e.id, i.key, i.severity, i.expression, i.human, i.source, i.is_best_practice
FROM structure s JOIN element e ON e.structure = s.id, json_each(e.invariants) n
  JOIN invariant i ON i.id = n.value
WHERE s.kind <> 'logical';
