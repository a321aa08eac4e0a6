"""Chest radiographs: projected from CT, or real ones with findings painted on.

Images are float32 in [0, 1], dense structures bright, rows to the feet and columns to the patient's
left: the patient's left lung is on the right of the image.
"""
