Profile: TandemLtssCarePlan
Parent: CarePlan
Id: tandem-ltss-care-plan
Title: "LTSS care plan"
Description: "A member's plan for long-term services and supports, of one kind, with one author who planned it and one organization that owns it. What is planned stands in requests to which its activities refer."
* insert Common
* insert CompliesWith(http://hl7.org/fhir/us/eltss/StructureDefinition/CarePlan-eltss)
* obeys tl-cp-1 and tl-cp-2 and tl-cp-3 and tl-cp-6
* extension contains
    Custodian named custodian 1..1 MS and
    NextReview named nextReview 0..1 MS and
    PlanDistribution named planDistribution 0..*
* identifier MS
* status MS
* intent MS
* category 1..* MS
* category ^slicing.discriminator.type = #value
* category ^slicing.discriminator.path = "$this"
* category ^slicing.rules = #open
* category contains
    assessPlan 1..1 MS and
    type 1..1 MS
* category[assessPlan] = $us-core-careplan#assess-plan
* category[type] from LtssCarePlanTypeValueSet (required)
* subject MS
* subject only Reference(TandemPatient)
* period 1..1 MS
* period.start 1..1 MS
* author 1..1 MS
* author only Reference(TandemPractitionerRole or Practitioner)
* careTeam MS
* careTeam only Reference(TandemCareTeam)
* addresses MS
* supportingInfo MS
* goal MS
* goal only Reference(TandemGoal)
* activity MS
* activity.reference MS
* activity.detail 0..0

Profile: TandemJointCarePlan
Parent: TandemLtssCarePlan
Id: tandem-joint-care-plan
Title: "Joint care plan"
Description: "The one plan of a managed long-term care plan and a Health Home for a member of both, under their agreement. Each activity says which side is responsible and whether the service is in the plan's package."
* insert Common
* extension contains GoverningAgreement named governingAgreement 1..1 MS
* category[type] = $plan-type#joint
* supportingInfo ^slicing.discriminator.type = #profile
* supportingInfo ^slicing.discriminator.path = "resolve()"
* supportingInfo ^slicing.rules = #open
* supportingInfo contains cpcForm 0..* MS
* supportingInfo[cpcForm] only Reference(TandemCpcForm)
* supportingInfo[cpcForm] ^short = "The care planning and coordination form; that it is there is a rule of the program"
* activity.extension contains
    ResponsibleParty named responsibleParty 1..1 MS and
    PlanScopeExtension named planScope 1..1 MS

Profile: TandemGoal
Parent: Goal
Id: tandem-goal
Title: "Goal"
Description: "What the member wants to reach, in words that the member knows."
* insert Common
* insert CompliesWith(http://hl7.org/fhir/us/eltss/StructureDefinition/Goal-eltss)
* lifecycleStatus MS
* description MS
* description.text 1..1 MS
* subject MS
* subject only Reference(TandemPatient)
* startDate MS
* target MS

Profile: TandemCpcForm
Parent: QuestionnaireResponse
Id: tandem-cpc-form
Title: "Care planning and coordination form"
Description: "The form on which both sides record how they work together for one member, above all the primary need and the lead care manager."
* insert Common
* questionnaire 1..1 MS
* questionnaire = "http://tandem-fhir.org/ltss/Questionnaire/care-planning-coordination-form" (exactly)
* status MS
* subject 1..1 MS
* subject only Reference(TandemPatient)
* authored 1..1 MS
* author MS
* item 1..* MS
