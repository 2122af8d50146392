"""The files of a resource: pure functions from a resource to source text.

`items` of the template service is what they write after: a resource made from its fields
is `items`, but for the sentences, and a test holds the two together.
"""
