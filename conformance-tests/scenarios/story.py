"""story.py - records of a plan (Empire), a Health Home (Bridge) and their members, for tests over HTTP."""
import base64
import datetime

TL = "http://tandem-fhir.org/ltss/"
HCPCS = "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
EMPIRE, BRIDGE, SUN, DOH = ({"reference": "Organization/" + name} for name in ("mltc-empire", "hh-bridge", "homecare-sun", "ny-doh"))
COORDINATOR, MANAGER = {"reference": "PractitionerRole/empire-coordinator"}, {"reference": "PractitionerRole/bridge-manager"}
TODAY = datetime.date.today().isoformat()


def coded(system, code, **more):
    return dict({"coding": [{"system": system if ":" in system else TL + "CodeSystem/" + system, "code": code}]}, **more)


def extension(name, **value):
    return dict({"url": name if name[0] != "/" else TL + "StructureDefinition" + name}, **value)


def organization(name, kind, title):
    return {"resourceType": "Organization", "id": name, "identifier": [{"system": "urn:ny", "value": name}], "active": True,
            "type": [coded("org-type", kind)], "name": title}


def role(name, practitioner, employer, code):
    return {"resourceType": "PractitionerRole", "id": name, "active": True,
            "practitioner": {"reference": "Practitioner/" + practitioner}, "organization": employer,
            "code": [coded("care-coordination-role", code)]}


def practitioner(name, family):
    return {"resourceType": "Practitioner", "id": name, "name": [{"family": family, "given": ["A"]}]}


PEOPLE = [
    organization("mltc-empire", "mltc-plan", "Empire Long Term Care"), organization("hh-bridge", "health-home", "Bridge Health Home"),
    organization("homecare-sun", "home-care-agency", "Sunrise Home Care"), organization("ny-doh", "state-agency", "Department of Health"),
    practitioner("dana", "Okafor"), practitioner("luis", "Ortega"), practitioner("ada", "Reyes"), practitioner("tom", "Lind"),
    role("empire-coordinator", "dana", EMPIRE, "mltc-care-coordinator"), role("bridge-manager", "luis", BRIDGE, "health-home-care-manager"),
    role("empire-liaison", "ada", EMPIRE, "liaison"), role("bridge-liaison", "tom", BRIDGE, "liaison"),
    {"resourceType": "OrganizationAffiliation", "id": "asa-party", "active": True, "organization": EMPIRE,
     "participatingOrganization": BRIDGE, "code": [coded("affiliation", "asa-party")]},
    {"resourceType": "Patient", "id": "rosa", "active": True, "name": [{"family": "Delgado", "given": ["Rosa"]}], "gender": "female",
     "identifier": [{"type": coded("http://terminology.hl7.org/CodeSystem/v2-0203", "MA"),
                     "system": TL + "NamingSystem/ny-medicaid-cin", "value": "RD48213K"}],
     "birthDate": "1948-03-12", "address": [{"city": "Bronx", "state": "NY"}]},
]
TEMPLATE_URI = "https://health.ny.example/asa/2024"
TEMPLATE = "Services agreement\n1. Each side does its part.\n2. The lead is chosen together.\nAppendix A\n%s\nAppendix B\nMeasures.\n"


def patient(name):
    return {"reference": "Patient/" + name}


def coverage(member, days):
    return {"resourceType": "Coverage", "status": "active", "beneficiary": patient(member), "payor": [EMPIRE], "period": {"start": "2026-10-01"},
            "class": [{"type": coded("coverage-class", "program"), "value": "mltc"}],
            "extension": [extension("/ltss-need-days", valueQuantity={"value": days, "unit": "d", "code": "d",
                                                                      "system": "http://unitsofmeasure.org"})]}


def line(code, scope, side):
    return {"entityCodeableConcept": coded(HCPCS, code), "responsible": side, "extension": [extension("/plan-scope", valueCode=scope)]}


def agreement(text=None, lines=(("T1019", "in-plan", EMPIRE), ("H0038", "out-of-plan", BRIDGE))):
    text = text or TEMPLATE % "T1019 in plan, H0038 out of plan"
    terms = [{"type": coded("agreement-term", "asa-terms"),
              "offer": {"party": [{"reference": [EMPIRE, BRIDGE], "role": coded("http://terminology.hl7.org/CodeSystem/contract-party-role", "flunky")}]}}]
    if lines:
        terms.append({"type": coded("agreement-term", "asa-appendix-a"), "offer": {"text": "Appendix A"},
                      "asset": [{"valuedItem": [line(*one) for one in lines]}]})
    return {"resourceType": "Contract", "id": "asa-1", "identifier": [{"system": "urn:ny", "value": "ASA-1"}], "status": "negotiable",
            "instantiatesUri": TEMPLATE_URI, "type": coded("agreement-type", "asa"), "applies": {"start": "2026-01-01"},
            "extension": [extension("/liaison", valueReference={"reference": "PractitionerRole/" + who}) for who in ("empire-liaison", "bridge-liaison")],
            "term": terms, "legal": [{"contentAttachment": {"contentType": "text/plain", "data": base64.b64encode(text.encode()).decode()}}],
            "signer": [signer(EMPIRE, COORDINATOR)]}


