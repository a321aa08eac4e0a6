"""Simulated findings: lesions placed into real or procedural anatomy, on CT and on X-rays.

Volumes are in canonical order ``(S, P, L)``: index 0 runs from the feet to the head, 1 from the
front to the back, 2 from the patient's right to the left. Patients lie supine, so gravity points
along axis 1. All sizes are millimetres, all intensities Hounsfield units.
"""
