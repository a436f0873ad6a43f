SELECT s.url, e.id, e.binding, e.value_set FROM structure s JOIN element e ON e.structure = s.id
WHERE s.kind <> 'logical' AND e.binding IS NOT NULL;
