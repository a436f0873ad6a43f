SELECT p.url, p.code, p.type, p.expression, b.value, t.value
FROM search_parameter p, json_each('["' || replace(p.bases, ' ', '","') || '"]') b,
  json_each('["' || replace(p.targets, ' ', '","') || '"]') t
UNION ALL SELECT p.url, p.code, 'component ' || c.number, c.definition, c.expression, ''
FROM search_parameter p JOIN search_component c ON c.parameter = p.id;
