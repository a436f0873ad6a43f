// Names for the code systems that the guide uses, ours first.
Alias: $role = http://tandem-fhir.org/ltss/CodeSystem/care-coordination-role
Alias: $org-type = http://tandem-fhir.org/ltss/CodeSystem/org-type
Alias: $team-category = http://tandem-fhir.org/ltss/CodeSystem/care-team-category
Alias: $plan-type = http://tandem-fhir.org/ltss/CodeSystem/ltss-care-plan-type
Alias: $agreement-type = http://tandem-fhir.org/ltss/CodeSystem/agreement-type
Alias: $agreement-term = http://tandem-fhir.org/ltss/CodeSystem/agreement-term
Alias: $document-type = http://tandem-fhir.org/ltss/CodeSystem/document-type
Alias: $episode-type = http://tandem-fhir.org/ltss/CodeSystem/episode-type
Alias: $note-category = http://tandem-fhir.org/ltss/CodeSystem/note-category
Alias: $service-category = http://tandem-fhir.org/ltss/CodeSystem/service-category
Alias: $ltss-service = http://tandem-fhir.org/ltss/CodeSystem/ltss-service
Alias: $coverage-class = http://tandem-fhir.org/ltss/CodeSystem/coverage-class
Alias: $primary-need = http://tandem-fhir.org/ltss/CodeSystem/primary-need
Alias: $participation = http://tandem-fhir.org/ltss/CodeSystem/participation
Alias: $task = http://tandem-fhir.org/ltss/CodeSystem/tandem-task
Alias: $task-io = http://tandem-fhir.org/ltss/CodeSystem/task-io
Alias: $task-status-reason = http://tandem-fhir.org/ltss/CodeSystem/task-status-reason
Alias: $referral-status = http://tandem-fhir.org/ltss/CodeSystem/referral-business-status

Alias: $sct = http://snomed.info/sct
Alias: $ucum = http://unitsofmeasure.org
Alias: $ncit = http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl
Alias: $hcpcs = http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets
Alias: $us-core-careplan = http://hl7.org/fhir/us/core/CodeSystem/careplan-category
Alias: $identifier-type = http://terminology.hl7.org/CodeSystem/v2-0203
Alias: $contact-relationship = http://terminology.hl7.org/CodeSystem/v2-0131
Alias: $role-code = http://terminology.hl7.org/CodeSystem/v3-RoleCode
Alias: $act-code = http://terminology.hl7.org/CodeSystem/v3-ActCode
Alias: $act-reason = http://terminology.hl7.org/CodeSystem/v3-ActReason
Alias: $participation-type = http://terminology.hl7.org/CodeSystem/v3-ParticipationType
Alias: $consent-scope = http://terminology.hl7.org/CodeSystem/consentscope
Alias: $connection-type = http://terminology.hl7.org/CodeSystem/endpoint-connection-type
Alias: $payload-type = http://terminology.hl7.org/CodeSystem/endpoint-payload-type
Alias: $task-code = http://hl7.org/fhir/CodeSystem/task-code

Alias: $activity-title = http://hl7.org/fhir/StructureDefinition/careplan-activity-title
