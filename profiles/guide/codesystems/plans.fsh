// Care plans, care teams and the agreements beneath them.

CodeSystem: LtssCarePlanType
Id: ltss-care-plan-type
Title: "LTSS care plan type"
Description: "The kind of a care plan. It decides which party may write the plan."
* insert OwnCodes
* #joint "Joint plan of a managed long-term care plan and a Health Home"
* #mltc "Plan of a managed long-term care plan"
* #health-home "Plan of a Health Home"
* #aco-mco "Plan of an ACO or MCO"
* #ltss-cp "Plan of an LTSS Community Partner"
* #waiver-poc "Plan of care of a waiver program"
* #isp "Individual service plan"
* #person-centered "Person-centered service plan"
* #provider-program "Provider's program plan"
* #backup "Emergency backup plan"

CodeSystem: CareTeamCategory
Id: care-team-category
Title: "Care team category"
Description: "The kind of a care team."
* insert OwnCodes
* #joint-mltc-health-home "Joint team of a managed long-term care plan and a Health Home"
* #aco-care-team "Team of an ACO or MCO"
* #one-care "Team of a One Care plan"
* #mltc "Team of a managed long-term care plan"
* #waiver "Team of a waiver program"
* #other-ltss "Other team for long-term services and supports"

CodeSystem: PrimaryNeed
Id: primary-need
Title: "Primary need"
Description: "The need that weighs most for the member. The lead care manager is chosen by it."
* insert OwnCodes
* #ltss-functional "Help in daily living"
* #behavioral-health "Behavioral health"
* #substance-use "Substance use"
* #medical-complexity "Complex medical needs"
* #social-needs "Social needs"
* #child-family "Needs of a child and its family"

CodeSystem: LeadStatus
Id: lead-status
Title: "Lead status"
Description: "How far two organizations are in agreeing on a lead care manager."
* insert OwnCodes
* #proposed "Proposed" "One side has proposed a candidate and waits for the other."
* #disputed "Disputed" "The other side disagreed; a new proposal is needed."
* #determined "Determined" "Both sides agreed: the candidate is the lead."
* #superseded "Superseded" "Another lead was determined later."

CodeSystem: AgreementTerm
Id: agreement-term
Title: "Agreement term"
Description: "What a term of an agreement between two organizations is about."
* insert OwnCodes
* #asa-terms "Terms of the services agreement"
* #asa-appendix-a "Appendix A: services and responsibilities"
* #asa-appendix-b "Appendix B"
* #roles "Roles"
* #processes "Processes"
* #communication "Communication"
* #data-sharing "Data sharing"
* #care-team-expectations "Expectations of care team members"
* #performance-standards "Performance standards"
* #risk-bearing "Risk bearing"

CodeSystem: MeetingGoal
Id: meeting-goal
Title: "Meeting goal"
Description: "What a coordination meeting is for."
* insert OwnCodes
* #team-approach "Work as a team"
* #avoid-duplication "Avoid duplicate work"
* #positive-outcomes "Improve outcomes for members"
* #quality-improvement "Discuss the improvement of quality"

CodeSystem: CpObjective
Id: cp-objective
Title: "Community Partner objective"
Description: "What the Community Partner program is meant to achieve."
* insert OwnCodes
* #navigate "Help members to find their way"
* #experience-continuity-quality "Better experience, continuity and quality of care"
* #leverage-cbo "Use the expertise of community organizations"
* #invest-infrastructure "Invest in infrastructure"
* #collaborate "Collaboration across the delivery system"
* #community-first-values "Community first, independent living and recovery"

CodeSystem: CpFunction
Id: cp-function
Title: "Community Partner function"
Description: "What an LTSS Community Partner does for a member."
* insert OwnCodes
* #outreach-engagement "Outreach and engagement"
* #needs-and-choice "Finding unmet needs and giving informed choice"
* #ltss-care-plan "Making and keeping the LTSS care plan"
* #coordinate-ltss-social "Coordinating long-term and social services"
* #aco-team-participation "Taking part in the ACO's or MCO's care team"
* #collaborate-agencies "Collaborating with state agencies and providers"

CodeSystem: Participation
Id: participation
Title: "Participation"
Description: "The program or function in which a member chooses, or declines, to take part."
* insert OwnCodes
* #cp-participation "Supports of a Community Partner"
* #lts-coordinator "Long-term supports coordinator"
* #health-home "Health Home"

CodeSystem: TandemObservation
Id: tandem-observation
Title: "Observation in the coordination of care"
Description: "What is observed about a member for coordination and has no code elsewhere."
* insert OwnCodes
* #hh-eligibility "Eligible for a Health Home"
* #strength "Strength of the member"

CodeSystem: AgreementType
Id: agreement-type
Title: "Agreement type"
Description: "The kind of an agreement between organizations: Contract.type."
* insert OwnCodes
* #asa "Health Home services agreement of a plan and a Health Home"
* #cp-agreement "Agreement of a plan and a Community Partner"
* #provider "Agreement of a plan and a provider"
* #state "Contract of the state and a plan"
* #three-way "Contract of the state, CMS and a plan"

CodeSystem: DocumentKind
Id: document-type
Title: "Document type"
Description: "What a document is for: DocumentReference.type."
* insert OwnCodes
* #asa-template "Template of the Health Home services agreement" "Registered by the state. Contract.instantiatesUri names it; its text may not be changed, but for Appendix A."

CodeSystem: NoteCategory
Id: note-category
Title: "Note category"
Description: "What a note between those who coordinate care is: Communication.category."
* insert OwnCodes
* #coordination "Note on coordination"
* #outreach "Outreach to the member"
* #notice "Notice of what happened, made by the server"
