Profile: TandemCoverage
Parent: Coverage
Id: tandem-coverage
Title: "Coverage"
Description: "The member's coverage by one program, which is said once, in the class program."
* insert Common
* insert CompliesWith(http://hl7.org/fhir/us/davinci-hrex/StructureDefinition/hrex-coverage)
* obeys tl-cov-1
* extension contains LtssNeedDays named ltssNeedDays 0..1 MS
* status MS
* subscriberId MS
* beneficiary MS
* beneficiary only Reference(TandemPatient)
* period 1..1 MS
* period.start 1..1 MS
* payor 1..1 MS
* payor only Reference(TandemOrganization)
* class 1..* MS
* class ^slicing.discriminator.type = #pattern
* class ^slicing.discriminator.path = "type"
* class ^slicing.rules = #open
* class.type from CoverageClassValueSet (extensible)
* class contains
    program 1..1 MS and
    coverageType 0..1 and
    ratingCategory 0..1 and
    eligibilityGroup 0..1
* class[program].type = $coverage-class#program
* class[program].value from ManagedCareProgramValueSet (required)
* class[coverageType].type = $coverage-class#coverage-type
* class[coverageType].value from CoverageTypeValueSet (required)
* class[ratingCategory].type = $coverage-class#rating-category
* class[ratingCategory].value from RatingCategoryValueSet (required)
* class[eligibilityGroup].type = $coverage-class#eligibility-group
