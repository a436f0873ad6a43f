// What two sides do together: enrollments, meetings, notes, signed records.

Profile: TandemEpisodeOfCare
Parent: EpisodeOfCare
Id: tandem-episode-of-care
Title: "Enrollment"
Description: "The time in which an organization cares for a member in one kind of program. Each side keeps its own care manager here; the lead is said once, in the joint care team."
* insert Common
* status MS
* type 1..1 MS
* type from EpisodeTypeValueSet (required)
* patient MS
* patient only Reference(TandemPatient)
* managingOrganization 1..1 MS
* managingOrganization only Reference(TandemOrganization)
* period 1..1 MS
* period.start 1..1 MS
* careManager MS
* careManager only Reference(TandemPractitionerRole or Practitioner)

RuleSet: Meeting
* insert Common
* obeys tl-mtg-1 and tl-mtg-2
* extension contains MeetingGoalExtension named meetingGoal 0..* MS
* status MS
* participant MS

Profile: TandemCoordinationMeeting
Parent: Appointment
Id: tandem-coordination-meeting
Title: "Coordination meeting"
Description: "A planned meeting of the plan's care coordination and the Health Home's care management, with what it is for."
* insert Meeting
* serviceType 1..1 MS
* serviceType = $ltss-service#care-coordination
* start 1..1 MS

Profile: TandemCoordinationMeetingHeld
Parent: Encounter
Id: tandem-coordination-meeting-held
Title: "Coordination meeting that was held"
Description: "A meeting of both sides as it took place."
* insert Meeting
* serviceType 1..1 MS
* serviceType = $ltss-service#care-coordination
* period 1..1 MS
* period.start 1..1

Profile: TandemCoordinationNote
Parent: Communication
Id: tandem-coordination-note
Title: "Coordination note"
Description: "What one who coordinates care tells others, or the server tells all of them, about one member."
* insert Common
* status MS
* category 1..* MS
* category ^slicing.discriminator.type = #value
* category ^slicing.discriminator.path = "$this"
* category ^slicing.rules = #open
* category contains type 1..1 MS
* category[type] from NoteCategoryValueSet (required)
* subject 1..1 MS
* subject only Reference(TandemPatient)
* about MS
* sent 1..1 MS
* recipient 1..* MS
* sender 1..1 MS
* payload 1..* MS

Profile: TandemProvenance
Parent: Provenance
Id: tandem-provenance
Title: "Signed record"
Description: "Who stated what a record says, for which organization, and that this person signed it."
* insert Common
* insert CompliesWith(http://hl7.org/fhir/us/davinci-hrex/StructureDefinition/hrex-provenance)
* target MS
* recorded MS
* agent MS
* agent.type 1..1 MS
* agent.who MS
* agent.onBehalfOf MS
* signature MS
