// Value sets that hold all of one code system of the guide; each has the code system's id.

RuleSet: AllOf(system)
* ^experimental = false
* include codes from system {system}

ValueSet: CareCoordinationRoleValueSet
Id: care-coordination-role
Title: "Care coordination role"
Description: "All codes of the code system care-coordination-role."
* insert AllOf(CareCoordinationRole)

ValueSet: PartyRoleValueSet
Id: party-role
Title: "Party role"
Description: "All codes of the code system party-role."
* insert AllOf(PartyRole)

ValueSet: OrgTypeValueSet
Id: org-type
Title: "Organization type"
Description: "All codes of the code system org-type."
* insert AllOf(OrgType)

ValueSet: AffiliationValueSet
Id: affiliation
Title: "Affiliation"
Description: "All codes of the code system affiliation."
* insert AllOf(Affiliation)

ValueSet: CoverageTypeValueSet
Id: coverage-type
Title: "Coverage type"
Description: "All codes of the code system coverage-type."
* insert AllOf(CoverageType)

ValueSet: RatingCategoryValueSet
Id: rating-category
Title: "Rating category"
Description: "All codes of the code system rating-category."
* insert AllOf(RatingCategory)

ValueSet: EpisodeTypeValueSet
Id: episode-type
Title: "Episode type"
Description: "All codes of the code system episode-type."
* insert AllOf(EpisodeType)

ValueSet: BhCpPopulationValueSet
Id: bh-cp-population
Title: "Population of a behavioral health Community Partner"
Description: "All codes of the code system bh-cp-population."
* insert AllOf(BhCpPopulation)

ValueSet: IdentificationSourceValueSet
Id: identification-source
Title: "Identification source"
Description: "All codes of the code system identification-source."
* insert AllOf(IdentificationSource)

ValueSet: PaymentModelValueSet
Id: payment-model
Title: "Payment model"
Description: "All codes of the code system payment-model."
* insert AllOf(PaymentModel)

ValueSet: ServiceCategoryValueSet
Id: service-category
Title: "Service category"
Description: "All codes of the code system service-category."
* insert AllOf(ServiceCategory)

ValueSet: PlanScopeValueSet
Id: plan-scope
Title: "Plan scope"
Description: "All codes of the code system plan-scope."
* insert AllOf(PlanScope)

ValueSet: CoordinationDomainValueSet
Id: coordination-domain
Title: "Coordination domain"
Description: "All codes of the code system coordination-domain."
* insert AllOf(CoordinationDomain)

ValueSet: DuplicateBasisValueSet
Id: duplicate-basis
Title: "Basis of a duplicate"
Description: "All codes of the code system duplicate-basis."
* insert AllOf(DuplicateBasis)

ValueSet: ParticipantDirectionModelValueSet
Id: participant-direction-model
Title: "Model of participant direction"
Description: "All codes of the code system participant-direction-model."
* insert AllOf(ParticipantDirectionModel)

ValueSet: EvvMethodValueSet
Id: evv-method
Title: "Method of electronic visit verification"
Description: "All codes of the code system evv-method."
* insert AllOf(EvvMethod)

ValueSet: IncidentTypeValueSet
Id: incident-type
Title: "Incident type"
Description: "All codes of the code system incident-type."
* insert AllOf(IncidentType)

ValueSet: LtssCarePlanTypeValueSet
Id: ltss-care-plan-type
Title: "LTSS care plan type"
Description: "All codes of the code system ltss-care-plan-type."
* insert AllOf(LtssCarePlanType)

ValueSet: CareTeamCategoryValueSet
Id: care-team-category
Title: "Care team category"
Description: "All codes of the code system care-team-category."
* insert AllOf(CareTeamCategory)

ValueSet: PrimaryNeedValueSet
Id: primary-need
Title: "Primary need"
Description: "All codes of the code system primary-need."
* insert AllOf(PrimaryNeed)

ValueSet: LeadStatusValueSet
Id: lead-status
Title: "Lead status"
Description: "All codes of the code system lead-status."
* insert AllOf(LeadStatus)

ValueSet: AgreementTermValueSet
Id: agreement-term
Title: "Agreement term"
Description: "All codes of the code system agreement-term."
* insert AllOf(AgreementTerm)

ValueSet: MeetingGoalValueSet
Id: meeting-goal
Title: "Meeting goal"
Description: "All codes of the code system meeting-goal."
* insert AllOf(MeetingGoal)

ValueSet: CpObjectiveValueSet
Id: cp-objective
Title: "Community Partner objective"
Description: "All codes of the code system cp-objective."
* insert AllOf(CpObjective)

ValueSet: CpFunctionValueSet
Id: cp-function
Title: "Community Partner function"
Description: "All codes of the code system cp-function."
* insert AllOf(CpFunction)

ValueSet: ParticipationValueSet
Id: participation
Title: "Participation"
Description: "All codes of the code system participation."
* insert AllOf(Participation)

ValueSet: TandemObservationValueSet
Id: tandem-observation
Title: "Observation in the coordination of care"
Description: "All codes of the code system tandem-observation."
* insert AllOf(TandemObservation)

ValueSet: TandemTaskValueSet
Id: tandem-task
Title: "Task code"
Description: "All codes of the code system tandem-task."
* insert AllOf(TandemTask)

ValueSet: TaskIoValueSet
Id: task-io
Title: "Task input or output"
Description: "All codes of the code system task-io."
* insert AllOf(TaskIo)

ValueSet: TaskBusinessStatusValueSet
Id: task-business-status
Title: "Task business status"
Description: "All codes of the code system task-business-status."
* insert AllOf(TaskBusinessStatus)

ValueSet: TaskStatusReasonValueSet
Id: task-status-reason
Title: "Task status reason"
Description: "All codes of the code system task-status-reason."
* insert AllOf(TaskStatusReason)

ValueSet: ReferralBusinessStatusValueSet
Id: referral-business-status
Title: "Referral business status"
Description: "All codes of the code system referral-business-status."
* insert AllOf(ReferralBusinessStatus)

ValueSet: ReferralCodeValueSet
Id: referral-code
Title: "Referral code"
Description: "All codes of the code system referral-code."
* insert AllOf(ReferralCode)

ValueSet: ReferralReasonValueSet
Id: referral-reason
Title: "Referral reason"
Description: "All codes of the code system referral-reason."
* insert AllOf(ReferralReason)

ValueSet: LtsTriggerValueSet
Id: lts-trigger
Title: "Trigger of an offer"
Description: "All codes of the code system lts-trigger."
* insert AllOf(LtsTrigger)

ValueSet: LtsDecisionValueSet
Id: lts-decision
Title: "Decision on an offer"
Description: "All codes of the code system lts-decision."
* insert AllOf(LtsDecision)

ValueSet: OnboardingDocumentValueSet
Id: onboarding-document
Title: "Document for onboarding"
Description: "All codes of the code system onboarding-document."
* insert AllOf(OnboardingDocument)

ValueSet: AgreementTypeValueSet
Id: agreement-type
Title: "Agreement type"
Description: "All codes of the code system agreement-type."
* insert AllOf(AgreementType)

ValueSet: DocumentKindValueSet
Id: document-type
Title: "Document type"
Description: "All codes of the code system document-type."
* insert AllOf(DocumentKind)

ValueSet: NoteCategoryValueSet
Id: note-category
Title: "Note category"
Description: "All codes of the code system note-category."
* insert AllOf(NoteCategory)
