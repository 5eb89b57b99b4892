"""Notify: letters: an event and a template make one."""
