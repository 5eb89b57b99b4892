"""Contacts, which are the logins: proven before they count, given back while they can be."""
