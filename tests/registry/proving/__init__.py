"""Tests of the single claims of the proof."""
