"""Customs' pages: declarations for the importer, retail lists for the seller, the tariff."""
