"""Figures as ratios: each against a named peer, in one run, on this machine."""
