"""FHIR R4 on the way in: small lenient models, and what is read from each resource. ``cdss.patient`` puts it together."""
