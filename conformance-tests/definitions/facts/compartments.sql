SELECT r.url, c.type, c.code FROM resource r JOIN compartment c ON c.definition = r.id;
