"""The organ table and the profile of an organ along the slices."""
