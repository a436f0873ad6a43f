-- Every code with its display and the code above it, and its properties.
SELECT s.url, c.code, c.display, p.code, '' FROM code_system s JOIN concept c ON c.code_system = s.id
  LEFT JOIN concept p ON p.code_system = s.id AND p.number = c.parent
UNION ALL SELECT s.url, c.code, p.number, p.code, p.value
FROM code_system s JOIN concept c ON c.code_system = s.id
  JOIN concept_property p ON p.code_system = s.id AND p.concept = c.number;
