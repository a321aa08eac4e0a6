"""Progress of a job, with time left and Cancel."""
