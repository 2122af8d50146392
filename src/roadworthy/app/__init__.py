"""The model of a FastAPI application, made by evaluating its modules."""
