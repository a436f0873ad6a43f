// Rosa's care teams: the plan's own, the Health Home's own, and the joint one before, while and after its lead is agreed.

RuleSet: Member(entry, person)
* participant[{entry}].member = Reference({person})

RuleSet: BothCoordinators
* insert Member(mltcCareCoordinator, empire-coordinator)
* participant[mltcCareCoordinator].extension[coordinationDomain].valueCode = #ltss
* participant[mltcCareCoordinator].extension[primaryCoordinator].valueCode = #ltss
* insert Member(healthHomeCareManager, bridge-care-manager)
* participant[healthHomeCareManager].extension[coordinationDomain].valueCode = #behavioral-health
* participant[healthHomeCareManager].extension[primaryCoordinator].valueCode = #behavioral-health
* participant[healthHomeCareManager].role.coding[1] = $sct#184154008 "Care manager"
* insert Member(patient, rosa)
* participant[patient].role.coding[1] = $sct#116154003 "Patient"
* insert Member(caregiver, elena)
* participant[caregiver].role.coding[1] = $sct#133932002 "Caregiver"

RuleSet: JointTeam
* extension[governingAgreement].valueReference.type = "Contract"
* extension[governingAgreement].valueReference.identifier.system = "https://empire.example/agreements"
* extension[governingAgreement].valueReference.identifier.value = "ASA-2026-014"
* extension[governingAgreement].valueReference.display = "Health Home services agreement of Empire and Bridge"
* status = #active
* subject = Reference(rosa)
* period.start = "2026-11-01"
* managingOrganization[0] = Reference(mltc-empire)
* managingOrganization[+] = Reference(hh-bridge)
* insert BothCoordinators

RuleSet: Agreement(index, side, person, when)
* {index}.extension[organization].valueReference = Reference({side})
* {index}.extension[practitionerRole].valueReference = Reference({person})
* {index}.extension[when].valueDateTime = "{when}"

Instance: empire-team
InstanceOf: TandemCareTeam
Usage: #example
Title: "The plan's own team, which names its lead itself"
* status = #active
* category[type] = $team-category#mltc
* name = "Rosa's team at Empire"
* subject = Reference(rosa)
* period.start = "2026-10-01"
* managingOrganization = Reference(mltc-empire)
* insert Member(leadCareManager, empire-coordinator)
* participant[leadCareManager].role.coding[1] = $sct#768832004 "Case manager"
* insert Member(mltcCareCoordinator, empire-coordinator)
* insert Member(ltssProvider, homecare-sun)
* insert Member(patient, rosa)
* insert Member(caregiver, elena)

Instance: bridge-team
InstanceOf: TandemCareTeam
Usage: #example
Title: "The Health Home's own team"
* status = #active
* category[type] = $team-category#other-ltss
* name = "Rosa's team at Bridge"
* subject = Reference(bridge-1042)
* period.start = "2026-10-15"
* managingOrganization = Reference(hh-bridge)
* insert Member(healthHomeCareManager, bridge-care-manager)
* insert Member(patient, bridge-1042)

Instance: joint-team
InstanceOf: TandemJointCareTeam
Usage: #example
Title: "The joint team, before a lead is proposed"
* insert JointTeam
* identifier.system = "https://empire.example/teams"
* identifier.value = "T-640"
* name = "Rosa's joint team"

Instance: joint-team-proposed
InstanceOf: TandemJointCareTeam
Usage: #example
Title: "The joint team, with an open proposal for its lead"
* insert JointTeam
* extension[leadDetermination].extension[status].valueCode = #proposed
* extension[leadDetermination].extension[candidate].valueReference = Reference(bridge-care-manager)
* extension[leadDetermination].extension[primaryNeed].valueCodeableConcept = $primary-need#behavioral-health
* extension[leadDetermination].extension[rationale].valueString = "Rosa's depression is what most often keeps her from using her services."
* extension[leadDetermination].extension[documentation].valueReference = Reference(rosa-cpc-form)
* insert Agreement(extension[leadDetermination].extension[agreedBy][0], mltc-empire, empire-coordinator, 2026-11-03T09:30:00-05:00)

Instance: joint-team-lead
InstanceOf: TandemJointCareTeam
Usage: #example
Title: "The joint team with its lead, agreed by both, and the lead before"
* insert JointTeam
* insert Member(leadCareManager, bridge-care-manager)
* participant[leadCareManager].role.coding[1] = $sct#768832004 "Case manager"
* participant[leadCareManager].period.start = "2026-11-06"
* participant[leadCareManager].extension[leadDetermination].extension[status].valueCode = #determined
* participant[leadCareManager].extension[leadDetermination].extension[primaryNeed].valueCodeableConcept = $primary-need#behavioral-health
* participant[leadCareManager].extension[leadDetermination].extension[rationale].valueString = "Rosa's depression is what most often keeps her from using her services."
* participant[leadCareManager].extension[leadDetermination].extension[determinedOn].valueDateTime = "2026-11-06T16:05:00-05:00"
* participant[leadCareManager].extension[leadDetermination].extension[documentation].valueReference = Reference(rosa-cpc-form)
* participant[leadCareManager].extension[leadDetermination].extension[supersedes].valueReference.reference = "CareTeam/joint-team-lead/_history/1"
* insert Agreement(participant[leadCareManager].extension[leadDetermination].extension[agreedBy][0], mltc-empire, empire-coordinator, 2026-11-03T09:30:00-05:00)
* insert Agreement(participant[leadCareManager].extension[leadDetermination].extension[agreedBy][1], hh-bridge, bridge-care-manager, 2026-11-06T16:05:00-05:00)
* participant[5].role = $role#former-lead-care-manager
* participant[5].member = Reference(empire-coordinator)
* participant[5].period.start = "2026-11-01"
* participant[5].period.end = "2026-11-06"
* participant[5].extension[leadDetermination].extension[status].valueCode = #superseded
* participant[5].extension[leadDetermination].extension[primaryNeed].valueCodeableConcept = $primary-need#ltss-functional
* participant[5].extension[leadDetermination].extension[rationale].valueString = "Rosa came home from hospital and needed help in daily living first."
* participant[5].extension[leadDetermination].extension[determinedOn].valueDateTime = "2026-11-01T11:00:00-04:00"
* participant[5].extension[leadDetermination].extension[documentation].valueReference = Reference(rosa-cpc-form-first)
* insert Agreement(participant[5].extension[leadDetermination].extension[agreedBy][0], mltc-empire, empire-coordinator, 2026-10-30T10:00:00-04:00)
* insert Agreement(participant[5].extension[leadDetermination].extension[agreedBy][1], hh-bridge, bridge-care-manager, 2026-11-01T11:00:00-04:00)
