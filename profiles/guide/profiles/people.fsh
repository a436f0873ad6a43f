// The member, those around the member, and the professionals.

Profile: TandemPatient
Parent: Patient
Id: tandem-patient
Title: "Member"
Description: "A member whose long-term care is coordinated. The Medicaid number, where known, is the identifier by which two organizations know that they mean the same person."
* insert Common
* insert CompliesWith(http://hl7.org/fhir/us/eltss/StructureDefinition/Patient-eltss)
* identifier 1..* MS
* identifier ^slicing.discriminator.type = #pattern
* identifier ^slicing.discriminator.path = "type"
* identifier ^slicing.rules = #open
* identifier.system 1..1 MS
* identifier.value 1..1 MS
* identifier.type MS
* identifier contains medicaid 0..1 MS
* identifier[medicaid] ^short = "The state's Medicaid number"
* identifier[medicaid].type 1..1
* identifier[medicaid].type = $identifier-type#MA
* name 1..* MS
* name.family 1..1 MS
* name.given 1..* MS
* telecom MS
* gender 1..1 MS
* birthDate 1..1 MS
* address MS
* contact MS
* contact.relationship 1..* MS
* contact.name MS
* contact.telecom MS
* communication MS

Profile: TandemRelatedPerson
Parent: RelatedPerson
Id: tandem-related-person
Title: "Related person"
Description: "A relative, friend or representative of the member."
* insert Common
* patient only Reference(TandemPatient)
* patient MS
* relationship 1..* MS
* name 1..* MS
* telecom MS

Profile: TandemPractitioner
Parent: Practitioner
Id: tandem-practitioner
Title: "Practitioner"
Description: "A professional as a person. In teams and plans professionals appear in their role at an organization."
* insert Common
* identifier MS
* identifier ^slicing.discriminator.type = #value
* identifier ^slicing.discriminator.path = "system"
* identifier ^slicing.rules = #open
* identifier contains npi 0..1 MS
* identifier[npi] ^short = "National Provider Identifier"
* identifier[npi].system 1..1
* identifier[npi].system = "http://hl7.org/fhir/sid/us-npi" (exactly)
* identifier[npi].value 1..1
* name 1..* MS
* name.family 1..1 MS
* name.given MS
* telecom MS
* qualification MS

Profile: TandemPractitionerRole
Parent: PractitionerRole
Id: tandem-practitioner-role
Title: "Practitioner role"
Description: "A professional in a function at one organization. Coordinators always appear as this, because it says for whom they work."
* insert Common
* practitioner 1..1 MS
* practitioner only Reference(TandemPractitioner)
* organization 1..1 MS
* organization only Reference(TandemOrganization)
* code 1..* MS
* code from CareCoordinationRoleValueSet (extensible)
* telecom MS
