"""The forms of this room's acts: remedy, visits, prevention."""
