"""The rules of the money, pure: no clock, no chance, no disk, no network, no database, and no framework but pydantic.

One file per subject of the notice 内科资字〔2024〕75号: its movements, its rules, its register and the entries it makes.
"""
