SELECT url, version, content, is_case_sensitive, concepts FROM code_system;
