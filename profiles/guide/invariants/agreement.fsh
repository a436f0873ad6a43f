// What must hold in one agreement or meeting by itself.

Invariant: tl-asa-1
Description: "An executed agreement is signed by two parties."
Severity: #error
Expression: "status = 'executed' implies signer.party.reference.distinct().count() >= 2"

Invariant: tl-asa-2
Description: "The agreement has an appendix, and each of its lines names the service, its scope and the side responsible."
Severity: #error
Expression: "term.where(type.coding.where(system='http://tandem-fhir.org/ltss/CodeSystem/agreement-term' and (code='asa-appendix-a' or code='asa-appendix-b')).exists()).exists() and term.where(type.coding.where(system='http://tandem-fhir.org/ltss/CodeSystem/agreement-term' and (code='asa-appendix-a' or code='asa-appendix-b')).exists()).all(asset.valuedItem.exists() and asset.valuedItem.all(entity.exists() and responsible.exists() and extension('http://tandem-fhir.org/ltss/StructureDefinition/plan-scope').exists()))"

Invariant: tl-mtg-1
Description: "Both the plan's care coordination and the Health Home's care management take part."
Severity: #error
Expression: "participant.type.coding.where(system='http://tandem-fhir.org/ltss/CodeSystem/care-coordination-role' and code='mltc-care-coordinator').exists() and participant.type.coding.where(system='http://tandem-fhir.org/ltss/CodeSystem/care-coordination-role' and code='health-home-care-manager').exists()"

Invariant: tl-mtg-2
Description: "A coordination meeting has a goal."
Severity: #error
Expression: "extension('http://tandem-fhir.org/ltss/StructureDefinition/meeting-goal').exists()"
