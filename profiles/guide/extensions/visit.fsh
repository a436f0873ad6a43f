// What a verified visit says beyond R4.

Extension: EvvMethodExtension
Id: evv-method
Title: "Method of visit verification"
Description: "How the begin and end of the visit were recorded."
Context: Encounter
* insert Common
* value[x] 1..1
* value[x] only code
* valueCode from EvvMethodValueSet (required)

Extension: EvvEditReason
Id: evv-edit-reason
Title: "Reason of a manual edit"
Description: "Why the times of the visit were entered or changed by hand."
Context: Encounter
* insert Common
* value[x] 1..1
* value[x] only string

Extension: EvvGeolocation
Id: evv-geolocation
Title: "Place of a visit"
Description: "Where the visit was recorded, when no location is named."
Context: Encounter
* insert Common
* extension contains
    latitude 1..1 and
    longitude 1..1
* extension[latitude].value[x] 1..1
* extension[latitude].value[x] only decimal
* extension[longitude].value[x] 1..1
* extension[longitude].value[x] only decimal
