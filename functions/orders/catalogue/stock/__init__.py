"""How much of a good lies where: counted and moved by staff, with reasons."""