def signer(side, person):
    return {"type": {"system": "http://terminology.hl7.org/CodeSystem/contractsignertypecodes", "code": "AUTHN"}, "party": side,
            "signature": [{"type": [{"system": "urn:iso-astm:E1762-95:2013", "code": "1.2.840.10065.1.12.1.1"}],
                           "when": "2026-01-02T10:00:00-05:00", "who": person}]}


def episode(member, name, kind, side, person):
    return {"resourceType": "EpisodeOfCare", "id": name, "status": "active", "type": [coded("episode-type", kind)], "patient": patient(member),
            "managingOrganization": side, "period": {"start": "2026-10-01"}, "careManager": person}


def entry(code, member, *extensions):
    made = {"role": [coded("care-coordination-role", code)], "member": member}
    return dict(made, extension=list(extensions)) if extensions else made


def team(member, name, **more):
    primary = [extension("/primary-coordinator", valueCode=area) for area in ("ltss", "behavioral-health")]
    return dict({"resourceType": "CareTeam", "id": name, "status": "active", "category": [coded("care-team-category", "joint-mltc-health-home")],
                 "subject": patient(member), "period": {"start": TODAY}, "managingOrganization": [EMPIRE, BRIDGE],
                 "extension": [extension("/governing-agreement", valueReference={"reference": "Contract/asa-1"})],
                 "participant": [entry("mltc-care-coordinator", COORDINATOR, primary[0]), entry("health-home-care-manager", MANAGER, primary[1]),
                                 entry("patient", patient(member))]}, **more)


def own_team(member, name, kind, side, lead):
    """A team of one side, which names its lead itself."""
    return {"resourceType": "CareTeam", "id": name, "status": "active", "category": [coded("care-team-category", kind)],
            "subject": patient(member), "period": {"start": TODAY}, "managingOrganization": [side],
            "participant": [entry("lead-care-manager", lead), entry("patient", patient(member))]}


def form(member, name, need, lead):
    answers = [("member", "valueReference", patient(member)), ("mltc-plan", "valueReference", EMPIRE), ("health-home", "valueReference", BRIDGE),
               ("primary-need", "valueCoding", {"system": TL + "CodeSystem/primary-need", "code": need}),
               ("lead-care-manager", "valueReference", lead), ("rationale", "valueString", "It is what most often keeps her from her services.")]
    return {"resourceType": "QuestionnaireResponse", "id": name, "status": "completed", "subject": patient(member),
            "questionnaire": TL + "Questionnaire/care-planning-coordination-form", "authored": "2026-11-02T15:00:00-05:00",
            "item": [{"linkId": key, "answer": [{kind: value}]} for key, kind, value in answers]}


def parameters(**named):
    kinds = {"decision": "valueCode", "primaryNeed": "valueCodeableConcept", "rationale": "valueString", "note": "valueString"}
    return {"resourceType": "Parameters", "parameter": [{"name": name, kinds.get(name, "valueReference"): value} for name, value in named.items()]}


def proposal(candidate, need, by):
    return parameters(candidate=candidate, primaryNeed=coded("primary-need", need), rationale="Her depression comes first.",
                      form={"reference": "QuestionnaireResponse/" + by})


def part(answer, name):
    return next((p.get("valueReference", {}).get("reference") for p in answer.json().get("parameter", []) if p["name"] == name), "")


def template():
    return {"resourceType": "DocumentReference", "id": "asa-template", "status": "current", "type": coded("document-type", "asa-template"),
            "masterIdentifier": {"system": "urn:ietf:rfc:3986", "value": TEMPLATE_URI},
            "content": [{"attachment": {"contentType": "text/plain", "data": base64.b64encode((TEMPLATE % "").encode()).decode()}}]}


def people():
    """A transaction of those who are there before the story."""
    return {"resourceType": "Bundle", "type": "transaction", "entry": [
        {"resource": one, "request": {"method": "PUT", "url": f"{one['resourceType']}/{one['id']}"}} for one in PEOPLE]}


def executed():
    return dict(agreement(), status="executed", signer=[signer(EMPIRE, COORDINATOR), signer(BRIDGE, MANAGER)])


def load(send):
    """What the state registers, the agreement as it was signed on paper included: send(method, path, body)."""
    send("POST", "", people())
    send("PUT", "/DocumentReference/asa-template", template())
    send("PUT", "/Contract/asa-1", executed())
