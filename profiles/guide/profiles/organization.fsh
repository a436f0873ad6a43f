Profile: TandemOrganization
Parent: Organization
Id: tandem-organization
Title: "Organization"
Description: "An organization that takes part in the coordination: a plan, a Health Home, a provider, an agency."
* insert Common
* insert CompliesWith(http://hl7.org/fhir/us/davinci-hrex/StructureDefinition/hrex-organization)
* extension contains Part2Program named part2Program 0..1
* identifier MS
* identifier ^slicing.discriminator.type = #value
* identifier ^slicing.discriminator.path = "system"
* identifier ^slicing.rules = #open
* identifier contains npi 0..1 MS
* identifier[npi] ^short = "National Provider Identifier"
* identifier[npi].system 1..1
* identifier[npi].system = "http://hl7.org/fhir/sid/us-npi" (exactly)
* identifier[npi].value 1..1
* active 1..1 MS
* type 1..* MS
* type from OrgTypeValueSet (required)
* name 1..1 MS
* telecom MS
* address MS
* endpoint only Reference(TandemEndpoint)
