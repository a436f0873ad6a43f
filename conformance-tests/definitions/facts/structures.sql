-- Types, resources, profiles and extensions. Logical models are no part of the exchange.
SELECT url, version, type, name, kind, is_abstract, is_constraint, base FROM structure WHERE kind <> 'logical';
