-- Every value set: its includes and excludes with what each takes.
SELECT v.url, v.version, r.number, r.is_excluded, r.system, r.version, r.is_listed, '', ''
FROM value_set v LEFT JOIN value_set_rule r ON r.value_set = v.id
UNION ALL SELECT v.url, 'code', c.rule, c.number, c.code, c.display, '', '', ''
FROM value_set v JOIN value_set_concept c ON c.value_set = v.id
UNION ALL SELECT v.url, 'filter', f.rule, f.number, f.property, f.operator, f.value, '', ''
FROM value_set v JOIN value_set_filter f ON f.value_set = v.id
UNION ALL SELECT v.url, 'import', i.rule, i.number, i.canonical, '', '', '', ''
FROM value_set v JOIN value_set_import i ON i.value_set = v.id;
