-- Every element: where it stands, how often it may be there, its flags.
SELECT s.url, e.number, e.id, e.path, e.slice_name, e.min, e.max, e.base_max, e.max_length,
  e.is_modifier, e.is_summary, e.must_support, p.id, d.id, c.id
FROM structure s JOIN element e ON e.structure = s.id
  LEFT JOIN element p ON p.structure = s.id AND p.number = e.parent
  LEFT JOIN element d ON d.structure = s.id AND d.number = e.sliced
  LEFT JOIN element c ON c.structure = s.id AND c.number = e.content
WHERE s.kind <> 'logical';
