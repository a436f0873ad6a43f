// Consents. A consent is never deleted, and its exceptions are one level deep.

RuleSet: ConsentCommon
* insert Common
* obeys tl-con-3
* status MS
* status from ConsentStatusValueSet (required)
* scope MS
* scope from ConsentScopeValueSet (required)
* category MS
* category ^slicing.discriminator.type = #value
* category ^slicing.discriminator.path = "$this"
* category ^slicing.rules = #open
* patient 1..1 MS
* patient only Reference(TandemPatient)
* dateTime 1..1 MS
* provision 1..1 MS
* provision.type 1..1 MS
* provision.actor MS

Profile: TandemConsentSharing
Parent: Consent
Id: tandem-consent-sharing
Title: "Consent to share"
Description: "The member lets the named recipients have records for the named purposes and time, with exceptions by label, kind of record, code, recipient or single record."
* insert ConsentCommon
* insert CompliesWith(http://hl7.org/fhir/us/consent-management/StructureDefinition/consent-management-consent)
* category contains disclosure 1..1 MS
* category[disclosure] = $act-code#IDSCL
* provision.type = #permit (exactly)
* provision.period 1..1 MS
* provision.purpose 1..* MS
* provision.purpose from SharingPurposeValueSet (required)
* provision.actor 1..*
* provision.actor ^slicing.discriminator.type = #pattern
* provision.actor ^slicing.discriminator.path = "role"
* provision.actor ^slicing.rules = #open
* provision.actor contains recipient 1..* MS
* provision.actor[recipient].role = $participation-type#IRCP
* provision.provision.type 1..1
* provision.provision.type = #deny (exactly)

Profile: TandemConsentParticipation
Parent: Consent
Id: tandem-consent-participation
Title: "Consent to take part"
Description: "The member chooses, or declines, to take part in a program or to have a coordinator. Only the member or a related person with authority decides; another party may record the decision if it was verified."
* insert ConsentCommon
* obeys tl-con-1
* category contains participation 1..1 MS
* category[participation] from ParticipationValueSet (required)
* performer MS
* verification MS
* provision.actor 1..*
* provision.actor.reference only Reference(TandemOrganization)
* provision.provision.type 1..1
* provision.provision.type = #deny (exactly)
