-- The types of every element, each with one of its profiles and targets.
SELECT s.url, e.id, t.code, p.value, g.value
FROM structure s JOIN element e ON e.structure = s.id JOIN element_type t ON t.type_set = e.type_set,
  json_each('["' || replace(t.profiles, ' ', '","') || '"]') p,
  json_each('["' || replace(t.targets, ' ', '","') || '"]') g
WHERE s.kind <> 'logical';
