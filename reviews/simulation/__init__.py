"""How policies of study compare on simulated candidates whose memory is not the model that schedules.

worlds: two ground truths; learners: who studies; policies: what is asked; trial: one run; report: what it comes to.
"""
