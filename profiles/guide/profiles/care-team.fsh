// Care teams. A slice of participant is recognized by our one coding of the role; a SNOMED CT coding may stand beside it
// for other readers, and is never part of the pattern.

RuleSet: TeamSlice(name, code, max)
* participant contains {name} 0..{max}
* participant[{name}].role = $role#{code}

RuleSet: ProfessionalSlice(name, code, max)
* insert TeamSlice({name}, {code}, {max})
* participant[{name}].member only Reference(TandemPractitionerRole)

Profile: TandemCareTeam
Parent: CareTeam
Id: tandem-care-team
Title: "Care team"
Description: "A member's care team. Every entry says its one role and its one member; professionals are named by their role at an organization, and someone with two functions has two entries, so the lead has an entry beside that of the coordinator."
* insert Common
* insert CompliesWith(http://hl7.org/fhir/us/core/StructureDefinition/us-core-careteam)
* obeys tl-ct-1 and tl-ct-2 and tl-ct-4 and tl-ct-6
* identifier MS
* status 1..1 MS
* category 1..* MS
* category ^slicing.discriminator.type = #value
* category ^slicing.discriminator.path = "$this"
* category ^slicing.rules = #open
* category contains type 1..1 MS
* category[type] from CareTeamCategoryValueSet (required)
* subject 1..1 MS
* subject only Reference(TandemPatient)
* period MS
* managingOrganization 1..* MS
* managingOrganization only Reference(TandemOrganization)
* participant 1..* MS
* participant ^slicing.discriminator.type = #pattern
* participant ^slicing.discriminator.path = "role"
* participant ^slicing.rules = #open
* participant.extension contains
    CoordinationDomainExtension named coordinationDomain 0..* and
    PrimaryCoordinator named primaryCoordinator 0..*
* participant.role 1..1 MS
* participant.role from CareCoordinationRoleValueSet (extensible)
* participant.member 1..1 MS
* participant.member only Reference(TandemPractitionerRole or TandemPatient or TandemRelatedPerson or TandemOrganization or CareTeam)
* participant.onBehalfOf 0..0
* participant.period MS
* insert ProfessionalSlice(leadCareManager, lead-care-manager, 1)
* insert ProfessionalSlice(mltcCareCoordinator, mltc-care-coordinator, *)
* insert ProfessionalSlice(healthHomeCareManager, health-home-care-manager, *)
* insert ProfessionalSlice(acoCareCoordinator, aco-care-coordinator, *)
* insert ProfessionalSlice(mcoCareCoordinator, mco-care-coordinator, *)
* insert ProfessionalSlice(pcp, primary-care-provider, *)
* insert ProfessionalSlice(ltssCp, ltss-cp-coordinator, *)
* insert ProfessionalSlice(bhCp, bh-cp-coordinator, *)
* insert ProfessionalSlice(waiverCaseManager, waiver-case-manager, *)
* insert ProfessionalSlice(ddsServiceCoordinator, dds-service-coordinator, *)
* insert ProfessionalSlice(ltsCoordinator, lts-coordinator, *)
* insert TeamSlice(ltssProvider, ltss-provider, *)
* participant[ltssProvider].member only Reference(TandemPractitionerRole or TandemOrganization)
* insert ProfessionalSlice(directCareWorker, direct-care-worker, *)
* insert ProfessionalSlice(tpaReviewer, tpa-reviewer, *)
* insert ProfessionalSlice(liaison, liaison, *)
* insert TeamSlice(patient, patient, *)
* participant[patient].member only Reference(TandemPatient)
* insert TeamSlice(caregiver, caregiver, *)
* participant[caregiver].member only Reference(TandemRelatedPerson)

Profile: TandemJointCareTeam
Parent: TandemCareTeam
Id: tandem-joint-care-team
Title: "Joint care team"
Description: "The one team of a managed long-term care plan and a Health Home for a member of both. Both manage it, both have a coordinator in it, and its lead carries the determination by which both agreed."
* insert Common
* obeys tl-ct-5 and tl-ct-7 and tl-ct-8
* extension contains
    GoverningAgreement named governingAgreement 1..1 MS and
    LeadDetermination named leadDetermination 0..1
* category[type] = $team-category#joint-mltc-health-home
* managingOrganization 2..2
* participant.extension contains LeadDetermination named leadDetermination 0..1
* participant[mltcCareCoordinator] 1..1
* participant[healthHomeCareManager] 1..1
