"""The 3D picture, drawn by VTK in a process of its own.

A missing or broken OpenGL ends that process, not the viewer; drawing on a processor takes no time
from the event loop; and there is no native surface in the window that could fail on Wayland or
at closing. Only the process imports VTK.
"""
