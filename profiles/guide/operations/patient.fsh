// R5's Patient/$merge on R4's records.

RuleSet: MergeIn(name, max, type, documentation)
* parameter[+].name = #{name}
* parameter[=].use = #in
* parameter[=].min = 0
* parameter[=].max = "{max}"
* parameter[=].type = {type}
* parameter[=].documentation = "{documentation}"

Instance: merge
InstanceOf: OperationDefinition
Usage: #definition
* insert Operation(merge)
* name = "Merge"
* title = "Make two patients one"
* description = "The source becomes a part of the target: it is no longer active and says that the target replaces it; what refers to the source refers to the target from then on, in one commit. The versions before stay. After R5's operation of the same name."
* resource = #Patient
* type = true
* instance = false
* insert MergeIn(source-patient, 1, #Reference, The patient who goes.)
* insert MergeIn(source-patient-identifier, *, #Identifier, Identifiers which all are this one patient's.)
* insert MergeIn(target-patient, 1, #Reference, The patient who stays.)
* insert MergeIn(target-patient-identifier, *, #Identifier, Identifiers which all are this one patient's.)
* insert MergeIn(result-patient, 1, #Patient, What the target shall be. Without it the target stays as it is and gets the identifiers of the source.)
* insert MergeIn(preview, 1, #boolean, Whether to say what would be done and change nothing.)
* parameter[+].name = #input
* parameter[=].use = #out
* parameter[=].min = 1
* parameter[=].max = "1"
* parameter[=].type = #Parameters
* parameter[=].documentation = "What was asked."
* parameter[+].name = #outcome
* parameter[=].use = #out
* parameter[=].min = 1
* parameter[=].max = "1"
* parameter[=].type = #OperationOutcome
* parameter[=].documentation = "What was done, or that it was done before."
* parameter[+].name = #result
* parameter[=].use = #out
* parameter[=].min = 1
* parameter[=].max = "1"
* parameter[=].type = #Patient
* parameter[=].documentation = "The target as it is now, or would be."
