Profile: TandemEvvVisit
Parent: Encounter
Id: tandem-evv-visit
Title: "Verified visit"
Description: "A visit at the member's home, with the six elements of electronic visit verification: the service, the member, the date, the place, the caregiver, and when it began and ended. The place is a location or the extension; that one of them is there is a rule of the program."
* insert Common
* obeys tl-evv-1
* extension contains
    EvvMethodExtension named evvMethod 1..1 MS and
    EvvEditReason named evvEditReason 0..1 and
    EvvGeolocation named evvGeolocation 0..1
* status MS
* class = http://terminology.hl7.org/CodeSystem/v3-ActCode#HH
* type 1..1 MS
* subject 1..1 MS
* subject only Reference(TandemPatient)
* participant 1..* MS
* participant.individual 1..1 MS
* location MS
* period 1..1 MS
* period.start 1..1 MS
* period.end MS
* basedOn MS
* basedOn only Reference(TandemServiceRequest)
