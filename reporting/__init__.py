"""The domain of Aryk: one package per concept, imports one way down the ladder of DESIGN."""
