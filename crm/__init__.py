"""The CRM data layer: tables, permissions, pipeline, audit; the only way anything is written."""
