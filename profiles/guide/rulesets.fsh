// Rules that several definitions share.

RuleSet: Common
* ^experimental = false

RuleSet: OwnCodes
* ^experimental = false
* ^caseSensitive = true

// The foreign profile whose constraints a profile restates; validation never needs that guide's package.
RuleSet: CompliesWith(canonical)
* ^extension[0].url = "http://hl7.org/fhir/StructureDefinition/structuredefinition-compliesWithProfile"
* ^extension[0].valueCanonical = "{canonical}"
