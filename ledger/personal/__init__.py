"""Personal and free texts, apart from the log: keys of subjects, reading in clear, erasing."""
