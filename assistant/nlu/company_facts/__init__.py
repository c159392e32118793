"""Reads what a message states of the writer's company, in the light of the question that is open.

It grows by examples: the sentences of ``data/fields`` teach a classifier of clauses, and only amounts, short replies
and names of products are read by rules of their own. A wrong fact does more harm than a missing one: what is uncertain
about an asked field is asked back.
"""
